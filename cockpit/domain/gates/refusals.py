"""What the broker itself said about an order: a refusal seen today blocks its gate, a preview opens it."""

from __future__ import annotations

from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.catalogue import FailureFamily, Severity
from cockpit.domain.evidence import Provenance, Seen
from cockpit.domain.gates.doors import GATEWAY, account_of, doors, tws_sockets
from cockpit.domain.gates.gate import GATES, Case, Gate, GateAnswer
from cockpit.domain.gates.weighing import REHEARSE, voice, weigh
from cockpit.domain.gates.world import World
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level
from cockpit.domain.remedy import Remedy

REFUSAL, PREVIEW = "/refusal/", "/preview/"  # what stands between a door and the order in a subject
# Gates about the user, the account and the contract: a refusal at one door holds at every other.
_EVERYWHERE = frozenset({Gate.ACCOUNT, Gate.PERMISSION, Gate.ENTITY, Gate.CONTRACT})
_BY_SIZE = frozenset({Gate.ACCOUNT, Gate.PRECAUTIONS})  # margin and presets: what is too much may be less
_PREVIEW_PROVES = frozenset(
    {Gate.INTERFACE, Gate.ACCOUNT, Gate.PERMISSION, Gate.ENTITY, Gate.CONTRACT, Gate.PRECAUTIONS}
)
_LEVELS = {Severity.BLOCK: Level.BLOCKED, Severity.DEGRADE: Level.LIMITED, Severity.CONFIRM: Level.LIMITED}

# Code 201 carries its reason as text (TWS API, reasons seen); the first word found decides.
_REASONS: tuple[tuple[str, Gate], ...] = (
    ("no trading permission", Gate.PERMISSION),
    ("trading permissions", Gate.PERMISSION),
    ("closing", Gate.CONTRACT),
    ("kid", Gate.ENTITY),
    ("priip", Gate.ENTITY),
    ("key information", Gate.ENTITY),
    ("leverage", Gate.ENTITY),
    ("ineligib", Gate.CONTRACT),
    ("short", Gate.ACCOUNT),
    ("margin", Gate.ACCOUNT),
    ("available funds", Gate.ACCOUNT),
    ("exchange is closed", Gate.CONTRACT),
    ("time in force", Gate.CONTRACT),
    ("tif", Gate.CONTRACT),
)
# Codes that observers named and the published table does not have.
_KNOWN = {"460": Gate.PERMISSION}


def with_refusals(world: World, case: Case, answers: tuple[GateAnswer, ...]) -> tuple[GateAnswer, ...]:
    """Return the answers with what the broker's own refusals and previews of this order say."""
    by_gate = {answer.gate: answer for answer in answers}
    is_sure = bool(account_of(world, case))  # else nobody knows what else stands against it
    for subject, is_elsewhere in doors(world, case.column):
        preview = _preview(world, case, subject)
        if preview is not None and is_sure:
            _open(by_gate, case, preview, world.now, is_elsewhere)
    for subject, is_elsewhere in doors(world, case.column):
        refused = world.facts.look(kinds.REFUSED_CODE, refusal_subject(subject, case))
        if refused is None or not refused.value or _is_answered(world, case, subject, refused):
            continue
        answer = _refusal(world, subject, refused, is_elsewhere)
        if answer is None or (is_elsewhere and not _carries(world, case, subject, answer.gate)):
            continue
        if answer.gate in _BY_SIZE and answer.level is Level.BLOCKED and _is_smaller(world, case, subject):
            words = f"A larger order was refused, this size was not asked. {answer.sentence}"
            answer = replace(answer, level=Level.UNKNOWN, sentence=words, remedy=REHEARSE)
        before = by_gate[answer.gate]
        is_worse = answer.level.rank > before.level.rank
        if is_worse or (answer.level is Level.BLOCKED and before.level is Level.BLOCKED):
            by_gate[answer.gate] = answer
    return tuple(by_gate[gate] for gate in GATES)


def _is_smaller(world: World, case: Case, door: str) -> bool:
    """Whether the ticket is smaller than the order that was refused; without its size nothing speaks for the ticket."""
    size = world.facts.look(kinds.REFUSED_SIZE, refusal_subject(door, case))
    return size is not None and case.ticket.quantity < size.value


def refusal_subject(door: str, case: Case) -> str:
    """Return the subject under which a refusal of this order at `door` is kept."""
    return f"{door}{REFUSAL}{refused_order(case)}"


def refused_order(case: Case) -> str:
    """Say which orders one refusal speaks of. The side is part of it: what cannot be bought may be sold (KID)."""
    ticket = case.ticket
    side = "buy" if ticket.action.upper() == "BUY" else "sell"
    return f"{case.instrument.key}/{ticket.order_type}/{side}"


def preview_subject(door: str, case: Case) -> str:
    """Return the subject under which a preview of this ticket at `door` is kept."""
    return f"{door}{PREVIEW}{case.ticket.key}"


def order_of(subject: str) -> tuple[str, str] | None:
    """Return which of the two a subject is and what it names, the door left out; None for any other subject."""
    for mark in (REFUSAL, PREVIEW):
        _, found, named = subject.partition(mark)
        if found:
            return mark, named
    return None


def _preview(world: World, case: Case, door: str) -> Seen[bool] | None:
    return world.facts.look(kinds.PREVIEWED, preview_subject(door, case)) if case.ticket.key else None


def _is_answered(world: World, case: Case, door: str, refused: Seen[str]) -> bool:
    """Whether the same door has taken the ticket since."""
    preview = _preview(world, case, door)
    return preview is not None and preview.value and preview.at > refused.at


def _open(
    by_gate: dict[Gate, GateAnswer], case: Case, preview: Seen[bool], now: float, is_elsewhere: bool
) -> None:
    """A preview that went through has the last word on what is not newer than it (Web API, drill-down, step 7).

    Of contract and venue it opens only what nobody has looked at: hours and lists change after it.
    """
    if not preview.value or not preview.is_fresh(now) or case.column.interface is Interface.FLEX:
        return
    for gate in _EVERYWHERE if is_elsewhere else _PREVIEW_PROVES:
        before = by_gate[gate]
        if is_elsewhere and before.provenance in (Provenance.MEASURED, Provenance.ATTESTED):
            continue
        is_older = before.at is None or before.at <= preview.at
        is_blank = before.level is Level.UNKNOWN and before.at is None
        if is_blank if gate is Gate.CONTRACT else is_older:
            said = "The broker's preview took this ticket"
            by_gate[gate] = weigh(
                gate, [voice(Level.READY, said, preview, now, "preview", inferred=is_elsewhere)], ""
            )


def _refusal(world: World, door: str, refused: Seen[str], is_elsewhere: bool) -> GateAnswer | None:
    api = "web" if door == GATEWAY else "tws"
    row = world.catalogue.codes.get((api, refused.value)) or world.catalogue.codes.get(("tws", refused.value))
    gate = _gate(refused, row.gate if row is not None else "")
    severity = row.severity if row is not None else Severity.BLOCK
    if severity is Severity.INFO:
        return None
    known = row.sentence if row is not None else "reason as quoted"
    is_text_reason = refused.value == "201"
    words = f"Refused with {refused.value}: {'reason as quoted' if is_text_reason else known}"
    cure = Remedy(row.remedy, _action(gate)) if row is not None and row.remedy else REHEARSE
    if row is not None and row.family is FailureFamily.AVAILABILITY:
        words += " (the broker's systems, not the order)"
    level = _LEVELS[severity]
    source = f"code {refused.value}"
    said = voice(level, words, refused, world.now, source, cure, quote=refused.note, inferred=is_elsewhere)
    return weigh(gate, [said], "")


def _gate(refused: Seen[str], named: str) -> Gate:
    """The code's gate in the catalogue; for a rejection with a text, the gate of the text."""
    if refused.value == "201":
        text = refused.note.lower()
        return next((gate for word, gate in _REASONS if word in text), Gate.PRECAUTIONS)
    try:
        return Gate(named)
    except ValueError:
        return _KNOWN.get(refused.value, Gate.PRECAUTIONS)


def _action(gate: Gate) -> str:
    actions = {
        Gate.PERMISSION: "request-permission",
        Gate.MARKET_DATA: "open-subscriptions",
        Gate.SESSION: "reconnect",
        Gate.PRECAUTIONS: "rehearse",
    }
    return actions.get(gate, "")


def _carries(world: World, case: Case, door: str, gate: Gate) -> bool:
    """Whether a refusal at another door holds here. TWS and its API share the trader's presets."""
    if case.column.interface is Interface.FLEX:
        return False
    if gate is Gate.PRECAUTIONS and case.column.interface is Interface.TWS:
        return door in {socket.subject for socket in tws_sockets(world)}
    return gate in _EVERYWHERE
