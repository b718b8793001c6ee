"""What is nobody's business: health, family, union and religion of the writer or their family, by a lexicon.

Found in every text of own words, questions included: what is private is private however it is said. English.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from segue.core.predicates import SENSITIVE
from segue.core.records.percepts import Statement
from segue.perception.tokens import tokenise, vocabulary

_MINE = (
    r"(?:my|our)\s+(?:(?:little|older|younger|elder|own|late|new)\s+)?(?:wife|husband|partner|son|"
    r"daughter|child|children|kid|kids|"
    r"baby|mother|mum|mom|father|dad|parents?|brother|sister|grandmother|grandfather|spouse|fianc[ée]e?)"
)
_ILL = (
    r"(?:ill|sick(?!\s+of\b)|in\s+(?:the\s+)?(?:hospital|intensive\s+care|rehab|chemo(?:therapy)?)|pregnant|"
    r"dying(?!\s+to\b)|disabled|depressed|"
    r"having\s+(?:surgery|chemo(?:therapy)?|an\s+operation|a\s+baby)|recovering|terminally\s+ill|"
    r"unwell|undergoing\s+\w+)"
)
_DISEASE = (
    r"(?:cancer|leuk[ae]mia|a\s+tumou?r|diabetes|epilepsy|depression|a\s+(?:stroke|heart\s+attack|"
    r"miscarriage|burn-?out)|"
    r"burn-?out|covid(?:-19)?|hiv|multiple\s+sclerosis|ptsd|adhd|anorexia|"
    r"an?\s+(?:chronic\s+)?(?:illness|disability|condition|surgery|operation))"
)
_FROM_OR_TO: Final = (
    r"from|to|into|start(?:s|ed|ing)?|begin(?:s|ning)?|tak(?:e|es|ing)|took|during|before|after|until|for|"
    r"returning\s+from"
)
_LOST: Final = (
    r"(?:wife|husband|partner|son|daughter|child|baby|mother|mum|mom|father|dad|parents?|brother|sister|"
    r"grandmother|grandfather|grandma|grandpa|uncle|aunt|best\s+friend)"
)
_MONTH: Final = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|spring|summer|"
    r"autumn|fall|winter)"
)
_TOPICS: Final = (
    (
        "health",
        (
            (
                rf"\b(?:i|we|he|she)(?:'m|'re|'s|\s+am|\s+are|\s+is|\s+was|\s+were|\s+have\s+been|"
                rf"'ve\s+been|\s+has\s+been)\s+"
                rf"(?:(?:very|really|still|seriously|currently|again|now|off)\s+)*{_ILL}\b"
            ),
            (
                rf"\b(?:i|we)(?:'ve|\s+have|\s+had|'ve\s+had|\s+have\s+had|\s+suffer\s+from|"
                rf"\s+got)\s+(?:(?:just|got|been\s+diagnosed\s+with)\s+)*{_DISEASE}\b"
            ),
            (
                rf"\b{_MINE}(?:'s|\s+is|\s+are|\s+was|\s+has|\s+had|\s+have)?\s+(?:(?:very|seriously|still|"
                rf"been|got|just)\s+)*(?:{_ILL}|{_DISEASE}|diagnosed)\b"
            ),
            r"\bdiagnosed\s+with\s+\w+",
            (
                r"\b(?:my|our)\s+(?:health(?!\s+(?:plan|check|score|insurance|benefits|care|data|"
                r"dashboard))|illness|chemo(?:therapy)?|surgery|operation|depression|"
                r"burn-?out|pregnancy|disability|therapist|"
                r"cancer|diagnosis|miscarriage|treatment\s+at\s+the\s+hospital)\b"
            ),
            (
                rf"\b(?:on|off|my|our|his|her|{_FROM_OR_TO})\s+(?:(?:a|my|our|his|her|their)\s+)?"
                rf"(?:(?:long|extended|early)\s+)?(?:sick|medical|disability)\s+leave\b"
            ),
            r"\b(?:sick\s+note|krankgeschrieben|arr[êe]t\s+maladie)\b",
            (
                r"\b(?:i|we|she|he)(?:'m|'ve|'s|'d|\s+am|\s+have|\s+has|\s+had|\s+was|\s+got|\s+is)?\s+(?:(?:been|just|"
                r"really|completely|totally|badly|a\s+bit|so|now)\s+)*(?:burn(?:t|ed|ing)[\s-]+out)\b"
            ),
            r"\b(?:recover(?:ing|y|ed)?|after|suffer(?:ing|ed)?|off|out|home|with|signs\s+of)\s+(?:from\s+|with\s+|of\s+)?(?:a\s+|my\s+)?burn-?\s?out\b",
            r"\b(?:my|a)\s+(?:nervous|mental)\s+(?:breakdown|health)\b",
            r"\b(?:panic\s+attacks?|anxiety\s+(?:disorder|attacks?)|miscarried|ivf)\b",
            (
                r"\b(?:my|her|our)\s+(?:due\s+date\s+(?:is|in)\b|due\s+date(?=[.!?]|$)|pregnancy|(?:first|second|third)\s+trimester)"
            ),
            r"\b(?:i'm|i\s+am|she's|she\s+is)\s+(?:(?:\w+)\s+(?:weeks|months)\s+(?:pregnant|along)|expecting(?=\s*(?:[.!?,]|$)))",
            r"\b(?:expecting\s+mother|giving\s+birth|gave\s+birth|i'm\s+pregnant|schwanger|enceinte)\b",
            r"\b(?:off|out|home|called\s+in)\s+sick\b",
            (
                r"\b(?:my|a)\s+(?:doctor|psychiatrist|oncologist|surgeon|psychologist)(?:'s\s+appointment|"
                r"\s+(?:says|said|told|wants|prescribed))"
            ),
        ),
    ),
    (
        "family",
        (
            (
                rf"\b{_MINE}\s+(?:died|passed\s+away|has\s+died|has\s+passed\s+away|left\s+me|was\s+born|"
                rf"is\s+getting\s+married)\b"
            ),
            (
                r"\b(?:maternity|paternity|parental|adoption|family|bereavement|compassionate|caregiver(?:'s)?|"
                r"carer'?s?)\s+leave\b(?!\s+(?:policy|policies|module|type|types|request|requests|tracking|"
                r"management|report|balance|calendar|feature|rules|workflow|category))"
            ),
            r"\b(?:elternzeit|mutterschutz|babypause|cong[ée]\s+(?:maternit[ée]|parental|paternit[ée]))\b",
            rf"\b{_MINE}\s+(?:has\s+|just\s+|recently\s+|sadly\s+)*passed\b(?!\s+(?:the|his|her|an?|on|it|along|your|this)\b)",
            rf"\b(?:i|we|i've|we've)\s+(?:(?:just|recently|have|sadly)\s+)*lost\s+(?:my|our)\s+{_LOST}\b",
            (
                r"\b(?:grieving|(?:i'm|i\s+am|we're|we\s+are)\s+in\s+mourning|lost\s+a\s+loved\s+one|loss\s+of\s+a\s+"
                r"loved\s+one|(?:my|our)\s+(?:\w+(?:'s)?\s+)?funeral|at\s+a\s+funeral|attend(?:ing)?\s+(?:a|the)\s+funeral)\b"
            ),
            (
                rf"(?:^|[.!?;,]\s*|\b(?:and|as|because|but|so|since)\s+)we(?:'re|\s+are)\s+expecting"
                rf"(?=\s*(?:[.!?,]|$|in\s+{_MONTH}\b))"
            ),
            r"\b(?:our|my|the)\s+(?:baby|newborn|twins)\s+(?:is|are|was|were|will|arriv\w+|came)\b|\b(?:our|my)\s+newborn\b",
            r"\b(?:our|my)\s+(?:baby|twins)\s+(?:due|born)\b",
            r"\b(?:my|our)\s+(?:divorce|separation|custody|wedding|custody\s+(?:case|battle)|marriage)\b",
            r"\b(?:getting|got|going\s+through\s+an?|recently)\s+divorced?\b",
            r"\b(?:death|funeral|loss|passing)\s+(?:in\s+(?:my|our|the)\s+family|of\s+my\s+\w+)\b",
            (
                r"\b(?:bereavement|in\s+mourning|a\s+family\s+emergency|we(?:'re|"
                r"\s+are)\s+expecting\s+(?:a\s+)?(?:baby|twins|child))\b"
            ),
            (
                r"\b(?:i(?:'m|\s+am)\s+(?:a\s+single\s+(?:mother|mum|mom|father|dad|parent)|gay|lesbian|"
                r"bisexual|trans|transgender))\b"
            ),
        ),
    ),
    (
        "union",
        (
            r"\b(?:trade|labou?r|workers'?)\s+unions?\b",
            (
                r"\b(?:works?\s+councils?|betriebsr[aä]t\w*|personalrat|comit[ée]\s+d'entreprise|staff\s+council|"
                r"shop\s+stewards?|employee\s+representatives?|collective\s+(?:bargaining|agreement)|"
                r"industrial\s+action|picket(?:ing|\s+line)?|walk-?out|ver\.?di\b|ig\s+metall)\b"
            ),
            (
                r"\b(?:we(?:'re|\s+are|'ll\s+be|\s+will\s+be|\s+were)|i(?:'m|\s+am|\s+was)|(?:my|our)\s+(?:colleagues|"
                r"drivers|workers|team|staff|employees)\s+(?:are|is|were|will\s+be))\s+(?:(?:still|all|currently|"
                r"going|back)\s+)*(?:on\s+strike|striking)\b"
            ),
            (
                r"\b(?:my|our|the)\s+(?:colleagues|drivers|workers|staff|employees|warehouse|union)\s+(?:voted?\s+to\s+|"
                r"(?:will|may|might)\s+|(?:is|are)\s+(?:on|going\s+on)\s+|went\s+on\s+)strike\b"
            ),
            (
                r"\b(?:our|the|a)\s+strike\s+(?:at|in)\s+(?:our|my)\b|\bbecause\s+of\s+(?:our|the|a)\s+strike\b(?!\s+"
                r"(?:price|rate|team))|\b(?:since|during)\s+(?:our|the)\s+strike\b(?!\s+(?:price|rate))"
            ),
            (
                r"\b(?:my|our|the)\s+union\s+(?:has|says|wants|must|needs|will|won't|agreed|objects|is\s+against|asked)\b"
                r"(?!\s+(?:of|all|select|join|query)\b)"
            ),
            r"\b(?:joined|join|joining|leave|left|founded|founding)\s+(?:a|the|our|my)\s+union\b(?!\s+(?:of|all|query))",
            r"\b(?:my|our|the)\s+union\s+(?:rep(?:resentative)?|card|dues|meeting|membership|steward)\b",
            (
                r"\b(?:i(?:'m|\s+am)|i\s+joined|we(?:'re|\s+are)|"
                r"as)\s+(?:an?\s+)?(?:active\s+)?(?:union\s+member|member\s+of\s+(?:the|a)\s+union|"
                r"shop\s+steward|in\s+(?:the|a)\s+union|unioni[sz]ed|unioni[sz]ing)\b"
            ),
            r"\b(?:we(?:'re|\s+are)|i(?:'m|\s+am))\s+on\s+strike\b",
        ),
    ),
    (
        "religion",
        (
            (
                r"\b(?:i(?:'m|\s+am)|we(?:'re|\s+are)|as)\s+(?:an?\s+)?(?:(?:practi[sc]ing|devout|"
                r"observant|orthodox)\s+)?"
                r"(?:muslims?|christians?|catholics?|protestants?|jews|jewish|hindus?|buddhists?|sikhs?|"
                r"atheists?|mormons?|evangelicals?)\b"
            ),
            (
                r"\b(?:my|our)\s+(?:religion|faith|church|mosque|synagogue|temple|parish|rabbi|imam|"
                r"pastor|priest|prayers?)\b"
            ),
            (
                r"\b(?:i|we)(?:'m|'re|\s+am|\s+are)?\s+(?:(?:keep|observe|celebrate|observing|celebrating|"
                r"fasting|fast)\s+)"
                r"(?:for\s+|during\s+)?(?:the\s+)?(?:ramadan|sabbath|shabbat|lent|yom\s+kippur|eid|"
                r"passover|diwali|hanukkah)\b"
            ),
            r"\bfasting\s+(?:for|during|in)\s+(?:ramadan|lent)\b",
        ),
    ),
)
_PATTERNS: Final = tuple((topic, re.compile("|".join(one), re.IGNORECASE)) for topic, one in _TOPICS)
_WORTH: Final = vocabulary(
    "sick ill hospital pregnant pregnancy cancer diagnosed diagnosis surgery operation health illness "
    "depressed depression burnout burn doctor doctor's therapist chemo chemotherapy psychiatrist "
    "psychologist "
    "oncologist surgeon disabled disability maternity paternity parental stroke attack tumor tumour diabetes "
    "epilepsy covid hiv sclerosis ptsd adhd anorexia miscarriage unwell rehab intensive leukemia leukaemia "
    "dying recovering undergoing baby condition died passed divorce divorced custody separation wedding "
    "married marriage funeral death loss passing bereavement mourning born emergency single gay lesbian "
    "bisexual trans transgender expecting left union unionised unionized unionising unionizing "
    "strike steward "
    "muslim muslims christian christians catholic catholics protestant protestants jews jewish hindu hindus "
    "buddhist buddhists sikh sikhs atheist atheists mormon mormons evangelical evangelicals religion faith "
    "church mosque synagogue temple parish rabbi imam pastor priest prayer prayers ramadan sabbath shabbat "
    "lent kippur eid passover diwali hanukkah "
    "burnt burned burning breakdown panic anxiety miscarried ivf birth due trimester along grieving "
    "lost funeral newborn twins elternzeit mutterschutz babypause congé conge leave krankgeschrieben "
    "maladie schwanger enceinte council councils betriebsrat betriebsrats betriebsrates betriebsräte "
    "personalrat entreprise stewards representative representatives bargaining collective industrial "
    "picket picketing walkout walk verdi ver metall striking unions note mental disability"
)
"""A text without any of these needs no closer look."""

HIDDEN: Final = "[private]"
"""What stands for such words where they are not shown."""


def private(text: str, words: Iterable[str]) -> Iterator[Statement]:
    """Everything private in a text, in order of topics.

    Args:
        text: The text.
        words: Its words in lower case.

    >>> [one.kind for one in private("My wife is in hospital.", ["my", "wife", "is", "in", "hospital"])]
    ['sensitive.health']
    """
    if _WORTH.isdisjoint(words):
        return
    shown = text.replace("’", "'")
    for topic, pattern in _PATTERNS:
        for found in pattern.finditer(shown):
            words = text[found.start() : found.end()]
            yield Statement(f"{SENSITIVE}.{topic}", 1, words, found.start(), found.end())


def without_private(text: str) -> str:
    """A text with the sentences around private words taken out of it.

    >>> without_private("Call me on Friday. My wife is in hospital until then.")
    'Call me on Friday. [private]'
    """
    spans = [_around(text, one.start, one.end) for one in private(text, tokenise(text).words)]
    shown, at = "", 0
    for start, end in sorted(spans):
        if start >= at:
            shown += text[at:start] + HIDDEN
        at = max(at, end)
    return shown + text[at:]


_EDGE: Final = re.compile(r"[.!?\n]+(?:\s+|$)|\n+")


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence that holds a span."""
    first = max((edge.end() for edge in _EDGE.finditer(text, 0, start)), default=0)
    after = _EDGE.search(text, end)
    return first, len(text) if after is None else len(text[: after.end()].rstrip("\n "))
