"""Wishes about channels, and opting out: `WhatsApp please`, `don't e-mail me`, `STOP`, `keine Mails mehr`."""

from collections.abc import Iterator, Sequence

from segue.core.records.percepts import Preference
from segue.perception import timewords as words_of
from segue.perception.phrases import Hit, Tag
from segue.perception.tokens import Tokens, vocabulary

ALL = "all"
_NOUNS = {
    "whatsapp": ("whatsapp",),
    "sms": ("sms", "text", "text message"),
    "email": ("email", "mail"),
    "phone": ("phone", "telephone", "telefon", "téléphone", "teléfono", "telefono", "telefone"),
    "chat": ("chat",),
}
_PLURALS = {
    "whatsapp": ("whatsapps", "whatsapp messages", "whatsapp"),
    "sms": ("texts", "text messages", "sms"),
    "email": ("emails", "mails", "email", "mail", "newsletter", "newsletters", "correos"),
    "phone": ("calls", "phone calls", "anrufe", "appels", "llamadas", "chiamate", "ligações", "telefoontjes"),
}
_VERBS = {"whatsapp": "whatsapp", "sms": "text", "email": "email", "phone": "call"}
_LIKED = (
    "{} please",
    "please use {}",
    "use {} instead",
    "please * by {}",
    "please * on {}",
    "please * via {}",
    "i prefer {}",
    "prefer {}",
    "i'd rather * {}",
    "{} instead",
    "{} is better",
    "{} is best",
    "{} works best",
    "reach me on {}",
    "reach me by {}",
    "reach me via {}",
    "contact me on {}",
    "contact me by {}",
    "contact me via {}",
    "write me on {}",
    "message me on {}",
    "switch to {}",
    "{} bitte",
    "bitte per {}",
    "bitte über {}",
    "lieber {}",
    "lieber per {}",
    "lieber über {}",
    "par {} svp",
    "plutôt par {}",
    "je préfère {}",
    "prefiero {}",
    "prefiero por {}",
    "por {} por favor",
    "preferisco {}",
    "prefiro {}",
    "liever via {}",
    "graag via {}",
    "wolę {}",
    "proszę * przez {}",
)
_LIKED_VERBS = ("please {} me", "{} me instead", "just {} me", "better {} me")
_DISLIKED_VERBS = (
    "don't {} me",
    "do not {} me",
    "please don't {}",
    "never {} me",
    "please do not {}",
    "don't ever {} me",
)
_DISLIKED = (
    "no {} please",
    "please no {}",
    "not by {}",
    "not via {}",
    "nicht per {}",
    "pas par {}",
    "not on {}",
)
_STOPPED = (
    "no more {}",
    "stop * {}",
    "don't send * {}",
    "do not send * {}",
    "keine {} mehr",
    "keinen {} mehr",
    "plus de {}",
    "plus d'{}",
    "no más {}",
    "no quiero más {}",
    "basta {}",
    "chega de {}",
    "geen {} meer",
)
_STOPPED_VERBS = {
    "email": "stop emailing, stop mailing, stop e-mailing, nicht mehr mailen, niet meer mailen, stop met "
    "mailen",
    "sms": "stop texting",
    "phone": "stop calling, stop phoning, nicht mehr anrufen, niet meer bellen, proszę nie dzwonić",
    "whatsapp": "stop whatsapping",
}
_STOPPED_HERE = (
    "cancel * subscription to * newsletter, cancel my newsletter, cancel the newsletter, cancel your "
    "newsletter, unsubscribe me, please unsubscribe, want to unsubscribe, like to unsubscribe, "
    "unsubscribe from this, unsubscribe from your, unsubscribe from all, opt me out, want to opt out, "
    "like to opt out, i opt out, opting out of, please opt out, remove me from * list, remove me from "
    "your *, take me off * list, stop messaging me, stop writing, stop spamming, stop sending me this, "
    "stop sending me stuff, keine nachrichten mehr, keine werbung mehr, mich abmelden, bitte abmelden, "
    "newsletter abbestellen, newsletter abmelden, nicht mehr anschreiben, hört auf mir zu schreiben, "
    "hören sie auf mir zu schreiben, hört auf mich anzuschreiben, hören sie auf mich anzuschreiben, aus "
    "dem verteiler, aus ihrem verteiler, me désabonner, désabonnez moi, désinscrivez moi, me "
    "désinscrire, ne plus recevoir, veux plus recevoir, souhaite plus recevoir, plus de messages, "
    "arrêtez de m'écrire, arrêtez de m'envoyer, darme de baja, denme de baja, no quiero recibir, no más "
    "mensajes, dejen de enviarme, no me escriban, cancelar inscrição, não quero receber, não quero mais "
    "receber, parem de enviar, parem de me enviar, pare de me enviar, parem de me mandar, pare de me "
    "mandar, descadastrar, me remova da lista, cancellatemi, disiscrivermi, disiscrivimi, non voglio "
    "ricevere, non voglio più ricevere, basta messaggi, annullare l'iscrizione, uitschrijven, wil me "
    "afmelden, schrijf me uit, geen berichten meer, wypisz mnie, wypisać się, mnie wypisać, nie chcę "
    "otrzymywać, nie chcę * dostawać, nie chcę * otrzymywać, przestać do mnie pisać, przestańcie do "
    "mnie pisać, proszę przestać pisać, nie wysyłajcie, proszę nie pisać, proszę nie wysyłać"
)
_STOPPED_ALL = (
    "don't contact me, do not contact me, never contact me, stop contacting me, leave me alone, stop all "
    "messages, unsubscribe me from everything, unsubscribe from everything, don't ever contact, nicht mehr "
    "kontaktieren, lassen sie mich in ruhe, kontaktieren sie mich nicht, ne me contactez plus, laissez moi "
    "tranquille, no me contacten, déjenme en paz, não me contactem, não entrem em contato, non contattatemi, "
    "lasciatemi in pace, neem geen contact, laat me met rust, nie kontaktujcie się, proszę o "
    "niekontaktowanie, dajcie mi spokój"
)
_KEYWORDS = vocabulary(
    "stop stopp stopall unsubscribe optout abmelden abbestellen désabonner désinscription désinscrire arrêt "
    "arret baja disiscrivi cancellami descadastrar uitschrijven afmelden wypisz"
)
_SHORT_KEYWORDS = vocabulary("end cancel quit revoke sair alto")
_FILLERS = vocabulary(
    "please thanks thank you it this that bitte danke svp merci por favor gracias grazie obrigado proszę now "
    "jetzt"
)
_TEXT_CHANNELS = frozenset({"sms", "whatsapp"})
_KEYWORD_AT_MOST = 5
_CONDITIONS = vocabulary(
    "before after until till unless bis vor nach ab avant après jusqu'à jusqu'au hasta antes después prima "
    "fino dopo até depois voor tot przed next"
) | frozenset(words_of.WEEKDAYS | words_of.WEEKDAYS_AGAIN)
_OF_OTHERS = vocabulary("customers users clients subscribers recipients leads visitors")
_ASKS = vocabulary("how where why can could may is what")
_CONDITION_WITHIN = 3


def entries() -> Iterator[tuple[str, Tag]]:
    """Every phrase of a channel wish or an opt-out; an empty name means the message's own channel."""
    for channel, nouns in _NOUNS.items():
        for noun in nouns:
            yield from ((form.format(noun), Tag("channel", channel)) for form in _LIKED)
            yield from ((form.format(noun), Tag("avoid_channel", channel)) for form in _DISLIKED)
    for channel, verb in _VERBS.items():
        yield from ((form.format(verb), Tag("channel", channel)) for form in _LIKED_VERBS)
        yield from ((form.format(verb), Tag("avoid_channel", channel)) for form in _DISLIKED_VERBS)
    for channel, nouns in _PLURALS.items():
        for noun in nouns:
            yield from ((form.format(noun), Tag("stop", channel)) for form in _STOPPED)
            yield from ((form.format(noun), Tag("avoid_channel", channel)) for form in _DISLIKED)
    for channel, phrases in (*_STOPPED_VERBS.items(), ("", _STOPPED_HERE), (ALL, _STOPPED_ALL)):
        yield from ((phrase.strip(), Tag("stop", channel)) for phrase in phrases.split(","))


def wishes(text: str, tokens: Tokens, hits: Sequence[Hit], channel: str) -> Iterator[Preference]:
    """Wishes about channels, and opt-outs; of overlapping ones an opt-out wins, then a refusal, then length.

    Args:
        text: The customer's own words.
        tokens: Its words.
        hits: All phrases found in it.
        channel: Channel of the message, or empty.
    """
    if (whole := _whole_message(text, tokens, channel)) is not None:
        yield whole
        return
    taken: set[int] = set()
    others = not _OF_OTHERS.isdisjoint(tokens.words)
    wanted = [hit for hit in hits if hit.tag.group in _RANK and not _is_void(tokens, hit, others=others)]
    for hit in sorted(wanted, key=lambda hit: (_RANK[hit.tag.group], hit.first - hit.last, hit.first)):
        words = set(range(hit.first, hit.last + 1))
        if taken.isdisjoint(words):
            taken |= words
            start, end = tokens.starts[hit.first], tokens.ends[hit.last]
            value = hit.tag.name or channel or ALL
            yield Preference(hit.tag.group, value, text[start:end], start, end)


_RANK = {"stop": 0, "avoid_channel": 1, "channel": 2}


def _is_void(tokens: Tokens, hit: Hit, *, others: bool) -> bool:
    """Negated itself, about other people, or a refusal for some hours only: `don't call me before 10`."""
    elsewhere = others and any(tokens.words[i] in _OF_OTHERS for i in tokens.sentence(hit.first))
    if elsewhere or tokens.is_refused(hit.first):
        return True
    if hit.tag.group == "channel":
        return False
    if hit.tag.group == "stop" and _is_their_own(tokens, hit):
        return True
    if any(tokens.words[i] == "than" for i in range(hit.first, hit.last)):
        return True
    after = range(hit.last + 1, min(hit.last + 1 + _CONDITION_WITHIN, len(tokens.words)))
    return any(tokens.words[i] in _CONDITIONS and tokens.parts[i] == tokens.parts[hit.last] for i in after)


def _is_their_own(tokens: Tokens, hit: Hit) -> bool:
    """Whether what is to stop is what they send themselves: `how can I stop my own newsletter?`."""
    named = tokens.words[hit.first : hit.last + 1]
    asks = tokens.words[tokens.sentence(hit.first).start] in _ASKS
    return "own" in named or (asks and "our" in named)


def _whole_message(text: str, tokens: Tokens, channel: str) -> Preference | None:
    """A keyword of the CTIA's guidelines that is all there is, or all of the first line or sentence."""
    line_end = text.find("\n", tokens.starts[0]) if tokens.words else -1
    last = -1
    for i, start in enumerate(tokens.starts[: _KEYWORD_AT_MOST + 1]):
        if tokens.sentences[i] == 0 and (line_end < 0 or start < line_end):
            last = i
    if not 0 <= last < _KEYWORD_AT_MOST:
        return None
    words = [word for word in tokens.words[: last + 1] if word not in _FILLERS and word[0].isalnum()]
    keyword = "".join(dict.fromkeys(words))
    short = channel in _TEXT_CHANNELS and last == len(tokens.words) - 1 and keyword in _SHORT_KEYWORDS
    if keyword not in _KEYWORDS and not short:
        return None
    start, end = tokens.starts[0], tokens.ends[last]
    scope = ALL if keyword == "stopall" else channel or ALL
    return Preference("stop", scope, text[start:end], start, end)
