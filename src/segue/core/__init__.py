"""Core: the words of Segue as records, and the pure tools every floor stands on."""
