"""The language model of a home: the connector that asks it, and what it needs to be asked."""

from collections.abc import Callable

from segue.connectors.email.secret import Secret
from segue.core.errors import PlaybookError
from segue.core.records.playbook import Playbook
from segue.llm import MISSING, LlmConnector, is_installed
from segue.playbook import PlaybookErrors


def language_model(playbook: Callable[[], Playbook]) -> LlmConnector:
    """The connector that asks the model of the playbook in force; its client is loaded where one is on."""
    connector = LlmConnector(playbook, lambda reference: Secret(reference).read())
    if playbook().settings.llm is not None:
        connector.warm()
    return connector


def check_model(playbook: Playbook) -> None:
    """Make sure that what a playbook switches on is installed.

    Raises:
        PlaybookErrors: It is not.
    """
    if playbook.settings.llm is not None and not is_installed():
        raise PlaybookErrors([PlaybookError(MISSING, file="settings.yaml", hint="or set `enabled: false`")])
