"""The rule that matches objectives to interfaces: shipped, with the desk's own rows laid over it."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from cockpit.adapters.settings.file import LARGEST
from cockpit.domain.catalogue import Confidence
from cockpit.domain.interface import Interface
from cockpit.domain.matching import Matching
from cockpit.domain.plan import Objective
from cockpit.resources import resource
from cockpit.tables import Complaint, parse

MATCHING = "matching.toml"


class MatchingRow(Struct, frozen=True):
    """One objective in a file. What a desk's own row does not say stays as it is shipped."""

    objective: Objective
    interfaces: tuple[Interface, ...] = ()
    reason: str = ""
    source: str = ""
    as_of: str = ""
    confidence: Confidence = Confidence.ATTESTED


class MatchingFile(Struct, frozen=True):
    """The table of the file."""

    matching: tuple[MatchingRow, ...] = ()


def read_matching(own: Path | None = None) -> tuple[tuple[Matching, ...], list[Complaint]]:
    """Return the rules, the desk's own over those shipped, with complaints about the desk's own file.

    `own` is the desk's catalogue file; its other tables are not looked at. Raises nothing for what stands in it.
    """
    shipped, complaints = _rows(resource("catalogue", MATCHING).read_bytes(), MATCHING)
    rules = {row.objective: _rule(row) for row in shipped}
    if own is None:
        return tuple(rules.values()), complaints
    try:
        if own.stat().st_size > LARGEST:
            return tuple(rules.values()), [Complaint(own.name, 0, "", "is too large for a catalogue")]
        content = own.read_bytes()
    except OSError as error:
        reason = f"cannot be read: {error.strerror or error}"
        return tuple(rules.values()), [Complaint(own.name, 0, "", reason)]
    rows, complaints = _rows(content, own.name)
    for row in rows:
        rules[row.objective] = _over(rules.get(row.objective), row)
    mine = [one for one in complaints if one.path[:1] == ("matching",) or not one.path]
    return tuple(rules.values()), mine


def _rows(content: bytes, file: str) -> tuple[tuple[MatchingRow, ...], list[Complaint]]:
    try:
        table, complaints = parse(content, file, MatchingFile)
    except (RecursionError, ValueError):
        return (), [Complaint(file, 0, "", "is nested too deeply or holds a number that is too long")]
    return table.matching, complaints


def _rule(row: MatchingRow) -> Matching:
    interfaces = tuple(dict.fromkeys(row.interfaces))
    return Matching(row.objective, interfaces, row.reason, row.source, row.as_of, row.confidence)


def _over(shipped: Matching | None, row: MatchingRow) -> Matching:
    """Lay a desk's row over the shipped one, field by field; it is attested from then on."""
    if shipped is None:
        return replace(_rule(row), confidence=Confidence.ATTESTED)
    return Matching(
        shipped.objective,
        tuple(dict.fromkeys(row.interfaces)) or shipped.interfaces,
        row.reason or shipped.reason,
        row.source or "desk",
        row.as_of or shipped.as_of,
        Confidence.ATTESTED,
    )
