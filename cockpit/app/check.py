"""`cockpit check`: the pre-open run without a window, on the same services as the window's button."""

from __future__ import annotations

import json
from collections.abc import Callable

from cockpit.adapters.journal import SqliteJournal
from cockpit.adapters.profile import Profile
from cockpit.app import discovery, report_json, report_text
from cockpit.app.wiring import Desk, outside
from cockpit.services.engine import Engine
from cockpit.services.errors import JournalTrouble
from cockpit.services.ports import Journal
from cockpit.services.state import DeskState


async def check(desk: Desk, profile: Profile, say: Callable[[str], None], *, as_json: bool) -> int:
    """Run the check once, say the answer, return the exit code.

    0 ready, 1 limited, 2 blocked, 3 unknown. Raises Trouble when the run itself is not possible (exit code 4).
    """
    notes = [complaint.sentence() for complaint in desk.complaints]
    journal: Journal | None = None
    try:
        journal = SqliteJournal(profile.journal)
    except JournalTrouble as trouble:
        notes.append(trouble.sentence)
    parts = outside(desk, profile.folder, journal)
    is_newcomer = False
    if desk.settings_file is None:
        facts, plan = await discovery.look(parts.machine, parts.clock.now())
        desk = discovery.with_found_doors(desk, facts, plan)
        is_newcomer = discovery.nothing_runs(facts, plan)
    engine = Engine(desk.plan, parts, _nowhere)
    try:
        await engine.restore()
        run = await engine.check()
        now = engine.desk.now()
        if as_json:
            say(
                json.dumps(
                    report_json.report(run, engine.harm.count(), now, notes), indent=2, ensure_ascii=False
                )
            )
        else:
            for line in report_text.lines(run, desk.plan, now, notes, is_newcomer=is_newcomer):
                say(line)
        return report_json.exit_code(run)
    finally:
        await engine.close()


def _nowhere(state: DeskState) -> None:
    """Nobody looks at the growing state of a run without a window."""
