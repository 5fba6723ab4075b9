"""Which messages the facts call for: one per cause, never one per symptom."""

from __future__ import annotations

from cockpit.domain.facts import Facts
from cockpit.domain.level import Level
from cockpit.domain.notice import Notice
from cockpit.domain.plan import Plan
from cockpit.domain.session import Session, Stage
from cockpit.domain.sessions import sessions


def notices(facts: Facts, plan: Plan, now: float) -> tuple[Notice, ...]:
    """Return one notice per door that is not as the desk needs it, worst first."""
    rows = sessions(facts, plan, now)
    found = [notice for row in rows if (notice := _of(row, rows)) is not None]
    return tuple(sorted(found, key=lambda notice: (-notice.level.rank, notice.since)))


def _of(row: Session, rows: tuple[Session, ...]) -> Notice | None:
    if not row.is_used or row.remedy is None or row.since is None:
        return None
    loud = row.level is Level.BLOCKED or row.word == "Live data taken"
    if not loud:
        return None
    others = [other.title for other in rows if other.key != row.key and other.stage is Stage.TRADING]
    works = f"{' and '.join(others)} still trading" if others else ""
    if row.word == "Live data taken":
        works = "Orders are still OK"
    return Notice(row.key, row.level, row.title, row.word, row.since, works, row.remedy)
