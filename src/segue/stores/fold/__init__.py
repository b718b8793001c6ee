"""One fold per event type: live commits and rebuilds run the same code."""

from segue.stores.fold.folding import Folding, fold

__all__ = ["Folding", "fold"]
