"""The table of panes: id, title, class and first place. The id is the dock's object name and never changes."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct

from cockpit.ui.pane import Pane
from cockpit.ui.panes.flows import FlowsPane
from cockpit.ui.panes.lanes import LanesPane
from cockpit.ui.panes.readiness import ReadinessPane
from cockpit.ui.panes.sessions import SessionsPane


class Place(StrEnum):
    """Where a pane first stands."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"
    BOTTOM = "bottom"


class PaneRow(Struct, frozen=True):
    """One pane."""

    id: str
    title: str
    make: Callable[[], Pane]
    place: Place


# Panes that no first picture shows are loaded when they are first seen.


def _order_types() -> Pane:
    from cockpit.ui.panes.order_types import OrderTypesPane

    return OrderTypesPane()


def _playbook() -> Pane:
    from cockpit.ui.panes.playbook import PlaybookPane

    return PlaybookPane()


def _permissions() -> Pane:
    from cockpit.ui.panes.permissions import PermissionsPane

    return PermissionsPane()


def _rehearsals() -> Pane:
    from cockpit.ui.panes.rehearsals import RehearsalsPane

    return RehearsalsPane()


def _trust() -> Pane:
    from cockpit.ui.panes.trust import TrustPane

    return TrustPane()


def _credentials() -> Pane:
    from cockpit.ui.panes.credentials import CredentialsPane

    return CredentialsPane()


def _horizon() -> Pane:
    from cockpit.ui.panes.horizon import HorizonPane

    return HorizonPane()


def _next_days() -> Pane:
    from cockpit.ui.horizon.box import HorizonBox

    return HorizonBox()


PANES: tuple[PaneRow, ...] = (
    PaneRow("sessions", "Sessions", SessionsPane, Place.LEFT),
    PaneRow("readiness", "Readiness", ReadinessPane, Place.CENTRE),
    PaneRow("flows", "Today's flows", FlowsPane, Place.RIGHT),
    PaneRow("lanes", "Pre-open check", LanesPane, Place.BOTTOM),
    PaneRow("order-types", "Order types", _order_types, Place.CENTRE),
    PaneRow("playbook", "Playbook", _playbook, Place.CENTRE),
    PaneRow("permissions", "Permissions", _permissions, Place.CENTRE),
    PaneRow("rehearsals", "Rehearsals", _rehearsals, Place.CENTRE),
    PaneRow("trust", "Trust", _trust, Place.CENTRE),
    PaneRow("credentials", "Credentials", _credentials, Place.CENTRE),
    PaneRow("horizon", "Horizon", _horizon, Place.CENTRE),
    PaneRow("next-days", "Coming up", _next_days, Place.BOTTOM),
)
