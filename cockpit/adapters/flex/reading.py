"""From a Flex report to observations about its accounts: the statement's own words, unknown ones kept as they are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cockpit.adapters.flex.dates import day_of, last_day, made_at
from cockpit.adapters.flex.document import REPORT, AccountRow, Document
from cockpit.adapters.foreign_text import clean
from cockpit.domain import kinds
from cockpit.domain.evidence import Observation
from cockpit.domain.remedy import Remedy
from cockpit.services.errors import Unreadable

_ACCOUNT = re.compile(r"[A-Z]{1,4}[0-9]{3,12}[A-Z]{0,2}")
_SEPARATORS = re.compile(r"[,;]")
_MOST_WORDS = 100
_LONGEST_WORD = 80
_CLOCK_SLACK = 86_400.0  # seconds: no zone is written, and PCs are wrong by hours when they are wrong
_LISTS = (("tradingPermissions", kinds.PERMISSIONS), ("accountCapabilities", kinds.CAPABILITIES))
_TEXTS = (
    ("customerType", kinds.CUSTOMER_TYPE),
    ("ibEntity", kinds.ENTITY),
    ("accountType", kinds.ACCOUNT_TYPE),
)
_EMPTY = frozenset({"", "-", "--", "N/A"})
_COLUMNS = Remedy(
    "In the query, tick the section Account Information with at least Account ID, Trading Permissions and Account "
    "Capabilities, and choose XML."
)


def observations(document: Document, now: float, origin: str = "") -> tuple[Observation, ...]:
    """Return what a report says of its accounts, as of when it was made and never later than `now` (UTC seconds).

    `origin` goes into the notes. A column that is missing or empty gives no observation: it proves nothing. Of two
    statements on one account the newer counts. Raises Unreadable when no account with a date is left.
    """
    if document.root != REPORT:
        raise Unreadable("The broker sent an answer, but no statement.")
    newest: dict[str, tuple[float, AccountRow]] = {}
    undated = False
    for row in document.accounts:
        account = row.columns.get("accountId") or row.statement.get("accountId", "")
        if not _ACCOUNT.fullmatch(account):
            continue
        at = made_at(row.statement)
        if at is None or at > now + _CLOCK_SLACK:
            undated = True
        elif account not in newest or at >= newest[account][0]:
            newest[account] = (at, row)
    if not newest:
        raise _nothing_in(document, undated=undated)
    found: list[Observation] = []
    for account, (at, row) in newest.items():
        found += _of(account, row, min(at, now), origin)
    return tuple(found)


def _of(account: str, row: AccountRow, at: float, origin: str) -> Sequence[Observation]:
    subject = f"account/{account}"
    day = last_day(row.statement) or day_of(at)
    note = f"statement of {day}{f', {origin}' if origin else ''}"
    found = [kinds.STATEMENT_OF.seen(subject, at, at, note=note)]
    for column, texts in _TEXTS:
        text = clean(row.columns.get(column, "").strip(), _LONGEST_WORD)
        if text not in _EMPTY:
            found.append(texts.seen(subject, text, at, note=note))
    for column, lists in _LISTS:
        words = _words(row.columns.get(column, ""))
        if words:
            found.append(lists.seen(subject, words, at, note=note))
    return found


def _words(text: str) -> tuple[str, ...]:
    """Take a list apart; no word twice, in the order of the statement."""
    parts = (clean(part.strip(), _LONGEST_WORD) for part in _SEPARATORS.split(text))
    return tuple(dict.fromkeys(part for part in parts if part not in _EMPTY))[:_MOST_WORDS]


def _nothing_in(document: Document, *, undated: bool) -> Unreadable:
    if undated:
        return Unreadable(
            "The statement does not say when it was made, or its date lies in the future, so its age is unknown.",
            Remedy("Check this PC's clock; in the query, choose the date format yyyyMMdd."),
        )
    if document.accounts:
        return Unreadable("The statement names no account by its number.", _COLUMNS)
    return Unreadable("The statement says nothing about the account itself.", _COLUMNS)
