"""Approvals: drafts that wait for a human, the most valuable first, and one with all its evidence."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from segue.console.receipt import ReceiptView, drafted, receipt_view
from segue.console.settings import PageSettings
from segue.console.veil import Veil
from segue.console.visitors import Visitor
from segue.console.who import Names, Who
from segue.console.wording import lasts, money, plain, words
from segue.core.facts import best
from segue.core.ports import Reader
from segue.core.records.effects import Approval
from segue.core.records.reading import READ_AGAIN
from segue.core.units import HOUR, Instant
from segue.planner.telling import TELL

PER_PAGE = 50
SOON = 12 * HOUR
"""What expires within this is told as urgent."""

_LOOKED_THROUGH = 500
STATUSES = ("pending", "given", "rejected", "expired")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the list; `refused` where the customer does not want it any more."""

    approval: Approval
    who: Who
    action: str
    play: str
    channel: str
    worth: str
    because: str
    begins: str
    left: str
    soon: bool
    refused: bool


@dataclass(frozen=True, slots=True)
class ApprovalList:
    """A page of the list; `older` names the last one, or is empty at the end."""

    rows: tuple[Waiting, ...]
    status: str
    older: str
    number: int
    worth: str


@dataclass(frozen=True, slots=True)
class ApprovalPage:
    """One approval ready to be decided on.

    Attributes:
        state: `pending`, or why it cannot be decided any more: `given`, `rejected`, `expired`.
        editable: The draft's words, where they may be edited; hidden words cannot be.
        refused: Whether the customer does not want it any more.
        may_decide: Whether this visitor may decide on it.
        after: The decision that followed the human's word, or empty.
    """

    approval: Approval
    receipt: ReceiptView
    state: str
    left: str
    refused: bool
    editable: str
    has_words: bool
    may_decide: bool
    after: str
    said: str


def approval_list(
    reader: Reader,
    settings: PageSettings,
    visitor: Visitor,
    *,
    status: str,
    after: tuple[int, str] | None,
    now: Instant,
    revealed: Collection[str],
    limit: int = PER_PAGE,
) -> ApprovalList:
    """Read one page of approvals that a visitor may see among theirs."""
    reach = _LOOKED_THROUGH if visitor.owner else limit + 1
    found = reader.overview.approvals(status, limit=reach, after=after)
    mine = [item for item in found if is_of(reader, item, visitor)] if visitor.owner else found
    shown = mine[:limit]
    last = shown[-1] if len(mine) > limit else found[-1] if len(found) == reach and visitor.owner else None
    number, value = reader.overview.approvals_worth()
    if visitor.owner:
        number, value = len(mine), sum(item.value_micro for item in mine)
    return ApprovalList(
        rows=tuple(_rows(reader, settings, shown, now, revealed)),
        status=status,
        older=f"{last.value_micro}.{last.id}" if last else "",
        number=number,
        worth=money(value, settings.reporting),
    )


def is_of(reader: Reader, approval: Approval, visitor: Visitor) -> bool:
    """Whether a visitor may decide on an approval: on all, or on those of the accounts they own."""
    if not visitor.owner:
        return True
    account_id = _account_of(approval)
    facts = reader.overview.accounts([account_id])[account_id].facts if account_id else ()
    wanted = visitor.owner.casefold()
    for predicate in ("owner", "owner_email"):
        fact = best(item for item in facts if item.predicate == predicate)
        if fact is not None and str(fact.value).casefold() == wanted:
            return True
    return False


def approval_page(
    reader: Reader,
    settings: PageSettings,
    visitor: Visitor,
    approval: Approval,
    *,
    now: Instant,
    revealed: Collection[str],
) -> ApprovalPage | None:
    """Prepare one approval; None where its decision was erased with its person."""
    receipt = reader.receipt(approval.decision_id)
    if receipt is None:
        return None
    view = receipt_view(reader, receipt, settings, revealed)
    overdue = approval.status == "pending" and approval.expires_at <= now
    state = "expired" if overdue else approval.status
    _, arguments = drafted(receipt)
    text = plain(arguments.get("text", ""))
    went_out = (
        row.effect.decision_id for row in receipt.ledger if row.effect.action not in {TELL, READ_AGAIN}
    )
    follower = next(went_out, "") if approval.status == "given" else ""
    return ApprovalPage(
        approval=approval,
        receipt=view,
        state=state,
        left=lasts(max(0, approval.expires_at - now)),
        refused=state == "pending" and _refused(reader, approval),
        editable=text if view.veil.is_open else "",
        has_words=bool(text),
        may_decide=visitor.may("rep") and state == "pending" and is_of(reader, approval, visitor),
        after="" if follower == approval.decision_id else follower,
        said=approval.by,
    )


def _rows(
    reader: Reader,
    settings: PageSettings,
    approvals: Collection[Approval],
    now: Instant,
    revealed: Collection[str],
) -> Iterator[Waiting]:
    persons = {item.id: _person_of(reader, item) for item in approvals}
    accounts = [_account_of(item) for item in approvals]
    names = Names(reader, revealed, persons.values(), accounts)
    for item in approvals:
        person_id, account_id = persons[item.id], _account_of(item)
        who, veil = names.who(person_id, account_id), names.veil(person_id, account_id)
        pending = item.effects if item.status == "pending" else ()
        refused = any(names.refuses(person_id, effect) for effect in pending)
        yield replace(_row(item, who, veil, settings, now), refused=refused)


def _row(item: Approval, who: Who, veil: Veil, settings: PageSettings, now: Instant) -> Waiting:
    effect = item.effects[0] if item.effects else None
    left = item.expires_at - now
    return Waiting(
        approval=item,
        who=who,
        action=words(item.action),
        play=words(item.play),
        channel=words(effect.channel) if effect else "",
        worth=money(item.value_micro, settings.reporting),
        because=veil.text(item.because),
        begins=veil.text(plain(effect.arguments.get("text", ""))) if effect else "",
        left=lasts(max(0, left)),
        soon=left < SOON,
        refused=False,
    )


def _refused(reader: Reader, approval: Approval) -> bool:
    person_id = _person_of(reader, approval)
    names = Names(reader, (), [person_id])
    return any(names.refuses(person_id, effect) for effect in approval.effects)


def _account_of(approval: Approval) -> str:
    if approval.subject.startswith("account:"):
        return approval.subject.partition(":")[2]
    return approval.effects[0].account_id if approval.effects else ""


def _person_of(reader: Reader, approval: Approval) -> str:
    profile = approval.effects[0].profile_id if approval.effects else ""
    return (reader.profile_person(profile) or "") if profile else ""
