"""Lines of lists are kept as they are meant, or told what is wrong with them."""

from datetime import UTC, datetime

import pytest

from segue.core.errors import InputError
from segue.identity import normalise_all
from segue.privacy.importing import Rules, entry_of, header_of

NOW = datetime(2026, 10, 5, 8, tzinfo=UTC)
RULES = Rules(lambda items: normalise_all(items, "DE"), ("acme", "nimbus"), NOW)
GOOD = {
    "email": "Ann@X.io ",
    "channel": "email",
    "purpose": "commercial",
    "brand": "acme",
    "state": "granted",
    "basis": "double opt-in",
    "date": "2026-03-01",
    "source": "old mailer",
}


def test_a_good_line_becomes_history_with_all_it_says() -> None:
    signal = entry_of({**GOOD, "phone": "030 123456"}, RULES).signal()

    assert signal.identifiers == ("email:ann@x.io", "phone:+4930123456")
    assert signal.history
    assert signal.occurred_at == datetime(2026, 3, 1, tzinfo=UTC)
    assert signal.body == {
        "channel": "email",
        "state": "granted",
        "purpose": "commercial",
        "brand": "acme",
        "basis": "double opt-in",
        "origin": "old mailer",
    }


def test_the_same_line_has_the_same_key_and_any_other_line_another() -> None:
    key = entry_of(GOOD, RULES).signal().source_id

    assert entry_of({**GOOD, "email": "ann@x.io", "state": "GRANTED"}, RULES).signal().source_id == key
    for name, value in (("date", "2026-03-02"), ("brand", "nimbus"), ("state", "withdrawn"), ("source", "x")):
        assert entry_of({**GOOD, name: value}, RULES).signal().source_id != key


def test_a_withdrawal_without_a_date_counts_from_now_and_is_one_line_on_every_day() -> None:
    row = {"email": "ann@x.io", "channel": "all", "state": "withdrawn"}
    later = Rules(RULES.normalise, RULES.brands, datetime(2026, 11, 5, tzinfo=UTC))

    assert entry_of(row, RULES).at == NOW
    assert entry_of(row, RULES).signal().source_id == entry_of(row, later).signal().source_id


def test_a_suppression_list_needs_nothing_but_who() -> None:
    rules = Rules(RULES.normalise, RULES.brands, NOW, suppress=True)

    entry = entry_of({"email": "ann@x.io"}, rules)

    assert (entry.channel, entry.state, entry.brand, entry.purpose) == ("all", "withdrawn", "", "")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"state": ""}, "state: is empty"),
        ({"state": "grantd"}, "did you mean `granted`"),
        ({"channel": "fax"}, "channel: `fax` is unknown"),
        ({"purpose": "marketing"}, "purpose: `marketing` is unknown"),
        ({"brand": "acmee"}, "did you mean `acme`"),
        ({"basis": ""}, "basis: a grant needs"),
        ({"date": ""}, "date: a grant needs"),
        ({"date": "01.03.2026"}, "is no date"),
        ({"date": "2026-10-06"}, "has not come yet"),
        ({"date": "2012-01-01"}, "more than ten years ago"),
        ({"email": ""}, "nobody is named"),
        ({"email": "ann"}, "no e-mail address"),
        ({"email": "", "identifier": "null"}, "namespace"),
        ({"email": "", "identifier": "user:null"}, "stands for nobody"),
        ({"identifier": "account:x"}, "names an account"),
        ({"source": "x" * 501}, "longer than 500"),
        ({"source": "caf\udce9"}, "is not UTF-8"),
    ],
)
def test_what_is_wrong_with_a_line_is_told(changes: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        entry_of({**GOOD, **changes}, RULES)


def test_an_old_withdrawal_still_counts() -> None:
    entry = entry_of({**GOOD, "state": "withdrawn", "date": "2009-01-01"}, RULES)

    assert entry.state == "withdrawn"


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["email", "chanel", "state"], "did you mean `channel`"),
        (["email", "state"], "column `channel` is missing"),
        (["channel", "state"], "column `email` is missing"),
        (["email", "email", "channel", "state"], "said twice"),
        ([], "column `email` is missing"),
    ],
)
def test_what_is_wrong_with_a_header_is_told(names: list[str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        header_of(names, suppress=False)
