"""Words of the pages that customers open, in the languages the library speaks."""

from collections.abc import Mapping

LANGUAGES = ("en", "de")

CHANNELS: Mapping[str, Mapping[str, str]] = {
    "en": {"email": "E-mail", "sms": "SMS", "whatsapp": "WhatsApp", "phone": "Phone", "chat": "Chat"},
    "de": {"email": "E-Mail", "sms": "SMS", "whatsapp": "WhatsApp", "phone": "Telefon", "chat": "Chat"},
}
PURPOSES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "en": {
        "commercial": ("News and offers", "What is new, invitations and offers."),
        "service": ("Service", "Answers to your questions and what concerns your use of the product."),
    },
    "de": {
        "commercial": ("Neuigkeiten und Angebote", "Was es Neues gibt, Einladungen und Angebote."),
        "service": ("Service", "Antworten auf Ihre Fragen und was Ihre Nutzung des Produkts betrifft."),
    },
}
_PAGE: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Your messages from {brand}",
        "what": "You get “{purpose}” from {brand} by {channel}. Nothing changes until you press the button.",
        "not": "You do not get “{purpose}” from {brand} by {channel}.",
        "stop": "Unsubscribe",
        "stop_all": "Unsubscribe from everything",
        "more": "What you want to get",
        "save": "Save",
        "unsubscribed": "You are unsubscribed from “{purpose}” by {channel}. It holds at once.",
        "saved": "Your choice is saved. It holds at once.",
        "all_gone": "You are unsubscribed from everything, on every channel and from every brand.",
        "legal": "Messages that the law or your contract demands, such as the confirmation of this choice, "
        "may still reach you.",
        "privacy": "This page sets no cookies and needs no sign-in; the link in your message is your key.",
        "bad": "This link is not complete",
        "bad_why": "Open it from your message once more, or answer the message with STOP.",
    },
    "de": {
        "title": "Ihre Nachrichten von {brand}",
        "what": "Sie erhalten „{purpose}“ von {brand} per {channel}. Nichts ändert sich, bevor Sie den Knopf "
        "drücken.",
        "not": "Sie erhalten keine „{purpose}“ von {brand} per {channel}.",
        "stop": "Abmelden",
        "stop_all": "Von allem abmelden",
        "more": "Was Sie erhalten möchten",
        "save": "Speichern",
        "unsubscribed": "Sie sind von „{purpose}“ per {channel} abgemeldet. Das gilt sofort.",
        "saved": "Ihre Auswahl ist gespeichert. Sie gilt sofort.",
        "all_gone": "Sie sind von allem abgemeldet, auf jedem Kanal und von jeder Marke.",
        "legal": "Nachrichten, die das Gesetz oder Ihr Vertrag verlangt, etwa die Bestätigung dieser "
        "Auswahl, können Sie weiterhin erreichen.",
        "privacy": "Diese Seite setzt keine Cookies und braucht keine Anmeldung; der Link in Ihrer Nachricht "
        "ist Ihr Schlüssel.",
        "bad": "Dieser Link ist nicht vollständig",
        "bad_why": "Öffnen Sie ihn noch einmal aus Ihrer Nachricht, oder antworten Sie auf die Nachricht mit "
        "STOP.",
    },
}


def words(language: str) -> Mapping[str, str]:
    """Words of a page."""
    return _PAGE.get(language, _PAGE["en"])


def language_of(known: str, accepted: str) -> str:
    """The language of a page: the person's where it is spoken here, else the browser's first that is.

    >>> language_of("de", "en"), language_of("fr", "de-AT,en;q=0.8"), language_of("", "")
    ('de', 'de', 'en')
    """
    wished = [known, *(item.partition(";")[0] for item in accepted.split(","))]
    spoken = (item.strip().lower().partition("-")[0] for item in wished)
    return next((item for item in spoken if item in LANGUAGES), LANGUAGES[0])
