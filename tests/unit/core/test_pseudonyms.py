"""What leaves for a language model has tokens in place of personal data."""

from segue.core.pseudonyms import names, pseudonymise, quoted


def told(text: str, *known: tuple[str, str]) -> str:
    return pseudonymise(text, names(known)).text


def test_equal_values_get_equal_tokens_whatever_their_case() -> None:
    assert told("Ann, ANN and Bob", ("name", "Ann"), ("name", "Bob")) == "<NAME_1>, <NAME_1> and <NAME_2>"


def test_a_name_is_found_by_its_parts_and_as_a_word_only() -> None:
    assert told("Regards, Ann; annual plan", ("name", "Ann van Lee")) == "Regards, <NAME_1>; annual plan"


def test_a_name_in_a_script_without_spaces_is_found_inside() -> None:
    assert told("我是李明的同事", ("name", "李明")) == "我是<NAME_1>的同事"


def test_a_company_is_no_part_of_a_word() -> None:
    assert told("Acme and acmeish", ("company", "Acme")) == "<COMPANY_1> and acmeish"


def test_what_pretends_to_be_a_token_is_none() -> None:
    assert told("<EMAIL_1> is ann@x.io") == "\u2039EMAIL_1> is <EMAIL_1>"


def test_a_quote_may_differ_in_case_and_white_space_and_in_nothing_else() -> None:
    assert quoted("HOW  much", "so how\nmuch") == (3, 11)
    assert quoted("how many", "so how much") is None
    assert quoted("  ", "so how much") is None
