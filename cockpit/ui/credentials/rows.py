"""The lines of the credentials pane: findings, inventory, client ids by tool, and ways back in."""

from __future__ import annotations

from collections.abc import Iterable

from cockpit.domain import kinds
from cockpit.domain.evidence import Provenance
from cockpit.domain.facts import FactsView
from cockpit.domain.level import Level
from cockpit.domain.plan import Plan
from cockpit.domain.register import Credential, CredentialKind, Register
from cockpit.domain.trust.credentials import CredentialRow
from cockpit.domain.trust.row import TrustRow, Weakness
from cockpit.domain.words import listed, moment, span, zone_letters
from cockpit.ui.text import age, ago, discreet, short
from cockpit.ui.trust.rows import ends_cell, fix_cell, mark, proven_cell
from cockpit.ui.widgets.ledger import Cell, Place, Row, Tone

HEIGHT = 40
FINDINGS = (
    Place("Standing", 104),
    Place("Finding", 180, 2),
    Place("Why it matters", 220, 4),
    Place("Cure", 170, 2),
)
ACCESS = (
    Place("Standing", 104),
    Place("Credential", 176, 3),
    Place("Tool and owner", 138, 2, spare=1),
    Place("Can do, is used for", 120, 2),
    Place("Limits", 150, 3, spare=2),
    Place("Age and next due", 112, 1),
    Place("Last used", 84, spare=3),
)
IDS = (
    Place("Id", 56, is_right=True),
    Place("Tool", 160, 3),
    Place("Door", 130, 2),
    Place("Username", 120, 2, spare=1),
    Place("Remark", 170, 4),
)
WAYS = (
    Place("Standing", 104),
    Place("Way back in", 150, 2),
    Place("How sure it is", 190, 5),
    Place("Last proven", 112, spare=1),
    Place("Ends", 96, 1),
    Place("One fix", 150, 1),
)
_DASH = Cell("—", tone=Tone.QUIET)
_IDS = (CredentialKind.CLIENT_ID, CredentialKind.MASTER_ID)


def finding_row(one: Weakness) -> Row:
    """Make the line of one finding."""
    cells = (
        mark(one.level, one.provenance),
        Cell(short(one.title, 100), tone=Tone.STRONG, wraps=True),
        Cell(short(one.sentence, 240), wraps=True),
        fix_cell(one.cure),
    )
    return Row(one.key, cells, discreet(f"{one.sentence}\n{one.cure.sentence}"))


def access_row(one: CredentialRow, register: Register, now: float) -> Row:
    """Make the line of one credential; `now` in UTC epoch seconds. There is no secret in it to show."""
    credential = one.credential
    cells = (
        mark(one.level, one.provenance),
        Cell(short(credential.name, 60), short(_kind(credential, register), 80), Tone.STRONG),
        Cell(
            short(credential.tool, 40) or "no tool named",
            short(credential.owner, 40) or "nobody answers for it",
        ),
        Cell(one.scope, wraps=True),
        Cell(short(", ".join(one.limits), 120) or "nothing narrows it", tone=Tone.QUIET, wraps=True),
        Cell(*_age(one, now)),
        Cell(ago(now - one.used_at), tone=Tone.QUIET) if one.used_at is not None else _DASH,
    )
    return Row(one.key, cells, discreet(one.sentence))


def _kind(credential: Credential, register: Register) -> str:
    whose = credential.username
    if whose and register.username and whose.casefold() == register.username.casefold():
        whose = "the desk's username"
    return ", ".join(part for part in (credential.kind.value, whose) if part)


def _age(one: CredentialRow, now: float) -> tuple[str, str]:
    """Say how old it is, and what comes first: its end or the day the rule wants a new one."""
    old = f"{age(one.age)} old" if one.age is not None else "age not said"
    dated = [("ends", one.ends), ("due", one.due)]
    coming = sorted((at, what) for what, at in dated if at is not None)
    if not coming:
        return old, "no end, no rule"
    at, what = coming[0]
    if at > now:
        return old, f"{what} in {span(at - now)}"
    return (
        old,
        f"{'ended' if what == 'ends' else 'due since'} {ago(now - at) if what == 'ends' else age(now - at)}",
    )


def id_rows(facts: FactsView, plan: Plan) -> tuple[Row, ...]:
    """Return who uses which client id: the registered tools, and the cockpit's own range and present id."""
    rows = []
    for socket in plan.sockets:
        first, last = socket.client_ids
        seen = facts.look(kinds.CLIENT_ID, socket.subject)
        now = f"Uses {seen.value} now, {seen.provenance.value}" if seen is not None else "Not connected"
        door = short(f"{socket.title}, port {socket.port}", 60)
        cells = (
            Cell(str(first), tone=Tone.FIGURE),
            Cell("cockpit", f"its range is {first} to {last}", Tone.STRONG),
            Cell(door),
            _DASH,
            Cell(now, tone=Tone.QUIET),
        )
        rows.append((first, Row(f"cockpit/{socket.name}", cells, f"cockpit, {first} to {last}")))
    ids = [one for one in plan.register.credentials if one.kind in _IDS]
    for one in ids:
        remark = _remark(one, ids, plan)
        cells = (
            Cell(str(one.number), tone=Tone.FIGURE),
            Cell(short(one.tool or one.name, 60), short(one.kind.value), Tone.STRONG),
            Cell(one.interface.label if one.interface is not None else "any door"),
            Cell(short(one.username, 40)) if one.username else _DASH,
            remark,
        )
        rows.append((one.number, Row(f"credential/{one.name}", cells, discreet(remark.text))))
    return tuple(row for _, row in sorted(rows, key=_first))


def _first(pair: tuple[int, Row]) -> int:
    return pair[0]


def _remark(one: Credential, ids: Iterable[Credential], plan: Plan) -> Cell:
    """Say what is special about an id; quiet when nothing is."""
    others = [
        other.tool or other.name
        for other in ids
        if other is not one
        and (other.number, other.interface, other.username.casefold())
        == (one.number, one.interface, one.username.casefold())
    ]
    words = ""
    if one.kind is CredentialKind.MASTER_ID:
        words = "master id: it receives the orders of every client"
    elif one.number == 0:
        words = "id 0 takes over orders entered by hand"
    elif others:
        words = f"also used by {short(listed(others), 80)}: the second is refused"
    elif any(first <= one.number <= last for first, last in (socket.client_ids for socket in plan.sockets)):
        words = "within the cockpit's range: the second is refused"
    if not words:
        return Cell("Its own", tone=Tone.QUIET)
    return Cell(
        words[:1].upper() + words[1:], glyph=mark(Level.LIMITED, None).glyph, level=Level.LIMITED, wraps=True
    )


def way_row(one: TrustRow, now: float) -> Row:
    """Make the line of one way back in, with its clock."""
    cells = (
        mark(one.level, one.provenance),
        Cell(short(one.title.removeprefix("Recovery: "), 80), tone=Tone.STRONG, wraps=True),
        Cell(short(one.sentence, 240), wraps=True),
        proven_cell(one.provenance, one.at, now, one.proven),
        ends_cell(one.ends, one.ends_words, now),
        fix_cell(one.remedy),
    )
    return Row(one.key, cells, discreet(one.sentence))


def access_detail(one: CredentialRow, now: float, zone: str) -> tuple[str, ...]:
    """Return what the level of a credential rests on, with all that the table may have no room for."""
    credential = one.credential
    detail = [*one.detail]
    detail += [f"Tool: {credential.tool}"] if credential.tool else []
    detail += [f"Owner: {credential.owner}"] if credential.owner else []
    for word, at in (("Made", credential.made or None), ("Next due", one.due), ("Ends", one.ends)):
        detail += [f"{word}: {moment(at, now, zone)} {zone_letters(at, zone)}"] if at is not None else []
    used = moment(one.used_at, now, zone) if one.used_at is not None else "never noted here"
    detail.append(f"Last used: {used}")
    detail += [f"Limits: {', '.join(one.limits)}"] if one.limits else ["Limits: nothing narrows it"]
    detail += [f"Note: {credential.note}"] if credential.note else []
    return tuple(detail)


def finding_detail(one: Weakness) -> tuple[str, ...]:
    """Return what a finding rests on."""
    head = one.level.value.capitalize()
    said = (
        f" ({Provenance.INFERRED.value})"
        if one.provenance is Provenance.INFERRED
        else f" ({one.provenance.value})"
    )
    detail = [f"{head}: {part}{said}" for part in one.sentence.split("; ")]
    return (*detail, f"Source: {one.source}") if one.source else tuple(detail)
