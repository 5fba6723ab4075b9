"""Processes and ports: who runs, who owns which port, and where it is bound."""

from __future__ import annotations

from cockpit.domain import kinds
from cockpit.domain.calendar import is_restarting
from cockpit.domain.checks.answers import Target, eased, found, not_tested, unknown
from cockpit.domain.facts import Facts
from cockpit.domain.level import Level
from cockpit.domain.plan import Plan, Socket, is_loopback, is_this_pc
from cockpit.domain.readiness import Finding
from cockpit.domain.remedy import Remedy
from cockpit.domain.socket_session import program_subject
from cockpit.domain.words import counted, listed, moment

RESTART_LOOP = 3  # starts in ten minutes


def is_local(socket: Socket) -> bool:
    """Whether the socket is on this PC, so that its owner can be seen."""
    return is_this_pc(socket.host)


def program(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """Does the program run, and since when."""
    socket = target.the_socket()
    if not is_local(socket):
        return not_tested(f"{socket.program} runs on {socket.host}")
    subject = program_subject(socket.program)
    running = facts.fresh(kinds.RUNNING, subject, now)
    if running is None:
        return unknown("Processes could not be read")
    if not running.value:
        listening = facts.fresh(kinds.LISTENING, socket.subject, now)
        if listening is not None and listening.value:
            return found(Level.READY, f"No process named {socket.program}; the port is served", listening)
        cure = Remedy(f"Start {socket.program} and sign in.", "", 3)
        finding = found(
            Level.BLOCKED, f"{socket.program} is not running", running, cure, diagnosis="tws-not-running"
        )
        return eased(finding, plan, target)
    started = facts.fresh(kinds.STARTED_AT, subject, now)
    since = f" since {moment(started.value, now, plan.zone)}" if started is not None else ""
    return found(Level.READY, f"Runs{since}", running)


def owner(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """Who listens on the port: only a known program is talked to."""
    socket = target.the_socket()
    if not is_local(socket):
        return not_tested(f"{socket.host} is another machine: its programs cannot be seen from here")
    listening = facts.fresh(kinds.LISTENING, socket.subject, now)
    if listening is None:
        return unknown("Ports could not be read")
    if not listening.value and is_restarting(plan, now):
        cure = Remedy(
            "Wait a few minutes: the cockpit connects by itself. If a sign-in is asked for, do it now.", "", 5
        )
        finding = found(
            Level.BLOCKED,
            f"{socket.program} restarts, as planned for {plan.restart_at}",
            listening,
            cure,
            diagnosis="tws-restarting",
        )
        return eased(finding, plan, target)
    if not listening.value:
        running = facts.fresh(kinds.RUNNING, program_subject(socket.program), now)
        if running is not None and running.value:
            cure = Remedy(
                f"In {socket.program}: finish the sign-in, then Global Configuration, API, Settings: tick Enable "
                f"ActiveX and Socket Clients and set the socket port to {socket.port}.",
                "",
                2,
            )
            finding = found(
                Level.BLOCKED,
                f"{socket.program} runs, nothing listens on {socket.port}",
                listening,
                cure,
                diagnosis="api-off",
            )
        else:
            cure = Remedy(f"Start {socket.program}, sign in, and run the check again.", "run-check", 3)
            finding = found(
                Level.BLOCKED,
                f"Nothing listens on {socket.port}",
                listening,
                cure,
                diagnosis="tws-not-running",
            )
        return eased(finding, plan, target)
    name = facts.fresh(kinds.PORT_OWNER, socket.subject, now)
    known = facts.fresh(kinds.PORT_OWNER_KNOWN, socket.subject, now)
    if name is None or not name.value:
        cure = Remedy("Run the cockpit as the user who runs TWS, so that the owner can be read.")
        return found(
            Level.LIMITED,
            f"{socket.port} is served, owner not readable",
            listening,
            cure,
            diagnosis="owner-unreadable",
        )
    if known is None or not known.value:
        cure = Remedy(
            f"Nothing was sent. End {name.value}, or, if it is yours, name it under owners in the settings.",
            "open-settings",
        )
        finding = found(
            Level.BLOCKED,
            f"{name.value} listens on {socket.port}, not {socket.program}",
            name,
            cure,
            diagnosis="port-stranger",
        )
        return eased(finding, plan, target)
    return found(Level.READY, f"{name.value} listens on {socket.port}", name)


def bound(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """Is the port open to this PC only."""
    subject = target.socket.subject if target.socket else "gateway"
    if target.socket is not None and not is_local(target.socket):
        return not_tested("it is on another machine")
    seen = facts.fresh(kinds.BOUND_TO, subject, now)
    if seen is None or not seen.value:
        return not_tested("nothing listens there")
    wide = [address for address in seen.value if not is_loopback(address)]
    if not wide:
        return found(Level.READY, "This PC only", seen)
    if target.socket is None:
        answer = "Open to the network, as the gateway always is"
        cure = Remedy(
            "Keep an allow list and one deny entry under ips in conf.yaml, or close the port in the firewall."
        )
    else:
        answer = f"Open to the network: {listed(wide)}"
        cure = Remedy("Tick Allow connections from localhost only in Global Configuration, API, Settings.")
    return found(Level.LIMITED, answer, seen, cure, diagnosis="port-open-to-network")


def restarts(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """Is the program caught in a restart loop."""
    socket = target.the_socket()
    seen = facts.fresh(kinds.STARTS_TODAY, program_subject(socket.program), now)
    if seen is None:
        return unknown("Not watched for long enough", None)
    if seen.value >= RESTART_LOOP:
        cure = Remedy("Stop the launcher that restarts it; each try may use up a sign-in.")
        return found(
            Level.LIMITED,
            f"{counted(seen.value, 'start')} in ten minutes",
            seen,
            cure,
            diagnosis="restart-loop",
        )
    return found(Level.READY, f"{counted(seen.value, 'start')} in ten minutes", seen)


def gateway(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """Who listens on the gateway's port."""
    portal = plan.portal
    if portal is None or not is_this_pc(portal.host):
        return not_tested("the gateway is on another machine")
    listening = facts.fresh(kinds.LISTENING, portal.subject, now)
    if listening is None:
        return unknown("Ports could not be read")
    if not listening.value:
        return found(
            Level.LIMITED,
            f"Nothing listens on {portal.port}",
            listening,
            Remedy("Start the Client Portal gateway if you need it today.", "", 2),
            diagnosis="gateway-not-running",
        )
    name = facts.fresh(kinds.PORT_OWNER, portal.subject, now)
    known = facts.fresh(kinds.PORT_OWNER_KNOWN, portal.subject, now)
    if name is None or not name.value:
        return found(Level.LIMITED, f"{portal.port} is served, owner not readable", listening)
    if known is None or not known.value:
        cure = Remedy(
            "Nothing was sent. End that program, or name it under owners in the settings.", "open-settings"
        )
        return found(
            Level.LIMITED, f"{name.value} listens on {portal.port}", name, cure, diagnosis="port-stranger"
        )
    return found(Level.READY, f"{name.value} listens on {portal.port}", name)
