"""The lines of the permissions: held, needed, gap; and what is told of one permission and of its account."""

from __future__ import annotations

from cockpit.domain.catalogue import Permission
from cockpit.domain.evidence import Seen
from cockpit.domain.level import Level
from cockpit.domain.permission import Holding, Need, Witness
from cockpit.domain.request import Stage, request_clock, spell
from cockpit.domain.statement import AccountCard, StatementChange
from cockpit.domain.words import counted, listed, masked, moment, zone_letters
from cockpit.ui.glyphs import Glyph, glyph_of
from cockpit.ui.text import ago, discreet, short
from cockpit.ui.widgets.fact_lines import FactLine
from cockpit.ui.widgets.ledger import Cell, Place, Row, Tone

OPEN = "open-permissions"
PLACES = (
    Place("Standing", 118),
    Place("Permission", 150, 2),
    Place("Needed by", 150, 3, spare=2),
    Place("What proves it", 250, 4),
    Place("Request", 120, spare=1),
    Place("", 124),
)
_WORDS = {Level.READY: "Held", Level.BLOCKED: "Not held", Level.UNKNOWN: "Unknown", Level.LIMITED: "Partly"}
_NO_WORD = "The broker's word for the company is not known yet: sign in at the gateway or fetch a statement."


def key_of(holding: Holding) -> str:
    """Return the key of a holding's row."""
    return f"{holding.account}\n{holding.key}"


def row_of(holding: Holding, now: float) -> Row:
    """Make the line of one permission."""
    proof = holding.decisive
    is_proven = proof is not None and proof.is_fresh(now) and holding.level is not Level.UNKNOWN
    mark = Cell(
        _WORDS[holding.level],
        glyph=glyph_of(holding.level),
        level=holding.level,
        evidence=proof.provenance if proof is not None and is_proven else None,
        is_mark=True,
    )
    needs = [short(need.words, 80) for need in holding.needs]
    link = Cell("Open permissions", tone=Tone.LINK, action=OPEN) if holding.is_gap else Cell()
    cells = (
        mark,
        Cell(short(holding.title, 60), masked(short(holding.account)), Tone.STRONG),
        _needed(needs),
        Cell(_proof(holding), _seen(proof, now)),
        _request(holding, now),
        link,
    )
    return Row(key_of(holding), cells, discreet(holding.sentence), is_quiet=not holding.needs)


def _proof(holding: Holding) -> str:
    """Say who says so; why nothing counts is told in full."""
    proof = holding.decisive
    if proof is None or holding.level is Level.UNKNOWN:
        return short(holding.sentence, 200)
    return short(proof.source[:1].upper() + proof.source[1:], 200)


def _needed(needs: list[str]) -> Cell:
    if not needs:
        return Cell("not by the playbook", tone=Tone.QUIET)
    return Cell(needs[0], f"and {counted(len(needs) - 1, 'more ticket')}" if len(needs) > 1 else "")


def _seen(witness: Witness | None, now: float) -> str:
    if witness is None:
        return ""
    stale = "" if witness.is_fresh(now) else ", out of date"
    return f"{witness.provenance} {ago(now - witness.at)}{stale}"


def _request(holding: Holding, now: float) -> Cell:
    if holding.requested_at is None:
        return Cell("—", tone=Tone.QUIET)
    if holding.level is Level.READY:
        return Cell("Granted", f"asked {ago(now - holding.requested_at)}")
    clock = request_clock(holding.requested_at, _approval(holding.row), now)
    if clock.stage is Stage.OVERDUE:
        return Cell(
            f"{spell(clock.elapsed)} ago", "overdue, ask now", glyph=Glyph.LIMITED, level=Level.LIMITED
        )
    return Cell(f"{spell(clock.elapsed)} ago", f"up to {spell(clock.left)} left")


def _approval(row: Permission | None) -> str:
    return row.approval if row is not None else ""


def summary(holdings: tuple[Holding, ...]) -> str:
    """Say how many gaps there are: `2 gaps in 5 needed permissions`."""
    needed = [one for one in holdings if one.needs]
    gaps = sum(one.is_gap for one in needed)
    if not needed:
        return "The playbook needs no permission"
    of = f"in {counted(len(needed), 'needed permission')}"
    return f"{counted(gaps, 'gap')} {of}" if gaps else f"No gap {of}"


def facts_of(holding: Holding, now: float, zone: str) -> tuple[FactLine, ...]:
    """Tell everything of one permission: the request, where it is made, who says what, what is published."""
    lines: list[FactLine] = []
    if holding.requested_at is not None and holding.level is not Level.READY:
        clock = request_clock(holding.requested_at, _approval(holding.row), now)
        lines.append(("Request", clock.sentence))
    for witness in holding.witnesses:
        word = "held" if witness.says else "not held"
        lines.append(("Says", f"{word}: {short(witness.source, 160)} · {_seen(witness, now)}"))
    if not holding.witnesses:
        lines.append(("Says", holding.sentence))
    needs: tuple[Need, ...] = holding.needs
    lines.append(("Needed by", listed([short(need.words, 80) for need in needs], 6)))
    row = holding.row
    if row is not None:
        lines += [
            ("Where", discreet(row.where)),
            ("Unlocks", discreet(row.unlocks)),
            ("Asks for", discreet(row.requirements)),
            ("Takes", discreet(row.approval)),
            ("Remark", discreet(row.notes)),
            ("Source", discreet(f"published, {row.confidence}, as of {row.as_of}: {row.source}")),
        ]
    return tuple(lines)


def account_facts(
    card: AccountCard, change: StatementChange | None, now: float, zone: str
) -> tuple[FactLine, ...]:
    """Tell what differs for an account: changes, margin, company, protection, restrictions."""
    lines: list[FactLine] = []
    if change is not None:
        lines.append(("Changed", _changed(change, now, zone)))
    margin = card.margin
    if card.margin_source is not None:
        margin += f" · {card.margin_source.provenance} {ago(now - card.margin_source.at)}"
    lines.append(("Margin", margin))
    if card.code is None:
        lines.append(("Company", _NO_WORD))
        return tuple(lines)
    seen = f"{card.code.provenance} {ago(now - card.code.at)}"
    if card.entity is None:
        lines.append(("Company", f"{short(card.code.value, 80)} · {seen}. The catalogue has no row for it."))
        return tuple(lines)
    row = card.entity
    lines += [
        ("Company", discreet(f"{row.title} ({card.code.value}) · {seen}")),
        ("Region", discreet(", ".join(part for part in (row.region, row.regulator) if part))),
        ("Protection", discreet(row.protection)),
        ("Margin rules", discreet(row.margin)),
        *(("Restricted", discreet(text)) for text in row.restrictions),
        *((short(rule.title, 24), discreet(f"{rule.sentence} {rule.remedy}")) for rule in card.rules),
        ("Remark", discreet(row.notes)),
        ("Source", discreet(f"published, {row.confidence}, as of {row.as_of}: {row.source}")),
    ]
    return tuple(lines)


def _changed(change: StatementChange, now: float, zone: str) -> str:
    if not change:
        return "nothing since the statement before"
    came = [f"+ {short(word, 40)}" for word in change.gained]
    went = [f"\u2212 {short(word, 40)}" for word in change.lost]
    return f"{listed([*went, *came], 8)} · since {moment(change.since, now, zone)} {zone_letters(now, zone)}"


def statement_line(card: AccountCard | None, fetch: Seen[str] | None, now: float, zone: str) -> str:
    """Say how old the statement is, and how the last fetch went."""
    word = f" · last fetch: {short(fetch.value, 80)} {ago(now - fetch.at)}" if fetch is not None else ""
    if card is None or card.statement_seen is None:
        return f"No statement yet{word}"
    made = card.statement_of if card.statement_of is not None else card.statement_seen.at
    return f"Statement of {moment(made, now, zone)}, {ago(now - made)}{word}"
