"""From a desk to everything the engine needs from outside, and to the engine itself."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec.structs import replace

from cockpit import __version__
from cockpit.adapters.calendar import VenueCalendar
from cockpit.adapters.catalogue import desk_catalogue
from cockpit.adapters.flex.link import FlexLink
from cockpit.adapters.journal.runs import Writer
from cockpit.adapters.journal.sqlite import SqliteJournal
from cockpit.adapters.machine.local import LocalMachine
from cockpit.adapters.portal.link import WebApiLink
from cockpit.adapters.profile.folders import Profile
from cockpit.adapters.settings.matching import read_matching
from cockpit.adapters.tws.link import TwsLink
from cockpit.adapters.tws.timeouts import Timeouts
from cockpit.adapters.vault.keychain import KeyringVault
from cockpit.app.clock import SystemClock
from cockpit.app.desk import Desk, with_register
from cockpit.app.keeping import Keeping
from cockpit.app.startup import guarded
from cockpit.domain.level import Level
from cockpit.domain.notice import Notice
from cockpit.domain.plan import Plan
from cockpit.domain.remedy import Remedy
from cockpit.resources import resource
from cockpit.services.codes import Codes
from cockpit.services.engine import Engine, Outside
from cockpit.services.harm import Harm
from cockpit.services.ports import Journal, OAuthLink, PortalLink, Report, SocketLink, StatementLink, Vault
from cockpit.services.state import DeskState
from cockpit.tables import Complaint

# The door and the heartbeat report what kept them before the handshake lane's 2.5 seconds are over, and a contract
# can be asked twice in the six seconds of the capability lane.
TIMEOUTS = Timeouts(connect=1.0, handshake=2.2, client_ids=2.3, beat=2.0, details=2.5)


def outside(
    desk: Desk,
    profile: Path,
    journal: Journal | None = None,
    vault: Vault | None = None,
    keeping: Keeping | None = None,
    learn: Callable[[str], None] | None = None,
) -> Outside:
    """Build the adapters of a desk. The links are made when the engine has somewhere to report to.

    Without a `vault` no statement is fetched; without `keeping` nothing is written into the desk's files. `learn` hides
    a secret in every log.
    """
    catalogue = desk_catalogue(desk.catalogue_file)
    clock = SystemClock()
    jts = (Path(desk.settings.folders.jts).expanduser(),) if desk.settings.folders.jts else None
    ibc = Path(desk.settings.folders.ibc).expanduser() if desk.settings.folders.ibc else None

    def sockets(plan: Plan, report: Report, harm: Harm) -> Sequence[SocketLink]:
        return [TwsLink(socket, report, clock, harm, TIMEOUTS) for socket in plan.sockets]

    def portal(plan: Plan, report: Report, harm: Harm) -> PortalLink | None:
        return WebApiLink(plan.portal, report, harm, clock, catalogue) if plan.portal is not None else None

    def statements(plan: Plan, harm: Harm) -> StatementLink | None:
        if plan.flex is None or vault is None or learn is None:
            return None
        per_minute = catalogue.limit("flex-requests-per-minute", 10.0)
        return FlexLink(plan.flex, catalogue, vault, learn, clock, harm, per_minute=per_minute)

    def web_api(current: Callable[[], Plan], report: Report, harm: Harm) -> OAuthLink | None:
        consumer = desk.plan.web_api
        if consumer is None or vault is None or learn is None:
            return None
        from cockpit.adapters.oauth.link import (
            OAuthLink as Link,  # with its cryptography; few desks have a consumer
        )

        return Link(consumer, current, catalogue, vault, learn, report, harm, clock)

    def codes(offsets: Callable[[], Sequence[float]]) -> Codes | None:
        if vault is None or learn is None:
            return None
        from cockpit.adapters.otp.generator import PyotpCodes
        from cockpit.adapters.otp.reader import OtpReader  # with its decoders of pictures

        return Codes(vault, PyotpCodes(), OtpReader(), clock.now, offsets, learn)

    return Outside(
        clock=clock,
        machine=LocalMachine(clock, profile, jts, ibc),
        calendar=VenueCalendar(),
        sockets=sockets,
        portal=portal,
        new_id=lambda: uuid.uuid4().hex[:12],
        journal=journal,
        vault=vault,
        pin=keeping.pin if keeping is not None else None,
        keep_playbook=keeping.playbook if keeping is not None else None,
        keep_register=keeping.register if keeping is not None else None,
        codes=codes,
        web_api=web_api,
        statements=statements,
        learn=learn,
        catalogue=replace(catalogue.playing, matching=read_matching(desk.catalogue_file)[0]),
    )


def journal_writer() -> Writer:
    """Say who writes the journal: this program, with a digest of the catalogue it judges by."""
    digest = hashlib.sha256()
    for file in sorted(resource("catalogue").glob("*.toml")):
        digest.update(file.read_bytes())
    return Writer(__version__, digest.hexdigest()[:12])


def build_engine(
    desk: Desk, profile: Profile, publish: Callable[[DeskState], None], learn: Callable[[str], None]
) -> Engine:
    """Build the engine of a window, with journal and keychain. Call it in the thread whose loop will own it."""
    desk = with_register(guarded(desk))
    clock = SystemClock()
    journal = SqliteJournal(profile.journal, journal_writer(), clock)
    keeping = Keeping(desk.settings_file)
    parts = outside(
        desk,
        profile.data,
        journal,
        KeyringVault(profile.name, folder=profile.data / "sealed"),
        keeping,
        learn,
    )
    engine = Engine(desk.plan, parts, publish)
    catalogue = desk_catalogue(desk.catalogue_file)
    known = (*desk.complaints, *catalogue.complaints, *catalogue.playing_complaints)
    complaints = (*known, *(one for one in read_matching(desk.catalogue_file)[1] if one not in known))
    for number, complaint in enumerate(complaints):
        rest = "The rest of the file is used." if complaint.key else "Nothing of it is used."
        cure = Remedy(
            "Correct it, then start the cockpit again.",
            "open-settings" if is_settings(complaint, desk) else "",
        )
        sentence = f"{complaint.sentence()}. {rest}"
        engine.tell(Notice(f"file/{number}", Level.LIMITED, complaint.file, sentence, clock.now(), "", cure))
    return engine


def is_settings(complaint: Complaint, desk: Desk) -> bool:
    """Whether a complaint is about the desk's own settings file."""
    return desk.settings_file is not None and complaint.file == desk.settings_file.name
