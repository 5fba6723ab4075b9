"""The tables that gates, tickets and panes read, made into one `Playing`, with the desk's own rows laid over."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from cockpit.adapters.catalogue.files import NO_ROWS, DeskRows, laid_over, read_desk_rows, read_table
from cockpit.adapters.catalogue.rows import Limit, OpenHours, TimeRule, Window
from cockpit.domain.catalogue import Entity, KnownCode, OrderType, Permission, Playing, RegionalRule, playing
from cockpit.domain.drill import DrillPlan
from cockpit.domain.reference import AuthMethod, InterfaceRow, MarketDataRule, Subscription
from cockpit.resources import resource
from cockpit.tables import Complaint


class DeskTables(Struct, frozen=True):
    """The tables of which a desk's own file may hold rows."""

    order_type: tuple[OrderType, ...] = ()
    permission: tuple[Permission, ...] = ()
    entity: tuple[Entity, ...] = ()
    regional_rule: tuple[RegionalRule, ...] = ()
    code: tuple[KnownCode, ...] = ()
    interface: tuple[InterfaceRow, ...] = ()
    subscription: tuple[Subscription, ...] = ()
    data_rule: tuple[MarketDataRule, ...] = ()
    auth: tuple[AuthMethod, ...] = ()
    drill: tuple[DrillPlan, ...] = ()
    limit: tuple[Limit, ...] = ()
    window: tuple[Window, ...] = ()
    hours: tuple[OpenHours, ...] = ()


class Loaded(Struct, frozen=True):
    """What was read, and what of it could not be used."""

    playing: Playing
    complaints: tuple[Complaint, ...]


class _OrderTypes(Struct, frozen=True):
    order_type: tuple[OrderType, ...] = ()


class _Permissions(Struct, frozen=True):
    permission: tuple[Permission, ...] = ()


class _Entities(Struct, frozen=True):
    entity: tuple[Entity, ...] = ()
    regional_rule: tuple[RegionalRule, ...] = ()


class _Codes(Struct, frozen=True):
    code: tuple[KnownCode, ...] = ()


class _Interfaces(Struct, frozen=True):
    interface: tuple[InterfaceRow, ...] = ()


class _MarketData(Struct, frozen=True):
    subscription: tuple[Subscription, ...] = ()
    data_rule: tuple[MarketDataRule, ...] = ()


class _Auth(Struct, frozen=True):
    auth: tuple[AuthMethod, ...] = ()


class _Windows(Struct, frozen=True):
    window: tuple[Window, ...] = ()
    hours: tuple[OpenHours, ...] = ()  # read by `load_catalogue`
    time_rule: tuple[TimeRule, ...] = ()


class _Drills(Struct, frozen=True):
    drill: tuple[DrillPlan, ...] = ()


def load_playing(folder: Path | None = None, desk_file: Path | None = None) -> Loaded:
    """Read the tables of `folder`, by default the shipped ones, and lay the rows of `desk_file` over them.

    A row that does not fit is left out and named. Complaints about the desk's file as such are given by
    `load_catalogue`, which reads it too; here come only those about rows that cannot be laid over. Reads files:
    call it in a thread, or after the first picture.
    """
    desk = NO_ROWS if desk_file is None else read_desk_rows(desk_file, DeskTables)[0]
    return laid(folder, desk)


def laid(folder: Path | None, desk: DeskRows) -> Loaded:
    """Do what `load_playing` does with the rows of a desk's file that were read already."""
    place = folder if folder is not None else resource("catalogue")
    complaints: list[Complaint] = []
    order_types = read_table(place / "order_types.toml", _OrderTypes, complaints).order_type
    permissions = read_table(place / "permissions.toml", _Permissions, complaints).permission
    entities = read_table(place / "entities.toml", _Entities, complaints)
    codes = read_table(place / "codes.toml", _Codes, complaints).code
    interfaces = read_table(place / "interfaces.toml", _Interfaces, complaints).interface
    market_data = read_table(place / "market_data.toml", _MarketData, complaints)
    auth = read_table(place / "auth.toml", _Auth, complaints).auth
    drills = read_table(place / "drills.toml", _Drills, complaints).drill
    windows = read_table(place / "hours.toml", _Windows, []).window  # `load_catalogue` complains
    found = playing(
        laid_over(order_types, "order_type", OrderType, desk, complaints),
        laid_over(permissions, "permission", Permission, desk, complaints),
        laid_over(entities.entity, "entity", Entity, desk, complaints),
        laid_over(entities.regional_rule, "regional_rule", RegionalRule, desk, complaints),
        laid_over(codes, "code", KnownCode, desk, complaints),
        interfaces=laid_over(interfaces, "interface", InterfaceRow, desk, complaints),
        subscriptions=laid_over(market_data.subscription, "subscription", Subscription, desk, complaints),
        data_rules=laid_over(market_data.data_rule, "data_rule", MarketDataRule, desk, complaints),
        auth=laid_over(auth, "auth", AuthMethod, desk, complaints),
        drills=laid_over(drills, "drill", DrillPlan, desk, complaints),
        windows=laid_over(windows, "window", Window, desk, complaints),
    )
    return Loaded(found, tuple(complaints))
