"""`cockpit check`: the pre-open run without a window, on the same services as the window's button."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path

from cockpit.adapters.journal.sqlite import SqliteJournal
from cockpit.adapters.profile.folders import Profile
from cockpit.app import discovery, report_json, report_text
from cockpit.app.clock import SystemClock
from cockpit.app.desk import Desk, with_register
from cockpit.app.startup import guarded, start
from cockpit.app.wiring import journal_writer, outside
from cockpit.services.engine import Engine
from cockpit.services.errors import Trouble
from cockpit.services.state import DeskState


def run_check(settings_file: Path | None, *, as_json: bool, say: Callable[[str], None]) -> int:
    """Run the check and return the exit code; what keeps it from running at all is said in a sentence."""
    if settings_file is not None and not settings_file.exists():
        sys.stderr.write(f"There is no settings file {settings_file}.\n")
        return report_json.COULD_NOT_RUN
    begun = start(settings_file)
    try:
        return asyncio.run(check(with_register(guarded(begun.desk)), begun.profile, say, as_json=as_json))
    except Trouble as trouble:
        sys.stderr.write(f"The check could not run: {trouble.sentence}\n")
        return report_json.COULD_NOT_RUN
    finally:
        begun.close_log()


async def check(desk: Desk, profile: Profile, say: Callable[[str], None], *, as_json: bool) -> int:
    """Run the check once, say the answer, return the exit code.

    0 ready, 1 limited, 2 blocked, 3 unknown. Raises Trouble when the run itself is not possible (exit code 4).
    """
    notes = [complaint.sentence() for complaint in desk.complaints]
    journal = SqliteJournal(profile.journal, journal_writer(), SystemClock())
    parts = outside(desk, profile.data, journal)
    is_newcomer = False
    if desk.settings_file is None:
        facts, plan = await discovery.look(parts.machine, parts.clock.now())
        desk = discovery.with_found_doors(desk, facts, plan)
        is_newcomer = discovery.nothing_runs(facts, plan)
    engine = Engine(desk.plan, parts, _nowhere)
    try:
        await engine.restore()
        await engine.watch.look_at_calendar()  # its library takes longer to load than the desk lane may take
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
