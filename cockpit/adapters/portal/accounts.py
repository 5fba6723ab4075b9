"""The accounts of the gateway's user, with the company, the margin class and the trading flag of each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from msgspec.structs import replace

from cockpit.adapters.portal import calls
from cockpit.adapters.portal.answers import Answer, PortfolioAccount
from cockpit.adapters.portal.calls import is_account
from cockpit.adapters.portal.sightings import Sightings

_MOST_METAS = 5  # an advisor may have hundreds of accounts; the list itself names nearly all that is wanted

AskAccount = Callable[[str], Awaitable[Answer]]
"""Asks the description of one account."""


async def tell_accounts(rows: Iterable[PortfolioAccount], ask: AskAccount, seen: Sightings) -> None:
    """Report the accounts that came, each described by its row or, where that is silent, by one more call."""
    named = [(row.accountId or row.id, row) for row in rows]
    accounts = [(account, row) for account, row in named if is_account(account)]
    seen.accounts(tuple(account for account, _ in accounts), f"GET {calls.ACCOUNTS.template}")
    metas = 0
    for account, row in accounts:
        told = row
        if not (row.ibEntity and row.tradingType) and metas < _MOST_METAS:
            metas += 1
            answer = await ask(account)
            if answer.status == 200:
                told = _overlaid(row, answer.read(PortfolioAccount))
        seen.account(account, told.ibEntity, told.tradingType, told.noClientTrading)


def _overlaid(row: PortfolioAccount, meta: PortfolioAccount) -> PortfolioAccount:
    return replace(
        row,
        ibEntity=row.ibEntity or meta.ibEntity,
        tradingType=row.tradingType or meta.tradingType,
        noClientTrading=meta.noClientTrading if row.noClientTrading is None else row.noClientTrading,
    )
