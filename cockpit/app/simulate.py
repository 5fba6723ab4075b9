"""`cockpit simulate`: the simulated desk as a process, and settings that point at it."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

from cockpit.adapters.settings import DeskTable, FoldersTable, GatewayTable, Settings, SocketRow
from cockpit.adapters.settings_file import write_settings
from cockpit.domain.plan import Mode
from cockpit.resources import resource
from cockpit.simulator import desk as simulated
from cockpit.simulator.library import BASE, BrokenScenario, merge, scenario_of
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
    return tuple(sorted(path.stem for path in resource("scenarios").glob("*.toml") if path.name != BASE))


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


def settings_for(scenario: Scenario, announcement: dict[str, object], folder: Path) -> Settings:
    """Return settings that point at a running simulated desk; journal and log go into `folder`."""
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
    return Settings(
        desk=DeskTable(name=_plain_name(scenario.title), restart_at="23:45", accounts=expected),
        folders=FoldersTable(profile=str(folder / "profile"), jts=str(folder / "jts")),
        sockets=tuple(sockets),
        gateway=GatewayTable(
            present=scenario.gateway.present,
            port=ports["gateway"],
            fingerprint=str(announcement["fingerprint"]),
            owners=(OWNER,),
            accounts=scenario.gateway.accounts,
        ),
    )


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
            (folder / "profile").mkdir(parents=True, exist_ok=True)
            (folder / "jts").mkdir(exist_ok=True)
            write_settings(settings_file, settings_for(scenario, announcement, folder))
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
