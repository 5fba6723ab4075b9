"""Who holds trading and who holds the live data at one moment, with the evidence it rests on."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from cockpit.domain import kinds
from cockpit.domain.custody.history import Span
from cockpit.domain.custody.tracks import Tracks
from cockpit.domain.evidence import Provenance
from cockpit.domain.interface import Interface
from cockpit.domain.kinds import MINUTE, Door, FeedState, PortalStage, Upstream
from cockpit.domain.level import Level
from cockpit.domain.oauth import SUBJECT as WEB_API
from cockpit.domain.oauth import OAuthState
from cockpit.domain.plan import Mode, Plan, Portal, Socket
from cockpit.domain.socket_session import title_of
from cockpit.domain.words import listed

# A sign-in on the phone shows at the desk within a minute or two; the trader remembers its time less exactly.
NEAR_BEFORE = 15 * MINUTE
NEAR_AFTER = 5 * MINUTE
_UP = (Upstream.UP, Upstream.UP_DATA_LOST, Upstream.UP_DATA_KEPT)
_MOBILE = "mobile"


class Holder(StrEnum):
    """Whose it is."""

    DESK = "this desk"
    OTHER = "another login"
    UNKNOWN = "not known"


class Hold(Struct, frozen=True):
    """Who holds something: whose it is, by which name, why we say so, and from where that is known.

    `provenance` is None when nobody knows. The sentence has no full stop.
    """

    holder: Holder
    who: str
    sentence: str
    provenance: Provenance | None = None

    @property
    def level(self) -> Level:
        """How it is shown."""
        return {Holder.DESK: Level.READY, Holder.OTHER: Level.LIMITED, Holder.UNKNOWN: Level.UNKNOWN}[
            self.holder
        ]


def trading_at(tracks: Tracks, plan: Plan, at: float) -> Hold:
    """Return who holds the brokerage session at a moment (UTC epoch seconds)."""
    sockets = live_sockets(plan)
    up = [title_of(socket, plan) for socket in sockets if is_up(tracks, socket, at)]
    stage = tracks.spoke(kinds.PORTAL_STAGE, Portal.subject, at)
    oauth = tracks.spoke(kinds.OAUTH_STATE, WEB_API, at)
    if stage is not None and stage.value == PortalStage.TRADING:
        up.append(Interface.CLIENT_PORTAL.label)
    if oauth is not None and oauth.value == OAuthState.TRADING:
        up.append(Interface.WEB_API.label)
    if up:
        more = "; each must have a username of its own" if len(up) > 1 else ""
        verb = "have" if len(up) > 1 else "has"
        who = listed(up)
        return Hold(Holder.DESK, who, f"{who} {verb} a session with the broker{more}", Provenance.MEASURED)
    cut = next((span for socket in sockets if (span := _cut_off(tracks, socket, at)) is not None), None)
    if stage is not None and stage.value == PortalStage.COMPETING:
        return _elsewhere(tracks, stage.first, "Client Portal says that another session holds trading")
    if oauth is not None and oauth.value == OAuthState.COMPETING:
        return _elsewhere(tracks, oauth.first, "The Web API says that another session holds trading")
    if cut is not None:
        return _after_a_cut(tracks, cut)
    return Hold(
        Holder.UNKNOWN, "not known", "No session of this desk answered, and others cannot be seen from here"
    )


def data_at(tracks: Tracks, plan: Plan, at: float) -> Hold:
    """Return who holds the live data at a moment (UTC epoch seconds)."""
    sockets = live_sockets(plan)
    for socket in sockets:
        taken = _taken(tracks, socket, at)
        if taken is not None:
            return _taken_hold(tracks, taken, at)
    live, competing = [], []
    for socket in sockets:
        for subject in tracks.below(kinds.FEED, f"{socket.subject}/feed/"):
            seen = tracks.spoke(kinds.FEED, subject, at)
            if seen is not None and seen.value == FeedState.COMPETING:
                competing.append(seen)
            elif seen is not None and seen.value == FeedState.LIVE and is_up(tracks, socket, at):
                live.append(title_of(socket, plan))
    if competing:
        return _elsewhere(tracks, competing[0].first, "Prices were refused because another session has them")
    if live:
        who = listed(list(dict.fromkeys(live)))
        return Hold(Holder.DESK, who, f"Live prices came through {who}", Provenance.MEASURED)
    if any(is_up(tracks, socket, at) for socket in sockets):
        return Hold(Holder.UNKNOWN, "not looked", "The session stood, but nobody looked at a price")
    return Hold(Holder.UNKNOWN, "not known", "No session of this desk answered, so no price could come")


def live_sockets(plan: Plan) -> tuple[Socket, ...]:
    """Return the sockets of the live username; those of a paper one only when there are no others."""
    return tuple(socket for socket in plan.sockets if socket.mode is not Mode.PAPER) or plan.sockets


def is_up(tracks: Tracks, socket: Socket, at: float) -> bool:
    """Whether a socket's session with the broker was confirmed at a moment."""
    upstream = tracks.spoke(kinds.UPSTREAM, socket.subject, at)
    return upstream is not None and upstream.value in _UP and not _is_shut(tracks, socket, at)


def _is_shut(tracks: Tracks, socket: Socket, at: float) -> bool:
    """Whether the last word of the door was that it is not open; the broker's own last word stays fresh for a while."""
    door = tracks.last(kinds.DOOR, socket.subject, at)
    return door is not None and door.value != Door.OPEN


def _cut_off(tracks: Tracks, socket: Socket, at: float) -> Span | None:
    upstream = tracks.spoke(kinds.UPSTREAM, socket.subject, at)
    if upstream is None or upstream.value != Upstream.DOWN or _is_shut(tracks, socket, at):
        return None
    return upstream


def _taken(tracks: Tracks, socket: Socket, at: float) -> Span | None:
    """Return the word that data were taken while it holds: until live data come or the session begins anew."""
    taken = tracks.last(kinds.DATA_TAKEN, socket.subject, at)
    if taken is None or taken.value is not True:
        return None
    began = tracks.last(kinds.CONNECTED_AT, socket.subject, at)
    return taken if began is None or began.first <= taken.last else None


def _taken_hold(tracks: Tracks, taken: Span, at: float) -> Hold:
    hold = _elsewhere(tracks, taken.first, "Code 10197: another session took the live data")
    if at <= taken.fresh_until or hold.provenance is Provenance.INFERRED:
        return hold
    return Hold(hold.holder, hold.who, f"{hold.sentence}; no live price came since", Provenance.INFERRED)


def _elsewhere(tracks: Tracks, since: float, why: str) -> Hold:
    if _mobile_near(tracks, since):
        said = f"{why}, and you opened IBKR Mobile at about that time"
        return Hold(Holder.OTHER, Interface.MOBILE.label, said, Provenance.INFERRED)
    return Hold(Holder.OTHER, "another login", why, Provenance.MEASURED)


def _after_a_cut(tracks: Tracks, cut: Span) -> Hold:
    """1100 has three causes: the line, a reset, another login. Only a sign-in of that time tells them apart."""
    why = "Code 1100: the broker's servers are lost"
    if _mobile_near(tracks, cut.first):
        said = f"{why}, and you opened IBKR Mobile at about that time"
        return Hold(Holder.OTHER, Interface.MOBILE.label, said, Provenance.INFERRED)
    return Hold(Holder.UNKNOWN, "cut off", f"{why}, by the line, a reset or another login")


def _mobile_near(tracks: Tracks, event: float) -> bool:
    return any(
        isinstance(said.value, float) and event - NEAR_BEFORE <= said.value <= event + NEAR_AFTER
        for said in tracks.each(kinds.OPENED_AT, _MOBILE)
    )
