"""The API socket of TWS or IB Gateway: everything the cockpit can ask there, each answer as observations.

It listens and asks; it never cancels, changes or sends an order. The one order frame it can make is a
what-if, in `preview`, and the guard under the socket reads that frame once more before it leaves.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from ib_async import Contract, ContractDetails

from cockpit.adapters import tws_accounts, tws_contracts, tws_preview
from cockpit.adapters.foreign_text import clean
from cockpit.adapters.tws_contracts import Resolved
from cockpit.adapters.tws_door import enter
from cockpit.adapters.tws_feed import ALLOW_DELAYED, SUBSCRIPTIONS_LOST, FeedLook
from cockpit.adapters.tws_logging import quieten_library
from cockpit.adapters.tws_messages import (
    Bulletin,
    ClockRead,
    Code,
    Details,
    End,
    Families,
    OrderSeen,
    SummaryRow,
    Topic,
)
from cockpit.adapters.tws_questions import Question
from cockpit.adapters.tws_session import VALIDATION, TwsSession
from cockpit.adapters.tws_status import Status, is_read_only
from cockpit.adapters.tws_timeouts import Timeouts
from cockpit.adapters.whatif import encode
from cockpit.domain import kinds
from cockpit.domain.evidence import Observation
from cockpit.domain.kinds import Door
from cockpit.domain.plan import Instrument, Socket, Ticket
from cockpit.services.errors import ConnectionEnded, DoorTrouble, NoAnswer, NotPermitted, Refused
from cockpit.services.ports import Clock, Preview, Report, Tally

# "No such contract", and "exchange unknown": reasons to ask once more under the exchange's other name.
_NOT_FOUND, _EXCHANGE_UNKNOWN = 200, 464

_SHORT = 160  # characters of a foreign text inside a sentence of ours


class TwsLink:
    """One API socket (`SocketLink`). Open it, ask it, and open it again when it has ended.

    All methods belong to one event loop. They raise Trouble only: DoorTrouble from `open`, NoAnswer,
    ConnectionEnded, Refused, Unreadable or NotPermitted from the others; what was seen is reported before
    that.
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
        self._next_client_id = socket.client_ids[0]
        self._opening = asyncio.Lock()
        self._beating = asyncio.Lock()
        self._forget_session()

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
            self._forget_session()
            try:
                session = await enter(self._socket, self._timeouts, self._next_client_id, self._make_session)
            except DoorTrouble as trouble:
                self._see(
                    kinds.DOOR.seen(
                        self._socket.subject, trouble.door.value, self._now, note=trouble.sentence
                    )
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

        Raises NoAnswer when a frozen program or a half-open connection swallows the question: then the door
        is silent.
        """
        async with self._beating:
            session = self._standing()
            asked = self._clock.monotonic()
            # Answers come in order and name no question: those of beats that gave up have to pass first.
            self._clock_answers_due += 1
            try:
                with session.questions.ask(Topic.CLOCK, "the time", self._timeouts.beat) as question:
                    session.requests.reqCurrentTime()
                    answer = await self._newest_clock(question)
            except NoAnswer as trouble:
                self._see(
                    kinds.DOOR.seen(self._socket.subject, Door.SILENT.value, self._now, note=trouble.sentence)
                )
                raise
        round_trip = max(0.0, answer.monotonic - asked)
        self._see(*self._beat_facts(answer, round_trip))
        return round_trip

    async def ask_upstream(self) -> None:
        """Ask for bulletins, wait a moment for them, and confirm the farms that were told of."""
        session = self._standing()
        with session.questions.ask(Topic.BULLETINS, "bulletins", self._timeouts.bulletins) as question:
            session.requests.reqNewsBulletins(True)
            try:
                async for message in question:
                    if isinstance(message, Bulletin):
                        self._see(self._bulletin(message))
            except NoAnswer:
                pass  # there is no end mark: silence is the normal end
            finally:
                if session.is_open:
                    session.requests.cancelNewsBulletins()
        self._see(*self._status.farms())

    async def ask_accounts(self) -> None:
        """Ask the account summary of every account, and the family codes."""
        rows = await self._summary()
        self._see(*tws_accounts.summary_facts(rows, self._now))
        session = self._standing()
        with session.questions.ask(Topic.FAMILIES, "family codes", self._timeouts.families) as question:
            session.requests.reqFamilyCodes()
            try:
                async for message in question:
                    if isinstance(message, Families):
                        words = tws_accounts.family_words(message)
                        self._see(kinds.FAMILY.seen(self._socket.subject, words, self._now))
                        break
            except NoAnswer:
                pass  # not every build answers; the account values stand on their own

    async def ask_orders(self) -> None:
        """Count the open orders of all clients by origin; a read-only API is reported, not raised."""
        session, orders = self._standing(), list[OrderSeen]()
        subject = self._socket.subject
        with session.questions.ask(Topic.ORDERS, "open orders", self._timeouts.orders) as question:
            session.requests.reqAllOpenOrders()
            async for message in question:
                match message:
                    case OrderSeen():
                        orders.append(message)
                    case Code(code, text) if is_read_only(message):
                        self._see(
                            kinds.ORDERS_READ.seen(subject, False, self._now, note=f"{code} {clean(text)}")
                        )
                        return
                    case Code(code=code) if code == VALIDATION:
                        # Without an id of its own this refusal may belong to another question; the deadline
                        # decides.
                        continue
                    case End():
                        break
                    case _:
                        pass
        self._see(
            kinds.OPEN_ORDERS.seen(subject, tws_accounts.origins(orders), self._now),
            kinds.ORDERS_READ.seen(subject, True, self._now),
        )

    async def ask_feed(self, instrument: Instrument) -> None:
        """Look what arrives for one instrument: one line, given back at once."""
        subject = f"{self._socket.subject}/feed/{instrument.key}"
        try:
            contract = await self._priced(instrument)
        except Refused as trouble:
            note = f"{trouble.code} {trouble.quote or trouble.sentence}"
            self._see(kinds.FEED.seen(subject, kinds.FeedState.REFUSED.value, self._now, note=note))
            return
        session = self._standing()
        look = FeedLook(instrument.sec_type, instrument.needs_greeks)
        with self._asking(f"data of {clean(instrument.key, 60)}", self._timeouts.feed) as (request, question):
            self._allow_delayed(session)
            with self._line(session, request, contract):
                try:
                    async for message in question:
                        look.take(message)
                        if look.is_clear:
                            break
                except NoAnswer:
                    pass  # the look itself says what silence means
        self._see(*look.facts(subject, self._now))
        self._see(*self._status.looked_at(subject, look.state is kinds.FeedState.LIVE))

    async def ask_contract(self, instrument: Instrument) -> None:
        """Ask how the contract resolves, which order types and venues it has, and when it trades."""
        subject = f"{self._socket.subject}/contract/{instrument.key}"
        try:
            resolved = await self._resolve(instrument, fresh=True)
        except Refused as trouble:
            if trouble.code not in {_NOT_FOUND, _EXCHANGE_UNKNOWN}:
                raise
            note = f"{trouble.code} {trouble.quote}"
            self._see(*tws_contracts.facts(subject, Resolved(()), self._now, note))
            return
        self._see(*tws_contracts.facts(subject, resolved, self._now))

    async def preview(self, ticket: Ticket, instrument: Instrument) -> Preview:
        """Ask a what-if. It creates no order; it is the only method that sends an order frame.

        Raises NotPermitted for a ticket that cannot be previewed, Refused with the broker's code, NoAnswer
        when nothing comes (usual while the market is closed).
        """
        contract = (await self._resolve(instrument)).chosen
        if contract is None:
            raise NotPermitted(f"{clean(instrument.key, 60)} does not name exactly one contract.")
        session, answer = self._standing(), tws_preview.PreviewAnswer()
        with self._asking("a preview", self._timeouts.what_if) as (request, question):
            order = tws_preview.question(ticket, contract, self._account_of(ticket, session), request)
            session.send_order_frame(encode(order, session.version.result()))
            async for message in question:
                answer.take(message)
                if answer.preview is not None:
                    self._see(
                        kinds.READ_ONLY.seen(
                            self._socket.subject, False, self._now, note="a preview was answered"
                        )
                    )
                    return answer.preview
        raise AssertionError("a question ends by an answer or by raising")

    @property
    def _now(self) -> float:
        return self._clock.now()

    def _see(self, *observations: Observation) -> None:
        if observations:
            self._report(observations)

    def _forget_session(self) -> None:
        self._clock_answers_due = 0
        self._allows_delayed = False
        self._resolved: dict[Instrument, Resolved] = {}

    def _make_session(self, client_id: int, hear: Callable[[Code], None]) -> TwsSession:
        def on_code(code: Code) -> None:
            self._see(*self._status.hear(code))
            hear(code)
            if session.ready.done() and code.code == SUBSCRIPTIONS_LOST:
                session.questions.tell_all(code)

        session = TwsSession(self._clock, self._tally, client_id, on_code)
        return session

    def _adopt(self, session: TwsSession) -> None:
        """Take over a session that stands, say what it is, and watch for its end."""
        self._session = session
        self._next_client_id = session.client_id
        self._tally.client_id(+1)
        session.over.add_done_callback(lambda _: self._on_over(session))
        subject, now = self._socket.subject, self._now
        self._see(
            kinds.DOOR.seen(subject, Door.OPEN.value, now),
            kinds.CLIENT_ID.seen(subject, session.client_id, now),
            kinds.SERVER_VERSION.seen(subject, session.version.result(), now),
            kinds.ACCOUNTS.seen(subject, tws_accounts.accounts(session.accounts), now),
            kinds.CONNECTED_AT.seen(subject, now, now),
        )

    def _on_over(self, session: TwsSession) -> None:
        self._tally.client_id(-1)
        # A session that was closed on purpose is no longer this one's.
        if session is self._session:
            self._session = None
            self._see(
                kinds.DOOR.seen(self._socket.subject, Door.LOST.value, self._now, note="the connection ended")
            )

    def _standing(self) -> TwsSession:
        if self._session is None or not self._session.is_open:
            raise ConnectionEnded(f"There is no connection to {self._socket.program}.")
        return self._session

    @contextmanager
    def _asking(self, what: str, seconds: float) -> Iterator[tuple[int, Question]]:
        """Open a question under a fresh request id."""
        session = self._standing()
        request = session.requests.getReqId()
        with session.questions.ask(request, what, seconds) as question:
            yield request, question

    async def _newest_clock(self, question: Question) -> ClockRead:
        async for message in question:
            if isinstance(message, ClockRead):
                self._clock_answers_due -= 1
                if self._clock_answers_due <= 0:
                    return message
        raise AssertionError("a question ends by an answer or by raising")

    def _beat_facts(self, answer: ClockRead, round_trip: float) -> Sequence[Observation]:
        subject, now = self._socket.subject, self._now
        # The answer has whole seconds, so on average half a second more has passed; and it travelled half the
        # way.
        asked_at = answer.arrived - round_trip / 2
        offset = answer.seconds + 0.5 - asked_at
        return (
            kinds.ROUND_TRIP.seen(subject, round_trip, now),
            kinds.BROKER_CLOCK.seen(subject, offset, now, note="whole seconds, so within half a second"),
            kinds.DOOR.seen(subject, Door.OPEN.value, now, note="the heartbeat is answered"),
            self._status.upstream(),
        )

    def _bulletin(self, bulletin: Bulletin) -> Observation:
        subject = f"{self._socket.subject}/bulletin/{bulletin.id}"
        word = {2: "Exchange unavailable: ", 3: "Exchange available again: "}.get(bulletin.kind, "")
        note = f"type {bulletin.kind} {clean(bulletin.exchange, 40)}".strip()
        return kinds.BULLETIN.seen(subject, word + clean(bulletin.text), self._now, note=note)

    async def _summary(self) -> list[SummaryRow]:
        session, rows = self._standing(), list[SummaryRow]()
        with self._asking("account values", self._timeouts.summary) as (request, question):
            session.requests.reqAccountSummary(request, tws_accounts.GROUP, tws_accounts.TAGS)
            try:
                async for message in question:
                    match message:
                        case SummaryRow():
                            rows.append(message)
                        case Code() if _ends(message):
                            raise _refused(message, "account values")
                        case End():
                            break
                        case _:
                            pass
            finally:
                # Two such subscriptions are all that a session may have.
                if session.is_open:
                    session.requests.cancelAccountSummary(request)
        return rows

    def _allow_delayed(self, session: TwsSession) -> None:
        """Set the market-data type of the session, once."""
        if not self._allows_delayed:
            session.requests.reqMarketDataType(ALLOW_DELAYED)
            self._allows_delayed = True

    @contextmanager
    def _line(self, session: TwsSession, request: int, contract: Contract) -> Iterator[None]:
        """Take a market-data line for the time of a `with` block."""
        session.requests.reqMktData(request, contract, "", False, False, [])
        self._tally.line(+1)
        try:
            yield
        finally:
            self._tally.line(-1)
            if session.is_open:
                session.requests.cancelMktData(request)

    async def _priced(self, instrument: Instrument) -> Contract:
        """Return the contract to take data of: as the settings name it, or the nearest one."""
        if not tws_contracts.needs_resolving(instrument):
            return tws_contracts.question(instrument)
        contract = (await self._resolve(instrument)).chosen
        if contract is None:
            raise Refused(_NOT_FOUND, "", f"{clean(instrument.key, 60)} does not name exactly one contract.")
        return contract

    async def _resolve(self, instrument: Instrument, fresh: bool = False) -> Resolved:
        """Ask contract details once per session, under the exchange's other name when need be."""
        known = self._resolved.get(instrument)
        if known is not None and not fresh:
            return known
        try:
            fits = await self._details(instrument)
        except Refused as trouble:
            other = tws_contracts.under_other_name(instrument)
            if other is None or trouble.code not in {_NOT_FOUND, _EXCHANGE_UNKNOWN}:
                raise
            fits = await self._details(other)
        resolved = tws_contracts.resolve(instrument, fits, self._now)
        self._resolved[instrument] = resolved
        return resolved

    async def _details(self, instrument: Instrument) -> list[ContractDetails]:
        what, fits = f"the contract {clean(instrument.key, 60)}", list[ContractDetails]()
        asked = tws_contracts.question(instrument)
        session = self._standing()
        with self._asking(what, self._timeouts.details) as (request, question):
            session.requests.reqContractDetails(request, asked)
            async for message in question:
                match message:
                    case Details(details):
                        fits.append(details)
                    case Code() if _ends(message):
                        raise _refused(message, what)
                    case End():
                        break
                    case _:
                        pass
        return fits

    def _account_of(self, ticket: Ticket, session: TwsSession) -> str:
        """Return the ticket's account; without one the session's, when it has only one."""
        managed = tws_accounts.accounts(session.accounts)
        return ticket.account or (managed[0] if len(managed) == 1 else "")


def _ends(code: Code) -> bool:
    """Whether a code on a request's own id ends it: all but the notices from 2100 to 2199, and lost subscriptions."""
    return not (2100 <= code.code < 2200 or code.code == SUBSCRIPTIONS_LOST)


def _refused(code: Code, what: str) -> Refused:
    return Refused(code.code, clean(code.text, _SHORT), f"TWS refuses {what} (code {code.code}).")
