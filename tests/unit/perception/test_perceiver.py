"""What a message means: intents, wishes, moods and risks, or an honest abstention."""

from typing import Any

import pytest

from segue.core.encoding import encode
from segue.core.errors import PlaybookError
from segue.core.ports import Perceiver
from segue.core.records.percepts import Percept
from segue.core.records.signals import Kind, Signal
from segue.core.units import Instant
from segue.perception import IntentRules, RulePerceiver

RULES = {
    "cancel": IntentRules("cancel", ("cancel", "cancel * subscription", "kündig*")),
    "pricing": IntentRules("pricing", ("pricing", "how much")),
    "objection": IntentRules("objection", ("no", "not interested")),
    "refund": IntentRules("refund", ("refund*",), "high"),
}
PERCEIVER: Perceiver = RulePerceiver(RULES)


def perceive(text: str, channel: str = "email", kind: Kind = Kind.MESSAGE_RECEIVED, **body: Any) -> Percept:
    signal = Signal(
        "s1", "x", "1", kind, (), Instant(0), Instant(0), {"channel": channel, "text": text, **body}
    )
    percept = PERCEIVER.perceive(signal)
    assert percept is not None
    return percept


def wishes(percept: Percept) -> dict[str, int | str]:
    return {wish.kind: wish.value for wish in percept.preferences}


def test_an_intent_is_found_with_its_evidence() -> None:
    text = "Hi, I want to cancel my subscription."

    percept = perceive(text)

    assert percept.decision == "accept"
    intent = percept.intents[0]
    assert (intent.label, text[intent.start : intent.end]) == ("cancel", "cancel my subscription")
    assert intent.nearest == "cancel * subscription"
    assert percept.has("cancel")


def test_the_intents_of_a_playbook_are_read_alike() -> None:
    written = {name: {"phrases": list(rules.phrases), "risk": rules.risk} for name, rules in RULES.items()}

    assert RulePerceiver.of(written).model == PERCEIVER.model


def test_more_evidence_is_more_probable() -> None:
    p_ppm = [
        perceive(text).intents[0].p_ppm for text in ("we may cancel", "we cancel our subscription", "cancel")
    ]

    assert p_ppm == sorted(p_ppm)


def test_a_refused_intent_is_none_but_a_negation_nearby_is() -> None:
    assert not perceive("I don't want to cancel, I only ask.").intents
    assert perceive("I don't understand your pricing").has("pricing")


def test_a_phrase_does_not_reach_into_the_next_paragraph() -> None:
    assert perceive("We pay how\nmuch?").has("pricing")
    assert not perceive("That is how\n\nMuch love").has("pricing")


def test_two_questions_are_two_intents() -> None:
    percept = perceive("How much is it? And how do I cancel?")

    assert percept.has("pricing")
    assert percept.has("cancel")


def test_what_nobody_foresaw_is_asked_back() -> None:
    assert perceive("My hovercraft is full of eels").decision == "ask"


def test_what_was_not_said_to_us_is_not_asked_back() -> None:
    percept = perceive(
        "", kind=Kind.MEETING_NOTED, turns=[{"speaker": "customer", "text": "I'm totally confused"}]
    )

    assert (percept.decision, percept.mood) == ("none", "confused")


def test_a_high_risk_intent_goes_to_a_human() -> None:
    percept = perceive("I want a refund")

    assert percept.decision == "escalate"
    assert percept.risk == ("refund",)


@pytest.mark.parametrize(
    ("text", "risk"),
    [
        ("You will hear from my lawyer", "legal_threat"),
        ("Ich schalte meinen Anwalt ein", "legal_threat"),
        ("I'll file a chargeback", "chargeback"),
        ("Was there a data breach?", "security_breach"),
        ("Please delete all my data", "data_deletion"),
    ],
)
def test_a_risky_matter_goes_to_a_human(text: str, risk: str) -> None:
    percept = perceive(text)

    assert percept.decision == "escalate"
    assert percept.risk == (risk,)


@pytest.mark.parametrize(
    "text",
    [
        "The export to our warehouse can wait until next year",
        "Let's meet next Wednesday at noon",
        "Don't stop sending me the newsletter, I love it",
    ],
)
def test_what_only_looks_like_a_wish_to_be_left_alone_is_none(text: str) -> None:
    assert wishes(perceive(text)) == {}


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("not before 10", {"not_before": 600}),
        ("Please, not before 10 AM.", {"not_before": 600}),
        ("after 14:00", {"not_before": 840}),
        ("no calls before nine", {"not_before": 540}),
        ("You can call me after 5pm", {"not_before": 1020}),
        ("no calls after 5", {"not_after": 1020}),
        ("Don't contact me before 10", {"not_before": 600}),
        ("nicht vor 9 Uhr bitte", {"not_before": 540}),
        ("pas avant 10h svp", {"not_before": 600}),
        ("no llamar antes de las 10", {"not_before": 600}),
        ("WhatsApp please", {"channel": "whatsapp"}),
        ("please use WhatsApp", {"channel": "whatsapp"}),
        ("Don’t e-mail me, WhatsApp please", {"avoid_channel": "email", "channel": "whatsapp"}),
        ("Not now, try again in two weeks", {"pause_until": "d+14"}),
        ("ask me next month", {"pause_until": "m+1"}),
        ("That can wait until next month", {"pause_until": "m+1"}),
        ("Don't contact me until next month", {"pause_until": "m+1"}),
    ],
)
def test_a_wish_about_contact_is_understood(text: str, wish: dict[str, int | str]) -> None:
    percept = perceive(text)

    assert wishes(percept) == wish
    assert percept.decision == ("accept" if percept.language in {"en", ""} else "ask")
    assert all(found.words == text[found.start : found.end] for found in percept.preferences)


@pytest.mark.parametrize(
    "text",
    [
        "not before 10 days have passed",
        "call me after 2 meetings",
        "We can't launch before 9pm",
        "After 3:00 the server crashed",
        "Can you send me the invoice before 10?",
        "We launch in 2 weeks",
        "How do I unsubscribe users from a list?",
        "Don't stop",
    ],
)
def test_what_only_looks_like_a_wish_is_none(text: str) -> None:
    assert perceive(text).preferences == ()


@pytest.mark.parametrize(
    ("text", "channel", "scope"),
    [
        ("STOP", "sms", "sms"),
        ("stop!! 😡", "whatsapp", "whatsapp"),
        ("END", "sms", "sms"),
        ("Opt-out please", "sms", "sms"),
        ("STOP ALL", "sms", "all"),
        ("Stop. This is harassment", "sms", "sms"),
        ("unsubscribe", "email", "email"),
        ("Please unsubscribe me", "email", "email"),
        ("stop calling me", "email", "phone"),
        ("unsubscribe me from everything", "email", "all"),
        ("Never contact me again", "email", "all"),
        ("Bitte keine Mails mehr", "email", "email"),
        ("Hört auf mir zu schreiben", "email", "email"),
        ("Parem de me enviar mensagens", "email", "email"),
        ("Nie chcę więcej otrzymywać maili", "email", "email"),
        ("Proszę przestać do mnie pisać", "email", "email"),
        ("Bitte schicken Sie mir keine E-Mails mehr.", "email", "email"),
        ("Je ne veux plus recevoir vos messages", "email", "email"),
        ("No quiero recibir más correos", "email", "email"),
        ("Não quero mais receber mensagens", "sms", "sms"),
        ("Non voglio più ricevere email", "email", "email"),
        ("Geen mails meer aub", "email", "email"),
        ("Proszę mnie wypisać z listy", "email", "email"),
    ],
)
def test_an_opt_out_is_heard(text: str, channel: str, scope: str) -> None:
    percept = perceive(text, channel)

    assert wishes(percept)["stop"] == scope
    assert percept.has("opt_out")


def test_an_absence_a_promise_and_a_time_are_told_free_of_zone() -> None:
    away = perceive("I am out of office until 5 January.")
    promised = perceive("I'll call you Thursday at 3pm, as you said you would send the contract by Monday.")

    assert (away.away_until, away.has("out_of_office"), away.preferences) == ("--01-05", True, ())
    assert [(one.who, one.what, one.due) for one in promised.promises] == [
        ("customer", "call", "wd4T15:00"),
        ("company", "send", "wd1"),
    ]
    assert [one.value for one in promised.entities] == ["wd4T15:00", "wd1"]
    assert promised.decision == "accept"


def test_what_hangs_on_a_condition_is_no_promise() -> None:
    assert perceive("If you fix this I'll sign on Monday").promises == ()


def test_cancel_stops_texts_but_not_mails() -> None:
    assert "stop" in wishes(perceive("cancel", "sms"))
    assert "stop" not in wishes(perceive("cancel", "email"))


def test_a_word_of_a_wish_is_no_intent() -> None:
    assert not perceive("no calls before nine").has("objection")
    assert perceive("No").has("objection")


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("This hidden fee is unacceptable!", "angry"),
        ("It still doesn't work, what a waste of time", "frustrated"),
        ("We need this urgently, ASAP", "urgent"),
        ("I don't understand the setup", "confused"),
        ("Can't wait to try it!", "excited"),
        ("I'm curious how it works", "curious"),
        ("I'm not angry", "calm"),
        ("Here is the file", "calm"),
    ],
)
def test_a_mood_is_told(text: str, mood: str) -> None:
    assert perceive(text).mood == mood


def test_anger_in_another_language_goes_to_a_human() -> None:
    percept = perceive("To jest skandal! Jestem wściekły, proszę o cennik")

    assert (percept.language, percept.mood, percept.decision) == ("pl", "angry", "escalate")


def test_sentiment_heeds_negation_and_intensity() -> None:
    bad, good, very_good = (perceive(text).sentiment for text in ("not good", "good", "very good"))

    assert bad < 0 < good < very_good <= 1_000_000


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Could you please send me the offer?", "en"),
        ("Können Sie mir bitte das Angebot schicken?", "de"),
        ("Pouvez-vous nous envoyer votre offre avec les prix ?", "fr"),
        ("Quiero saber cómo funciona para mi empresa, gracias", "es"),
        ("Vorrei sapere come funziona per la mia azienda", "it"),
        ("Gostaria de saber como funciona para a minha empresa, obrigado", "pt"),
        ("Ik wil graag weten hoe het werkt voor mijn bedrijf", "nl"),
        ("Proszę o informację, jak to działa dla mojej firmy", "pl"),
        ("ok", ""),
        ("価格を教えてください", ""),
    ],
)
def test_the_language_is_guessed_or_left_open(text: str, language: str) -> None:
    assert perceive(text).language == language


@pytest.mark.parametrize(
    ("text", "subject"),
    [("I am out of the office. Please call Ann.", ""), ("Bin bald da", "Abwesend: Re: Offer")],
)
def test_an_automatic_reply_wishes_nothing(text: str, subject: str) -> None:
    percept = perceive(text, subject=subject)

    assert [intent.label for intent in percept.intents] == ["out_of_office"]
    assert percept.preferences == ()


def test_personal_data_and_known_names_are_found() -> None:
    signal = Signal(
        "s1", "x", "1", Kind.MESSAGE_RECEIVED, (), Instant(0), Instant(0), {"text": "Ann Lee here, ann@x.io"}
    )

    percept = PERCEIVER.perceive(signal, ["Ann Lee"])

    assert percept is not None
    assert [(span.start, span.end, span.kind) for span in percept.pii] == [(0, 7, "name"), (14, 22, "email")]


def test_a_click_has_a_percept_and_a_page_view_none() -> None:
    click = Signal("s1", "x", "1", Kind.LINK_CLICKED, (), Instant(0), Instant(0), {"url": "u", "after_s": 1})
    view = Signal("s2", "x", "2", Kind.PAGE_VIEWED, (), Instant(0), Instant(0), {"path": "/pricing"})

    assert PERCEIVER.perceive(click) == Percept(PERCEIVER.model, human_ppm=50_000)
    assert PERCEIVER.perceive(view) is None


@pytest.mark.parametrize(
    "text",
    [
        "a" * 50_000,
        "not before " * 5_000,
        "please stop * " * 4_000,
        "remove me from take me off delete my " * 1_500,
        "On wrote " * 6_000 + ":",
        "x" + "\n" * 50_000,
        "x" + "\n \t" * 15_000,
        "😡" * 30_000,
        "Z͑ͫ̓ͪ̂ͫ" * 8_000,
        "İ" * 30_000,
        "1" * 50_000,
        "@" * 50_000,
        "👩‍👩‍👧 undefined NULL \u202etest\u202d ﷽ \ufeff $HOME {{7*7}} '; DROP TABLE",
    ],
)
def test_hostile_text_is_read_without_harm(text: str) -> None:
    percept = perceive(text)

    assert len(encode(percept)) < 50_000


def test_the_same_words_give_the_same_bytes_and_other_rules_another_model() -> None:
    again = RulePerceiver(dict(RULES))
    other = RulePerceiver({**RULES, "demo": IntentRules("demo", ("demo",))})

    assert again.model == PERCEIVER.model != other.model
    assert encode(perceive("cancel, please!")) == encode(perceive("cancel, please!"))


@pytest.mark.parametrize(
    ("phrase", "message"),
    [("*", "has no word"), ("a * b * c * d * e", "more than 3 gaps"), ("ab*", "too short")],
)
def test_an_unusable_phrase_is_refused(phrase: str, message: str) -> None:
    with pytest.raises(PlaybookError, match=message):
        RulePerceiver({"x": IntentRules("x", (phrase,))})


@pytest.mark.parametrize("automatic", ["reply", "notice", "list"])
def test_what_a_machine_wrote_means_nothing(automatic: str) -> None:
    percept = perceive("Please cancel. Stop writing to me!", automatic=automatic)

    assert (percept.decision, percept.intents, percept.preferences) == ("none", (), ())


def test_an_absence_is_an_absence_whatever_it_says() -> None:
    percept = perceive("Please cancel. I am back on Monday.", automatic="out_of_office")

    assert [intent.label for intent in percept.intents] == ["out_of_office"]


def test_a_message_in_a_loop_is_understood_all_the_same() -> None:
    assert wishes(perceive("Stop writing to me!", automatic="loop")) == {"stop": "email"}
