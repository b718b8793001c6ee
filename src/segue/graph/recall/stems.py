"""Words as recall compares them: lower case, without common words, ends cut so that forms of a word meet."""

import re
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_COMMON = """
    a about also am an and any are aren't as at be been being but by can can't could couldn't did didn't do
    does doesn't doing don't done for from had has hasn't have haven't having he he's her here him his how i
    i'd i'll i'm i've if in into is isn't it it's its just let's may me might my no nor not of on or our shall
    she she's should so than that that's the their them then there these they they'll they're they've this
    those to too us very was wasn't we we'll we're we've were what what's when where which who whom whose why
    will with won't would wouldn't you you'd you'll you're you've your
    aber als am auch auf aus bei das dass dem den der des die doch du ein eine einem einen einer es für hat
    habe haben ich ihr im ist ja kann können man mein mich mir mit nach nicht noch nur oder sich sie sind so
    und uns vom von vor war was wenn wer wie wir wird wo zu zum zur
"""
COMMON = frozenset(_COMMON.split())
"""Words too common to tell one message from another, in English and German."""

_ROOTS = """
    become:became begin:began,begun break:broke,broken bring:brought build:built buy:bought catch:caught
    choose:chose,chosen come:came drive:drove,driven eat:ate,eaten fall:fell,fallen feel:felt fight:fought
    find:found fly:flew,flown forget:forgot,forgotten get:got,gotten give:gave,given go:went,gone,gonna
    grow:grew,grown hear:heard hold:held keep:kept know:knew,known lead:led learn:learnt leave:left lend:lent
    lose:lost make:made mean:meant meet:met pay:paid ride:rode,ridden rise:rose,risen run:ran say:said
    see:saw,seen sell:sold send:sent shoot:shot show:shown sing:sang,sung sit:sat sleep:slept
    speak:spoke,spoken spend:spent stand:stood steal:stole,stolen swim:swam,swum take:took,taken teach:taught
    tell:told think:thought throw:threw,thrown understand:understood wake:woke,woken wear:wore,worn win:won
    write:wrote,written child:children,kids,kid person:people foot:feet man:men woman:women life:lives
    wife:wives mother:mom,mum,mommy father:dad,daddy photo:pic,picture
"""
_FORMS = {
    form: root
    for root, _, forms in (entry.partition(":") for entry in _ROOTS.split())
    for form in forms.split(",")
}
"""Forms of common words that share no beginning with their root."""

_LEAST = 3
_ENDS = ("ations", "ation", "ments", "ment", "ness", "ings", "ing", "ions", "ion", "ers", "er", "ed", "ly")


@lru_cache(maxsize=32_768)
def stem(word: str) -> str:
    """One lower-case word without its ending.

    >>> stem("camping"), stem("studies"), stem("went")
    ('camp', 'studi', 'go')
    """
    word = word.replace("’", "'").removesuffix("'s").replace("'", "")
    word = _FORMS.get(word, word)
    if word.endswith("ies") and len(word) > _LEAST + 1:
        word = word[:-3] + "y"
    elif word.endswith("sses"):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > _LEAST:
        word = word[:-1]
    for end in _ENDS:
        if word.endswith(end) and len(word) - len(end) >= _LEAST:
            word = word.removesuffix(end)
            doubled = len(word) > _LEAST and word[-1] == word[-2] and word[-1] not in "lsz"
            word = word[:-1] if doubled else word
            break
    word = _FORMS.get(word, word)
    if len(word) > _LEAST:
        word = word[:-1] + "i" if word.endswith("y") else word.removesuffix("e")
    return word


def words(text: str) -> list[str]:
    """The words of a text in lower case, each with a plain apostrophe.

    >>> words("I’m in Lyon")
    ["i'm", 'in', 'lyon']
    """
    return _WORD.findall(text.lower().replace("’", "'"))


def stems(text: str) -> list[str]:
    """The stems of a text's words in order, common words left out.

    >>> stems("When did you go camping, and what did it cost?")
    ['go', 'camp', 'cost']
    """
    return [stem(word) for word in words(text) if word not in COMMON]
