"""From settings to everything the engine needs from outside."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cockpit import __version__
from cockpit.adapters.calendar import VenueCalendar
from cockpit.adapters.catalogue import Catalogue, load_catalogue
from cockpit.adapters.journal.runs import Writer
from cockpit.adapters.machine.local import LocalMachine
from cockpit.adapters.portal.link import WebApiLink
from cockpit.adapters.settings.file import read_settings
from cockpit.adapters.settings.plan import to_plan
from cockpit.adapters.settings.records import Settings
from cockpit.adapters.tws.link import TwsLink
from cockpit.adapters.tws.timeouts import Timeouts
from cockpit.app.clock import SystemClock
from cockpit.domain.plan import Plan
from cockpit.resources import resource
from cockpit.services.engine import Outside
from cockpit.services.harm import Harm
from cockpit.services.ports import Journal, PortalLink, Report, SocketLink, Vault
from cockpit.tables import Complaint

# The door and the heartbeat report what kept them before the handshake lane's 2.5 seconds are over, and a contract
# can be asked twice in the six seconds of the capability lane.
TIMEOUTS = Timeouts(connect=1.0, handshake=2.2, client_ids=2.3, beat=2.0, details=2.5)


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk as its settings describe it, and what could not be used of them."""

    settings: Settings
    plan: Plan
    catalogue: Catalogue
    complaints: tuple[Complaint, ...]
    settings_file: Path | None

    def with_settings(self, settings: Settings) -> Desk:
        """Return the desk with other settings, and the plan that follows from them."""
        ends = self.catalogue.session_ends(settings.desk.zone)
        return replace(self, settings=settings, plan=to_plan(settings, ends, is_demo=self.plan.is_demo))


def read_desk(settings_file: Path | None, *, is_demo: bool = False) -> Desk:
    """Read settings and catalogue. Nothing is raised: what cannot be used is a complaint."""
    settings, complaints = (Settings(), []) if settings_file is None else read_settings(settings_file)
    catalogue = load_catalogue()
    plan = to_plan(settings, catalogue.session_ends(settings.desk.zone), is_demo=is_demo)
    return Desk(settings, plan, catalogue, (*complaints, *catalogue.complaints), settings_file)


def outside(
    desk: Desk,
    profile: Path,
    journal: Journal | None = None,
    vault: Vault | None = None,
    pin: Callable[[str], None] | None = None,
) -> Outside:
    """Build the adapters of a desk. The links are made when the engine has somewhere to report to."""
    clock = SystemClock()
    jts = (Path(desk.settings.folders.jts).expanduser(),) if desk.settings.folders.jts else None
    ibc = Path(desk.settings.folders.ibc).expanduser() if desk.settings.folders.ibc else None

    def sockets(plan: Plan, report: Report, harm: Harm) -> Sequence[SocketLink]:
        return [TwsLink(socket, report, clock, harm, TIMEOUTS) for socket in plan.sockets]

    def portal(plan: Plan, report: Report, harm: Harm) -> PortalLink | None:
        return (
            WebApiLink(plan.portal, report, harm, clock, desk.catalogue) if plan.portal is not None else None
        )

    return Outside(
        clock=clock,
        machine=LocalMachine(clock, profile, jts, ibc),
        calendar=VenueCalendar(),
        sockets=sockets,
        portal=portal,
        new_id=lambda: uuid.uuid4().hex[:12],
        journal=journal,
        vault=vault,
        pin=pin,
    )


def journal_writer() -> Writer:
    """Say who writes the journal: this program, with a digest of the catalogue it judges by."""
    digest = hashlib.sha256()
    for file in sorted(resource("catalogue").glob("*.toml")):
        digest.update(file.read_bytes())
    return Writer(__version__, digest.hexdigest()[:12])


def with_plan(desk: Desk, plan: Plan) -> Desk:
    """Return the desk with another plan, for example with the doors that a first look has found."""
    return replace(desk, plan=plan)
