"""The words of statements: patterns over one sentence, each with `said`, `subject` and what it catches."""

import re
from collections.abc import Iterable
from typing import Final

from segue.perception.tokens import vocabulary

TRIGGERS: Final = vocabulary(
    "we we're we've we'd we'll our i i'm i've i'd my me there there's budget decision everything as "
    "please based headquarters "
    "headquartered plan team"
)
"""A text without any of these states nothing of its writer."""

SIZED: Final = vocabulary(
    "people persons employees staff colleagues heads folks members us strong fte ftes agents developers "
    "engineers designers lawyers planners recruiters consultants nurses teachers drivers dispatchers "
    "analysts "
    "salespeople reps person headcount head team size company firm startup agency business organisation "
    "organization department shop group practice"
)
USED: Final = vocabulary("use uses using stopped rid dropped switched moved migrated changed")
PRICED: Final = vocabulary("budget go spend afford invest budgeted aside earmarked")
LAUNCHED: Final = vocabulary(
    "live launch roll running ready set start started switch migrate place kick go rollout target"
)
DECIDED: Final = vocabulary("decide decision choose pick")
DEPARTED: Final = vocabulary(
    "sales marketing finance procurement purchasing hr human it operations support engineering legal "
    "logistics "
    "accounting customer product design research"
)
GROUPED: Final = vocabulary("team department division office branch unit")
PLACED: Final = vocabulary("based located headquartered office headquarters hq company team")
KEPT: Final = vocabulary("crm erp helpdesk tool system software calendar tracker stack platform")
SEATED: Final = vocabulary("seats licences licenses accounts logins")
"""Each pattern is looked for only in a text that has one of its words."""

DIGIT: Final = "#"
"""Stands among the words of a text that holds a digit."""

WRITER: Final = vocabulary("we i we're i'm we've i've we'd i'd our my and")
ENDED: Final = vocabulary("longer stopped rid dropped don't not")
MOVED: Final = vocabulary("switched moved migrated changed")
ENTIRE: Final = vocabulary("everything all our")
STANDS: Final = vocabulary("is lives sits happens")
WHERE: Final = vocabulary("in near out")
MYSELF: Final = vocabulary("i i'm my")

NUMBERS: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "dozen": 12, "hundred": 100, "thousand": 1000,
}  # fmt: skip
COUNTED: Final = frozenset({*NUMBERS, DIGIT})
TIMES: Final = frozenset({"dozen", "hundred", "thousand"})
"""Words that multiply what stands before them."""

_WORDED = "|".join(sorted(NUMBERS, key=len, reverse=True))
_N = (
    rf"(?P<n>\d{{1,3}}(?:[,.]\d{{3}})+(?!\d)|\d{{1,7}}(?![\d.,]*\d)|"
    rf"(?:an? )?(?:{_WORDED})(?:[ -](?:{_WORDED}))*)"
)
_ABOUT = (
    r"(?:(?:now|currently|only|just|still|already|about|around|roughly|approximately|approx\.?|circa|"
    r"ca\.?|some|"
    r"nearly|almost|over|under|up to|at most|max\.?|a maximum of|maximum|exactly|a total of|in total|~|"
    r"more than|at least)\s+)*~?\s*"
)
_PEOPLE = (
    r"(?:full-time\s+|part-time\s+)?(?:people|persons|employees|staff members|staff|colleagues|heads|folks|"
    r"team members|members of staff|of us|strong|ftes?|agents|developers|engineers|designers|lawyers|"
    r"planners|"
    r"recruiters|consultants|nurses|teachers|drivers|dispatchers|analysts|sales ?people|sales reps|reps)\b"
)
_COMPANY = (
    r"(?:team|company|firm|startup|start-up|agency|business|organi[sz]ation|department|shop|group|practice)"
)
_KIND = (
    r"(?:(?:small|little|growing|young|mid-sized|medium-sized|large|remote|family|sales|support|whole|"
    r"entire) )*"
)

MARK: Final = re.compile(r"[.,;:!()\n–—]\s*|(?<=\s)-\s")
LEADS: Final = vocabulary("and but so because since as that currently today now moment fyi well hi hello")
"""A statement begins a sentence, or stands behind such a mark or word: its pattern is tried there alone."""

_WE_ARE = r"(?P<subject>we(?:'re|\s+are))\s+"
_OURS = rf"(?P<subject>(?:our|my)\s+{_KIND}{_COMPANY})\s+"
_NOT_THERE = (
    r"(?!\s+(?:short|less|fewer|more|ahead|away|late|down|attending|coming|waiting|registered|invited|"
    r"signed up|joining|(?:at|in|for|on) (?:the|this|your|that|tomorrow's|today's) "
    r"(?:event|meeting|webinar|training|session|workshop|conference|call|demo|room|queue|line|list|"
    r"waitlist)))"
)


def _p(pattern: str) -> "re.Pattern[str]":
    return re.compile(pattern, re.IGNORECASE)


TEAM_SIZE: Final = tuple(
    _p(f"(?P<said>{pattern}){_NOT_THERE}")
    for pattern in (
        rf"{_WE_ARE}{_ABOUT}{_N}\s+{_PEOPLE}",
        rf"{_WE_ARE}an?\s+{_KIND}{_COMPANY}\s+(?:of|with)\s+{_ABOUT}{_N}(?!\s*(?:%|years|percent))",
        rf"{_WE_ARE}an?\s+{_N}[- ](?:person|people|man|strong|employee)\b",
        (
            rf"(?P<subject>we(?:'ve got|\s+have got|\s+have|\s+employ))\s+{_ABOUT}{_N}\s+"
            r"(?:full-time\s+|part-time\s+)?(?:people|employees|staff|colleagues|team members|ftes?)\b"
            r"(?!\s+(?:who|that|using|on|interested))"
        ),
        rf"(?P<subject>there(?:'s|'re|\s+are))\s+{_ABOUT}{_N}\s+of\s+us\b",
        rf"{_OURS}(?:is|has|consists of|counts|employs)\s+{_ABOUT}{_N}\s+(?:{_PEOPLE}|members\b)",
        rf"(?P<subject>our\s+(?:team size|headcount|head count))\s+is\s+{_ABOUT}{_N}(?!\s*%)",
    )
)

_ADVERB = r"(?:(?:currently|now|still|just|all|mostly|mainly|only|already|also|both|today|do|basically)\s+)*"
_VERB = (
    r"uses?|(?:are|is|am)\s+(?:\w+\s+)?using|'(?:re|m)\s+(?:\w+\s+)?using|"
    r"(?:have|has|'ve)\s+been\s+using|"
    r"(?:plan|work|run|track|manage|keep|do|organi[sz]e|schedule|forecast|store|handle|collect|book)s?"
    r"(?:\s+(?:everything|it\s+all|all\s+of\s+(?:it|this|that)|it|this|that|things|most\s+(?:things|of\s+it)|"
    r"(?:all\s+)?our\s+\w+(?:\s+\w+)?))?\s+(?:in|with|on|using|via|through)|"
    r"rely\s+on|live\s+in|are\s+on|'re\s+on|are\s+running\s+on|run\s+on"
)
_MERELY = (
    r"(?:(?:just|only|mostly|mainly|plain|good\s+old|a\s+bunch\s+of|a\s+lot\s+of|shared|simple|big)\s+)*"
)
_PART = (
    r"(?:button|page|tab|field|feature|function|menu|link|view|form|screen|option|settings?|section|"
    r"icon|api|app|"
    r"widget|plan|templates?|key)s?\b"
)
_BOUND = rf"(?!['\w-]|\s+as\s|\.\w|\s+{_PART})"


def tool_pattern(tools: Iterable[str]) -> str:
    """What catches one tool: a known name in any case, or up to three words with capitals."""
    known = "|".join(
        re.escape(name).replace(r"\ ", r"\s+") for name in sorted(tools, key=lambda name: (-len(name), name))
    )
    capitals = r"[A-Z][A-Za-z0-9+]*(?:\.[a-z]{2,3}\b)?(?:\s[A-Z][A-Za-z0-9+]*){0,2}"
    return rf"(?:(?:{known}){_BOUND}|(?-i:{capitals}){_BOUND})"


def tool_sentences(name: str) -> tuple["re.Pattern[str]", ...]:
    """Patterns of `we use X`, `we no longer use X`, `we moved from X to Y` and `our CRM is X`."""
    names = (
        rf"(?P<names>{name}(?:(?:\s*,\s*(?:and\s+)?|\s+(?:and|plus|as well as|together with|along with)\s+|"
        rf"\s*&\s*){name})*)"
    )
    who = (
        r"(?:(?P<subject>(?:we|i)(?=')|(?:we|i|(?:our|my)\s+(?:whole\s+|entire\s+|sales\s+)?(?:team|"
        r"company))\s+"
        r"|(?<=and )|(?<=, ))"
    )
    using = _p(rf"(?P<said>{who}{_ADVERB}(?P<verb>{_VERB})\s+{_MERELY}(?:the\s+)?{names}))(?!\s*\?)")
    ended = _p(
        rf"(?P<said>(?P<subject>we|i)\s+(?:have\s+|'ve\s+)?"
        rf"(?P<verb>no\s+longer\s+use|stopped\s+using|got\s+rid\s+of|dropped|"
        rf"(?:don't|do\s+not)\s+use(?=[^.?!]*\s(?:any\s?more|any\s+longer)))\s+{names})"
    )
    moved = _p(
        rf"(?P<said>(?P<subject>we|i)(?:'ve|\s+have)?\s+(?:just\s+|recently\s+)?"
        rf"(?:switched|moved|migrated|changed)\s+(?:over\s+)?from\s+(?P<from>{name})\s+to\s+(?P<to>{name}))"
    )
    kind = r"(?:crm|erp|helpdesk|help desk|(?:[a-z]+\s)?(?:tool|system|software|platform)|calendar|tracker)"
    kept = _p(
        rf"(?P<said>(?:(?P<subject>our)\s+(?:current\s+|"
        rf"main\s+)?{kind}\s+(?P<verb>is)\s+(?:called\s+)?"
        rf"|(?P<all>everything|it\s+all)\s+(?:lives|is|sits|happens)\s+in\s+){names})(?!\s*\?)"
    )
    return using, ended, moved, kept


_FOR = (
    r"(?:\s+for\s+(?:this|it|that|the\s+(?:project|tool|year|rollout)|20\d\d|(?:this|next)\s+(?:year|"
    r"quarter)|this\s+project))?"
)
_IS = r"(?:\s+(?:is|will\s+be|would\s+be|sits\s+at|is\s+set\s+at|is\s+capped\s+at|comes\s+to)|'s|:)\s*"
BUDGET: Final = tuple(
    _p(f"(?P<said>{pattern})")
    for pattern in (
        (
            rf"(?P<subject>(?:(?:our|my|the)\s+)?(?:total\s+|overall\s+|annual\s+|yearly\s+|monthly\s+|"
            rf"maximum\s+|max\s+)?"
            rf"budget){_FOR}{_IS}{_ABOUT}"
        ),
        (
            rf"(?P<subject>we(?:'ve|\s+have))(?:\s+got)?\s+an?\s+(?:total\s+|annual\s+|yearly\s+|"
            rf"monthly\s+|maximum\s+)?"
            rf"budget\s+of\s+{_ABOUT}"
        ),
        rf"(?P<subject>we|i)\s+(?:can|could)\s+(?:only\s+)?(?:spend|afford|invest|go)\s+{_ABOUT}",
        rf"(?P<subject>we(?:'ve|\s+have))(?:\s+got)?\s+(?:budgeted|set\s+aside|earmarked)\s+{_ABOUT}",
    )
)
BARE_AMOUNT: Final = re.compile(
    r"(?P<n>\d{1,3}(?:[,.]\d{3})+(?!\d)|\d{1,9}(?![\d.,]*\d))\s?(?P<size>k|m|grand|thousand|"
    r"million)?(?![\w%])(?!\s*(?:%|percent))",
    re.IGNORECASE,
)
RANGE: Final = re.compile(r"\s*(?:-|–|to\b|or\b)\s*[^\w]?\s*\d", re.IGNORECASE)

_WANT = (
    r"(?P<subject>we|i)(?:'d\s+like|\s+would\s+like|\s+(?:want|need|plan|hope|aim|intend|have)|"
    r"(?:\s+are|'re|'m|\s+am)\s+(?:planning|hoping|aiming|looking|going))\s+to\s+"
)
GO_LIVE: Final = tuple(
    _p(f"(?P<said>{pattern})")
    for pattern in (
        (
            rf"{_WANT}(?:go\s+live|launch|roll\s+(?:it\s+|this\s+|that\s+)?out|be\s+(?:live|"
            rf"up\s+and\s+running|ready|set\s+up)|"
            r"start\s+using\s+(?:it|this|you|\w+)|start\s+with\s+(?:it|this|you)|get\s+started|"
            r"switch(?:\s+over)?|migrate|"
            r"have\s+(?:it|this|everything)\s+(?:live|running|in\s+place)|kick\s+off|start\b(?!\s+(?:a|"
            r"the|my|our)\b))"
        ),
        (
            r"(?P<subject>our)\s+(?:go-live|go\s+live|launch|rollout|roll-out|start|target|"
            r"kick-off)(?:\s+date)?\s+is"
        ),
    )
)
DECISION: Final = _p(
    r"(?P<said>(?P<subject>(?:the|our)\s+decision)\s+(?:will\s+be\s+made|will\s+fall|falls|"
    r"is\s+due|has\s+to\s+be\s+made))"
)
DECIDES: Final = _p(
    rf"(?P<said>{_WANT}(?:decide|make\s+(?:a|the|our)\s+decision|have\s+(?:a|the|"
    rf"our)\s+decision|choose|pick\s+a\s+(?:tool|vendor)))"
)
LEADS_TO_TIME: Final = _p(
    r"(?:[\s,]+(?:with|the|our|pilot|rollout|project|it|this|by|in|on|from|around|before|beginning|"
    r"start|early|"
    r"late|mid|at|latest|no|later|than|as|of|planned|set|scheduled|for|end|within))*\s*"
)

RANKED: Final = vocabulary(
    "ceo cfo cto coo cio cmo cro cpo ciso chief vp president director manager head lead leader founder "
    "co cofounder owner administrator admin engineer developer analyst accountant bookkeeper "
    "controller buyer "
    "consultant assistant designer planner coordinator specialist officer partner lawyer recruiter scheduler "
    "dispatcher nurse teacher principal secretary architect"
)
_RANK = (
    r"(?:ceo|cfo|cto|coo|cio|cmo|cro|cpo|ciso|chief\s+\w+\s+officer|vp|vice\s+president|president|"
    r"director|manager|"
    r"head(?=\s+of\b)|lead|leader|founder|co-founder|cofounder|owner(?!\s+of\s+an?\b)|administrator|"
    r"admin|engineer|developer|analyst|"
    r"accountant|bookkeeper|controller|buyer|consultant|assistant|designer|planner|coordinator|specialist|"
    r"officer|partner|lawyer|recruiter|scheduler|dispatcher|nurse|teacher|principal|secretary|architect)"
)
_BEFORE_RANK = (
    r"(?:(?!(?:not|no|the|to|with|by|for|talking|writing|looking|waiting|working|asking|calling|"
    r"meeting|going|"
    r"happy|sorry|glad|sure|afraid|also|still|here|in|on|at|of|from|like|than|as|an?|your|you|their|"
    r"his|her)\b)"
    r"[a-z][\w&-]*\s+){0,3}"
)
_OF = (
    r"(?:\s+(?:of|for)\s+(?!you\b|an?\b|my\b|all\b|the\s+(?:day|year|call)\b|(?:this|that)\b)(?:the\s+|"
    r"our\s+)?[a-z][\w&-]*(?:\s+(?:and|&)\s+[a-z][\w&-]*)?)?"
)
_JOB = rf"(?P<value>{_BEFORE_RANK}{_RANK}{_OF})(?!['\w-])(?!\s+(?:who|said|told|asked)\b)"
JOB: Final = (
    _p(
        rf"(?P<said>(?P<subject>i(?:'m|\s+am))\s+(?:now\s+|currently\s+)?(?:the\s+|an?\s+|"
        rf"acting\s+|one\s+of\s+the\s+)*"
        rf"(?:new\s+)?{_JOB})"
    ),
    _p(
        rf"(?P<said>as\s+(?:the\s+|an?\s+){_JOB},?\s+(?P<subject>i)\s+(?:have|need|am|can|must|do|want|will))"
    ),
    _p(rf"(?P<said>(?P<subject>i)\s+work\s+(?:here\s+)?as\s+(?:the\s+|an?\s+)?{_JOB})"),
    _p(rf"(?P<said>(?P<subject>my)\s+(?:job|role|title|position)\s+is\s+(?:the\s+|an?\s+)?{_JOB})"),
)
_GROUP = r"(?:team|department|division|office|branch|unit)"
_DEPARTMENT = (
    r"sales|marketing|finance|procurement|purchasing|hr|human\s+resources|it|operations|support|"
    r"engineering|legal|"
    r"logistics|accounting|customer\s+(?:success|service|support)|product|design|research"
)
TEAM: Final = (
    _p(rf"(?P<said>(?P<subject>i)\s+work\s+in\s+(?P<value>{_DEPARTMENT}))(?!['\w-]|\s+(?:with|for)\b)"),
    _p(
        rf"(?P<said>(?P<subject>i(?:'m|\s+am|\s+work|\s+sit))\s+(?:now\s+)?(?:on|in|with|for|"
        rf"at|part\s+of|a\s+member\s+of)\s+"
        rf"(?:the|our)\s+(?P<value>(?!(?:same|wrong|right|other|whole|best|new|old|your|"
        rf"only)\b)[\w&-]+(?:\s+(?:and|&)\s+\w+|\s+(?!{_GROUP})[\w&-]+)?)\s+{_GROUP}(?!['\w-]))"
    ),
)
_NAME = r"(?P<value>(?-i:[A-Z])[\w'.-]*(?:[ -](?-i:[A-Z])[\w'-]*){0,2})(?!\s+(?-i:[A-Z]))"
LOCATION: Final = (
    _p(
        rf"(?P<said>(?P<subject>(?:we|i)(?:'re|'m|\s+are|\s+am))\s+(?:all\s+|mostly\s+|"
        rf"mainly\s+|both\s+|now\s+|currently\s+)?"
        rf"(?:based|located|headquartered|sitting)\s+(?:in|near|out\s+of)\s+{_NAME})"
    ),
    _p(
        rf"(?P<said>(?P<subject>our\s+(?:main\s+|head\s+)?(?:office|headquarters|hq|company|"
        rf"team))\s+(?:is|are)\s+"
        rf"(?:based\s+|located\s+)?in\s+{_NAME})"
    ),
)
PLACES: Final = vocabulary("europe germany france england britain america usa uk eu")
"""Names that are no tools, and places all the same."""

SEATS: Final = _p(
    rf"(?P<said>(?P<subject>we)(?:'d\s+like|\s+would\s+like|(?:'ll|\s+will)\s+need|'d\s+need|"
    rf"\s+would\s+need|\s+need|\s+want)\s+"
    rf"{_ABOUT}{_N}\s+(?:\w+\s+)?(?:seats|licen[cs]es|user\s+accounts|logins)\b)"
)

QUOTED: Final = re.compile(
    r"\"[^\"\n]{2,400}\"|“[^”\n]{2,400}”|„[^“”\n]{2,400}[“”]|«[^»\n]{2,400}»|(?m:^[ \t]*>.*$)|"
    r"(?<=\s)'[^'\n]{0,200}\s[^'\n]{0,200}'(?=[\s.,!?]|$)"
)
"""What others said: between quotation marks, or behind a mark of a reply."""

UNSURE_BEFORE: Final = _p(
    r"\b(?:if|unless|suppose|supposing|imagine|assuming|assume|assumes|whether|once|until|till|when|"
    r"whenever|by\s+the\s+time|"
    r"as\s+soon\s+as|as\s+though|wish|hope|example|e\.g|say|said|says|told|tell|tells|claims?|claimed|"
    r"heard|hear|"
    r"wrote|writes|read|reads|thinks?|thought|believes|according|pretend|what\s+if|not|never|"
    r"no\s+longer|isn't|aren't|"
    r"rumou?r|joke|kidding|unlike|before|back\s+then|used\s+to|was|were|they|he|she|their|his|her|"
    r"might|may|maybe|perhaps|"
    r"would\s+be|could\s+be|headline|subject|quote|says|template|competitors?|neither|nor|doubt|"
    r"ignore|system)\b"
)
UNSURE_AFTER: Final = _p(
    r"^[^.;!\n]{0,60}\b(?:if|unless|kidding|joking|supposedly|allegedly|in\s+theory|he\s+said|"
    r"she\s+said|they\s+said|"
    r"said\s+\w+|according\s+to|or\s+so\s+they|right\s*$|isn't\s+it|aren't\s+we|no\s+longer|"
    r"is\s+(?:wrong|not\s+true|false))\b|^\s*'s\b"
)
ELIDED: Final = re.compile(r"\s*$")
"""A subject that is left out: `we are 40 people and plan in spreadsheets`."""

_PRONOUN = _p(
    r"\b(we|i|we're|i'm|we've|i've|they|he|she|you|it|who|which|customers?|clients?|competitors?|friends?|"
    r"partners?|suppliers?|colleagues?|sister|brother|wife|husband|mother|father)\b"
)
_SELF = frozenset({"we", "i", "we're", "i'm", "we've", "i've"})


def speaks_of_self(before: str) -> bool:
    """Whether whoever was spoken of last is the writer.

    >>> speaks_of_self("we are 40 people"), speaks_of_self("we asked them and they came")
    (True, False)
    """
    named = _PRONOUN.findall(before)
    people = [word.lower() for word in named if word.lower() not in {"colleague", "colleagues"}]
    return bool(people) and people[-1] in _SELF


_WH = r"how|what|which|when|where|why|who|can|could|do|does|did|is|are|will|would|should|may|am"
ASKING_FIRST: Final = _p(rf"^\W*(?:(?:and|but|so|hi|hello|ok|also)\b\W*)?(?:{_WH})\b")
THEN_ASKS: Final = _p(
    rf"(?:[,;:–—]|\s-)\s*(?:and\s+|so\s+|but\s+)?(?:{_WH})\b|\b(?:and|so|but)\s+(?:how|what|which|"
    rf"where|why|who|can|could|do|does|is)\b"
)
