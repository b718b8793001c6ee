"""The words of Segue as records: what is recorded is a frozen Struct, the rest are dataclasses."""
