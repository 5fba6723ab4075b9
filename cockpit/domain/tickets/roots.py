"""Where the roots of common futures trade, so that nobody types it; any other root says `on <exchange>`.

A convenience of the typing line and no claim about the broker: a wrong or missing root shows as a contract that does
not resolve, and `on <exchange>` always wins.
"""

from __future__ import annotations

_ROOTS = {
    "CME": "ES MES NQ MNQ RTY M2K EUR GBP JPY AUD CAD CHF NZD MXP SR3 GE HE LE GF BRR MBT ETHUSDRR MET",
    "CBOT": "YM MYM ZB UB ZN TN ZF ZT ZQ ZC ZS ZW ZM ZL KE",
    "NYMEX": "CL MCL QM NG QG HO RB PL PA",
    "COMEX": "GC MGC SI SIL HG MHG",
    "CFE": "VIX VXM",
    "NYBOT": "SB KC CC CT OJ DX",
    "EUREX": "ESTX50 FESX DAX FDAX FDXM GBL GBM GBS GBX",
    "ICEEU": "Z R I",
}
EXCHANGES = {root: exchange for exchange, roots in _ROOTS.items() for root in roots.split()}
