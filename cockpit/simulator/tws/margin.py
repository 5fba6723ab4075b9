"""The numbers of a what-if: plausible margins and commissions, simple enough to check by hand."""

from __future__ import annotations

from cockpit.simulator.scenario import Account, Contract
from cockpit.simulator.tws.layouts import Block
from cockpit.simulator.wire.frames import FieldValue
from cockpit.simulator.wire.requests import PlacedOrder

# Initial margin as a share of the value that the order moves.
_MARGIN_SHARES = {"STK": 0.25, "FUT": 0.06, "FOP": 0.12, "OPT": 0.12, "CASH": 0.03, "BAG": 0.05}
_MAINTENANCE_SHARE = 0.9  # of the initial margin


def preview(account: Account, contract: Contract, order: PlacedOrder) -> dict[str, FieldValue | Block]:
    """Work out before, change and after of margins and equity, and the commission."""
    value = abs(contract.price) * order.quantity * float(contract.multiplier or 1)
    initial = value * _MARGIN_SHARES.get(contract.sec_type, 0.25)
    commission = _commission(contract, order.quantity, value)
    before = {"init_margin": account.init_margin, "maint_margin": account.maint_margin}
    change = {"init_margin": initial, "maint_margin": initial * _MAINTENANCE_SHARE, "equity": -commission}
    before["equity"] = account.net_liquidation
    margins: dict[str, FieldValue | Block] = {}
    for part, amount in before.items():
        margins[f"{part}_before"] = round(amount, 2)
        margins[f"{part}_change"] = round(change[part], 2)
        margins[f"{part}_after"] = round(amount + change[part], 2)
    return margins | {"commission": round(commission, 4), "commission_currency": contract.currency}


def _commission(contract: Contract, quantity: float, value: float) -> float:
    match contract.sec_type:
        case "STK":
            return max(1.0, quantity * 0.005)
        case "CASH":
            return max(2.0, value * 0.00002)
        case "OPT" | "FOP":
            return max(1.0, quantity * 0.65)
        case _:
            return quantity * 2.25
