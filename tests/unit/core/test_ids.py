"""Ids are derived: the same parts, the same id, and no two ways to say the same parts."""

from segue.core.ids import IdKey, derive, uniform

KEY = IdKey(b"0123456789abcdef")


def test_the_same_signal_has_the_same_id_and_another_key_another() -> None:
    assert KEY.signal_id("crm", "1") == KEY.signal_id("crm", "1")
    assert KEY.signal_id("crm", "1") != IdKey(b"another-id-key--").signal_id("crm", "1")


def test_parts_do_not_run_into_each_other() -> None:
    assert derive("ab", "c") != derive("a", "bc")
    assert KEY.signal_id("a", "bc") != KEY.signal_id("ab", "c")


def test_kinds_of_ids_do_not_collide() -> None:
    assert KEY.account_id("x") != KEY.identifier_hash("x")


def test_an_id_is_base32hex_and_fits_a_calendar_event() -> None:
    made = derive("effect", "1")

    assert len(made) == 26
    assert set(made) <= set("0123456789abcdefghijklmnopqrstuv")


def test_unicode_forms_of_a_key_are_one_key() -> None:
    assert KEY.signal_id("crm", "e\u0301") == KEY.signal_id("crm", "\u00e9")


def test_uniforms_are_spread_over_the_whole_range() -> None:
    draws = [uniform("x", str(n)) for n in range(2_000)]

    assert 0 <= min(draws) < 5_000
    assert 995_000 < max(draws) < 1_000_000
    assert 470_000 < sum(draws) / len(draws) < 530_000
