"""A hint of a text's language by its most common words; empty where they do not tell."""

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
_FULL = 60
_SHARE = 12


def _scores() -> dict[str, tuple[tuple[str, int], ...]]:
    languages: dict[str, list[str]] = {}
    for language, words in STOP_WORDS.items():
        for word in dict.fromkeys(words.split()):
            languages.setdefault(word, []).append(language)
    return {word: tuple((one, _FULL // len(found)) for one in found) for word, found in languages.items()}


_SCORES = _scores()


def hint(tokens: Tokens) -> str:
    """Guess the language: ISO 639-1, or empty when unsure.

    >>> from segue.perception.tokens import tokenise
    >>> hint(tokenise("Bitte keine Mails mehr")), hint(tokenise("ok")), hint(tokenise("lorem ipsum"))
    ('de', '', '')
    """
    totals: dict[str, int] = {}
    for word in tokens.words:
        for language, score in _SCORES.get(word, ()):
            totals[language] = totals.get(language, 0) + score
    if not totals:
        return ""
    best, second = [*sorted(totals.items(), key=lambda item: (-item[1], item[0])), ("", 0)][:2]
    sure = best[1] * 4 >= second[1] * 5 and best[1] * _SHARE >= len(tokens.words) * _FULL
    return best[0] if sure and best[1] >= _FULL else ""
