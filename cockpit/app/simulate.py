"""`cockpit simulate`: the simulated desk as a process, and settings that point at it."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from cockpit.adapters.settings.file import write_settings
from cockpit.adapters.settings.records import (
    FLOWS,
    INSTRUMENTS,
    TICKETS,
    DeskTable,
    FlexTable,
    FlowRow,
    FoldersTable,
    GatewayTable,
    InstrumentRow,
    Settings,
    SocketRow,
    TicketRow,
    WebApiTable,
)
from cockpit.domain.plan import Mode
from cockpit.resources import resource
from cockpit.simulator import desk as simulated
from cockpit.simulator.dates import expiry_of
from cockpit.simulator.library import BASE, BrokenScenario, merge, names, scenario_of
from cockpit.simulator.scenario import Scenario
from cockpit.tables import Complaint, sieve

DEFAULT = "calm-morning"
OWNER = (
    "simulate"  # part of the simulated desk's own command line: it may own the ports that its settings name
)


class UnknownScenario(Exception):
    """No shipped scenario and no file of that name; the message lists the known ones."""


def known_scenarios() -> tuple[str, ...]:
    """Return the names of the shipped scenarios."""
    return names(resource("scenarios"))


def describe_scenarios() -> tuple[str, ...]:
    """Return one line per shipped scenario: its name and what it shows."""
    return tuple(f"{name:28} {read_scenario(name)[0].title}" for name in known_scenarios())


def read_scenario(name: str) -> tuple[Scenario, list[Complaint]]:
    """Read a shipped scenario by name, or a file by its path.

    What cannot be used of it is named in complaints and left out. Raises UnknownScenario.
    """
    path = (
        Path(name)
        if name.endswith(".toml") or "/" in name or "\\" in name
        else resource("scenarios", f"{name}.toml")
    )
    try:
        content = path.read_bytes()
    except OSError:
        known = ", ".join(known_scenarios())
        raise UnknownScenario(
            f"There is no scenario {name!r}. Known are: {known}; or give the path of a file."
        ) from None
    table, complaints = sieve(content, path.name, Scenario)
    base = tomllib.loads(resource("scenarios", BASE).read_text(encoding="utf-8"))
    merged = merge(base, table)
    merged.setdefault("name", path.stem)
    try:
        return scenario_of(merged), complaints
    except BrokenScenario as problem:
        complaints.append(Complaint(path.name, 0, "", f"{problem}; the calm morning is shown instead"))
        return scenario_of({**base, "name": path.stem}), complaints


def settings_for(
    scenario: Scenario, announcement: dict[str, object], folder: Path, now: datetime
) -> Settings:
    """Return settings that point at a running simulated desk; journal and log go into `folder`. `now` is aware."""
    raw_ports = announcement["ports"]
    ports = {str(k): int(v) for k, v in raw_ports.items()} if isinstance(raw_ports, dict) else {}
    all_accounts = tuple(account.id for account in scenario.accounts)
    expected = scenario.expected_accounts or all_accounts
    sockets = []
    for server in scenario.tws:
        here = server.accounts or all_accounts
        sockets.append(
            SocketRow(
                name=server.name,
                port=ports[server.name],
                program=server.program,
                mode=_mode(here),
                accounts=tuple(account for account in expected if account in here) or expected,
                owners=(OWNER,),
                farms=tuple(farm.name for farm in server.farms),
            )
        )
    instruments, flows, tickets = _playbook(scenario, now)
    return Settings(
        desk=DeskTable(
            name=_plain_name(scenario.title), restart_at=_restart_at(scenario, now), accounts=expected
        ),
        folders=FoldersTable(
            profile=str(folder / "profile"), jts=str(folder / "jts"), ibc=str(folder / "ibc" / "config.ini")
        ),
        sockets=tuple(sockets),
        gateway=GatewayTable(
            present=scenario.gateway.present,
            port=ports["gateway"],
            fingerprint=str(announcement["fingerprint"]),
            owners=(OWNER,),
            accounts=scenario.gateway.accounts,
        ),
        flex=FlexTable(scenario.flex.present, "127.0.0.1", ports["flex"]),
        web_api=_web_api(announcement, ports),
        instruments=instruments,
        flows=flows,
        tickets=tickets,
    )


def _web_api(announcement: dict[str, object], ports: dict[str, int]) -> WebApiTable:
    access = announcement.get("web_api")
    if not isinstance(access, dict) or not access.get("consumer"):
        return WebApiTable()
    return WebApiTable(
        str(access["consumer"]), "127.0.0.1", ports["web-api"], str(access.get("fingerprint", ""))
    )


def write_consumer_files(announcement: dict[str, object], folder: Path) -> None:
    """Write what the simulated consumer signs with into files, as the broker's page hands them out: made per run."""
    access = announcement.get("web_api")
    secrets = access.get("secrets") if isinstance(access, dict) else None
    if not isinstance(secrets, dict):
        return
    place = folder / "oauth"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, text in secrets.items():
        file = place / f"{name}.txt"
        file.touch(mode=0o600)
        file.write_text(str(text), encoding="utf-8")


def write_desk_files(scenario: Scenario, folder: Path) -> None:
    """Write what lies on a desk's disk: the profile folder, TWS's jts.ini and the settings of the launcher IBC."""
    for name in ("profile", "jts", "ibc"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    paper = all(account.id.startswith("D") for account in scenario.accounts)
    (folder / "jts" / "jts.ini").write_text(
        f"[Logon]\nTimeZone=America/New_York\ntradingMode={'p' if paper else 'l'}\n[Communication]\nRegion=ndc\n",
        encoding="utf-8",
    )
    read_only = any(server.read_only for server in scenario.tws)
    (folder / "ibc" / "config.ini").write_text(
        f"ReadOnlyApi={'yes' if read_only else ''}\n", encoding="utf-8"
    )


def _playbook(
    scenario: Scenario, now: datetime
) -> tuple[tuple[InstrumentRow, ...], tuple[FlowRow, ...], tuple[TicketRow, ...]]:
    """Return the usual playbook with one option of the scenario as the leg to move."""
    option = next((contract for contract in scenario.contracts if contract.sec_type == "OPT"), None)
    if option is None:
        return INSTRUMENTS, FLOWS, TICKETS
    leg = InstrumentRow(
        key=f"{option.symbol} {option.strike:g}{option.right}",
        symbol=option.symbol,
        sec_type="OPT",
        exchange=option.exchange,
        currency=option.currency,
        expiry=expiry_of(option.expiry, now.date()),
        strike=option.strike,
        right=option.right,
        trading_class=option.trading_class,
        needs_greeks=True,
    )
    flows = tuple(
        replace(flow, instruments=(leg.key, *flow.instruments)) if flow.key == "move-leg" else flow
        for flow in FLOWS
    )
    ticket = TicketRow("move-leg-1", "move-leg", leg.key, order_type="LMT", price=1.0)
    return (*INSTRUMENTS, leg), flows, (ticket, *TICKETS)


def _restart_at(scenario: Scenario, now: datetime) -> str:
    """Return when TWS restarts by plan: now, when the scenario shows it restarting."""
    restarts = any(event.does == "restart" for event in scenario.events)
    return now.astimezone(ZoneInfo("America/New_York")).strftime("%H:%M") if restarts else "23:45"


def _plain_name(title: str) -> str:
    """Cut a scenario's title down to what the name of a desk may hold."""
    return re.sub(r"[^A-Za-z0-9 ._+-]", "", title)[:40].strip() or "simulated desk"


def _mode(accounts: tuple[str, ...]) -> Mode:
    paper = [account.startswith("D") for account in accounts]
    return Mode.PAPER if all(paper) else Mode.EITHER if any(paper) else Mode.LIVE


def simulate(
    name: str,
    say: Callable[[str], None],
    *,
    settings_file: Path | None = None,
    record: Path | None = None,
    as_json: bool = False,
    until_input_ends: bool = False,
) -> None:
    """Serve a scenario until interrupted. Raises UnknownScenario.

    With `settings_file`, a settings file for this desk is written as soon as every port listens.
    """
    scenario, complaints = read_scenario(name)
    for complaint in complaints:
        sys.stderr.write(complaint.sentence() + "\n")

    def ready(announcement: dict[str, object]) -> None:
        if settings_file is not None:
            folder = settings_file.resolve().parent / f"{settings_file.stem}-desk"
            write_desk_files(scenario, folder)
            write_consumer_files(announcement, folder)
            write_settings(settings_file, settings_for(scenario, announcement, folder, datetime.now(UTC)))
        if as_json:
            say(json.dumps(announcement))
            return
        say(f"{scenario.title}: {scenario.about}")
        ports = announcement["ports"]
        if isinstance(ports, dict):
            say("Listening on this PC only: " + ", ".join(f"{key} {port}" for key, port in ports.items()))
        if settings_file is not None:
            say(f"Settings that point here: {settings_file}")
        say("Ctrl+C ends it.")

    simulated.run(scenario, ready, record, stay=not until_input_ends)
