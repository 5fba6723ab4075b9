"""The Web API's row of the Sessions pane: how far the session by OAuth goes, and when its token ends."""

from __future__ import annotations

from msgspec import Struct

from cockpit.domain import kinds
from cockpit.domain.evidence import Provenance
from cockpit.domain.facts import FactsView
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level
from cockpit.domain.oauth import SUBJECT, OAuthState, WebApi
from cockpit.domain.remedy import Remedy
from cockpit.domain.session import Session, Stage
from cockpit.domain.words import moment, span

_HAS_SESSION = (Stage.SIGNED_IN, Stage.SIGNING_IN, Stage.TRADING, Stage.LIMITED)


class _Row(Struct, frozen=True):
    """How a state is shown."""

    stage: Stage
    level: Level
    word: str
    line: str = ""
    cure: str = ""
    action: str = ""


_S = OAuthState
_LIMITED, _BLOCKED = Level.LIMITED, Level.BLOCKED
_KEEP = "pane-10"  # Credentials; the ids of panes are their numbers
ROWS: dict[OAuthState, _Row] = {
    _S.NOT_SET_UP: _Row(
        Stage.ABSENT,
        _LIMITED,
        "Not set up",
        "Token, secret, keys or prime are missing",
        "Keep what is missing under Credentials.",
        _KEEP,
    ),
    _S.KEYCHAIN_SHUT: _Row(
        Stage.UNKNOWN, Level.UNKNOWN, "Keychain shut", "", "Unlock the keychain.", "unlock-vault"
    ),
    _S.KEYS_UNREADABLE: _Row(
        Stage.ABSENT,
        _BLOCKED,
        "Keys unreadable",
        "One of the kept texts cannot be used",
        "Keep the right one under Credentials.",
        _KEEP,
    ),
    _S.NOT_ACTIVE: _Row(
        Stage.ABSENT,
        _LIMITED,
        "Not active yet",
        "A new consumer works from the next regional midnight",
        "Wait; the cockpit looks again by itself.",
    ),
    _S.CONSUMER_REFUSED: _Row(
        Stage.ABSENT,
        _BLOCKED,
        "Consumer refused",
        "The broker does not know the consumer key",
        "Compare the consumer key with the broker's page; if it is new, say when it was made.",
        _KEEP,
    ),
    _S.TOKEN_LOST: _Row(
        Stage.ENDED,
        _BLOCKED,
        "Access token lost",
        "The broker has lost it, or it was replaced",
        "Make a new access token only, on the broker's page, and keep it with its secret.",
        _KEEP,
    ),
    _S.CLOCK_WRONG: _Row(
        Stage.ABSENT,
        _BLOCKED,
        "Clock wrong",
        "Requests are refused for their time",
        "Let this PC set its clock from the network.",
    ),
    _S.SIGNATURE_REFUSED: _Row(
        Stage.ABSENT,
        _BLOCKED,
        "Signature refused",
        "The broker does not say which key does not fit",
        "See that keys, token and secret belong to this consumer.",
        _KEEP,
    ),
    _S.NOT_GENUINE: _Row(
        Stage.ABSENT,
        _BLOCKED,
        "Not genuine",
        "Whoever answered does not know the access secret",
        "See that token and secret were made together; if they were, do not use this network.",
        _KEEP,
    ),
    _S.REFUSED: _Row(
        Stage.ABSENT,
        _BLOCKED,
        "Refused",
        "",
        "Look in Client Portal whether this user may use the Web API, and from this network.",
    ),
    _S.OTHER_HOST: _Row(
        Stage.ABSENT,
        _BLOCKED,
        "Other host",
        "The broker serves this user elsewhere (410)",
        "Wait for an update of the catalogue.",
    ),
    _S.COOLING_DOWN: _Row(
        Stage.LIMITED,
        _LIMITED,
        "Cooling down",
        "The broker asked for a pause (429)",
        "Wait until the pause ends; every further call makes it longer.",
    ),
    _S.UNREACHABLE: _Row(Stage.ABSENT, _LIMITED, "Not reachable", "", "Check the network and the VPN."),
    _S.UNKNOWN_CERTIFICATE: _Row(
        Stage.REACHABLE,
        _BLOCKED,
        "Unknown certificate",
        "Nothing was sent",
        "Compare the fingerprint with the one in the settings.",
        "open-settings",
    ),
    _S.NO_ANSWER: _Row(Stage.REACHABLE, _LIMITED, "Not answering", "", "Wait a minute; check the network."),
    _S.UNREADABLE: _Row(
        Stage.UNKNOWN,
        Level.UNKNOWN,
        "Unreadable",
        "",
        "Look whether the network asks for a sign-in of its own.",
    ),
    _S.ENDED: _Row(
        Stage.ENDED,
        _LIMITED,
        "Session ended",
        "The live session token is not taken any more",
        "The cockpit asks for a new one. If it ends again and again, another program uses the consumer.",
    ),
    _S.SIGNED_IN: _Row(
        Stage.SIGNED_IN,
        _LIMITED,
        "Signed in, not trading",
        "Starting its trading session could end another program's",
        "Leave it so while another program trades with this username.",
    ),
    _S.STARTING: _Row(
        Stage.SIGNING_IN,
        _LIMITED,
        "Starting",
        "Accounts are not loaded yet",
        "Wait half a minute, then run the check again.",
        "run-check",
    ),
    _S.TRADING: _Row(Stage.TRADING, Level.READY, "Trading"),
    _S.COMPETING: _Row(
        Stage.LIMITED,
        _LIMITED,
        "Held elsewhere",
        "Another program holds this username's trading session",
        "If it is yours, leave it so; a second username would not compete.",
    ),
    _S.BACKEND_LOST: _Row(
        Stage.LIMITED,
        _LIMITED,
        "Broker unreachable",
        "The broker's back end does not answer",
        "Wait some minutes.",
    ),
    _S.UNCLEAR: _Row(
        Stage.UNKNOWN,
        Level.UNKNOWN,
        "Unclear",
        "The answer fits no known state",
        "Run the check again.",
        "run-check",
    ),
}


def web_api_session(facts: FactsView, web_api: WebApi, now: float, zone: str) -> Session:
    """Read the row; `now` in UTC epoch seconds, times are shown in `zone`."""
    title = Interface.WEB_API.label
    seen = facts.look(kinds.OAUTH_STATE, SUBJECT)
    if seen is None:
        return Session(
            SUBJECT,
            Interface.WEB_API,
            title,
            Stage.UNKNOWN,
            Level.UNKNOWN,
            "Not looked yet",
            (_where(web_api),),
        )
    row = _row(seen.value)
    ends = facts.look(kinds.LIVE_SESSION_ENDS, SUBJECT)
    trip = facts.look(kinds.OAUTH_ROUND_TRIP, SUBJECT)
    accounts = facts.look(kinds.PORTAL_ACCOUNTS, SUBJECT)
    is_fresh = seen.is_fresh(now)
    first, lasts = _where(web_api), ends is not None and ends.value > now and row.stage in _HAS_SESSION
    if ends is not None and lasts:
        first = f"{first} · token ends {moment(ends.value, now, zone)}"
    lines = [first, *([row.line] if row.line else [])]
    if not is_fresh:
        lines.append(f"last answer {span(seen.age(now))} ago")
    # What was seen is the keychain, or an answer that tells nothing: of the session itself nothing was measured.
    says_nothing = is_fresh and row.level is Level.UNKNOWN
    provenance = Provenance.INFERRED if says_nothing else seen.provenance
    return Session(
        SUBJECT,
        Interface.WEB_API,
        title,
        row.stage,
        row.level if is_fresh else Level.UNKNOWN,
        row.word,
        tuple(lines),
        accounts.value if accounts is not None else (),
        provenance,
        seen.at,
        seen.since,
        ends.value if ends is not None and lasts else None,
        trip.value if trip is not None and trip.is_fresh(now) else None,
        Remedy(row.cure, row.action) if row.cure else None,
    )


def _row(state: str) -> _Row:
    """Return the row of a state; a word of a later version than this one is unclear."""
    try:
        return ROWS[OAuthState(state)]
    except ValueError:
        return ROWS[OAuthState.UNCLEAR]


def _where(web_api: WebApi) -> str:
    return f"Stand-in at {web_api.host}:{web_api.port}" if web_api.host else "The broker's own host"
