"""What the live sessions say against the last check: an answer must not stand once its ground has moved."""

from __future__ import annotations

from cockpit.domain.facts import Facts
from cockpit.domain.level import Level
from cockpit.domain.plan import Plan
from cockpit.domain.readiness import FlowVerdict, Run
from cockpit.domain.socket_session import socket_session
from cockpit.domain.words import clock


def overtaken(run: Run, facts: Facts, plan: Plan, now: float) -> tuple[FlowVerdict, ...]:
    """Return, for each flow whose session has changed since `run`, what can be said of it now.

    A session that has gone takes the flow with it at once. One that has come back proves nothing yet: the flow is
    unknown until it is checked again.
    """
    results = {result.check.id: result for result in run.results}
    found: list[FlowVerdict] = []
    for flow in plan.flows:
        socket = plan.socket_of(flow)
        result = results.get(f"handshake.session.{socket.name}") if socket is not None else None
        if socket is None or result is None or result.finding is None:
            continue
        row = socket_session(facts, plan, socket, now)
        was_good = result.level is Level.READY
        is_good = row.level.is_usable
        if was_good and not is_good:
            sentence = f"{row.title}: {row.word.lower()} since the check"
            found.append(FlowVerdict(flow.key, flow.title, row.level, sentence, result.check.id))
        elif not was_good and is_good:
            since = f" at {clock(row.since, plan.zone)}" if row.since is not None else ""
            sentence = f"{row.title} came back{since}: run the check again"
            found.append(FlowVerdict(flow.key, flow.title, Level.UNKNOWN, sentence, result.check.id))
    return tuple(found)
