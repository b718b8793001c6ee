"""A mind: the pure functions of the floors below, bound to one playbook and one engine."""

from segue import identity, planner, plays
from segue.bootstrap.engine import Engine, engine_of
from segue.bootstrap.perceiving import fitted
from segue.core.ids import IdKey
from segue.core.records.playbook import Playbook
from segue.encoder import shipped
from segue.perception import TieredPerceiver
from segue.runtime.tenant import Mind


def perceiver_of(playbook: Playbook) -> TieredPerceiver:
    """The perceiver a playbook's intents make; the encoder is loaded by the first text that needs it."""
    return TieredPerceiver.of(playbook.intents, shipped(), fitted)


def mind_of(playbook: Playbook, ids: IdKey, engine: str = "") -> tuple[Mind, Engine]:
    """Bind everything to a playbook.

    Args:
        playbook: The playbook in force.
        ids: The tenant's id key.
        engine: Hash written into decisions; empty: that of the engine running here. Replay gives the one
            that was recorded, so that a difference is a difference of the decision.
    """
    perceiver = perceiver_of(playbook)
    running = engine_of(playbook.hash, perceiver.model)
    house = planner.House(playbook, engine or running.hash, ids)
    region = playbook.settings.default_country or None
    mind = Mind(
        normalise=lambda identifiers: identity.normalise_all(identifiers, region),
        link=identity.link,
        subject_links=identity.subject_links,
        wants=lambda signal, links: plays.wants(signal, links, playbook),
        step=lambda context, signal, percept: planner.step(context, signal, percept, house),
        recheck=lambda row, context, now: planner.recheck(row, context, house, now),
        perceiver=perceiver,
    )
    return mind, running
