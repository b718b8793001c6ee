"""A text's language by its most common words, and by a model where they do not tell."""

from typing import Protocol

from segue.perception.tokens import Tokens

STOP_WORDS = {
    "en": "the and you your is are was were have has this that these with for not can could would will "
    "please it's i'm don't what when how why my we our they of to be been on at from me i it us thanks hello "
    "hi about more do",
    "de": "der die das und ist sind war ich du sie wir ihr nicht kein keine mehr bitte ein eine einen mit "
    "für auf von zu den dem des auch wie was wann warum haben hat habe kann können wird werden noch nur mich "
    "mir uns danke hallo bin im am oder aber",
    "fr": "le la les de en me des et est sont je vous nous il elle ne pas plus une un du au aux avec pour "
    "dans sur que qui votre vos mon ma mes cette ce c'est j'ai merci bonjour être avoir très s'il plaît "
    "comment pourquoi",
    "es": "el la los las de en me y es son yo usted ustedes nosotros una un del al con para por en que quien "
    "su sus mi mis este esta esto gracias hola más muy está están tengo quiero favor cómo qué pero",
    "it": "il la lo gli mi e è sono io lei noi voi una un del della dei con per su che chi suo sua mio mia "
    "questo questa grazie ciao più molto ho hai abbiamo vorrei favore come perché di sì ma nel alla",
    "pt": "o os as de em me e é são eu você vocês nós uma um do da dos das com para por em que quem seu sua "
    "meu minha este esta isso obrigado obrigada olá mais muito está tenho quero favor como não mas",
    "nl": "de het een en is zijn ik jij u wij jullie niet geen meer met voor op van dat die wat wanneer hoe "
    "waarom heb heeft hebben kan kunnen wordt worden nog alleen mij ons bedankt hallo graag dit maar aan",
    "pl": "i w z na do się nie jest są to że jak co kiedy dlaczego mam ma mamy może proszę dziękuję dzień "
    "dobry bardzo już tylko dla przez po od ale czy mnie mój moja nasz wasza państwo pan pani ten ta jestem",
}
ENGLISH = "en"
_FULL = 60
_SHARE = 12
_PLAIN = 3
_EVEN = 500_000
_UNTOLD = 10
"""How many times likelier than English another language is where no common word tells."""

_AGAINST_WORDS = 50
"""The same against common English words: half a sentence of English before one of Swedish."""


def _scores() -> dict[str, tuple[tuple[str, int], ...]]:
    languages: dict[str, list[str]] = {}
    for language, words in STOP_WORDS.items():
        for word in dict.fromkeys(words.split()):
            languages.setdefault(word, []).append(language)
    return {word: tuple((one, _FULL // len(found)) for one in found) for word, found in languages.items()}


_SCORES = _scores()


class Languages(Protocol):
    """Tells the language of one text; the same text always gives the same answer."""

    @property
    def model(self) -> str:
        """Hash of the model."""
        ...

    def likely(self, text: str) -> tuple[str, int, int]:
        """The likeliest language (ISO 639-1), its probability in ppm, and that of English."""
        ...


def spoken(text: str, tokens: Tokens, languages: Languages | None = None) -> str:
    """The language of a text: ISO 639-1, or empty when unsure.

    Its most common words tell, and where they do not, or tell of another language than English, the model
    has to agree: English must not be called foreign because a word happens to be one of theirs.

    Args:
        text: The text.
        tokens: Its words.
        languages: The model; without it the words alone tell.
    """
    told, plainly = _told(tokens)
    if languages is None or plainly or (told == "" and not tokens.words):
        return told
    likely, p_ppm, english_ppm = languages.likely(text)
    foreign = likely != ENGLISH
    if told == ENGLISH:
        return likely if foreign and p_ppm >= english_ppm * _AGAINST_WORDS else ENGLISH
    if told:
        return ENGLISH if not foreign and p_ppm >= _EVEN else (likely if p_ppm >= _EVEN else told)
    if foreign:
        telling = len(tokens.words) > 1 or not text.isascii()
        return likely if telling and p_ppm >= english_ppm * _UNTOLD else ""
    return ENGLISH if p_ppm >= _EVEN else ""


def hint(tokens: Tokens) -> str:
    """Guess the language by its most common words: ISO 639-1, or empty when unsure.

    >>> from segue.perception.tokens import tokenise
    >>> hint(tokenise("Bitte keine Mails mehr")), hint(tokenise("ok")), hint(tokenise("lorem ipsum"))
    ('de', '', '')
    """
    return _told(tokens)[0]


def _told(tokens: Tokens) -> tuple[str, bool]:
    """The language that the words tell, and whether it is plain English."""
    totals: dict[str, int] = {}
    for word in tokens.words:
        for language, score in _SCORES.get(word, ()):
            totals[language] = totals.get(language, 0) + score
    if not totals:
        return "", False
    best, second = [*sorted(totals.items(), key=lambda item: (-item[1], item[0])), ("", 0)][:2]
    words = len(tokens.words)
    sure = best[1] * 4 >= second[1] * 5 and best[1] * _SHARE >= words * _FULL and best[1] >= _FULL
    plain = best[0] == ENGLISH and best[1] >= _PLAIN * max(_FULL, second[1]) and best[1] * 5 >= words * _FULL
    return (best[0], plain) if sure else ("", False)
