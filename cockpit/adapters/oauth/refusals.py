"""From a refusal of the Web API to what it means: by status, by the few texts that are known, by the clock, by age."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from cockpit.adapters.oauth.trouble import OAuthTrouble, trouble
from cockpit.adapters.portal.answers import Answer, Body
from cockpit.domain.oauth import OAuthState
from cockpit.domain.register import CredentialKind, Register
from cockpit.domain.words import moment, span

_DAILY = "portal-daily-"  # keys of the catalogue's rows of the regional midnights
# Texts of the broker that were seen in public reports; the last two are our guess at what it calls them.
_TEXTS = (
    ("invalid consumer", OAuthState.CONSUMER_REFUSED),
    ("no access secret", OAuthState.TOKEN_LOST),
    ("invalid token", OAuthState.TOKEN_LOST),
    ("invalid access token", OAuthState.TOKEN_LOST),
    ("timestamp", OAuthState.CLOCK_WRONG),
    ("signature", OAuthState.SIGNATURE_REFUSED),
)
_SKEW = 60.0  # seconds beyond which a refusal without a reason is laid to the clock


class Midnight(Struct, frozen=True):
    """One region's midnight, at which its servers take new consumers in: HH:MM in a zone."""

    at: str
    zone: str


class Wait(Struct, frozen=True):
    """What is known about how long a new consumer waits: since when it exists, and until when that is normal.

    Times in UTC epoch seconds; `made` 0 when nobody said, `longest` in seconds.
    """

    made: float
    midnights: tuple[Midnight, ...]
    longest: float

    @property
    def works_from(self) -> float:
        """The last of the regional midnights after it was made: by then every region knows it."""
        return max((_next(midnight, self.made) for midnight in self.midnights), default=self.made)


def made_at(register: Register, consumer: str) -> float:
    """Return when a consumer was made, as the register says (UTC epoch seconds); 0 when it does not."""
    rows = [row for row in register.credentials if row.kind is CredentialKind.OAUTH_CONSUMER]
    named = [row for row in rows if consumer in (row.name, row.tool)] or (rows if len(rows) == 1 else [])
    return next((row.made for row in named), 0.0)


def midnights(keyed: Iterable[tuple[str, str, str]]) -> tuple[Midnight, ...]:
    """Return the regional midnights among (key, HH:MM, zone) of the catalogue's session ends."""
    return tuple(Midnight(at, zone) for key, at, zone in keyed if key.startswith(_DAILY))


def refusal(answer: Answer, ahead: float | None, wait: Wait, now: float, zone: str) -> OAuthTrouble:
    """Say what an answer means that brings nothing.

    `ahead` is how many seconds this PC's clock is ahead of the answer's date, None when it has none; times are shown
    in `zone`.
    """
    if answer.status == 410:
        return trouble(OAuthState.OTHER_HOST)
    if answer.status in (500, 502, 503, 504):
        return trouble(OAuthState.BACKEND_LOST, f"(status {answer.status})")
    if 300 <= answer.status < 400:
        return trouble(OAuthState.REFUSED, "It points to another address, and that is not followed.")
    if answer.status == 200 and answer.body is not Body.ERROR:
        return trouble(OAuthState.UNREADABLE)
    if answer.status not in (200, 401):
        return trouble(OAuthState.REFUSED, f"(status {answer.status})")
    text = _text(answer)
    state = next((state for words, state in _TEXTS if words in text), OAuthState.SIGNATURE_REFUSED)
    if state is OAuthState.CONSUMER_REFUSED:
        return _unknown_consumer(wait, now, zone)
    is_off = ahead is not None and abs(ahead) > _SKEW
    if state is OAuthState.CLOCK_WRONG or (state is OAuthState.SIGNATURE_REFUSED and is_off):
        return trouble(OAuthState.CLOCK_WRONG, _clock(ahead))
    return trouble(state)


def _unknown_consumer(wait: Wait, now: float, zone: str) -> OAuthTrouble:
    """Tell a consumer that is too young from one that is wrong; without its age, say so."""
    if not wait.made or wait.made > now:
        return trouble(OAuthState.CONSUMER_REFUSED, "A new one is refused like this until it is active.")
    if now < wait.works_from:
        when = moment(wait.works_from, now, zone)
        return trouble(
            OAuthState.NOT_ACTIVE,
            f"It was made {span(now - wait.made)} ago and works from the next regional midnight, at the latest {when}.",
        )
    if now < wait.made + wait.longest:
        return trouble(
            OAuthState.NOT_ACTIVE,
            f"It was made {span(now - wait.made)} ago and should work since {moment(wait.works_from, now, zone)}; "
            "some took until the next business day.",
        )
    return trouble(
        OAuthState.CONSUMER_REFUSED, f"It was made {span(now - wait.made)} ago and should work by now."
    )


def _clock(ahead: float | None) -> str:
    if ahead is None:
        return ""
    way = "ahead of" if ahead > 0 else "behind"
    return f"This PC's clock is {span(abs(ahead))} {way} the broker's."


def _next(midnight: Midnight, after: float) -> float:
    """Return the first such moment later than `after`."""
    hour, minute = (int(part) for part in midnight.at.split(":"))
    zone = ZoneInfo(midnight.zone)
    local = datetime.fromtimestamp(after, UTC).astimezone(zone)
    # Counted on the wall, so that a night of 23 or 25 hours makes no difference.
    then = local.replace(hour=hour, minute=minute, second=0, microsecond=0, fold=0)
    while then.timestamp() <= after:
        then = (then.replace(tzinfo=None) + timedelta(days=1)).replace(tzinfo=zone)
    return then.timestamp()


def _text(answer: Answer) -> str:
    """Return the broker's own words in small letters; they may name the token, so they go no further."""
    said = answer.document.get("error") if isinstance(answer.document, dict) else ""
    return said.lower() if isinstance(said, str) else ""
