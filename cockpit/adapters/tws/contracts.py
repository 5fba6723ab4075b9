"""From an instrument of the playbook to the broker's contract: the question, the choice, the facts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from ib_async import Contract, ContractDetails
from msgspec import Struct
from msgspec.structs import replace

from cockpit.adapters.foreign_text import clean
from cockpit.adapters.tws.trading_hours import HoursUnreadable, outlook, read_hours, zone_of
from cockpit.adapters.tws.whatif import PlainContract
from cockpit.domain import kinds
from cockpit.domain.evidence import Kind, Observation
from cockpit.domain.plan import Instrument
from cockpit.services.errors import NotPermitted

# What is asked without an expiry means the nearest one.
_EXPIRING = frozenset({"FUT", "OPT", "FOP", "WAR"})

# Of these an underlying has thousands: without a strike the question is for a whole chain.
_CHAINED = frozenset({"OPT", "FOP", "WAR"})
NEEDS_STRIKE = "needs an expiry and a strike: a whole chain is not asked for"

# TWS can call the exchange by its older name, IB Gateway cannot (API settings, "compatibility mode").
_OTHER_NAME = {"NASDAQ": "ISLAND", "ISLAND": "NASDAQ"}

_ASKABLE = re.compile(r"[\x20-\x7e]{0,64}")
_TOKENS = re.compile(r"[A-Za-z0-9._@/-]{1,32}")
_LISTING = re.compile(r"[A-Z0-9.]{1,20}")
_LARGEST_STEP = 1e9  # no step of a price or quantity is larger; the wire's "no value" is
_MOST_TOKENS = 200


class Resolved(Struct, frozen=True):
    """How an instrument resolves: the contracts that fit, the chosen one first."""

    fits: tuple[ContractDetails, ...]

    @property
    def word(self) -> str:
        """One, none or several."""
        return "none" if not self.fits else "one" if len(self.fits) == 1 else "several"

    @property
    def chosen(self) -> Contract | None:
        """The contract when there is exactly one."""
        return self.fits[0].contract if len(self.fits) == 1 else None

    @property
    def number(self) -> Contract | None:
        """The same contract by its number alone: nothing of the broker's texts is sent back."""
        contract = self.chosen
        return None if contract is None else Contract(conId=contract.conId, exchange=contract.exchange)


def question(instrument: Instrument) -> Contract:
    """Make the contract to ask about. Raises NotPermitted for characters that cannot be sent."""
    texts = (
        instrument.symbol,
        instrument.sec_type,
        instrument.exchange,
        instrument.currency,
        instrument.expiry,
        instrument.right,
        instrument.trading_class,
        instrument.multiplier,
    )
    if not all(_ASKABLE.fullmatch(text) for text in texts):
        raise NotPermitted(
            f"The instrument {clean(instrument.key, 60)} holds characters that cannot be sent to TWS."
        )
    return Contract(
        symbol=instrument.symbol,
        secType=instrument.sec_type,
        lastTradeDateOrContractMonth=instrument.expiry,
        strike=instrument.strike,
        right=instrument.right,
        multiplier=instrument.multiplier,
        exchange=instrument.exchange,
        currency=instrument.currency,
        tradingClass=instrument.trading_class,
    )


def needs_resolving(instrument: Instrument) -> bool:
    """Whether the question alone does not name one contract: the nearest expiry has to be found first."""
    return instrument.sec_type in _EXPIRING and not instrument.expiry


def is_chain(instrument: Instrument) -> bool:
    """Whether the question would fetch every strike of an option chain."""
    return instrument.sec_type in _CHAINED and not instrument.strike


def under_other_name(instrument: Instrument) -> Instrument | None:
    """Return the same instrument at its exchange's other name, if that has one."""
    other = _OTHER_NAME.get(instrument.exchange)
    return None if other is None else replace(instrument, exchange=other)


def resolve(instrument: Instrument, fits: Sequence[ContractDetails], now: float) -> Resolved:
    """Choose among the contracts that fit: of expiring ones the nearest that has not expired."""
    if not needs_resolving(instrument):
        return Resolved(tuple(fits))
    dated = [(_expiry(details), details) for details in fits]
    alive = [(day, details) for day, details in dated if day and day >= _today(details, now)]
    nearest = min((day for day, _ in alive), default="")
    return Resolved(tuple(details for day, details in alive if day == nearest))


def plain(contract: Contract) -> PlainContract:
    """Take over a resolved contract for a what-if; the encoder checks every text of it."""
    return PlainContract(
        con_id=contract.conId,
        symbol=contract.symbol,
        sec_type=contract.secType,
        expiry=contract.lastTradeDateOrContractMonth,
        strike=contract.strike,
        right=contract.right if contract.right in {"C", "P"} else "",
        multiplier=contract.multiplier,
        exchange=contract.exchange,
        currency=contract.currency,
        local_symbol=contract.localSymbol,
        trading_class=contract.tradingClass,
    )


def listing(resolved: Resolved) -> str:
    """Return the exchange that lists the one contract, as the broker writes it; nothing when that is not told."""
    contract = resolved.chosen
    if contract is None:
        return ""
    place = contract.primaryExchange or ("" if contract.exchange == "SMART" else contract.exchange)
    return place if _LISTING.fullmatch(place) else ""


def at_listing(resolved: Resolved) -> Contract | None:
    """Return the question for the contract where it is listed; None when it was asked there."""
    contract, place = resolved.chosen, listing(resolved)
    if contract is None or place in {"", contract.exchange, _OTHER_NAME.get(contract.exchange)}:
        return None
    return Contract(conId=contract.conId, exchange=place)


def listing_facts(
    subject: str, resolved: Resolved, fits: Sequence[ContractDetails], now: float
) -> list[Observation]:
    """Say what the listing exchange alone offers: the tokens of SMART are another list."""
    same = [
        one
        for one in fits
        if one.contract and resolved.chosen and one.contract.conId == resolved.chosen.conId
    ]
    if len(same) != 1:
        return []
    return [kinds.ORDER_TYPES.seen(f"{subject}@{listing(resolved)}", tokens(same[0].orderTypes), now)]


def facts(subject: str, resolved: Resolved, now: float, note: str = "") -> list[Observation]:
    """Say how the contract resolved, and of a single one what it offers, in which steps, and when it trades.

    Reasons for which it is ineligible come from protocol version 186 on, above what is spoken here: never reported.
    """
    if len(resolved.fits) != 1:
        names = ", ".join(clean(_name(details), 60) for details in resolved.fits[:5])
        return [kinds.CONTRACT.seen(subject, resolved.word, now, note=note or names)]
    details = resolved.fits[0]
    seen = [
        kinds.CONTRACT.seen(subject, resolved.word, now, note=clean(_name(details), 120)),
        kinds.ORDER_TYPES.seen(subject, tokens(details.orderTypes), now),
        kinds.VENUES.seen(subject, tokens(details.validExchanges), now),
    ]
    seen += _properties(subject, resolved, details, now)
    seen += _hours(details.tradingHours, details.timeZoneId, (kinds.OPEN_UNTIL, kinds.OPENS_AT), subject, now)
    seen += _hours(
        details.liquidHours, details.timeZoneId, (kinds.REGULAR_UNTIL, kinds.REGULAR_AT), subject, now
    )
    return seen


def _properties(subject: str, resolved: Resolved, details: ContractDetails, now: float) -> list[Observation]:
    """Say number, steps, kind and listing; what the broker leaves out is no fact."""
    seen: list[Observation] = []
    number = resolved.fits[0].contract.conId if resolved.fits[0].contract else 0
    if number > 0:
        seen.append(kinds.CON_ID.seen(subject, number, now))
    for kind, step in ((kinds.INCREMENT, details.minTick), (kinds.SIZE_INCREMENT, details.sizeIncrement)):
        if 0.0 < float(step or 0.0) < _LARGEST_STEP:
            seen.append(kind.seen(subject, float(step), now))
    for word, text in (
        (kinds.STOCK_TYPE, clean(details.stockType, 40)),
        (kinds.LISTED_ON, listing(resolved)),
    ):
        if text:
            seen.append(word.seen(subject, text, now))
    return seen


def _hours(
    text: str, zone: str, words: tuple[Kind[float], Kind[float]], subject: str, now: float
) -> list[Observation]:
    try:
        ahead = outlook(read_hours(text, zone), now)
    except HoursUnreadable:
        return []  # no fact is better than a wrong opening time
    if not text:
        return []
    until, at = words
    where = clean(zone, 60)
    return [
        until.seen(subject, ahead.open_until, now, note=where),
        at.seen(subject, ahead.opens_at, now, note=where),
    ]


def tokens(text: str) -> tuple[str, ...]:
    """Split a comma list of the broker; what does not look like a token is left out."""
    parts = (part.strip() for part in text.split(",")[:_MOST_TOKENS])
    return tuple(part for part in parts if _TOKENS.fullmatch(part))


def _name(details: ContractDetails) -> str:
    contract = details.contract
    if contract is None:
        return ""
    parts = (contract.localSymbol or contract.symbol, contract.exchange, _expiry(details))
    return " ".join(part for part in parts if part)


def _expiry(details: ContractDetails) -> str:
    """Return the last trading day as YYYYMMDD, or nothing."""
    contract = details.contract
    text = details.realExpirationDate or (contract.lastTradeDateOrContractMonth if contract else "")
    day = text[:8]
    return day if len(day) == 8 and day.isdecimal() else ""


def _today(details: ContractDetails, now: float) -> str:
    try:
        zone = zone_of(details.timeZoneId)
    except HoursUnreadable:
        return datetime.fromtimestamp(now, UTC).strftime("%Y%m%d")
    return datetime.fromtimestamp(now, zone).strftime("%Y%m%d")
