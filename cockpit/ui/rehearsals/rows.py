"""The lines of the rehearsals: each ticket with its last what-if, beside the one before."""

from __future__ import annotations

import math
import re

from msgspec import Struct
from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.evidence import Provenance
from cockpit.domain.level import Level
from cockpit.domain.permission import words_of
from cockpit.domain.plan import Flow, Socket, Ticket
from cockpit.domain.words import counted, money
from cockpit.services.state import ANSWERED, NO_ANSWER, NOT_POSSIBLE, REFUSED, DeskState, Rehearsal
from cockpit.ui.glyphs import Glyph, glyph_of
from cockpit.ui.text import age, ago, discreet, quoted, short
from cockpit.ui.widgets.ledger import Cell, Place, Row, Tone

REHEARSE = "rehearse"
EVERY = 60.0  # seconds between two what-ifs
FRESH_FOR = kinds.PREVIEWED.fresh_for
PLACES = (
    Place("Last what-if", 126),
    Place("Ticket", 220, 5),
    Place("Initial margin", 108, is_right=True),
    Place("Maintenance", 104, is_right=True, spare=3),
    Place("Commission", 92, is_right=True, spare=1),
    Place("What the broker says", 150, 3, spare=2),
    Place("Seen", 84),
    Place("", 84),
)
_AMOUNT = re.compile(r"^\s*([-+−]?)\s*([\d,]*\.?\d+)\s*([A-Z]{3})?\s*$")


class Queue(Struct, frozen=True):
    """Who waits: whether the first is being asked, and the seconds until the next one may go."""

    waiting: tuple[str, ...]
    next_in: float

    @property
    def sentence(self) -> str:
        """Say the queue and the wait."""
        if not self.waiting:
            return "One ticket at a time, at most one a minute. A what-if is no order."
        if self.next_in <= 0:
            return f"Asking now · {counted(len(self.waiting), 'ticket')} in the queue"
        last = self.next_in + EVERY * (len(self.waiting) - 1)
        return (
            f"Next in about {age(self.next_in)} · {counted(len(self.waiting), 'ticket')} in the queue"
            f" · last one in about {age(last)}"
        )


def queue_of(state: DeskState, now: float) -> Queue:
    """Read the queue. The last what-if that went out is dated by its answer, so the wait is at most a little longer."""
    asked = [one.at for one in state.rehearsals if one.state != NOT_POSSIBLE and one.at <= now]
    wait = max(0.0, max(asked) + EVERY - now) if asked else 0.0
    return Queue(state.rehearsing, wait if state.rehearsing else 0.0)


def tickets_of(state: DeskState) -> list[tuple[Flow, Ticket]]:
    """Return every ticket of the playbook with its flow, in order."""
    return [(flow, ticket) for flow in state.plan.flows for ticket in flow.tickets]


def read_only_door(state: DeskState, now: float) -> str:
    """Return the socket of the playbook that is known to take no orders; "" when none is."""
    doors = (state.plan.socket_of(flow) for flow, _ in tickets_of(state))
    return next((door.title for door in doors if door is not None and _is_read_only(state, door, now)), "")


def _is_read_only(state: DeskState, door: Socket | None, now: float) -> bool:
    seen = state.facts.fresh(kinds.READ_ONLY, door.subject, now) if door is not None else None
    return seen is not None and seen.value


def rows_of(state: DeskState, now: float) -> list[Row]:
    """Make one row for every ticket of the playbook."""
    newest = {one.ticket: one for one in state.rehearsals}
    earlier = {one.ticket: one for one in state.earlier_rehearsals}
    queue = queue_of(state, now)
    rows = []
    for flow, ticket in tickets_of(state):
        row = _row(flow, ticket, newest.get(ticket.key), earlier.get(ticket.key), queue, now)
        if _is_read_only(state, state.plan.socket_of(flow), now):
            row = replace(row, cells=(*row.cells[:-1], Cell()))  # nothing to be asked through this door
        rows.append(row)
    return rows


def level_of(rehearsal: Rehearsal | None, now: float) -> tuple[Level, str]:
    """Say how a rehearsal ended; one that is too old, or none at all, proves nothing."""
    if rehearsal is None:
        return Level.UNKNOWN, "Never asked"
    if rehearsal.state == REFUSED:
        level, word = Level.BLOCKED, "Refused"
    elif rehearsal.state == NO_ANSWER:
        level, word = Level.UNKNOWN, "No answer"
    elif rehearsal.state != ANSWERED:
        level, word = Level.UNKNOWN, "Not asked"
    elif rehearsal.warning:
        level, word = Level.LIMITED, "Warning"
    else:
        level, word = Level.READY, "Accepted"
    is_stale = not 0 <= now - rehearsal.at + 5.0 <= FRESH_FOR + 5.0
    return (
        (Level.UNKNOWN, "Out of date")
        if is_stale and rehearsal.state in (ANSWERED, REFUSED)
        else (level, word)
    )


def _row(
    flow: Flow, ticket: Ticket, newest: Rehearsal | None, earlier: Rehearsal | None, queue: Queue, now: float
) -> Row:
    level, word = level_of(newest, now)
    is_proof = newest is not None and level is not Level.UNKNOWN
    mark = Cell(
        word,
        glyph=glyph_of(level),
        level=level,
        evidence=Provenance.MEASURED if is_proof else None,
        is_mark=True,
    )
    link = Cell("Rehearse …", tone=Tone.LINK, action=REHEARSE)
    if ticket.key in queue.waiting:
        place = queue.waiting.index(ticket.key)
        is_asked = place == 0 and queue.next_in <= 0
        glyph, word = (Glyph.RUNNING, "Asking") if is_asked else (Glyph.WAITING, f"Waits, no. {place + 1}")
        mark = Cell(word, glyph=glyph, level=Level.UNKNOWN, is_mark=True)
        link = Cell()
    seen = Cell(ago(now - newest.at) if newest is not None else "—", tone=Tone.QUIET)
    figures = newest if newest is not None and newest.state == ANSWERED else None
    before = earlier if newest is not None else None
    title = Cell(short(words_of(ticket), 120), short(flow.title, 80), Tone.STRONG)
    cells = (
        mark,
        title,
        _amount(figures, before, "initial_margin_change"),
        _amount(figures, before, "maintenance_margin_change"),
        _amount(figures, before, "commission"),
        _saying(newest, before if figures is not None else None, now),
        seen,
        link,
    )
    return Row(ticket.key, cells, _whole(ticket, newest, before))


def _amount(newest: Rehearsal | None, before: Rehearsal | None, field: str) -> Cell:
    """Show an amount, and below it how it differs from the one before."""
    text = str(getattr(newest, field)) if newest is not None else ""
    old = str(getattr(before, field)) if before is not None else ""
    if not text:
        return Cell("—", tone=Tone.FIGURE) if not old else Cell("—", f"was {_said(old)}", Tone.FIGURE)
    change = _change(old, text)
    return Cell(_said(text), change, Tone.FIGURE)


def _change(old: str, new: str) -> str:
    if not old:
        return ""
    before, after = amount_of(old), amount_of(new)
    if before is None or after is None:
        return "" if old == new else f"was {short(old, 20)}"
    if math.isclose(before, after, abs_tol=0.005):
        return "unchanged"
    difference = after - before
    sign = "+" if difference > 0 else "\u2212"
    return f"{sign}{_figure(abs(difference))}"


def _said(text: str) -> str:
    """Say an amount with its thousands apart; what is no amount is shown as the broker words it."""
    found = _AMOUNT.match(text)
    number = amount_of(text)
    if found is None or number is None:
        return short(text, 24)
    sign = "+" if found[1] == "+" else "\u2212" if number < 0 else ""
    return f"{sign}{_figure(abs(number))}{' ' + found[3] if found[3] else ''}"


def _figure(number: float) -> str:
    return money(number) if number >= 1000 else f"{number:.2f}"


def amount_of(text: str) -> float | None:
    """Read an amount as the broker words it; None when it is none."""
    found = _AMOUNT.match(text)
    if found is None:
        return None
    try:
        number = float(found[2].replace(",", ""))
    except ValueError:
        return None
    return -number if found[1] in ("-", "−") else number


def _saying(newest: Rehearsal | None, before: Rehearsal | None, now: float) -> Cell:
    if newest is None:
        return Cell("Nothing asked yet", tone=Tone.QUIET)
    compared = f"compared with {ago(now - before.at)}" if before is not None else ""
    if newest.warning:
        code = f"code {newest.code}: " if newest.code else ""
        return Cell(short(newest.sentence, 200), f"{code}{quoted(' '.join(newest.warning.split())[:300])}")
    return Cell(short(newest.sentence, 200), compared)


def _whole(ticket: Ticket, newest: Rehearsal | None, before: Rehearsal | None) -> str:
    """Say everything of a row that its cells may have cut."""
    parts = [words_of(ticket)]
    if newest is not None:
        parts.append(newest.sentence)
        if newest.warning:
            parts.append(quoted(" ".join(newest.warning.split())))
    if newest is not None and newest.state == ANSWERED and before is not None and before.warning:
        parts.append(
            "The one before came with a warning." if not newest.warning else "So did the one before."
        )
    return discreet(" ".join(parts))
