"""The gate of the interface: does this front end know the order type, its time in force, its algorithm at all."""

from __future__ import annotations

from cockpit.domain import kinds
from cockpit.domain.catalogue import Availability, Confidence, OrderType
from cockpit.domain.evidence import Provenance
from cockpit.domain.gates.doors import PROGRAM_INTERFACES
from cockpit.domain.gates.gate import Case, Gate, GateAnswer
from cockpit.domain.gates.weighing import Voice, hardest, published, voice, weigh
from cockpit.domain.gates.world import World
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level
from cockpit.domain.remedy import Remedy

_ATTEST = Remedy("Look at the ticket there and say here whether it offers this.", "attest-offer")
_OTHER = Remedy("Send it from an interface that offers it, usually TWS, or take the nearest type.")
_SURE = (Confidence.DOCUMENTED, Confidence.OBSERVED, Confidence.ATTESTED)


def interface_offer(world: World, case: Case) -> GateAnswer:
    """Does the interface offer everything the order is made of."""
    where, ticket = case.column.interface, case.ticket
    if where is Interface.FLEX:
        only = published(
            Level.BLOCKED, "Flex brings statements; it takes no orders", "Flex Web Service", _OTHER
        )
        return weigh(Gate.INTERFACE, [only], "")
    parts = [_feature(world, where, ticket.order_type)]
    if ticket.time_in_force not in ("", "DAY"):
        parts.append(_feature(world, where, ticket.time_in_force))
    if ticket.algorithm:
        parts.append(_feature(world, where, ticket.algorithm))
    if case.legs:
        parts.append(_combination(world, case))
    if where in PROGRAM_INTERFACES and case.instrument.sec_type not in ("CASH", "CRYPTO"):
        if ticket.in_cash:
            said = "Programs cannot send an amount of cash, only a number of shares (codes 10243, 10244)"
            parts.append(weigh(Gate.INTERFACE, [published(Level.BLOCKED, said, "code 10244", _OTHER)], ""))
        elif ticket.quantity != int(ticket.quantity):
            said = "Programs cannot send fractions (code 10243)"
            parts.append(weigh(Gate.INTERFACE, [published(Level.BLOCKED, said, "code 10243", _OTHER)], ""))
    return hardest(parts)


def _feature(world: World, where: Interface, word: str) -> GateAnswer:
    row = world.catalogue.order_type(word)
    key = row.key if row is not None else word.lower()
    said: list[Voice] = []
    seen = world.facts.look(kinds.SAID_OFFERED, f"attested/{where.value}/{key}")
    if seen is not None:
        level = Level.READY if seen.value else Level.BLOCKED
        sentence = (
            f"The trader has seen {word} on its ticket" if seen.value else f"The trader found no {word} there"
        )
        cure = None if seen.value else _OTHER
        said.append(voice(level, sentence, seen, world.now, "attested: offer", cure))
    if row is not None:
        said.append(_published(row, where, word))
    return weigh(Gate.INTERFACE, said, f"The catalogue does not know {word}", _ATTEST)


def _published(row: OrderType, where: Interface, word: str) -> Voice:
    """What the catalogue says. An inferred no is no more than a doubt; an inferred yes shows as inferred."""
    offer = row.offer(where)
    is_sure = offer.confidence in _SURE
    provenance = {
        Confidence.ATTESTED: Provenance.ATTESTED,
        Confidence.INFERRED: Provenance.INFERRED,
    }.get(offer.confidence, Provenance.PUBLISHED)
    source = f"catalogue: {row.key}"
    if offer.confidence is Confidence.UNKNOWN or offer.availability is Availability.UNKNOWN:
        sentence = f"The broker does not publish whether {where.label} offers {word}"
        return Voice(Level.UNKNOWN, sentence, Provenance.PUBLISHED, source=source, remedy=_ATTEST)
    if offer.availability is Availability.YES:
        return Voice(Level.READY, f"{where.label} offers {word}", provenance, source=source)
    if offer.availability is Availability.PARTIAL:
        sentence = f"{where.label} offers {word} in part: not for every product"
        return Voice(Level.LIMITED, sentence, provenance, source=source, remedy=_ATTEST)
    if not is_sure:
        sentence = f"{where.label} probably does not offer {word}"
        return Voice(Level.UNKNOWN, sentence, provenance, source=source, remedy=_ATTEST)
    return Voice(
        Level.BLOCKED, f"{where.label} does not offer {word}", provenance, source=source, remedy=_OTHER
    )


_COMBOS = {
    Availability.YES: (Level.READY, "{} can carry a combination", None),
    Availability.PARTIAL: (Level.LIMITED, "{} carries only some combinations", _OTHER),
    Availability.NO: (Level.BLOCKED, "{} cannot carry a combination", _OTHER),
    Availability.UNKNOWN: (Level.UNKNOWN, "Whether {} can carry a combination is not published", _ATTEST),
}


def _combination(world: World, case: Case) -> GateAnswer:
    row = world.catalogue.order_type(case.ticket.order_type)
    said: list[Voice] = []
    if row is not None:
        level, words, cure = _COMBOS[row.combos]
        sentence = words.format(case.ticket.order_type)
        said.append(published(level, sentence, f"catalogue: {row.key}", cure))
    return weigh(Gate.INTERFACE, said, "Whether it carries combinations is not known", _ATTEST)
