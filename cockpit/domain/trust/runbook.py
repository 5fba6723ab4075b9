"""The printable runbook of this desk: what to do when the phone is gone, with whom, with which factor.

It is read without this PC, so it holds no code, no password and no number that the catalogue cannot prove.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from cockpit.domain import kinds
from cockpit.domain.calendar import next_end
from cockpit.domain.catalogue import Playing
from cockpit.domain.facts import FactsView
from cockpit.domain.interface import Interface
from cockpit.domain.plan import Plan
from cockpit.domain.reference import AuthMethod
from cockpit.domain.register import Factor, RecoveryKind
from cockpit.domain.trust.factors import ROWS as FACTOR_ROWS
from cockpit.domain.trust.factors import is_on_desk_pc, subject_of
from cockpit.domain.trust.proofs import Proof, ProofState, proof_of
from cockpit.domain.trust.recovery import ROWS as PATH_ROWS
from cockpit.domain.trust.recovery import issued_clock, proof_of_path
from cockpit.domain.words import iso, masked, moment, zone_letters

DRILL = "phone-lost"
LOST_ROW = "lost-device-phone"
BLANK = "______________________"
_WIDTH = 96


class Section(Struct, frozen=True):
    """A heading and its lines, each one thing to know or to do."""

    title: str
    lines: tuple[str, ...]


class Runbook(Struct, frozen=True):
    """What is printed: a title, when it was made in words, and its sections in the order in which they are needed."""

    title: str
    made: str
    sections: tuple[Section, ...]


def runbook(
    plan: Plan, facts: FactsView, catalogue: Playing, now: float, *, hides_accounts: bool = True
) -> Runbook:
    """Return the runbook of this desk at `now` (UTC epoch seconds). Accounts are masked unless asked otherwise."""
    sections = (
        Section("First", _first(plan, catalogue, now)),
        Section("Which factor next", _next_factors(facts, plan, now)),
        Section("Every factor", _factors(facts, plan, catalogue, now)),
        Section("Ways back in", _paths(facts, plan, catalogue, now)),
        Section("Whom to call", _calls(plan, catalogue)),
        Section("What each interface needs", _interfaces(plan, catalogue)),
        Section("Programs that sign in or connect", _programs(plan)),
        Section("Accounts", _accounts(facts, plan, hides_accounts)),
    )
    made = f"made {iso(now)[:10]}, {moment(now, now, plan.zone)} {zone_letters(now, plan.zone)}"
    return Runbook(f"Runbook of {plan.desk}", made, tuple(one for one in sections if one.lines))


def printable(book: Runbook) -> str:
    """Write a runbook as plain text, no line longer than a sheet is wide."""
    parts = [book.title, "=" * len(book.title), book.made, ""]
    for section in book.sections:
        parts += [section.title, "-" * len(section.title)]
        for number, line in enumerate(section.lines, 1):
            parts += _wrapped(line, f"{number:2}. ")
        parts.append("")
    return "\n".join(parts)


def _wrapped(text: str, head: str) -> list[str]:
    lines, line = [], head
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    for word in plain.split():
        if len(line) + len(word) > _WIDTH and line.strip() and line != head:
            lines.append(line.rstrip())
            line = " " * len(head)
        line += f"{word} "
    return [*lines, line.rstrip()]


def _first(plan: Plan, catalogue: Playing, now: float) -> tuple[str, ...]:
    """The steps of the drill, and until when the sessions that stand now can be relied on."""
    lines = []
    drill = catalogue.drills.get(DRILL)
    if drill is not None:
        lines += [f"{step.title} ({step.where})" if step.where else step.title for step in drill.steps]
    else:
        lines.append("Leave the running sessions alone: nobody signs out.")
    ends = [(next_end(rule, now), rule.title) for rule in plan.session_ends]
    lines += [
        f"{title}: {moment(at, now, plan.zone)} {zone_letters(at, plan.zone)}" for at, title in sorted(ends)
    ]
    if plan.restart_at:
        lines.append(f"TWS restarts every day at {plan.restart_at} {zone_letters(now, plan.zone)}.")
    return tuple(lines)


def _ranked(facts: FactsView, plan: Plan, now: float) -> list[tuple[Factor, Proof]]:
    """The factors in the order in which to try them: proven before claimed, another device before this PC."""
    proofs = [(factor, proof_of(facts, subject_of(factor), now)) for factor in plan.register.factors]
    return sorted(
        proofs, key=lambda one: (one[1].level.rank, is_on_desk_pc(plan.register, one[0]), one[0].name)
    )


def _next_factors(facts: FactsView, plan: Plan, now: float) -> tuple[str, ...]:
    """For every device that carries a factor: what is left when it is gone."""
    ranked = _ranked(facts, plan, now)
    lines = []
    for device in dict.fromkeys(factor.device for factor, _ in ranked if factor.device):
        left = [(factor, proof) for factor, proof in ranked if factor.device not in (device, "")]
        usable = [f"{factor.name} ({_dated(proof)})" for factor, proof in left if proof.level.is_usable]
        if usable:
            lines.append(f"If {device} is gone: {', then '.join(usable)}.")
        else:
            lines.append(f"If {device} is gone: no proven factor is left, go on with the ways back in.")
    return tuple(lines)


def _dated(proof: Proof) -> str:
    """Say how well something is proven, with a day: on paper an age means nothing."""
    if proof.at is None or proof.state is ProofState.CLAIMED:
        return "never proven" if proof.at is None else "proven too long ago"
    return f"{'failed' if proof.state is ProofState.FAILED else 'proven'} {iso(proof.at)[:10]}"


def _factors(facts: FactsView, plan: Plan, catalogue: Playing, now: float) -> tuple[str, ...]:
    lines = [
        f"{factor.name}: {factor.kind.value}{_on(factor)}, {_dated(proof)}.{_how(catalogue, factor)}"
        for factor, proof in _ranked(facts, plan, now)
    ]
    return tuple(lines) or (f"No factor is registered. Write the next one here: {BLANK}",)


def _on(factor: Factor) -> str:
    return f" on {factor.device}" if factor.device else ""


def _how(catalogue: Playing, factor: Factor) -> str:
    row = catalogue.auth.get(FACTOR_ROWS[factor.kind])
    return "" if row is None or not row.sentence else f" {row.sentence}"


def _paths(facts: FactsView, plan: Plan, catalogue: Playing, now: float) -> tuple[str, ...]:
    lines = []
    for path in plan.register.recovery:
        row = catalogue.auth.get(PATH_ROWS[path.kind])
        proof = proof_of_path(facts, plan, path, now)
        parts = [f"{path.name}: {path.kind.value}"]
        parts += [f"lies {path.where}"] if path.where else []
        parts.append(_dated(proof))
        clock = issued_clock(facts, path, row, now)
        if clock is not None:
            parts.append(f"issued {iso(clock.issued)[:10]}, ends {iso(clock.ends)[:10]}")
        lines.append(f"{', '.join(parts)}.{_window(row)}")
    return tuple(lines) or (f"No way back in is registered. Write one here: {BLANK}",)


def _window(row: AuthMethod | None) -> str:
    if row is None or not row.window:
        return ""
    return f" Published{_as_of(row)}: {row.window.rstrip('.')}."


def _as_of(row: AuthMethod) -> str:
    return "" if row.as_of == "unknown" else f", as of {row.as_of}"


def _calls(plan: Plan, catalogue: Playing) -> tuple[str, ...]:
    """Whom to call. A number stands here only as the desk itself has noted it: the catalogue proves none."""
    lines = []
    row = catalogue.auth.get(LOST_ROW)
    if row is not None:
        lines += [one for one in (row.sentence, row.recovery) if one]
        lines.append(f"Source: {row.source} ({row.confidence.value}{_as_of(row)}).")
    noted = [one for one in plan.register.recovery if one.kind is RecoveryKind.DESK_PHONE]
    for path in noted:
        said = ", ".join(part for part in (path.where, path.note) if part)
        lines.append(f"{path.name}: {said or BLANK} (noted by the desk)")
    if not noted:
        lines.append(f"Number of client services for this region, copied from the broker's page: {BLANK}")
    lines.append(
        "Have ready: username, account, what fails since when, which factor is lost. Never say a password."
    )
    return tuple(lines)


def _interfaces(plan: Plan, catalogue: Playing) -> tuple[str, ...]:
    """What is published of the sign-in of each interface that this desk uses."""
    used = {flow.interface for flow in plan.flows}
    used |= {Interface.TWS, Interface.TWS_API} if plan.sockets else set()
    used |= {Interface.CLIENT_PORTAL} if plan.portal is not None else set()
    lines = []
    for interface in Interface:
        rows = [row for row in catalogue.interfaces.values() if row.interface is interface]
        if interface not in used or not rows:
            continue
        row = rows[0]
        parts = [f"{row.title}: {row.second_factor or 'nothing is published of its second factor'}"]
        parts += [f"How long: {row.lifetime}"] if row.lifetime else []
        lines.append(" ".join(f"{part.rstrip('.')}." for part in parts))
    rule = catalogue.auth.get("api-supported-2fa")
    if rule is not None and used & {Interface.TWS_API, Interface.WEB_API}:
        lines.append(f"For an API: {rule.sentence}")
    return tuple(lines)


def _programs(plan: Plan) -> tuple[str, ...]:
    lines = []
    for one in plan.register.credentials:
        parts = [
            one.kind.value,
            f"used by {one.tool}" if one.tool else "",
            f"owner {one.owner}" if one.owner else "",
        ]
        lines.append(f"{one.name}: {', '.join(part for part in parts if part)}.")
    return tuple(lines)


def _accounts(facts: FactsView, plan: Plan, hides: bool) -> tuple[str, ...]:
    held: list[str] = []
    for socket in plan.sockets:
        seen = facts.look(kinds.ACCOUNTS, socket.subject)
        held += [*socket.accounts, *(seen.value if seen is not None else ())]
    if plan.portal is not None:
        held += plan.portal.accounts
    return _shown(held, hides)


def _shown(accounts: Sequence[str], hides: bool) -> tuple[str, ...]:
    return tuple(masked(one) if hides else one for one in dict.fromkeys(accounts))
