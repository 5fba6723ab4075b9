"""Questions put to a session, one function each: what is asked, what is collected, and when the answer is complete.

All raise NoAnswer, ConnectionEnded or Refused. Whatever was subscribed is given back in any case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ib_async import Contract, ContractDetails

from cockpit.adapters.foreign_text import clean
from cockpit.adapters.tws import accounts as tws_accounts
from cockpit.adapters.tws.feed import ALLOW_DELAYED, FeedLook
from cockpit.adapters.tws.messages import (
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
from cockpit.adapters.tws.questions import Question
from cockpit.adapters.tws.session import TwsSession
from cockpit.adapters.tws.status import is_read_only
from cockpit.services.errors import ConnectionEnded, NoAnswer, Refused
from cockpit.services.ports import Tally

_SHORT = 160  # characters of a foreign text inside a remark


@contextmanager
def asking(session: TwsSession, what: str, seconds: float) -> Iterator[tuple[int, Question]]:
    """Open a question under a fresh request id."""
    request = session.requests.getReqId()
    with session.questions.ask(request, what, seconds) as question:
        yield request, question


async def read_clock(session: TwsSession, seconds: float) -> ClockRead:
    """Ask the broker's clock."""
    async with session.turns[Topic.CLOCK].take() as turn:
        with session.questions.ask(Topic.CLOCK, "the time", seconds) as question:
            session.requests.reqCurrentTime()
            async for message in question:
                if isinstance(message, ClockRead) and turn.is_mine():
                    return message
    raise _never_ends()


async def read_bulletins(session: TwsSession, seconds: float, take: Callable[[Bulletin], None]) -> None:
    """Take today's bulletins for so many seconds: there is no mark for their end."""
    async with session.turns[Topic.BULLETINS].take():
        with session.questions.ask(Topic.BULLETINS, "bulletins", seconds) as question:
            session.requests.reqNewsBulletins(True)
            try:
                async for message in question:
                    if isinstance(message, Bulletin):
                        take(message)
            except NoAnswer:
                pass
            finally:
                if session.is_open:
                    session.requests.cancelNewsBulletins()


async def read_summary(session: TwsSession, seconds: float) -> list[SummaryRow]:
    """Ask the values of all accounts once."""
    rows: list[SummaryRow] = []
    # Two such subscriptions are all that a session may have.
    async with session.turns[Topic.SUMMARY].take():
        with asking(session, "account values", seconds) as (request, question):
            session.requests.reqAccountSummary(request, tws_accounts.GROUP, tws_accounts.TAGS)
            try:
                async for message in question:
                    match message:
                        case SummaryRow():
                            rows.append(message)
                        case Code() if ends(message):
                            raise refused(message, "account values")
                        case End():
                            break
                        case _:
                            pass
            finally:
                if session.is_open:
                    session.requests.cancelAccountSummary(request)
    return rows


async def read_families(session: TwsSession, seconds: float) -> Families:
    """Ask the family codes."""
    async with session.turns[Topic.FAMILIES].take() as turn:
        with session.questions.ask(Topic.FAMILIES, "family codes", seconds) as question:
            session.requests.reqFamilyCodes()
            async for message in question:
                if isinstance(message, Families) and turn.is_mine():
                    return message
    raise _never_ends()


async def read_orders(session: TwsSession, seconds: float) -> list[OrderSeen] | None:
    """Ask the open orders of all clients; None when a read-only API refuses."""
    orders: list[OrderSeen] = []
    async with session.turns[Topic.ORDERS].take() as turn:
        with session.questions.ask(Topic.ORDERS, "open orders", seconds) as question:
            session.requests.reqAllOpenOrders()
            async for message in question:
                match message:
                    case OrderSeen():
                        orders.append(message)
                    case Code() if is_read_only(message):
                        turn.is_mine()
                        return None
                    case End() if turn.is_mine():
                        return orders
                    case End():
                        orders.clear()
                    case _:
                        pass
    raise _never_ends()


async def read_details(
    session: TwsSession, contract: Contract, key: str, seconds: float
) -> list[ContractDetails]:
    """Ask which contracts fit; `key` names the instrument in what goes wrong."""
    what, fits = f"the contract {clean(key, 60)}", list[ContractDetails]()
    with asking(session, what, seconds) as (request, question):
        session.requests.reqContractDetails(request, contract)
        async for message in question:
            match message:
                case Details(details):
                    fits.append(details)
                case Code() if ends(message):
                    raise refused(message, what)
                case End():
                    break
                case _:
                    pass
    return fits


async def look_at_feed(
    session: TwsSession, contract: Contract, look: FeedLook, seconds: float, tally: Tally
) -> None:
    """Take one line, fold what comes into `look` until it is clear or the time is up, and give the line back."""
    with asking(session, "market data", seconds) as (request, question):
        if not session.allows_delayed:
            session.requests.reqMarketDataType(ALLOW_DELAYED)
            session.allows_delayed = True
        session.requests.reqMktData(request, contract, "", False, False, [])
        tally.line(+1)
        try:
            async for message in question:
                look.take(message)
                if look.is_clear:
                    break
        except NoAnswer:
            pass  # the look itself says what silence means
        finally:
            tally.line(-1)
            if session.is_open:
                session.requests.cancelMktData(request)


def ends(code: Code) -> bool:
    """Whether a code ends the request it came for: on its own id, and not one of the notices from 2100 to 2199."""
    return code.request != -1 and not 2100 <= code.code < 2200


def refused(code: Code, what: str) -> Refused:
    """Make the trouble of a refused question."""
    return Refused(code.code, clean(code.text, _SHORT), f"TWS refuses {what} (code {code.code}).")


def _never_ends() -> Exception:
    """What cannot happen: a question yields until it raises."""
    return ConnectionEnded("The answer ended without an end.")
