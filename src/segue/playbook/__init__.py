"""Playbook: a directory that a RevOps lead writes becomes the compiled playbook that the loop runs.

`load` reads and checks, `load_settings` reads only the settings, `LivePlaybook` reloads atomically, and
`run_tests` tries plays and policies on their own tests.
"""

from segue.playbook.loading import load, load_settings
from segue.playbook.onefile import read_form
from segue.playbook.problems import PlaybookErrors
from segue.playbook.reloading import LivePlaybook
from segue.playbook.trials import TestResult, run_tests

__all__ = ["LivePlaybook", "PlaybookErrors", "TestResult", "load", "load_settings", "read_form", "run_tests"]
