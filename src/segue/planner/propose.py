"""Propose: every option there is for the question that was asked, `no_action` always among them."""

from msgspec.structs import replace

from segue.core.ids import derive
from segue.core.records.decisions import Candidate
from segue.core.records.effects import Effect
from segue.core.records.playbook import Action
from segue.core.units import Instant
from segue.planner.channels import channel_for, sender_for
from segue.planner.failures import shown
from segue.planner.options import Moment, Option, Want

NO_ACTION = "no_action"


def propose(moment: Moment) -> tuple[Option, ...]:
    """Bind the allowed actions of each wanting goal, the gate request, or the approved draft."""
    match moment.question:
        case None:
            return ()
        case "gate":
            found = _requested(moment)
        case "approval":
            found = _approved(moment)
        case "next_action" | "refused":
            found = _wanted(moment)
        case "failed":
            found = (*_wanted(moment), *shown(moment))
    return (*found, _nothing(moment))


def _nothing(moment: Moment) -> Option:
    candidate = Candidate(
        id=derive("candidate", moment.signal.id, NO_ACTION),
        action=NO_ACTION,
        purpose="internal",
        at=moment.now,
    )
    return Option(candidate, moment.view.bind(candidate=candidate))


def _wanted(moment: Moment) -> tuple[Option, ...]:
    brand = _brand(moment)
    return tuple(
        option
        for want in moment.wants
        for name in want.play.actions
        if name != NO_ACTION
        and (option := _bound(moment, want, moment.playbook.actions[name], brand)) is not None
    )


def _brand(moment: Moment) -> str:
    """The brand the signal names, else the account's, the person's, the company's first."""
    named = moment.heard.body.get("brand") or moment.view("account.brand") or moment.view("person.brand")
    return str(named or moment.playbook.settings.brands[0])


def _bound(moment: Moment, want: Want, action: Action, brand: str) -> Option | None:
    """An action bound to the goal's person, or None where it has nobody to reach."""
    profile = moment.context.profile_id or next(iter(moment.context.profile_ids), "")
    if action.to == "person" and not profile:
        return None
    channel = channel_for(action, moment)
    candidate = Candidate(
        id=derive("candidate", moment.signal.id, want.goal.id, action.name, channel, profile),
        action=action.name,
        purpose=action.purpose,
        at=moment.now,
        play=want.play.name,
        goal_id="" if want.play.service else want.goal.id,
        profile_id=profile,
        channel=channel,
        connector=action.connector if action.connector != "channel" else channel,
        verb=action.verb,
        sender=sender_for(action, brand, moment.playbook),
        brand=brand,
        offer=action.offer,
    )
    return Option(candidate, moment.view.bind(candidate=candidate, goal=want.goal), action, want)


def _requested(moment: Moment) -> tuple[Option, ...]:
    request = moment.request
    if request is None:
        return ()
    body = request.body
    candidate = Candidate(
        id=derive("candidate", request.id, "send"),
        action="send",
        purpose=str(body["purpose"]),
        at=moment.now,
        profile_id=moment.context.profile_id or next(iter(moment.context.profile_ids), ""),
        channel=str(body["channel"]),
        connector=str(body["tool"]),
        verb="send",
        brand=str(body.get("brand") or moment.playbook.settings.brands[0]),
        campaign=str(body.get("campaign", "")),
        arguments={"key": str(body["key"]), "request": request.id},
    )
    return (Option(candidate, moment.view.bind(candidate=candidate)),)


def _approved(moment: Moment) -> tuple[Option, ...]:
    """The draft a human spoke of, to be checked again with what is known now."""
    approval = moment.approval
    if approval is None:
        return ()
    effect = approval.effects[0]
    candidate = replace(candidate_of(effect, moment.now), arguments=_edited(moment, effect.arguments))
    goal = next((item for item in moment.context.goals if item.id == effect.goal_id), None)
    action = moment.playbook.actions.get(effect.action)
    return (Option(candidate, moment.view.bind(candidate=candidate, goal=goal), action),)


def candidate_of(effect: Effect, at: Instant) -> Candidate:
    """An effect as the candidate it was, to be checked again at another time."""
    return Candidate(
        id=effect.candidate_id,
        action=effect.action,
        purpose=effect.purpose,
        at=at,
        play=effect.play,
        goal_id=effect.goal_id,
        profile_id=effect.profile_id,
        channel=effect.channel,
        connector=effect.connector,
        verb=effect.verb,
        sender=effect.sender,
        brand=effect.brand,
        offer=effect.offer,
        arguments=effect.arguments,
    )


def _edited(moment: Moment, arguments: dict[str, object]) -> dict[str, object]:
    """A human may change the words of a draft, never its recipient."""
    words = moment.signal.body.get("text")
    return {**arguments, "text": words} if isinstance(words, str) and words else dict(arguments)
