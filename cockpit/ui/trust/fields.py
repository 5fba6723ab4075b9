"""The fields of the forms: what is asked of a device, a factor, a credential and a way back, and how it is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct

from cockpit.domain.interface import Interface
from cockpit.domain.register import (
    Credential,
    CredentialKind,
    Device,
    DeviceRole,
    Factor,
    FactorKind,
    RecoveryKind,
    RecoveryPath,
    Register,
    Scope,
)
from cockpit.ui.text import short
from cockpit.ui.trust.editing import DeskNames, Entry

Filled: TypeAlias = Mapping[str, str]
_EVERYWHERE = "not bound to one"
_LARGEST_ID = 2**31 - 1
_LONGEST_RULE = 3650  # days


class Field(Struct, frozen=True):
    """One field: what it is called, what stands in it, and what it can be chosen from; open: or typed."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    choices: tuple[str, ...] = ()
    is_open: bool = False


class Unreadable(Struct, frozen=True):
    """Why what was typed cannot be read."""

    sentence: str


def title_of(entry: Entry, *, is_new: bool) -> str:
    """Return the title of the form."""
    match entry:
        case Device():
            what = "device"
        case Factor():
            what = "second factor"
        case Credential():
            what = "credential"
        case RecoveryPath():
            what = "way back in"
        case DeskNames():
            return "The desk's own username"
    return f"Add a {what}" if is_new else f"Change: {short(entry.name, 60)}"


def fields_of(entry: Entry, register: Register) -> tuple[Field, ...]:
    """Return the fields of the form for `entry`, filled with what is in it."""
    devices = ("", *(one.name for one in register.devices))
    match entry:
        case Device():
            return (
                Field("name", "Name", entry.name, "iPhone 15"),
                _choice("role", "What it is", entry.role, DeviceRole),
                Field("note", "Note", entry.note),
            )
        case Factor():
            return (
                Field("name", "Name as TWS lists it", entry.name, "IB Key (iPhone 15)"),
                _choice("kind", "How it proves you", entry.kind, FactorKind),
                Field("device", "On which device", entry.device, choices=devices, is_open=True),
                Field("username", "For which username", entry.username, "the desk's own when empty"),
                Field("note", "Note", entry.note),
            )
        case RecoveryPath():
            return (
                Field("name", "Name", entry.name, "card in the safe"),
                _choice("kind", "Which way", entry.kind, RecoveryKind),
                Field("where", "Where it lies", entry.where, "the place only, never the code"),
                Field("device", "On which device", entry.device, choices=devices, is_open=True),
                Field("note", "Note", entry.note),
            )
        case Credential():
            return _of_credential(entry)
        case DeskNames():
            return (
                Field("name", "Username", entry.name, "as TWS is signed in to, no password"),
                Field("entity", "The broker's company", entry.entity, "IB LLC"),
            )


def _of_credential(entry: Credential) -> tuple[Field, ...]:
    interface = entry.interface.label if entry.interface is not None else _EVERYWHERE
    return (
        Field("name", "Name", entry.name, "bot reads"),
        _choice("kind", "Kind", entry.kind, CredentialKind),
        Field("tool", "Program that uses it", entry.tool),
        Field("owner", "Who answers for it", entry.owner),
        Field("username", "Username", entry.username, "of the broker, no password"),
        Field(
            "interface",
            "Works at",
            interface,
            choices=(_EVERYWHERE, *(one.label for one in Interface)),
        ),
        Field("number", "Client id", str(entry.number) if entry.number else "", "0 when it has none"),
        _choice("scope", "Can be used to", entry.scope, Scope),
        _choice("used_for", "Is used to", entry.used_for, Scope),
        Field("addresses", "From addresses", ", ".join(entry.addresses), "empty: from anywhere"),
        Field("made", "Made on", _day(entry.made), "2026-11-06"),
        Field("rotate_days", "New one every", str(entry.rotate_days or ""), "days; empty: no rule"),
        Field("ends", "Ends on", _day(entry.ends), "2027-11-06; empty: no end"),
        Field("note", "Note", entry.note, "never the secret itself"),
    )


def _choice(name: str, label: str, value: StrEnum, among: type[StrEnum]) -> Field:
    return Field(name, label, value.value, choices=tuple(one.value for one in among))


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d") if at > 0 else ""


def read(entry: Entry, filled: Filled) -> Entry | Unreadable:
    """Read what was typed into an entry of the same sort as `entry`."""
    text = {name: " ".join(value.split()) for name, value in filled.items()}
    match entry:
        case Device():
            return Device(text["name"], DeviceRole(text["role"]), text["note"])
        case Factor():
            return Factor(
                text["name"], FactorKind(text["kind"]), text["device"], text["username"], text["note"]
            )
        case RecoveryPath():
            return RecoveryPath(
                text["name"], RecoveryKind(text["kind"]), text["where"], text["device"], text["note"]
            )
        case Credential():
            return _credential(entry, text)
        case DeskNames():
            return DeskNames(text["name"], text["entity"])


def _credential(before: Credential, text: Filled) -> Credential | Unreadable:
    made, ends = _moment(text["made"], before.made), _moment(text["ends"], before.ends)
    number, days = _whole(text["number"], _LARGEST_ID), _whole(text["rotate_days"], _LONGEST_RULE)
    if made is None or ends is None:
        return Unreadable("Write a day as year-month-day, such as 2026-11-06.")
    if number is None:
        return Unreadable("A client id is a whole number from 0 on.")
    if days is None:
        return Unreadable(f"A rule is a number of days, at most {_LONGEST_RULE}.")
    if made and ends and ends < made:
        return Unreadable("It cannot end before it was made.")
    interface = next((one for one in Interface if one.label == text["interface"]), None)
    return Credential(
        text["name"],
        CredentialKind(text["kind"]),
        text["owner"],
        text["username"],
        text["tool"],
        interface,
        number,
        Scope(text["scope"]),
        Scope(text["used_for"]),
        tuple(part.strip() for part in text["addresses"].split(",") if part.strip()),
        made,
        days,
        ends,
        text["note"],
    )


def _moment(text: str, before: float) -> float | None:
    """Read a day as its first moment in UTC; 0 for none, None when it cannot be read.

    A day that was not changed keeps its time of day.
    """
    if not text:
        return 0.0
    if text == _day(before):
        return before
    try:
        day = date.fromisoformat(text)
        return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
    except (ValueError, OverflowError):
        return None


def _whole(text: str, most: int) -> int | None:
    if not text:
        return 0
    if not (text.isascii() and text.isdigit()) or len(text) > 10:
        return None
    return int(text) if int(text) <= most else None


BLANKS: dict[str, Callable[[], Entry]] = {
    "device": lambda: Device("", DeviceRole.PHONE),
    "factor": lambda: Factor("", FactorKind.IB_KEY),
    "recovery": lambda: RecoveryPath("", RecoveryKind.SECOND_DEVICE),
    "credential": lambda: Credential("", CredentialKind.USERNAME),
}
