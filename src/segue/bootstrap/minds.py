"""A mind: the pure functions of the floors below, bound to one playbook and one engine."""

from segue import identity, planner, plays
from segue.bootstrap.engine import Engine, engine_of
from segue.bootstrap.perceiving import fitted
from segue.bootstrap.tokens import shipped_tokens
from segue.core.ids import IdKey
from segue.core.ports import Perceiver
from segue.core.records.playbook import Playbook
from segue.encoder import shipped, shipped_languages
from segue.perception import RulePerceiver, TieredPerceiver, by_intent, reread, text_of
from segue.runtime.tenant import Mind


def perceiver_of(playbook: Playbook, *, with_encoder: bool = True) -> Perceiver:
    """The perceiver a playbook's intents and answers make.

    Args:
        playbook: Its intents' phrases are the rules, its examples are learned.
        with_encoder: The encoder is loaded by the first text that needs it; without it rules read alone.
    """
    answers, languages = playbook.answers.values(), shipped_languages()
    if not with_encoder:
        return RulePerceiver.of(playbook.intents, answers, languages, playbook.entities)
    encoder = shipped()
    return TieredPerceiver.of(
        playbook.intents, encoder, fitted, answers, languages, playbook.entities, encoder.knows
    )


def mind_of(
    playbook: Playbook, ids: IdKey, engine: str = "", *, with_encoder: bool = True
) -> tuple[Mind, Engine]:
    """Bind everything to a playbook.

    Args:
        playbook: The playbook in force.
        ids: The tenant's id key.
        engine: Hash written into decisions; empty: that of the engine running here. Replay gives the one
            that was recorded, so that a difference is a difference of the decision.
        with_encoder: False leaves messages to the rules.
    """
    perceiver = perceiver_of(playbook, with_encoder=with_encoder)
    running = engine_of(playbook.hash, perceiver.model)
    house = planner.House(playbook, engine or running.hash, ids)
    region = playbook.settings.default_country or None
    rules = playbook.settings.identity
    answers = by_intent(playbook.answers.values())
    blocked = identity.blocklist(rules.blocked)
    mind = Mind(
        normalise=lambda identifiers: identity.normalise_all(identifiers, region, blocked),
        link=lambda signal, known, accounts, ids: identity.link(signal, known, accounts, ids, rules),
        is_news=identity.is_news,
        subject_links=identity.subject_links,
        wants=lambda signal, links: plays.wants(signal, links, playbook),
        step=lambda context, signal, percept: planner.step(context, signal, percept, house),
        recheck=lambda row, context, now: planner.recheck(row, context, house, now),
        perceiver=perceiver,
        judge=lambda signal, web: identity.judge(signal, web, rules),
        reread=lambda signal, percept, told: reread(
            percept, told, len(text_of(signal)), playbook.intents, answers
        ),
        kept_s=playbook.settings.retention_s,
        hold=playbook.settings.retention_hold,
        tokens=shipped_tokens() if with_encoder and playbook.settings.recall_tokens else None,
    )
    return mind, running
