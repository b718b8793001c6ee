"""English is not called foreign, and what is foreign is not called English."""

import pytest

from segue.encoder import shipped_languages
from segue.perception.language import spoken
from segue.perception.tokens import tokenise


def told(text: str) -> str:
    return spoken(text, tokenise(text), shipped_languages())


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Kein Interesse, danke.", "de"),
        ("koennen sie mir bitte ein angebot schicken", "de"),
        ("Impossible de changer mon mot de passe", "fr"),
        ("¿Dónde puedo descargar la factura?", "es"),
        ("Jag kan inte logga in", "sv"),
        ("Hesabımı iptal etmek istiyorum", "tr"),
        ("Я хочу отменить подписку", "ru"),
        ("契約を解除したいです", "ja"),
        ("Thanks, men det fungerar fortfarande inte", "sv"),
        ("we hebben een probleem met de export", "nl"),
    ],
)
def test_another_language_is_told(text: str, language: str) -> None:
    assert told(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "ok thanks", "hi", "no", "Super!", "refund", "pricing?", "stop", "URGENT!!!", "any update?", "asap",
        "bye", "Which timezone is Las Vegas in", "speak as a british male", "set a ten second timer",
        "I want to cancel my account", "pleese cancle my acount", "", "123", "😍😍",
    ],
)  # fmt: skip
def test_english_and_what_is_too_short_to_tell_is_not_called_foreign(text: str) -> None:
    assert told(text) in {"en", ""}


def test_the_same_text_is_always_told_alike() -> None:
    languages = shipped_languages()

    assert languages.likely("no me interesa") == languages.likely("no me interesa")
    assert languages.likely("\ud800") == languages.likely("\ud800")
