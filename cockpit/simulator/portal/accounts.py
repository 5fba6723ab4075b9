"""What the portal says about accounts: which there are, what they are, what they are worth."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.simulator.portal.http import Json
from cockpit.simulator.scenario import Account, Scenario

_OPENED = 1_590_724_800_000  # UTC epoch milliseconds
# The broker sends this list to everyone, permissions or not; it is no permission list.
_ASSET_TYPES = (
    "STK,CFD,OPT,FOP,WAR,FUT,BAG,PDC,CASH,IND,BOND,BILL,FUND,SLB,News,CMDTY,IOPT,ICU,ICS,PHYSS,CRYPTO"
)
_SHORT_PERIODS = ("2h", "1d", "2d", "1w", "1m")
_CHART_PERIODS: dict[str, Json] = {
    **dict.fromkeys(("STK", "CFD", "WAR", "IOPT", "FUT", "CASH"), ("*",)),
    **dict.fromkeys(("IND", "BOND", "FUND", "CMDTY", "PHYSS", "CRYPTO"), ("*",)),
    "OPT": _SHORT_PERIODS,
    "FOP": _SHORT_PERIODS,
}


def reachable(scenario: Scenario) -> tuple[Account, ...]:
    """The accounts that the gateway's username reaches; all of the scenario when it names none."""
    wanted = scenario.gateway.accounts
    if not wanted:
        return scenario.accounts
    known = {account.id: account for account in scenario.accounts}
    return tuple(known.get(name, Account(id=name)) for name in wanted)


def user_accounts(scenario: Scenario) -> dict[str, Json]:
    """The body of the brokerage account list, which the `act` frame repeats."""
    accounts = reachable(scenario)
    names = [account.id for account in accounts]
    properties: dict[str, Json] = {
        "hasChildAccounts": False,
        "supportsCashQty": True,
        "liteUnderPro": False,
        "noFXConv": False,
        "isProp": False,
        "supportsFractions": True,
        "allowCustomerTime": False,
        "autoFx": False,
    }
    return {
        "accounts": names,
        "acctProps": dict.fromkeys(names, properties),
        "aliases": {account.id: account.alias or account.id for account in accounts},
        "allowFeatures": {
            "showGFIS": True,
            "showEUCostReport": False,
            "allowEventContract": False,
            "allowFXConv": True,
            "allowFinancialLens": False,
            "allowMTA": True,
            "allowTypeAhead": True,
            "allowEventTrading": False,
            "snapshotRefreshTimeout": 30,
            "liteUser": False,
            "showWebNews": True,
            "research": True,
            "debugPnl": True,
            "showTaxOpt": True,
            "showImpactDashboard": True,
            "allowDynAccount": False,
            "allowCrypto": False,
            "allowFA": False,
            "allowLiteUnderPro": False,
            "allowedAssetTypes": _ASSET_TYPES,
            "restrictTradeSubscription": False,
            "showUkUserLabels": False,
            "sideBySide": True,
        },
        "chartPeriods": _CHART_PERIODS,
        "groups": [],
        "profiles": [],
        "selectedAccount": names[0] if names else "",
        "serverInfo": {"serverName": "JifN10001", "serverVersion": "Build 10.40.0b, Aug 14, 2026 2:11:08 PM"},
        "sessionId": "66d1a0c2.0000001e",
        "isFT": False,
        "isPaper": scenario.gateway.paper,
    }


def attributes(account: Account) -> dict[str, Json]:
    """What an account is: entity, margin class, customer type."""
    return {
        "id": account.id,
        "PrepaidCrypto-Z": False,
        "PrepaidCrypto-P": False,
        "accountId": account.id,
        "accountVan": account.id,
        "accountTitle": "Sample Trader",
        "displayName": account.alias or "Sample Trader",
        "accountAlias": account.alias or None,
        "accountStatus": _OPENED,
        "currency": account.currency,
        "type": account.account_type,
        "tradingType": account.trading_type,
        "businessType": "IB_SALES",
        "category": "",
        "ibEntity": account.entity,
        "faclient": False,
        "clearingStatus": account.clearing_status,
        "covestor": False,
        "noClientTrading": not account.can_trade,
        "trackVirtualFXPortfolio": True,
        "acctCustType": account.customer_type,
        "brokerageAccess": account.can_trade,
        "parent": {"mmc": [], "accountId": "", "isMParent": False, "isMChild": False, "isMultiplex": False},
        "desc": account.id,
    }


def brokerage_summary(account: Account) -> dict[str, Json]:
    """The funds of an account as the second tier says them: plain numbers."""
    cash = account.available_funds
    return {
        "accountType": "",
        "status": "",
        "balance": account.net_liquidation,
        "SMA": account.excess_liquidity,
        "buyingPower": account.buying_power,
        "availableFunds": account.available_funds,
        "excessLiquidity": account.excess_liquidity,
        "netLiquidationValue": account.net_liquidation,
        "equityWithLoanValue": account.net_liquidation,
        "regTLoan": 0.0,
        "securitiesGVP": account.net_liquidation - cash,
        "totalCashValue": cash,
        "accruedInterest": 0.0,
        "regTMargin": account.init_margin,
        "initialMargin": account.init_margin,
        "maintenanceMargin": account.maint_margin,
        "cashBalances": [
            {"currency": account.currency, "balance": cash, "settledCash": cash},
            {"currency": f"Total (in {account.currency})", "balance": cash, "settledCash": cash},
        ],
    }


def portfolio_summary(account: Account, stamp: int) -> dict[str, Json]:
    """The funds of an account as the first tier says them: one row per figure; `stamp` in epoch ms."""
    rows: dict[str, Json] = {
        "accounttype": {
            "amount": 0.0,
            "currency": None,
            "isNull": False,
            "timestamp": stamp,
            "value": account.account_type,
            "severity": 0,
        }
    }
    for key, amount in _figures(account):
        rows[key] = {
            "amount": amount,
            "currency": account.currency,
            "isNull": False,
            "timestamp": stamp,
            "value": None,
            "severity": 0,
        }
    return rows


def stream_summary(account: Account, stamp: int) -> list[Json]:
    """The same figures as rows of the `ssd` topic."""
    rows: list[Json] = []
    for key, amount in _figures(account):
        rows.append(
            {
                "key": key,
                "monetaryValue": amount,
                "currency": account.currency,
                "timestamp": stamp // 1000,
                "severity": 0,
            }
        )
    return rows


def _figures(account: Account) -> Sequence[tuple[str, float]]:
    return (
        ("netliquidation", account.net_liquidation),
        ("excessliquidity", account.excess_liquidity),
        ("availablefunds", account.available_funds),
        ("buyingpower", account.buying_power),
        ("initmarginreq", account.init_margin),
        ("maintmarginreq", account.maint_margin),
        ("cushion", account.cushion),
    )
