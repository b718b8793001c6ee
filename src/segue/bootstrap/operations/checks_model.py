"""Check of the language model: which host is told what, and whether it could be asked; it asks nothing."""

from urllib.parse import urlsplit

from segue.bootstrap.home import Home
from segue.bootstrap.operations.findings import Finding
from segue.connectors.email.secret import Secret
from segue.core.errors import InputError
from segue.llm import MISSING, is_installed
from segue.playbook import load

NAME = "model"
DATA = "message words with personal data replaced"


def language_model(home: Home) -> list[Finding]:
    """Where words go, and what class of data."""
    model = load(home.playbook).settings.llm
    if model is None:
        return [Finding(NAME, "ok", "no language model is switched on; no words leave to one")]
    if not is_installed():
        return [Finding(NAME, "fail", MISSING, "install it, or set `enabled: false` in `settings.yaml`")]
    host = urlsplit(model.url).netloc
    said = f"llm sends {DATA} to {host}, where `{model.model}` reads them"
    if model.key:
        try:
            Secret(model.key).read()
        except InputError as error:
            return [Finding(NAME, "warn", f"{said}; {error}", "messages go to a human until it is there")]
    if urlsplit(model.url).scheme == "http" and not _is_here(model.url):
        return [Finding(NAME, "warn", f"{said}, unencrypted", "write `https://` where the network is shared")]
    return [Finding(NAME, "ok", said)]


def _is_here(url: str) -> bool:
    return urlsplit(url).hostname in {"localhost", "127.0.0.1", "::1"}
