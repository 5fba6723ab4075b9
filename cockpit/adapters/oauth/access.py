"""The live session of one consumer: made from the vault's secrets when it is needed, used until it ends.

It lives in memory only. A broker that refuses is left in peace for a while, and so is one that ended a session
early: another program may use the same consumer, and two that take it from each other help nobody.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from cockpit.adapters.oauth.calls import LIVE_SESSION_TOKEN
from cockpit.adapters.oauth.exchange import Exchange, Granted, NotGenuine
from cockpit.adapters.oauth.keys import KeyRing, key_ring
from cockpit.adapters.oauth.signing import Caller, KeySigner, SessionSigner
from cockpit.adapters.oauth.trouble import OAuthTrouble, trouble
from cockpit.adapters.oauth.wire import OAuthWire, Told
from cockpit.adapters.portal.answers import Body
from cockpit.adapters.portal.calls import form
from cockpit.domain.oauth import OAuthSecret, OAuthState, WebApi, secret_name
from cockpit.services.errors import Unreadable, VaultTrouble
from cockpit.services.ports import Clock, Vault

_EARLY = 60.0  # seconds before its end from which a token is not used any more
_REST = 600.0  # seconds between two tokens when the first was refused before its time
_LONGEST = 25 * 3600.0  # seconds; a token that claims to live longer is misread


class LiveSession(Struct, frozen=True):
    """A live session token in use. `ends` in UTC epoch seconds; `is_told` whether the broker named that end."""

    caller: Caller
    signer: SessionSigner
    ends: float
    is_told: bool

    def __repr__(self) -> str:
        return f"LiveSession(ends={self.ends:.0f})"


Refuse = Callable[[Told], OAuthTrouble]
"""Says what an answer means that brought nothing."""


class Access:
    """Keeps the live session of one consumer. Raises Trouble only."""

    def __init__(
        self,
        web_api: WebApi,
        vault: Vault,
        wire: OAuthWire,
        clock: Clock,
        learn: Callable[[str], None],
        refuse: Refuse,
        lifetime: float,
    ) -> None:
        """`learn` hides a secret in every log; `lifetime` in seconds counts when the broker names no end."""
        self._web_api = web_api
        self._vault = vault
        self._wire = wire
        self._clock = clock
        self._learn = learn
        self._refuse = refuse
        self._lifetime = lifetime
        self._live: LiveSession | None = None
        self._held: OAuthTrouble | None = None
        self._held_until = 0.0  # monotonic
        self._asked_at: float | None = None  # monotonic

    @property
    def held(self) -> OAuthTrouble | None:
        """Why no session is asked for now; None when one may be."""
        return self._held if self._held is not None and self._clock.monotonic() < self._held_until else None

    def release(self) -> None:
        """Ask anew next time whatever was refused before: the trader wants it."""
        self._held, self._asked_at = None, None

    def forget(self) -> None:
        """Use the live session no more."""
        self._live = None

    def lost(self) -> None:
        """The broker refused the live session. When it did not last, the broker is left in peace for a while."""
        self.forget()
        asked = self._asked_at
        if asked is not None and self._clock.monotonic() < asked + _REST:
            self._hold(trouble(OAuthState.ENDED, "It did not last long."), asked + _REST)

    async def session(self) -> tuple[LiveSession, bool]:
        """Return the live session, and whether it is a new one. Raises what is held, OAuthTrouble, VaultTrouble."""
        live = self._live
        if live is not None and self._clock.now() < live.ends - _EARLY:
            return live, False
        held = self.held
        if held is not None:
            raise OAuthTrouble(held.state, held.sentence, held.remedy, held.again)
        keys = await self._keys()
        try:
            self._live = await self._begin(keys)
        except OAuthTrouble as refused:
            if refused.again:
                self._hold(refused, self._clock.monotonic() + refused.again)
            raise
        return self._live, True

    def _hold(self, refused: OAuthTrouble, until: float) -> None:
        self._held, self._held_until = refused, until

    async def _keys(self) -> KeyRing:
        """Read all secrets; whoever writes a log learns of each before anything else happens."""
        texts: dict[OAuthSecret, str] = {}
        if not self._web_api.consumer:
            raise trouble(OAuthState.NOT_SET_UP)
        for which in OAuthSecret:
            try:
                text = await self._vault.get(secret_name(self._web_api.consumer, which))
            except VaultTrouble as shut:
                raise OAuthTrouble(OAuthState.KEYCHAIN_SHUT, shut.sentence, shut.remedy) from shut
            if not text:
                raise trouble(OAuthState.NOT_SET_UP, f"The {which.value.replace('-', ' ')} is missing.")
            self._learn(text)
            texts[which] = text
        try:
            keys = key_ring(texts)
        except Unreadable as odd:
            raise OAuthTrouble(OAuthState.KEYS_UNREADABLE, odd.sentence, odd.remedy) from odd
        self._learn(keys.secret.hex())
        return keys

    async def _begin(self, keys: KeyRing) -> LiveSession:
        caller = Caller(self._web_api.consumer, keys.token, self._web_api.realm)
        exchange = Exchange(keys.prime)
        signer = KeySigner(keys.signature_key, keys.secret)
        self._asked_at = self._clock.monotonic()
        told = await self._wire.ask(
            form(LIVE_SESSION_TOKEN), caller, signer, diffie_hellman_challenge=exchange.challenge
        )
        if told.answer.status != 200 or told.answer.body is not Body.JSON:
            raise self._refuse(told)
        try:
            granted = told.answer.read(Granted)
            token = exchange.token(granted, keys.secret, caller.consumer)
        except NotGenuine:
            raise trouble(OAuthState.NOT_GENUINE) from None
        except Unreadable:
            raise trouble(OAuthState.UNREADABLE) from None
        self._learn(token.hex())
        now, ends = self._clock.now(), granted.live_session_token_expiration / 1000
        is_told = now < ends <= now + _LONGEST
        return LiveSession(caller, SessionSigner(token), ends if is_told else now + self._lifetime, is_told)
