"""The Flex statement: what the broker writes about each account, a day old, personal details included."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

from cockpit.simulator.scenario import Account, Scenario

_DATE = "%Y%m%d"
_OPENED = "20200529"


def statement(scenario: Scenario, now: float) -> bytes:
    """The report on all accounts of the scenario as of the day before `now`, UTC epoch seconds."""
    today = datetime.fromtimestamp(now, UTC)
    yesterday = f"{today - timedelta(days=1):{_DATE}}"
    root = ElementTree.Element("FlexQueryResponse", queryName="Account information", type="AF")
    statements = ElementTree.SubElement(root, "FlexStatements", count=str(len(scenario.accounts)))
    for account in scenario.accounts:
        one = ElementTree.SubElement(
            statements,
            "FlexStatement",
            accountId=account.id,
            fromDate=yesterday,
            toDate=yesterday,
            period="LastBusinessDay",
            whenGenerated=f"{today:{_DATE};%H%M%S}",
        )
        ElementTree.SubElement(one, "AccountInformation", information(account, yesterday))
    content: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def information(account: Account, last_traded: str) -> dict[str, str]:
    """The attributes of one account. Name, address and e-mail are made up: a reader has to drop them."""
    return {
        "accountId": account.id,
        "acctAlias": account.alias,
        "model": "",
        "currency": account.currency,
        "name": "Sample Trader",
        "accountType": account.account_type.title(),
        "customerType": account.customer_type.title(),
        "accountCapabilities": account.capability,
        "tradingPermissions": ",".join(account.permissions),
        "dateOpened": _OPENED,
        "dateFunded": _OPENED,
        "dateClosed": "",
        "street": "1 Example Road",
        "city": "Springfield",
        "state": "US-IL",
        "country": "United States",
        "postalCode": "00000",
        "masterName": "",
        "ibEntity": account.entity,
        "primaryEmail": "trader@example.com",
        "lastTradedDate": last_traded,
    }
