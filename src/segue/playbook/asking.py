"""Compiles `llm` of `settings.yaml`: which language model is asked, and what it may cost."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from segue.core.money import Money
from segue.core.records.playbook import LanguageModel
from segue.playbook.authored import LlmPart, SettingsFile
from segue.playbook.compiler import Compiler
from segue.playbook.sections import Entry


def language_model(entry: Entry[SettingsFile], form: LlmPart, compiler: Compiler) -> LanguageModel | None:
    """The model that is asked; None where it is switched off."""

    def micro(amount: Money | None, *path: str) -> int:
        return compiler.micro(entry, ("llm", *path), amount)

    if form.price is None and not _is_near(form.url):
        compiler.wrong(entry, ("llm", "url"), "a model that others run has a price", "add `price` in `llm`")
    found = LanguageModel(
        url=form.url,
        model=form.model,
        key=form.key,
        timeout_s=form.timeout,
        reads=frozenset(form.reads),
        input_micro=micro(form.price.input if form.price else None, "price", "input"),
        output_micro=micro(form.price.output if form.price else None, "price", "output"),
        decision_tokens=form.per_decision.tokens,
        decision_micro=micro(form.per_decision.money, "per_decision", "money"),
        day_tokens=form.per_day.tokens,
        day_micro=micro(form.per_day.money, "per_day", "money"),
    )
    return found if form.enabled else None


def _is_near(url: str) -> bool:
    """Whether a server is on this machine or in its network, by its name."""
    host = (urlsplit(url).hostname or "").removesuffix(".")
    if "." not in host and ":" not in host:
        return True
    try:
        return ip_address(host).is_private
    except ValueError:
        return host.endswith((".local", ".internal", ".localhost"))
