"""Scenario files: laid over a base, checked, and filled into records.

A scenario file says only what differs from `desk.toml` beside it. Tables are merged key by key. Rows of a
list of tables are matched by their key (see `ROW_KEYS`): a row that matches changes that row, any other is
added. Lists without a key, such as events, replace the base's list.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec.structs import fields, replace

from cockpit.simulator import timeline
from cockpit.simulator.dates import UnknownWord, expiry_of, trading_hours
from cockpit.simulator.scenario import Account, ApiServer, Contract, Scenario
from cockpit.simulator.tws.texts import FARM_CODES

BASE = "desk.toml"

ROW_KEYS: dict[str, tuple[str, ...]] = {
    "accounts": ("id",),
    "contracts": ("con_id",),
    "orders": ("perm_id",),
    "positions": ("account", "con_id"),
    "bulletins": ("id",),
    "tws": ("name",),
    "farms": ("name",),
    "places": ("name",),
}

Table = dict[str, object]
_Row = TypeVar("_Row")


class BrokenScenario(Exception):
    """A scenario file that cannot be used as a whole: not TOML, or a value of the wrong kind."""


def merge(base: Mapping[str, object], over: Mapping[str, object]) -> Table:
    """Lay one table over another and return the result; neither is changed."""
    merged: Table = dict(base)
    for key, value in over.items():
        below = merged.get(key)
        if isinstance(below, Mapping) and isinstance(value, Mapping):
            merged[key] = merge(below, value)
        elif key in ROW_KEYS and isinstance(below, list) and isinstance(value, list):
            merged[key] = _merge_rows(below, value, ROW_KEYS[key])
        else:
            merged[key] = value
    return merged


def load(path: Path) -> Scenario:
    """Read a scenario file over the `desk.toml` beside it, if there is one.

    Raises BrokenScenario for a file that is not usable, OSError when it cannot be read. The name is the
    file's when the file gives none.
    """
    base = path.parent / BASE
    table = _read(path)
    if base.exists() and base != path:
        table = merge(_read(base), table)
    table.setdefault("name", path.stem)
    return scenario_of(table)


def names(folder: Path) -> tuple[str, ...]:
    """The names of the scenarios in a folder, without the base, in order."""
    return tuple(sorted(path.stem for path in folder.glob("*.toml") if path.name != BASE))


def scenario_of(table: Mapping[str, object]) -> Scenario:
    """Fill a merged table into records. Raises BrokenScenario, also for keys that nothing reads."""
    unknown = table.keys() - {field.name for field in fields(Scenario)}
    if unknown:
        raise BrokenScenario(f"unknown: {', '.join(sorted(unknown))}")
    try:
        return msgspec.convert(table, Scenario, strict=True)
    except msgspec.ValidationError as error:
        raise BrokenScenario(str(error)) from None


def usable(scenario: Scenario, now: datetime) -> tuple[Scenario, tuple[str, ...]]:
    """Leave out what could not be played, and say in sentences what was left out. `now` is aware."""
    problems: list[str] = []
    accounts = scenario.accounts
    if not accounts:
        accounts = (Account(),)
        problems.append(f"The scenario has no account; {accounts[0].id} stands in.")
    servers = tuple(_usable_server(server, accounts, problems) for server in scenario.tws)
    contracts = _kept(scenario.contracts, lambda contract: _check_contract(contract, now), problems)
    known = frozenset(server.name for server in servers)
    events = _kept(scenario.events, lambda event: timeline.check(event, known), problems)
    whole = replace(scenario, accounts=accounts, tws=servers, contracts=contracts, events=events)
    return whole, tuple(problems)


def _read(path: Path) -> Table:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BrokenScenario(f"{path.name}: {error}") from None


def _merge_rows(base: list[object], over: list[object], keys: tuple[str, ...]) -> list[object]:
    rows = list(base)
    for row in over:
        place = next((index for index, known in enumerate(rows) if _same_row(known, row, keys)), None)
        below = rows[place] if place is not None else None
        if place is not None and isinstance(below, Mapping) and isinstance(row, Mapping):
            rows[place] = merge(below, row)
        else:
            rows.append(row)
    return rows


def _same_row(one: object, other: object, keys: tuple[str, ...]) -> bool:
    if not isinstance(one, Mapping) or not isinstance(other, Mapping):
        return False
    return any(key in other for key in keys) and all(one.get(key) == other.get(key) for key in keys)


def _kept(rows: tuple[_Row, ...], check: Callable[[_Row], None], problems: list[str]) -> tuple[_Row, ...]:
    kept = []
    for row in rows:
        try:
            check(row)
        except (UnknownWord, timeline.UnknownHappening) as problem:
            problems.append(f"Left out: {problem}.")
        else:
            kept.append(row)
    return tuple(kept)


def _check_contract(contract: Contract, now: datetime) -> None:
    expiry_of(contract.expiry, now.date())
    trading_hours(contract.hours, contract.zone, now)
    for hours in (contract.liquid_hours, *(place.hours for place in contract.places)):
        if hours:
            trading_hours(hours, contract.zone, now)


def _usable_server(server: ApiServer, accounts: tuple[Account, ...], problems: list[str]) -> ApiServer:
    known = {account.id for account in accounts}
    strangers = [account for account in server.accounts if account not in known]
    if strangers:
        problems.append(f"Server {server.name}: {', '.join(strangers)} is no account of the scenario.")
    farms = tuple(farm for farm in server.farms if (farm.kind, farm.state) in FARM_CODES)
    if len(farms) < len(server.farms):
        problems.append(f"Server {server.name}: a farm with an unknown kind or state was left out.")
    return replace(
        server, accounts=tuple(account for account in server.accounts if account in known), farms=farms
    )
