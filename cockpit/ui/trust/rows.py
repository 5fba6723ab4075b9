"""The lines of the device-trust list: standing, device, weakest point, last proven, end, and one fix."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.domain.evidence import Provenance
from cockpit.domain.level import Level
from cockpit.domain.remedy import Remedy
from cockpit.domain.trust.row import Step, TrustGroup, TrustRow, Weakness
from cockpit.domain.words import moment, span, zone_letters
from cockpit.ui.actions import link_of
from cockpit.ui.glyphs import glyph_of
from cockpit.ui.text import age, discreet, short
from cockpit.ui.widgets.ledger import Cell, Place, Row, Tone

HEIGHT = 40  # of a line: two lines of text
REASON_HEIGHT = 28
PLACES = (
    Place("Standing", 104),
    Place("Device", 150, 2),
    Place("What it proves, its weakest point", 190, 5),
    Place("Last proven", 108, spare=2),
    Place("Ends", 96, 1, spare=1),
    Place("One fix", 150, 1),
)
REASONS = (Place("Level", 108), Place("What the level rests on", 200, 1))
WEAKNESSES = (
    Place("Standing", 104),
    Place("Weakness", 160, 2),
    Place("Why it is one", 200, 5),
    Place("Step", 92, spare=2),
    Place("Accepted", 92, spare=1),
    Place("Cure", 142, 2),
)
_DASH = Cell("—", tone=Tone.QUIET)


def word_of(level: Level) -> str:
    """Say a level as it begins a line."""
    return level.value.capitalize()


def mark(level: Level, provenance: Provenance | None) -> Cell:
    """Make the mark of a level; its border says where the level comes from, and nobody's word is hatched."""
    evidence = None if level is Level.UNKNOWN else provenance
    return Cell(word_of(level), glyph=glyph_of(level), level=level, evidence=evidence, is_mark=True)


def row_of(one: TrustRow, now: float, zone: str) -> Row:
    """Make the line of one device, factor, door or way back; `now` in UTC epoch seconds."""
    sentence = short(one.sentence, 240)
    cells = (
        mark(one.level, one.provenance),
        Cell(short(one.title, 80), tone=Tone.STRONG, wraps=True),
        Cell(sentence, wraps=True),
        proven_cell(one.provenance, one.at, now, one.proven),
        ends_cell(one.ends, one.ends_words, now),
        fix_cell(one.remedy),
    )
    cure = f"\n{one.remedy.sentence}" if one.remedy is not None else ""
    return Row(one.key, cells, discreet(f"{one.sentence}{cure}"))


def proven_cell(provenance: Provenance | None, at: float | None, now: float, proven: str = "") -> Cell:
    """Say how and when something was last proven: `measured 2 min`."""
    if at is None:
        return Cell("never" if proven else "—", tone=Tone.QUIET)
    how = f"{provenance.value} " if provenance is not None else ""
    return Cell(f"{how}{age(now - at)}", tone=Tone.QUIET)


def ends_cell(ends: float | None, words: str, now: float) -> Cell:
    """Say when something ends, and what ends then."""
    words = short(words, 60)
    if ends is None:
        return Cell(words, tone=Tone.QUIET, wraps=True) if words else _DASH
    if ends > now:
        return Cell(f"in {span(ends - now)}", words)
    if words.startswith("expired"):
        return Cell(words[:1].upper() + words[1:], tone=Tone.QUIET, wraps=True)
    return Cell(f"{age(now - ends)} ago", words)


def fix_cell(remedy: Remedy | None) -> Cell:
    """Offer the fix: as a link when the cockpit can do something about it, else as what a person can do."""
    if remedy is None:
        return Cell()
    link = link_of(remedy.action) if remedy.action else ""
    if not link:
        return Cell(short(remedy.sentence, 160), tone=Tone.QUIET, wraps=True)
    return Cell(f"{link}{takes(remedy)}", tone=Tone.LINK, action=remedy.action)


def takes(remedy: Remedy) -> str:
    """Say in brackets how long a fix takes: ` (2 min)`."""
    return f" ({remedy.minutes:.0f} min)" if remedy.minutes else ""


def reason_rows(detail: Sequence[str]) -> tuple[Row, ...]:
    """Make a line of everything a level rests on. What only explains carries no mark."""
    rows = []
    for number, said in enumerate(detail):
        head, _, rest = said.partition(": ")
        level = next((one for one in Level if word_of(one) == head), None)
        words = discreet((rest[:1].upper() + rest[1:]) if rest else said)
        cell = Cell(head, tone=Tone.QUIET) if rest else Cell()
        if level is not None:
            cell = Cell(head, glyph=glyph_of(level), level=level)
        rows.append(Row(str(number), (cell, Cell(words, wraps=True)), words, is_quiet=level is None))
    return tuple(rows)


def weakness_row(one: Weakness, now: float, zone: str) -> Row:
    """Make the line of one weakness; an accepted one stays, but quieter."""
    is_accepted = one.accepted_at is not None
    cells = (
        mark(one.level, one.provenance),
        Cell(short(one.title, 80), tone=Tone.STRONG, wraps=True),
        Cell(short(one.sentence, 240), wraps=True),
        Cell(_step(one.step), tone=Tone.QUIET),
        Cell(moment(one.accepted_at, now, zone), tone=Tone.QUIET) if one.accepted_at is not None else _DASH,
        fix_cell(one.cure),
    )
    return Row(one.key, cells, discreet(f"{one.sentence}\n{one.cure.sentence}"), is_quiet=is_accepted)


def counts_of(rows: Sequence[TrustRow]) -> tuple[tuple[TrustGroup, int], ...]:
    """Count the lines of every group that has any, in the order of the groups."""
    found = [(group, sum(row.group is group for row in rows)) for group in TrustGroup]
    return tuple((group, count) for group, count in found if count)


def _step(step: Step) -> str:
    return f"{list(Step).index(step) + 1} {step.value.partition(' ')[0].capitalize()}"


def row_detail(row: TrustRow, now: float, zone: str) -> tuple[str, ...]:
    """Tell what a line rests on, and when it was proven and ends to the minute, whatever column there is room for."""
    detail = list(row.detail)
    if row.at is not None:
        how = f"{row.provenance.value} " if row.provenance is not None else ""
        detail.append(f"Last proven: {how}{moment(row.at, now, zone)} {zone_letters(row.at, zone)}")
    if row.ends is not None or row.ends_words:
        at = f"{moment(row.ends, now, zone)} {zone_letters(row.ends, zone)}" if row.ends is not None else ""
        detail.append(f"Ends: {', '.join(part for part in (at, row.ends_words) if part)}")
    return tuple(detail)


def weakness_detail(one: Weakness, row: TrustRow | None, now: float, zone: str) -> tuple[str, ...]:
    """Tell what a weakness rests on: that of the line it stands for, else its own sentence, part by part."""
    if row is not None:
        detail = list(row_detail(row, now, zone))
    else:
        seen = f"{one.provenance.value} {moment(one.at, now, zone)}"
        detail = [f"{word_of(one.level)}: {part} ({seen})" for part in one.sentence.split("; ")]
        detail += [f"Source: {one.source}"] if one.source else []
    if one.accepted_at is not None:
        detail.append(f"Accepted: by the desk, {moment(one.accepted_at, now, zone)}; it counts for a year")
    return tuple(detail)
