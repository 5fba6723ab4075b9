"""The ladder in words: every gate with its evidence, its cure and its source, and what can be done instead."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from cockpit.domain.catalogue import Playing
from cockpit.domain.gates.gate import Case, Gate, GateAnswer, Ladder
from cockpit.domain.gates.ladder import Instead
from cockpit.domain.level import Level
from cockpit.domain.words import iso
from cockpit.ui.actions import link_of
from cockpit.ui.order_grid.looks import LEVEL_WORDS
from cockpit.ui.text import age, discreet, short

OPEN_SOURCE = "open-source"
ATTEST = "attest-offer"
SHOW = "show-route"  # stays in the pane: go to another cell of the grid
_CATALOGUE = "catalogue: "

GATE_TITLES = {
    Gate.IDENTITY: "Identity",
    Gate.SECOND_FACTOR: "Second factor",
    Gate.DEVICE: "Device and address",
    Gate.SESSION: "Session",
    Gate.INTERFACE: "Interface offers it",
    Gate.ACCOUNT: "Account and margin",
    Gate.PERMISSION: "Trading permission",
    Gate.ENTITY: "Entity and region",
    Gate.MARKET_DATA: "Market data",
    Gate.CONTRACT: "Contract and venue",
    Gate.PRECAUTIONS: "Precautions",
}


class LineKind(StrEnum):
    """What a line of the ladder is."""

    GATE = "gate"
    REMEDY = "remedy"
    QUOTE = "quote"
    SOURCE = "source"
    INSTEAD = "instead"  # heading of what can be done instead
    OTHER = "other"


class LadderLine(Struct, frozen=True):
    """One line. `action` and `about` are what its link wishes.

    `is_later`: it stands behind the first block and does not count.
    """

    key: str
    kind: LineKind
    title: str
    text: str = ""
    level: Level | None = None
    aside: str = ""
    link: str = ""
    action: str = ""
    about: str = ""
    is_later: bool = False
    is_first_block: bool = False

    def spoken(self) -> str:
        """Say the whole line to somebody who cannot see it."""
        parts = [self.title]
        if self.level is not None and self.kind is LineKind.GATE:
            parts.append(LEVEL_WORDS[self.level])
        if self.is_first_block:
            parts.append("the order ends here")
        if self.is_later:
            parts.append("not counted")
        parts.extend(part for part in (self.text, self.aside, self.link) if part)
        return ", ".join(parts)


def ladder_lines(ladder: Ladder, advice: Instead, catalogue: Playing, now: float) -> tuple[LadderLine, ...]:
    """Write a ladder as of `now` (UTC epoch seconds)."""
    found: list[LadderLine] = []
    first = ladder.first_block
    is_later = False
    for answer in ladder.answers:
        found.extend(_gate(answer, ladder.case, catalogue, now, is_first=answer is first, is_later=is_later))
        if answer is first:
            found.extend(_instead(advice, catalogue))
            is_later = True
    if first is None:
        found.extend(_instead(advice, catalogue))
    return tuple(found)


def _gate(
    answer: GateAnswer, case: Case, catalogue: Playing, now: float, *, is_first: bool, is_later: bool
) -> list[LadderLine]:
    key = answer.gate.value
    lines = [
        LadderLine(
            key,
            LineKind.GATE,
            GATE_TITLES[answer.gate],
            discreet(answer.sentence),
            answer.level,
            evidence(answer, catalogue, now),
            is_later=is_later,
            is_first_block=is_first,
        )
    ]
    if answer.quote:
        quote = f"The broker wrote: {short(answer.quote, 200)}"
        lines.append(LadderLine(f"{key}/quote", LineKind.QUOTE, quote, is_later=is_later))
    remedy = answer.remedy
    if remedy is not None and answer.level is not Level.READY:
        link = link_of(remedy.action)
        about = case.ticket.key if remedy.action == "rehearse" else _door(case)
        action = remedy.action if link else ""
        title = discreet(remedy.sentence)
        lines.append(
            LadderLine(
                f"{key}/remedy", LineKind.REMEDY, title, "", answer.level, "", link, action, about, is_later
            )
        )
    row = source_key(answer)
    if row and (answer.level is not Level.READY or answer.gate is Gate.INTERFACE):
        title = f"Published row: {short(row)}"
        lines.append(
            LadderLine(
                f"{key}/source",
                LineKind.SOURCE,
                title,
                link="Source",
                action=OPEN_SOURCE,
                about=row,
                is_later=is_later,
            )
        )
    return lines


def _door(case: Case) -> str:
    return f"tws/{case.column.door}" if case.column.door else "gateway"


def source_key(answer: GateAnswer) -> str:
    """Return the key of the catalogue's row behind an answer; "" when it rests on something else."""
    return answer.source.removeprefix(_CATALOGUE) if answer.source.startswith(_CATALOGUE) else ""


def evidence(answer: GateAnswer, catalogue: Playing, now: float) -> str:
    """Say where an answer comes from and how old it is: `measured 40 s`, `published 2026-10`."""
    if answer.provenance is None:
        return "no evidence"
    old = answer.age(now)
    if old is not None:
        return f"{answer.provenance.value} {age(old)}" + (", stale" if now > answer.until else "")
    row = catalogue.order_types.get(source_key(answer)) or catalogue.permissions.get(source_key(answer))
    return f"{answer.provenance.value} {short(row.as_of[:7])}" if row is not None else answer.provenance.value


def _instead(advice: Instead, catalogue: Playing) -> list[LadderLine]:
    if advice.elsewhere is None and advice.nearest is None:
        return []
    found = [LadderLine("instead", LineKind.INSTEAD, "Do this instead")]
    if advice.elsewhere is not None:
        column = advice.elsewhere.case.column
        care = "every gate passes there now" if advice.elsewhere.level is Level.READY else "with care"
        title = f"Send it from {column.interface.label}: {care}."
        if column.door:
            title = f"Send it from {column.interface.label} ({short(column.door)}): {care}."
        found.append(
            LadderLine(
                "instead/route",
                LineKind.OTHER,
                title,
                "",
                advice.elsewhere.level,
                "",
                "Show",
                SHOW,
                column.key,
            )
        )
    if advice.nearest is not None:
        word = advice.nearest.case.ticket.order_type
        row = catalogue.order_type(word)
        name = short(row.title if row is not None else word)
        title = f"From here, send it as: {name}."
        found.append(LadderLine("instead/nearest", LineKind.OTHER, title, "", advice.nearest.level))
    return found


def evidence_text(ladder: Ladder, title: str, column: str, catalogue: Playing, now: float) -> str:
    """Write the ladder as plain text for a message to somebody else; accounts stay masked, times are UTC."""
    lines = [
        f"{title}, {ladder.case.instrument.key}, {column}: {LEVEL_WORDS[ladder.level]}",
        f"as of {iso(now)}",
    ]
    first = ladder.first_block
    for number, answer in enumerate(ladder.answers, 1):
        mark = "  <- the order ends here" if answer is first else ""
        lines.append(f"{number:2}. {GATE_TITLES[answer.gate]}: {LEVEL_WORDS[answer.level]}{mark}")
        seen = f", seen {iso(answer.at)}" if answer.at is not None else ""
        lines.append(f"    {discreet(answer.sentence)} ({evidence(answer, catalogue, now)}{seen})")
        if answer.source:
            lines.append(f"    from: {short(answer.source, 120)}")
        if answer.quote:
            lines.append(f"    the broker wrote: {short(answer.quote, 300)}")
        if answer.remedy is not None and answer.level is not Level.READY:
            lines.append(f"    do: {discreet(answer.remedy.sentence)}")
    return "\n".join(lines) + "\n"
