"""The gateway's word on a contract, read into facts: a closed alphabet, capped lists, nothing for what is missing."""

from __future__ import annotations

import re
from typing import Final

from msgspec import UNSET, Struct, UnsetType

from cockpit.adapters.foreign_text import clean
from cockpit.adapters.portal.calls import is_account
from cockpit.domain import kinds
from cockpit.domain.evidence import Observation

_MOST_WORDS = 100  # of one list
_LONGEST = 120  # characters of one text
_TYPE = re.compile(r"[A-Za-z0-9_]{1,32}", re.ASCII)  # limit, stop_limit, marketonclose …
_TIME = re.compile(r"[A-Z0-9_]{1,12}(?:/[A-Za-z0-9_,]{0,200})?", re.ASCII)  # DAY/o,a
_LETTERS = re.compile(r"[A-Za-z]{1,8}", re.ASCII)  # RpB
_LARGEST_STEP = 1e9


class Failure(Struct, frozen=True):
    """An answer that says why there is none."""

    error: str = ""


class Rules(Struct, frozen=True):
    """Which orders a contract takes on one side. None: the broker did not say."""

    orderTypes: tuple[str, ...] | None = None  # noqa: N815  # the broker's own spelling, here and below
    orderTypesOutside: tuple[str, ...] | None = None  # noqa: N815
    tifTypes: tuple[str, ...] | None = None  # noqa: N815
    ibAlgoTypes: tuple[str, ...] | None = None  # noqa: N815
    canTradeAcctIds: tuple[str, ...] | None = None  # noqa: N815
    error: str | None = None
    overnightEligible: bool | None = None  # noqa: N815
    increment: float | None = None


class InfoAndRules(Struct, frozen=True):
    """A contract's description with its rules; `contract_clarification_type` null means nothing to clarify."""

    rules: Rules | None = None
    contract_clarification_type: str | UnsetType | None = UNSET


class SnapshotRow(Struct, frozen=True, rename={"letters": "6509", "tradable": "7184", "permitted": "7768"}):
    """One contract of a snapshot. A key that is missing means "not yet", never "no"."""

    conid: int
    letters: str | None = None
    tradable: str | int | None = None
    permitted: str | int | None = None


class StockPlace(Struct, frozen=True):
    """One listing of a stock."""

    conid: int
    exchange: str = ""
    isUS: bool | None = None  # noqa: N815


class Stock(Struct, frozen=True):
    """One company with its listings."""

    assetClass: str = ""  # noqa: N815
    contracts: tuple[StockPlace, ...] = ()


class Future(Struct, frozen=True):
    """One future of an underlying; days as YYYYMMDD."""

    conid: int
    expirationDate: int | str = 0  # noqa: N815
    ltd: int | str = 0


STOCKS_LIST: Final = dict[str, tuple[Stock, ...]]
FUTURES_LIST: Final = dict[str, tuple[Future, ...]]


def plain_facts(subject: str, told: InfoAndRules, now: float) -> list[Observation]:
    """Say what holds for both sides."""
    seen: list[Observation] = []
    if told.contract_clarification_type is not UNSET:
        text = clean(told.contract_clarification_type or "", _LONGEST)
        seen.append(kinds.CLARIFICATION.seen(subject, text, now))
    rules = told.rules
    if rules is None:
        return seen
    if rules.overnightEligible is not None:
        seen.append(kinds.OVERNIGHT.seen(subject, rules.overnightEligible, now))
    if rules.increment is not None and 0.0 < rules.increment < _LARGEST_STEP:
        seen.append(kinds.INCREMENT.seen(subject, rules.increment, now))
    return seen


def side_facts(subject: str, told: InfoAndRules, now: float) -> list[Observation]:
    """Say what holds for one side; with an error text the lists beside it are no evidence."""
    rules = told.rules
    if rules is None:
        return []
    error = clean(rules.error or "", _LONGEST)
    seen = [kinds.RULE_ERROR.seen(subject, error, now)]
    if rules.canTradeAcctIds is not None:
        accounts = tuple(one for one in rules.canTradeAcctIds[:_MOST_WORDS] if is_account(one))
        seen.append(kinds.RULE_ACCOUNTS.seen(subject, accounts, now))
    if error:
        return seen
    for kind, words, shape in (
        (kinds.RULE_TYPES, rules.orderTypes, _TYPE),
        (kinds.RULE_TYPES_OUTSIDE, rules.orderTypesOutside, _TYPE),
        (kinds.RULE_TIMES, rules.tifTypes, _TIME),
        (kinds.RULE_ALGORITHMS, rules.ibAlgoTypes, _TYPE),
    ):
        if words is not None:
            kept = tuple(word for word in words[:_MOST_WORDS] if shape.fullmatch(word))
            seen.append(kind.seen(subject, kept, now))
    return seen


def snapshot_facts(subject: str, row: SnapshotRow, now: float) -> list[Observation]:
    """Say what the fields 6509, 7184 and 7768 said; a value that is none of theirs says nothing."""
    seen: list[Observation] = []
    if row.letters is not None and _LETTERS.fullmatch(row.letters):
        seen.append(kinds.DATA_LETTERS.seen(subject, row.letters, now, note="field 6509"))
    for kind, value, note in (
        (kinds.TRADABLE, row.tradable, "field 7184"),
        (kinds.PERMITTED, row.permitted, "field 7768"),
    ):
        if str(value) in {"0", "1"}:
            seen.append(kind.seen(subject, str(value) == "1", now, note=note))
    return seen
