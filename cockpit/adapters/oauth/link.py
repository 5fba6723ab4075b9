"""The Web API by OAuth as the OAuthLink port: a live session, how far it goes, the accounts it reaches.

It never starts a brokerage session, for that could end the one another program holds: where none stands, the state
is "signed in", and that is all this door can say.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from cockpit.adapters.catalogue import Catalogue
from cockpit.adapters.machine.threads import Aside
from cockpit.adapters.oauth.access import Access
from cockpit.adapters.oauth.calls import ENDPOINTS, address_of
from cockpit.adapters.oauth.keys import examined, read_secret_file
from cockpit.adapters.oauth.refusals import Wait, made_at, midnights, refusal
from cockpit.adapters.oauth.sightings import OAuthSightings
from cockpit.adapters.oauth.trouble import OAuthTrouble, trouble
from cockpit.adapters.oauth.wire import OAuthWire, Timeouts, Told
from cockpit.adapters.portal import calls
from cockpit.adapters.portal.accounts import tell_accounts
from cockpit.adapters.portal.answers import Answer, AuthStatus, Body, PortfolioAccount, UserAccounts
from cockpit.adapters.portal.calls import Endpoint, form
from cockpit.adapters.portal.pacing import CoolingDown, Pacer
from cockpit.adapters.portal.pinning import Pin
from cockpit.adapters.portal.sightings import Sightings
from cockpit.adapters.portal.stage import stage_of
from cockpit.domain.evidence import Provenance
from cockpit.domain.kinds import PortalStage
from cockpit.domain.oauth import OAuthSecret, OAuthState, WebApi, secret_name
from cockpit.domain.plan import Plan
from cockpit.domain.secret import Secret
from cockpit.services.errors import Unreadable
from cockpit.services.ports import Clock, Report, Tally, Vault

# What holds when the catalogue's row is missing: the careful end of what is published.
_RATE, _PENALTY, _LIFETIME, _WAIT = 10.0, 900.0, 24 * 3600.0, 3 * 24 * 3600.0
_READING = 5.0  # seconds for a key file, which may lie on a network drive
_STATES = {
    # A signed call was answered, so the outer session stands whatever the flags of the inner one say.
    PortalStage.SIGNED_OUT: OAuthState.SIGNED_IN,
    PortalStage.SIGNED_IN: OAuthState.SIGNED_IN,
    PortalStage.STARTING: OAuthState.STARTING,
    PortalStage.TRADING: OAuthState.TRADING,
    PortalStage.COMPETING: OAuthState.COMPETING,
    PortalStage.BACKEND_LOST: OAuthState.BACKEND_LOST,
}
_NOT_TRADING = "no brokerage session; the cockpit starts none, because that could end another program's"


class OAuthLink:
    """One consumer at the Web API. It reads; no request that orders, signs out or competes can be formed."""

    def __init__(
        self,
        web_api: WebApi,
        plan: Callable[[], Plan],
        catalogue: Catalogue,
        vault: Vault,
        learn: Callable[[str], None],
        report: Report,
        tally: Tally,
        clock: Clock,
        timeouts: Timeouts | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Nothing is dialled yet. `learn` hides a secret in every log; `sleep` waits for the pace.

        Raises NotPermitted when the settings name a host that is neither the broker's nor this PC.
        """
        self._web_api = web_api
        self._plan = plan
        self._vault = vault
        self._learn = learn
        self._clock = clock
        self._midnights = midnights((row.key, row.at, row.zone) for row in catalogue.ends)
        self._longest_wait = catalogue.limit("oauth-consumer-wait", _WAIT)
        self._penalty = catalogue.limit("web-api-penalty", _PENALTY)
        spacings = {row.name: catalogue.limit(row.limit, 0.0) for row in ENDPOINTS if row.limit}
        rate = catalogue.limit("web-api-requests-per-second", _RATE)
        self._pacer = Pacer(clock, rate, spacings, sleep)
        self._wire = OAuthWire(
            address_of(web_api, catalogue), web_api.fingerprint, self._pacer, tally, clock, timeouts
        )
        lifetime = catalogue.limit("live-session", _LIFETIME)
        self._access = Access(web_api, vault, self._wire, clock, learn, self._refusal, lifetime)
        self._seen = OAuthSightings(report, clock)
        self._accounts_seen = Sightings(self._seen.as_portal, clock, Pin("", ()))
        self._is_proven = False  # whether a data call has confirmed that trading really stands
        self._turn = asyncio.Lock()
        self._aside: Aside[Secret] = Aside()

    @property
    def web_api(self) -> WebApi:
        """Which consumer this is, and where it is asked."""
        return self._web_api

    async def ask_session(self) -> None:
        """Ask how far the session goes; begin one when there is none. Reports first, raises Trouble only."""
        async with self._turn:
            answer = await self._asked(calls.STATUS)
            self._seen.round_trip(answer.seconds, "POST /iserver/auth/status")
            await self._conclude(answer)

    async def ask_accounts(self) -> None:
        """Ask the accounts of the user: company, margin class, trading flag. What was just asked is not asked again."""
        async with self._turn:
            if not self._pacer.is_free(calls.ACCOUNTS.name):
                return
            answer = await self._asked(calls.ACCOUNTS)
            if answer.status != 200 or answer.body is not Body.JSON:
                raise self._refusal(Told(answer, None))  # of this question only: the session may stand
            try:
                rows = answer.read(tuple[PortfolioAccount, ...])
                await tell_accounts(rows, self._meta, self._accounts_seen)
            except Unreadable:
                raise trouble(OAuthState.UNREADABLE) from None

    async def renew(self) -> None:
        """Ask for a session now, although it was refused a short while ago: the trader has mended something."""
        self._access.release()
        await self.ask_session()

    async def keep_text(self, which: OAuthSecret, text: Secret) -> None:
        """See that a text can be used, and keep it in the vault. Raises Unreadable, and VaultTrouble."""
        self._learn(text.reveal())
        await self._keep(which, examined(text.reveal().encode("utf-8", "replace"), which))

    async def keep_file(self, which: OAuthSecret, path: Path) -> None:
        """Read a key file that the trader points to, and keep it in the vault. Raises Unreadable, and VaultTrouble."""
        try:
            secret = await self._aside.run(str(path), lambda: read_secret_file(path, which), _READING)
        except TimeoutError:
            raise Unreadable(f"The file could not be read within {_READING:g} s.") from None
        self._learn(secret.reveal())
        await self._keep(which, secret)

    async def _keep(self, which: OAuthSecret, secret: Secret) -> None:
        if not self._web_api.consumer:
            raise trouble(OAuthState.NOT_SET_UP)
        await self._vault.put(secret_name(self._web_api.consumer, which), secret.reveal())
        self._access.forget()
        self._access.release()

    async def close(self) -> None:
        """Close connections; never raises and never logs anybody out. The live session token is forgotten."""
        self._access.forget()
        await self._wire.close()

    async def _asked(self, endpoint: Endpoint, **parts: str) -> Answer:
        """Make a signed call, with a new session if the old one is over; report whatever keeps it from an answer."""
        until = self._pacer.paused_until
        if until is not None:
            raise self._paused(until)
        held = self._access.held
        try:
            session, is_new = await self._access.session()
            if is_new:
                self._tell_end(session.ends, session.is_told)
            told = await self._wire.ask(form(endpoint, **parts), session.caller, session.signer)
        except OAuthTrouble as refused:
            self._told(refused, is_remembered=held is not None)
            raise
        if told.answer.status == 429:
            raise self._paused(self._pacer.cool_down(self._penalty))
        if told.answer.status == 401:
            self._access.lost()
            self._seen.ends(self._clock.now(), "401: the token was refused")
            meaning = self._refusal(told)
            # A token that has run out makes a signature that fits nothing, and the broker does not say which it is.
            is_over = meaning.state is OAuthState.SIGNATURE_REFUSED
            raise self._told(trouble(OAuthState.ENDED) if is_over else meaning)
        return told.answer

    async def _meta(self, account: str) -> Answer:
        return await self._asked(calls.ACCOUNT_META, account=account)

    async def _conclude(self, answer: Answer) -> None:
        """Report the state that a status answer means; trading only after a data call has confirmed it."""
        try:
            flags = answer.read(AuthStatus) if answer.body is Body.STATUS else AuthStatus()
        except Unreadable:
            raise self._told(trouble(OAuthState.UNREADABLE)) from None
        if answer.status != 200 and answer.body not in (Body.NO_BRIDGE, Body.NOT_READY):
            raise self._told(self._refusal(Told(answer, None)))
        row, status = stage_of(answer.status, answer.body, flags), answer.status
        if row.stage is PortalStage.TRADING and not self._is_proven:
            proof = await self._asked(calls.USER_ACCOUNTS)
            if proof.status == 200 and proof.body is Body.JSON:
                self._is_proven = True
                self._accounts_seen.accounts(_accounts(proof), "GET /iserver/accounts")
            else:
                row, status = stage_of(proof.status, proof.body), proof.status
        self._is_proven = self._is_proven and row.stage is PortalStage.TRADING
        state = _STATES.get(row.stage, OAuthState.UNCLEAR)
        self._seen.state(state, f"{status}: {_NOT_TRADING if state is OAuthState.SIGNED_IN else row.because}")

    def _refusal(self, told: Told) -> OAuthTrouble:
        if told.answer.status == 429:
            return self._cooling(self._pacer.cool_down(self._penalty))
        plan = self._plan()
        wait = Wait(made_at(plan.register, self._web_api.consumer), self._midnights, self._longest_wait)
        return refusal(told.answer, told.ahead, wait, self._clock.now(), plan.zone)

    def _told(self, refused: OAuthTrouble, *, is_remembered: bool = False) -> OAuthTrouble:
        """Report a trouble and return it. One that was not asked about anew is derived from the last answer."""
        self._is_proven = False
        note = f"{refused.sentence} Not asked again yet." if is_remembered else refused.sentence
        provenance = Provenance.INFERRED if is_remembered else Provenance.MEASURED
        self._seen.state(refused.state, note, provenance)
        return refused

    def _tell_end(self, ends: float, is_told: bool) -> None:
        if is_told:
            self._seen.ends(ends, "as the broker says")
        else:
            self._seen.ends(ends, "counted from the published lifetime", Provenance.INFERRED)

    def _paused(self, until: float) -> CoolingDown:
        self._told(self._cooling(until))
        return CoolingDown(until)

    def _cooling(self, until: float) -> OAuthTrouble:
        end = datetime.fromtimestamp(until, UTC).strftime("%H:%M UTC")
        return OAuthTrouble(
            OAuthState.COOLING_DOWN, f"The broker asked for a pause (429): nothing is sent until {end}."
        )


def _accounts(answer: Answer) -> tuple[str, ...]:
    try:
        return answer.read(UserAccounts).accounts
    except Unreadable:
        return ()
