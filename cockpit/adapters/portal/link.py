"""The Client Portal gateway as the PortalLink port: its door, its sign-in in two tiers, its accounts, its stream."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from cockpit.adapters.catalogue import Catalogue
from cockpit.adapters.portal import calls
from cockpit.adapters.portal.accounts import tell_accounts
from cockpit.adapters.portal.answers import (
    Answer,
    AuthStatus,
    Body,
    PortfolioAccount,
    Tickled,
    UserAccounts,
    Validated,
)
from cockpit.adapters.portal.calls import Endpoint, form
from cockpit.adapters.portal.instruments import Instruments
from cockpit.adapters.portal.pacing import CoolingDown, Pacer
from cockpit.adapters.portal.pinning import Pin
from cockpit.adapters.portal.sightings import Sightings
from cockpit.adapters.portal.stage import Row, stage_of
from cockpit.adapters.portal.stream import Frame, follow
from cockpit.adapters.portal.wire import PortalShut, PortalWire, Timeouts
from cockpit.domain.kinds import PortalDoor, PortalStage
from cockpit.domain.plan import Instrument, Portal
from cockpit.services.errors import ConnectionEnded, NoAnswer, Refused, Trouble
from cockpit.services.ports import Clock, Report, Tally

# What holds when the catalogue's row is missing: the careful end of what is published.
_RATE, _PENALTY = 10.0, 900.0
_MOBILE = "IBKRMOBILE"  # how the sign-in check names a login that the phone lent
_ACCESS_DENIED = "404, Access Denied"


class WebApiLink:
    """One gateway. It reads; it never signs in or out, orders, replies or competes: no such request can be formed."""

    def __init__(
        self,
        portal: Portal,
        report: Report,
        tally: Tally,
        clock: Clock,
        catalogue: Catalogue,
        timeouts: Timeouts | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Nothing is dialled yet. A pinned text that is no fingerprint makes every certificate unknown."""
        self._portal = portal
        self._timeouts = timeouts or Timeouts()
        self._penalty = catalogue.limit("portal-penalty", _PENALTY)
        rate = catalogue.limit("portal-requests-per-second", _RATE)
        spacings = {row.name: catalogue.limit(row.limit, 0.0) for row in calls.ENDPOINTS if row.limit}
        self._pacer = Pacer(clock, rate, spacings, sleep)
        self._pacer.assume_made(calls.VALIDATE.name)
        vendor = [row.fingerprint for row in catalogue.certificates if row.key_is_public]
        self._pin = Pin(portal.fingerprint, vendor)
        self._wire = PortalWire(
            portal.host, portal.port, self._pin, self._pacer, tally, clock, self._timeouts
        )
        self._seen = Sightings(report, clock, self._pin)
        self._instruments = Instruments(self._of_trading, report, clock, tally, sleep)
        self._flags = AuthStatus()
        self._is_proven = False  # whether a data call has confirmed that trading really stands

    @property
    def portal(self) -> Portal:
        """Which gateway this is."""
        return self._portal

    async def trust(self, fingerprint: str) -> None:
        """Pin a certificate that the trader has compared; open connections end. Raises ValueError if it is none."""
        self._pin.expect(fingerprint)
        self._portal = replace(self._portal, fingerprint=fingerprint)
        await self._wire.close()

    async def knock(self) -> None:
        """Try the door with the one request that the gateway answers itself. Within a pause nothing is sent."""
        if self._is_paused():
            return
        try:
            answer = await self._asked(calls.KNOCK)
        except (NoAnswer, ConnectionEnded) as trouble:
            self._seen.door(PortalDoor.NO_ANSWER, trouble.sentence)
            raise
        self._seen.door(PortalDoor.OPEN, f"GET / → {answer.status}")

    async def ask_session(self) -> None:
        """Ask the brokerage session's flags, then how long the portal session lasts."""
        if self._is_paused():
            return
        answer = await self._proxied(calls.STATUS)
        self._seen.round_trip(answer.seconds)
        self._flags = answer.read(AuthStatus) if answer.body is Body.STATUS else AuthStatus()
        row, status = stage_of(answer.status, answer.body, self._flags), answer.status
        if row.stage is PortalStage.TRADING and not self._is_proven:
            row, status = await self._prove(row)
        self._conclude(row, status)
        if row.stage is not PortalStage.SIGNED_OUT:
            await self._ask_lifetime(row)

    async def ask_accounts(self) -> None:
        """Ask the accounts of the user: company, margin class, trading flag. What was just asked is not asked again."""
        if self._is_paused() or not self._pacer.is_free(calls.ACCOUNTS.name):
            return
        answer = await self._proxied(calls.ACCOUNTS)
        if answer.status != 200 or answer.body is not Body.JSON:
            self._conclude(stage_of(answer.status, answer.body), answer.status)
            raise Refused(answer.status, answer.body, "The portal did not name its accounts.")

        async def meta(account: str) -> Answer:
            return await self._proxied(calls.ACCOUNT_META, account=account)

        await tell_accounts(answer.read(tuple[PortfolioAccount, ...]), meta, self._seen)

    async def ask_contract(self, instrument: Instrument, is_buy: bool, con_id: int = 0) -> None:
        """Ask which orders a contract takes on one side, with its clarification and its overnight session.

        `con_id` is the broker's number when another interface knows it; without it only stocks and futures are found.
        """
        if not self._is_paused():
            await self._instruments.rules(instrument, is_buy, con_id)

    async def ask_snapshot(
        self, instruments: Sequence[Instrument], con_ids: Mapping[str, int] | None = None
    ) -> None:
        """Ask data letters, tradability and permission of all instruments in two calls; no line stays taken."""
        if self._is_paused():
            return
        if not self._is_proven:  # the broker prices nothing before its accounts were asked
            answer = await self._of_trading(calls.USER_ACCOUNTS)
            if answer.status != 200 or answer.body is not Body.JSON:
                raise Refused(answer.status, answer.body, "The gateway did not name its accounts.")
        await self._instruments.snapshot(instruments, con_ids or {})

    async def listen(self) -> None:
        """Follow the stream until it ends; raises NoAnswer when it stays silent, ConnectionEnded when it ends."""
        until = self._pacer.paused_until
        if until is not None:
            raise CoolingDown(until)
        try:
            await follow(self._wire, self._timeouts, self._beat, self._take)
        except NoAnswer as silence:
            self._seen.stream("silent", silence.sentence)
            raise
        except Trouble as trouble:
            self._seen.stream("closed", trouble.sentence)
            if isinstance(trouble, PortalShut):
                self._seen.door(trouble.door, trouble.sentence)
            raise

    async def close(self) -> None:
        """Close connections; never raises and never logs anybody out. A snapshot that was stopped ends first."""
        await self._instruments.settle()
        await self._wire.close()

    async def _asked(self, endpoint: Endpoint, **parts: str) -> Answer:
        """Make a call; report a door that stayed shut, and a pause that the broker asks for."""
        try:
            answer = await self._wire.ask(form(endpoint, **parts))
        except PortalShut as trouble:
            self._seen.door(trouble.door, trouble.sentence)
            raise
        if answer.body is Body.DENIED:
            self._seen.door(PortalDoor.DENIED, _ACCESS_DENIED)
            raise Refused(404, "Access Denied", "The gateway's address filter refuses this PC.")
        if answer.status == 429:
            until = self._pacer.cool_down(self._penalty)
            self._is_paused()
            raise CoolingDown(until)
        return answer

    async def _proxied(self, endpoint: Endpoint, **parts: str) -> Answer:
        """Make a call that goes on to the broker; silence is looked into, because it never becomes an error.

        That happens early, so that a check with a small budget gets its answer; an answer that comes late after
        all is taken, and what is reported from it stands above the suspicion.
        """
        asked = asyncio.ensure_future(self._asked(endpoint, **parts))
        try:
            done, _ = await asyncio.wait({asked}, timeout=self._timeouts.patience)
            if not done:
                await self._look_into_silence(endpoint, self._timeouts.patience)
            try:
                return await asked
            except NoAnswer:
                await self._look_into_silence(endpoint, self._timeouts.proxied)
                raise
        finally:
            asked.cancel()
            await asyncio.gather(asked, return_exceptions=True)

    async def _of_trading(self, endpoint: Endpoint, **parts: str) -> Answer:
        """Make a call that needs the brokerage session; without one that is reported, and raised as Refused."""
        answer = await self._proxied(endpoint, **parts)
        if answer.status == 401 or answer.body in (Body.TO_SIGN_IN, Body.NO_BRIDGE):
            self._conclude(stage_of(answer.status, answer.body), answer.status)
            raise Refused(answer.status, answer.body, "The gateway holds no brokerage session.")
        return answer

    async def _look_into_silence(self, endpoint: Endpoint, seconds: float) -> None:
        """Tell a gateway whose broker is gone from one that is gone itself; the latter raises its trouble."""
        await self.knock()
        self._is_proven = False
        self._seen.upstream_dead(f"GET / answers, {endpoint.name} does not within {seconds:g} s")

    async def _prove(self, row: Row) -> tuple[Row, int]:
        """Let one data call confirm that trading stands: the flags alone have been seen to say so too early."""
        answer = await self._proxied(calls.USER_ACCOUNTS)
        if answer.status != 200 or answer.body is not Body.JSON:
            return stage_of(answer.status, answer.body), answer.status
        self._is_proven = True
        self._seen.accounts(answer.read(UserAccounts).accounts, "GET /iserver/accounts")
        return row, answer.status

    async def _ask_lifetime(self, row: Row) -> None:
        """Ask how long the portal session lasts; what was asked a moment ago is not asked again."""
        left: float | None = None
        if self._pacer.is_free(calls.TICKLE.name):
            tickled = await self._proxied(calls.TICKLE)
            if tickled.status == 200 and tickled.body is Body.JSON:
                left = tickled.read(Tickled).ssoExpires
        # The keep-alive says it as well and may be asked sixty times a minute; this one once, by all programs.
        needs_more = left is None or row.stage is PortalStage.SIGNED_IN
        if needs_more and self._pacer.is_free(calls.VALIDATE.name):
            validated = await self._proxied(calls.VALIDATE)
            if validated.status == 200 and validated.body is Body.JSON:
                said = validated.read(Validated)
                left = said.EXPIRES if left is None else left
                if row.stage is PortalStage.SIGNED_IN and (said.CLIENT_APP or "").startswith(_MOBILE):
                    self._seen.borrowed(row.stage)
        if left is not None:
            self._seen.time_left(left)

    def _beat(self) -> None:
        self._seen.stream("beating", "system frame")

    def _take(self, frame: Frame) -> None:
        """Use the frames that speak of the sign-in."""
        try:
            if frame.get("topic") == "sts":
                self._merge(msgspec.convert(frame.get("args"), AuthStatus, strict=True))
            elif frame.get("topic") == "act":
                accounts = msgspec.convert(frame.get("args"), UserAccounts, strict=True).accounts
                self._seen.accounts(accounts, "stream, act")
        except msgspec.ValidationError:  # one odd frame is passed over; the next question asks again
            return

    def _merge(self, news: AuthStatus) -> None:
        """Lay one `sts` over what was known: it says a single flag."""
        self._flags = self._flags.overlaid(news)
        row = stage_of(200, Body.STATUS, self._flags)
        # What would look better than it is waits for the next question: trading needs proof, unclear needs more.
        if row.stage is PortalStage.UNCLEAR or (row.stage is PortalStage.TRADING and not self._is_proven):
            return
        self._conclude(row, 200)

    def _conclude(self, row: Row, status: int) -> None:
        if row.stage is not PortalStage.TRADING:
            self._is_proven = False
        self._seen.stage(row, status, self._flags.fail)

    def _is_paused(self) -> bool:
        """Whether the broker wants a pause, which is then reported with its end."""
        until = self._pacer.paused_until
        if until is None:
            return False
        self._is_proven = False
        self._seen.pause(until)
        return True
