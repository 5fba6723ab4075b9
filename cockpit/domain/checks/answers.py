"""Short ways to make a finding from what was seen, used by every judge."""

from __future__ import annotations

from msgspec import Struct

from cockpit.domain.catalogue import Playing
from cockpit.domain.evidence import Seen, V
from cockpit.domain.level import Level
from cockpit.domain.plan import Instrument, Plan, Portal, Socket, Ticket
from cockpit.domain.readiness import Finding
from cockpit.domain.remedy import Remedy

ASK_AGAIN = Remedy("Run the check again; if it stays unknown, look at the program itself.", "run-check")


class Target(Struct, frozen=True):
    """What one line of the run is about. `flows` are the keys of the flows it can hold up, None for all of them."""

    key: str = ""
    title: str = ""
    flows: tuple[str, ...] | None = None
    socket: Socket | None = None
    portal: Portal | None = None
    instrument: Instrument | None = None
    ticket: Ticket | None = None
    account: str = ""
    venue: str = ""
    catalogue: Playing = Playing()

    def the_socket(self) -> Socket:
        """Return the socket; a judge that asks for it is only ever given targets that have one."""
        if self.socket is None:
            raise LookupError(f"the target {self.key!r} has no socket")
        return self.socket

    def the_instrument(self) -> Instrument:
        """Return the instrument, likewise."""
        if self.instrument is None:
            raise LookupError(f"the target {self.key!r} has no instrument")
        return self.instrument


def found(
    level: Level,
    answer: str,
    seen: Seen[V],
    remedy: Remedy | None = None,
    *,
    diagnosis: str = "",
    detail: str = "",
) -> Finding:
    """Answer with the evidence of one fact."""
    return Finding(
        level, answer, seen.provenance, seen.at, seen.since, remedy, diagnosis, detail or seen.note
    )


def unknown(answer: str, remedy: Remedy | None = ASK_AGAIN, *, diagnosis: str = "") -> Finding:
    """Answer that nothing (fresh) was seen."""
    return Finding(Level.UNKNOWN, answer, remedy=remedy, diagnosis=diagnosis)


def not_tested(reason: str) -> Finding:
    """Say why a line was not asked."""
    return Finding(Level.UNKNOWN, f"Not tested because {reason}", not_tested=True)


def eased(finding: Finding, plan: Plan, target: Target) -> Finding:
    """Soften a block to limited where no flow of the playbook goes through the door: nothing planned stops."""
    if finding.level is not Level.BLOCKED or target.flows is None or target.flows or not plan.flows:
        return finding
    return Finding(
        Level.LIMITED,
        finding.answer,
        finding.provenance,
        finding.at,
        finding.since,
        finding.remedy,
        finding.diagnosis,
        f"{finding.detail} No flow of today goes through it.".strip(),
        is_shut=True,
    )
