"""API keys: only who has the whole secret gets in, and only for as long as the key is good."""

import pytest

from segue.core.errors import InputError, MissingError
from segue.core.units import DAY, Instant
from segue.stores.doors import ApiKeys, DoorsDb, tenant_of

NOW = Instant(1_000_000_000)
MASTER = bytes(range(32))


@pytest.fixture
def keys() -> ApiKeys:
    return ApiKeys(DoorsDb(None), MASTER)


def test_a_key_whose_word_is_believed_may_tell_what_anybody_may(keys: ApiKeys) -> None:
    key, _ = keys.create("crm", ["record"], "acme", NOW)

    assert key.scopes == ("ingest", "record")


def test_a_key_is_found_by_its_whole_text_alone(keys: ApiKeys) -> None:
    key, text = keys.create("site", ["read", "ingest"], "acme", NOW)
    other = text[:-1] + ("0" if text[-1] != "0" else "1")

    assert keys.find(text, NOW) == key
    assert key.scopes == ("ingest", "read")
    assert [keys.find(wrong, NOW) for wrong in (other, key.prefix, key.id, "", "sk_a_b", text + "0")] == [
        None
    ] * 6
    assert tenant_of(text) == "acme"


def test_the_file_alone_is_worth_nothing_under_another_master_key() -> None:
    db = DoorsDb(None)
    _, text = ApiKeys(db, MASTER).create("site", ["read"], "acme", NOW)

    assert ApiKeys(db, bytes(32)).find(text, NOW) is None


def test_a_key_ends_when_it_expires(keys: ApiKeys) -> None:
    _, text = keys.create("site", ["read"], "acme", NOW, Instant(NOW + DAY))

    assert keys.find(text, Instant(NOW + DAY - 1)) is not None
    assert keys.find(text, Instant(NOW + DAY)) is None


def test_a_revoked_key_opens_nothing_and_stays_listed(keys: ApiKeys) -> None:
    key, text = keys.create("site", ["read"], "acme", NOW)

    ended = keys.revoke(key.prefix, Instant(NOW + 1))
    again = keys.revoke(key.id, Instant(NOW + 9))

    assert keys.find(text, Instant(NOW + 2)) is None
    assert ended == again
    assert keys.all() == [ended]


def test_use_is_written_down(keys: ApiKeys) -> None:
    key, _ = keys.create("site", ["read"], "acme", NOW)

    keys.used(key.id, Instant(NOW + 5))

    assert keys.all()[0].last_used_at == NOW + 5


@pytest.mark.parametrize(
    ("name", "scopes", "tenant"),
    [("", ["read"], "acme"), ("x", [], "acme"), ("x", ["write"], "acme"), ("x", ["read"], "Acme_1")],
)
def test_what_cannot_be_is_refused(keys: ApiKeys, name: str, scopes: list[str], tenant: str) -> None:
    with pytest.raises(InputError):
        keys.create(name, scopes, tenant, NOW)


def test_an_unknown_key_cannot_be_revoked(keys: ApiKeys) -> None:
    with pytest.raises(MissingError):
        keys.revoke("sk_acme_0000000000", NOW)
