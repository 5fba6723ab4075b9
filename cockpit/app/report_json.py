"""The answer of `cockpit check --json`: documented in the manual, versioned, made from a run by a pure function."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from cockpit import __version__
from cockpit.domain.level import Level
from cockpit.domain.readiness import HarmCount, Result, Run
from cockpit.domain.remedy import Remedy
from cockpit.domain.words import iso

FORMAT = "cockpit.check"
VERSION = 1

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | dict[str, Json] | None"

EXIT_CODES = {Level.READY: 0, Level.LIMITED: 1, Level.BLOCKED: 2, Level.UNKNOWN: 3}
COULD_NOT_RUN = 4


def report(run: Run, harm: HarmCount, now: float, notes: Sequence[str] = ()) -> dict[str, Json]:
    """Return the whole answer. Times are ISO 8601 in UTC, ages and durations seconds, levels words."""
    verdict = run.verdict
    return {
        "format": FORMAT,
        "version": VERSION,
        "program": __version__,
        "run": {
            "id": run.id,
            "started": iso(run.started),
            "ended": iso(run.ended) if run.ended is not None else None,
            "seconds": round(run.seconds, 3),
            "cancelled": run.cancelled,
            "stopped": run.stopped,
            "lanes": [
                {
                    "lane": lane.lane.value,
                    "started": _rounded(lane.started),
                    "ended": _rounded(lane.ended),
                    "timed_out": lane.timed_out,
                }
                for lane in run.lanes
            ],
        },
        "verdict": None
        if verdict is None
        else {
            "level": verdict.level.value,
            "headline": verdict.headline,
            "reasons": [
                {
                    "check": reason.check,
                    "title": reason.title,
                    "level": reason.level.value,
                    "answer": reason.answer,
                    "remedy": _remedy(reason.remedy),
                }
                for reason in verdict.reasons
            ],
        },
        "flows": []
        if verdict is None
        else [
            {
                "key": flow.key,
                "title": flow.title,
                "level": flow.level.value,
                "sentence": flow.sentence,
                "held_up_by": flow.held_up_by or None,
            }
            for flow in verdict.flows
        ],
        "checks": [_check(result, now) for result in run.results],
        "harm": {
            "client_ids": harm.client_ids,
            "most_lines": harm.most_lines,
            "messages": harm.messages,
            "what_ifs": harm.what_ifs,
            "sessions_taken": harm.sessions_taken,
            "dialogs": harm.dialogs,
        },
        "notes": list(notes),
    }


def exit_code(run: Run) -> int:
    """Return the exit code of a finished run: 0 ready, 1 limited, 2 blocked, 3 unknown."""
    return COULD_NOT_RUN if run.verdict is None else EXIT_CODES[run.verdict.level]


def _check(result: Result, now: float) -> dict[str, Json]:
    check, finding = result.check, result.finding
    return {
        "id": check.id,
        "lane": check.lane.value,
        "title": check.title,
        "level": result.level.value,
        "answer": finding.answer if finding is not None else "Not answered",
        "detail": (finding.detail or None) if finding is not None else None,
        "provenance": finding.provenance.value
        if finding is not None and finding.provenance is not None
        else None,
        "at": iso(finding.at) if finding is not None and finding.at is not None else None,
        "since": iso(finding.since) if finding is not None and finding.since is not None else None,
        "age": _rounded(finding.age(now)) if finding is not None else None,
        "footprint": check.footprint.value,
        "bearing": check.bearing.value,
        "progress": result.progress.value,
        "not_tested": finding.not_tested if finding is not None else True,
        "duration": round(result.seconds, 3),
        "remedy": _remedy(finding.remedy) if finding is not None else None,
        "diagnosis": (finding.diagnosis or None) if finding is not None else None,
    }


def _remedy(remedy: Remedy | None) -> dict[str, Json] | None:
    if remedy is None:
        return None
    return {"sentence": remedy.sentence, "action": remedy.action or None, "minutes": remedy.minutes}


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)
