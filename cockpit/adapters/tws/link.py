"""The API socket of TWS or IB Gateway: everything the cockpit can ask there, each answer as observations.

It listens and asks; it never cancels, changes or sends an order. The one order frame it can make is a what-if, in
`preview`, and the guard under the socket reads that frame once more before it leaves.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from ib_async import Contract

from cockpit.adapters.foreign_text import clean
from cockpit.adapters.tws import accounts as tws_accounts
from cockpit.adapters.tws import contracts as tws_contracts
from cockpit.adapters.tws import preview as tws_preview
from cockpit.adapters.tws import readings as tws_readings
from cockpit.adapters.tws.contracts import Resolved
from cockpit.adapters.tws.door import enter
from cockpit.adapters.tws.feed import SUBSCRIPTIONS_LOST, FeedLook
from cockpit.adapters.tws.library_log import quieten_library
from cockpit.adapters.tws.messages import Bulletin, ClockRead, Code
from cockpit.adapters.tws.session import TwsSession
from cockpit.adapters.tws.status import Status
from cockpit.adapters.tws.timeouts import Timeouts
from cockpit.adapters.tws.whatif import encode
from cockpit.domain import kinds
from cockpit.domain.evidence import Observation
from cockpit.domain.kinds import Door, FeedState
from cockpit.domain.plan import Instrument, Socket, Ticket
from cockpit.services.errors import ConnectionEnded, DoorTrouble, NoAnswer, NotPermitted, Refused
from cockpit.services.ports import Clock, Preview, Report, Tally

# "No such contract", and "exchange unknown": reasons to ask once more under the exchange's other name.
_NOT_FOUND, _EXCHANGE_UNKNOWN = 200, 464

_BULLETIN_WORDS = {2: "Exchange unavailable: ", 3: "Exchange available again: "}


class TwsLink:
    """One API socket (`SocketLink`). Open it, ask it, and open it again when it has ended.

    All methods belong to one event loop. They raise Trouble only: DoorTrouble from `open`, NoAnswer, ConnectionEnded,
    Refused, Unreadable or NotPermitted from the others; what was seen is reported before that.
    """

    def __init__(
        self, socket: Socket, report: Report, clock: Clock, tally: Tally, timeouts: Timeouts | None = None
    ) -> None:
        quieten_library()
        self._socket = socket
        self._report = report
        self._clock = clock
        self._tally = tally
        self._timeouts = timeouts or Timeouts()
        self._status = Status(socket.subject, clock)
        self._session: TwsSession | None = None
        self._resolved: dict[Instrument, Resolved] = {}
        self._next_client_id = socket.client_ids[0]
        self._opening = asyncio.Lock()

    @property
    def socket(self) -> Socket:
        """Which door this is."""
        return self._socket

    @property
    def is_open(self) -> bool:
        """Whether a session stands."""
        return self._session is not None and self._session.is_open

    async def open(self) -> None:
        """Connect and wait until accounts and next id have come; at once when it is open already.

        Client ids of the socket's range are tried in turn, from the one that worked last. Raises DoorTrouble.
        """
        async with self._opening:
            if self.is_open:
                return
            self._status.forget()
            self._resolved.clear()
            try:
                session = await enter(self._socket, self._timeouts, self._next_client_id, self._make_session)
            except DoorTrouble as trouble:
                self._see(
                    kinds.DOOR.seen(self._subject, trouble.door.value, self._now, note=trouble.sentence)
                )
                raise
            self._adopt(session)

    async def close(self) -> None:
        """End the session; never raises."""
        session, self._session = self._session, None
        if session is not None:
            await session.close(self._timeouts.goodbye)

    async def ended(self) -> None:
        """Return when the session has ended; at once when there is none."""
        if self._session is not None:
            await asyncio.shield(self._session.over)

    async def beat(self) -> float:
        """Ask the broker's clock; return the round trip in seconds.

        Raises NoAnswer when a frozen program or a half-open connection swallows the question: the door is silent then.
        """
        session, asked = self._standing(), self._clock.monotonic()
        try:
            answer = await tws_readings.read_clock(session, self._timeouts.beat)
        except NoAnswer as trouble:
            self._see(kinds.DOOR.seen(self._subject, Door.SILENT.value, self._now, note=trouble.sentence))
            raise
        round_trip = max(0.0, answer.monotonic - asked)
        self._see(*self._beat_facts(session, answer, round_trip))
        return round_trip

    async def ask_upstream(self) -> None:
        """Ask for bulletins, wait a moment for them, and confirm the farms that were told of."""
        await tws_readings.read_bulletins(self._standing(), self._timeouts.bulletins, self._see_bulletin)
        self._see(*self._status.farms())

    async def ask_accounts(self) -> None:
        """Ask the account summary of every account, and the family codes."""
        rows = await tws_readings.read_summary(self._standing(), self._timeouts.summary)
        self._see(*tws_accounts.summary_facts(rows, self._now))
        try:
            families = await tws_readings.read_families(self._standing(), self._timeouts.families)
        except NoAnswer:
            return  # not every build answers; the account values stand on their own
        self._see(kinds.FAMILY.seen(self._subject, tws_accounts.family_words(families), self._now))

    async def ask_orders(self) -> None:
        """Count the open orders of all clients by origin; a read-only API is reported, not raised."""
        orders = await tws_readings.read_orders(self._standing(), self._timeouts.orders)
        if orders is None:
            self._see(kinds.ORDERS_READ.seen(self._subject, False, self._now, note="the API is read-only"))
            return
        self._see(
            kinds.OPEN_ORDERS.seen(self._subject, tws_accounts.origins(orders), self._now),
            kinds.ORDERS_READ.seen(self._subject, True, self._now),
        )

    async def ask_feed(self, instrument: Instrument) -> None:
        """Look what arrives for one instrument: one line, given back at once."""
        subject = f"{self._subject}/feed/{instrument.key}"
        try:
            contract = await self._priced(instrument)
        except Refused as trouble:
            note = f"{trouble.code} {trouble.quote or trouble.sentence}"
            self._see(kinds.FEED.seen(subject, FeedState.REFUSED.value, self._now, note=note))
            return
        look = FeedLook(instrument.sec_type, instrument.needs_greeks)
        await tws_readings.look_at_feed(self._standing(), contract, look, self._timeouts.feed, self._tally)
        self._see(*look.facts(subject, self._now))
        self._see(*self._status.looked_at(subject, look.state is FeedState.LIVE))

    async def ask_contract(self, instrument: Instrument, *, with_listing: bool = True) -> None:
        """Ask how the contract resolves, what is offered for it here and where it is listed, and when it trades.

        An option without a strike is told to be several without asking: the answer would be a whole chain.
        """
        subject = f"{self._subject}/contract/{instrument.key}"
        if tws_contracts.is_chain(instrument):
            self._see(kinds.CONTRACT.seen(subject, "several", self._now, note=tws_contracts.NEEDS_STRIKE))
            return
        try:
            resolved = await self._resolve(instrument)
        except Refused as trouble:
            if trouble.code not in {_NOT_FOUND, _EXCHANGE_UNKNOWN}:
                raise
            note = f"{trouble.code} {trouble.quote}"
            self._see(*tws_contracts.facts(subject, Resolved(()), self._now, note))
            return
        self._see(*tws_contracts.facts(subject, resolved, self._now))
        if with_listing:
            await self._ask_listing(subject, resolved, instrument.key)

    async def preview(self, ticket: Ticket, instrument: Instrument) -> Preview:
        """Ask a what-if. It creates no order; it is the only method that sends an order frame.

        Raises NotPermitted for a ticket that cannot be previewed, Refused with the broker's code, NoAnswer when
        nothing comes (usual while the market is closed). Whether the broker took or refused the ticket is reported.
        """
        tws_preview.check(ticket)
        if tws_contracts.is_chain(instrument):
            raise NotPermitted(f"{clean(instrument.key, 60)} {tws_contracts.NEEDS_STRIKE}.")
        contract = (await self._known(instrument)).chosen
        if contract is None:
            raise NotPermitted(f"{clean(instrument.key, 60)} does not name exactly one contract.")
        session, answer = self._standing(), tws_preview.PreviewAnswer()
        with tws_readings.asking(session, "a preview", self._timeouts.what_if) as (request, question):
            order = tws_preview.question(ticket, contract, self._account_of(ticket, session), request)
            session.send_order_frame(encode(order, session.version.result()))
            try:
                while answer.preview is None:
                    answer.take(await anext(question))
            except Refused as trouble:
                self._see(*tws_preview.refusal_facts(self._subject, ticket, trouble, self._now))
                raise
        self._see(
            kinds.READ_ONLY.seen(self._subject, False, self._now, note="a preview was answered"),
            kinds.PREVIEWED.seen(
                f"{self._subject}/preview/{ticket.key}", True, self._now, note=answer.preview.warning
            ),
        )
        return answer.preview

    @property
    def _now(self) -> float:
        return self._clock.now()

    @property
    def _subject(self) -> str:
        return self._socket.subject

    def _see(self, *observations: Observation) -> None:
        if observations:
            self._report(observations)

    def _see_bulletin(self, bulletin: Bulletin) -> None:
        subject = f"{self._subject}/bulletin/{bulletin.id}"
        words = _BULLETIN_WORDS.get(bulletin.kind, "") + clean(bulletin.text)
        note = f"type {bulletin.kind} {clean(bulletin.exchange, 40)}".strip()
        self._see(kinds.BULLETIN.seen(subject, words, self._now, note=note))

    def _make_session(self, client_id: int, hear: Callable[[Code], None]) -> TwsSession:
        def on_code(code: Code) -> None:
            self._see(*self._status.hear(code))
            hear(code)
            if code.code == SUBSCRIPTIONS_LOST:
                session.questions.tell_all(code)

        session = TwsSession(self._clock, self._tally, client_id, on_code)
        return session

    def _adopt(self, session: TwsSession) -> None:
        """Take over a session that stands, say what it is, and watch for its end."""
        self._session = session
        self._next_client_id = session.client_id
        self._tally.client_id(+1)
        now = self._now
        self._see(
            kinds.DOOR.seen(self._subject, Door.OPEN.value, now),
            kinds.CLIENT_ID.seen(self._subject, session.client_id, now),
            kinds.SERVER_VERSION.seen(self._subject, session.version.result(), now),
            self._accounts(session),
            kinds.CONNECTED_AT.seen(self._subject, now, now),
        )
        session.over.add_done_callback(lambda _: self._on_over(session))

    def _on_over(self, session: TwsSession) -> None:
        self._tally.client_id(-1)
        # A session that was closed on purpose is no longer this one's.
        if session is self._session:
            self._session = None
            self._see(kinds.DOOR.seen(self._subject, Door.LOST.value, self._now, note=session.why_over))

    def _standing(self) -> TwsSession:
        if self._session is None or not self._session.is_open:
            raise ConnectionEnded(f"There is no connection to {self._socket.program}.")
        return self._session

    def _beat_facts(self, session: TwsSession, answer: ClockRead, round_trip: float) -> Sequence[Observation]:
        now = self._now
        # The answer has whole seconds, so half a second more has passed on average; and it travelled half the way.
        offset = answer.seconds + 0.5 - (answer.arrived - round_trip / 2)
        return (
            kinds.ROUND_TRIP.seen(self._subject, round_trip, now),
            kinds.BROKER_CLOCK.seen(
                self._subject, offset, now, note="whole seconds, so within half a second"
            ),
            kinds.DOOR.seen(self._subject, Door.OPEN.value, now, note="the heartbeat is answered"),
            self._accounts(session, note="told at the sign-in, and no other word since"),
            self._status.upstream(),
        )

    def _accounts(self, session: TwsSession, note: str = "") -> Observation:
        """Say which accounts a session manages: they come once and hold as long as it does."""
        names = tws_accounts.accounts(session.accounts)
        return kinds.ACCOUNTS.seen(self._subject, names, self._now, note=note)

    async def _priced(self, instrument: Instrument) -> Contract:
        """Return the contract to take data of: as the settings name it, or the nearest one."""
        if not tws_contracts.needs_resolving(instrument):
            return tws_contracts.question(instrument)
        contract = (await self._known(instrument)).number
        if contract is None:
            raise Refused(_NOT_FOUND, "", f"{clean(instrument.key, 60)} does not name exactly one contract.")
        return contract

    async def _known(self, instrument: Instrument) -> Resolved:
        """Return how an instrument resolved, asking at most once per session."""
        known = self._resolved.get(instrument)
        return known if known is not None else await self._resolve(instrument)

    async def _resolve(self, instrument: Instrument) -> Resolved:
        """Ask contract details, under the exchange's other name when the first is not known."""
        if tws_contracts.is_chain(instrument):
            raise Refused(_NOT_FOUND, "", f"{clean(instrument.key, 60)} {tws_contracts.NEEDS_STRIKE}.")
        seconds, contract = self._timeouts.details, tws_contracts.question(instrument)
        try:
            fits = await tws_readings.read_details(self._standing(), contract, instrument.key, seconds)
        except Refused as trouble:
            other = tws_contracts.under_other_name(instrument)
            if other is None or trouble.code not in {_NOT_FOUND, _EXCHANGE_UNKNOWN}:
                raise
            contract = tws_contracts.question(other)
            fits = await tws_readings.read_details(self._standing(), contract, instrument.key, seconds)
        resolved = tws_contracts.resolve(instrument, fits, self._now)
        self._resolved[instrument] = resolved
        return resolved

    async def _ask_listing(self, subject: str, resolved: Resolved, key: str) -> None:
        """Ask the order types where the contract is listed; without an answer they stay unknown."""
        contract = tws_contracts.at_listing(resolved)
        if contract is None:
            return
        try:
            fits = await tws_readings.read_details(self._standing(), contract, key, self._timeouts.listing)
        except (NoAnswer, Refused):
            return
        self._see(*tws_contracts.listing_facts(subject, resolved, fits, self._now))

    def _account_of(self, ticket: Ticket, session: TwsSession) -> str:
        """Return the ticket's account; without one the session's, when it has only one."""
        managed = tws_accounts.accounts(session.accounts)
        return ticket.account or (managed[0] if len(managed) == 1 else "")
