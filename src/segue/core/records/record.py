"""What all recorded things have in common: frozen, short in the log, and unseen by the garbage collector."""

import msgspec


class Record(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A frozen record; fields that have their default are not written.

    Records are trees, made bottom up and never changed, so none is part of a cycle: the collector, which
    would walk thousands of them a second, has nothing to find.
    """
