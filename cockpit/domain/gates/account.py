"""The gate of the account: may it trade at all, and does its type carry this order."""

from __future__ import annotations

from cockpit.domain import kinds
from cockpit.domain.gates.doors import account_of
from cockpit.domain.gates.gate import Case, Gate, GateAnswer
from cockpit.domain.gates.weighing import REHEARSE, Voice, published, voice, weigh
from cockpit.domain.gates.world import World
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level
from cockpit.domain.remedy import Remedy

_UPGRADE = Remedy("Sell only what the account holds, or ask for a margin account.", "open-permissions")
_FETCH = Remedy(
    "Fetch a statement, or sign in to the gateway: both say the account's type.", "fetch-statement"
)
_FUND = Remedy("Fund the account or close something; a rehearsal shows what is missing.", "rehearse")
_SHORT_WORDS = frozenset({"SSHORT", "SHORT"})


def account(world: World, case: Case) -> GateAnswer:
    """Does the account's type, and what is left in it, carry the order. The preview has the last word."""
    if case.column.interface is Interface.FLEX:
        return weigh(
            Gate.ACCOUNT, [published(Level.READY, "A statement needs no margin", "Flex Web Service")], ""
        )
    name = account_of(world, case)
    if not name:
        return weigh(Gate.ACCOUNT, [], "Which account it would be is not known")
    subject, now = f"account/{name}", world.now
    said: list[Voice] = []
    barred = world.facts.look(kinds.NO_TRADING, subject)
    if barred is not None and barred.value:
        cure = Remedy("Ask the broker's client service why the account is closed to its client.")
        said.append(
            voice(Level.BLOCKED, "The broker lets the client not trade in it", barred, now, "meta", cure)
        )
    for found in (
        world.facts.look(kinds.TRADING_TYPE, subject),
        world.facts.look(kinds.ACCOUNT_TYPE, subject),
    ):
        if found is not None and (is_cash := _is_cash(found.value)) is not None:
            level, sentence, cure_of = _for_type(is_cash, case)
            said.append(voice(level, sentence, found, now, "account type", cure_of))
    able = world.facts.look(kinds.CAPABILITIES, subject)
    if able is not None and able.value:
        level, sentence, cure_of = _for_type(not any("margin" in word.lower() for word in able.value), case)
        said.append(voice(level, sentence, able, now, "statement", cure_of, is_old_news=True))
    left = world.facts.look(kinds.EXCESS_LIQUIDITY, subject)
    if left is not None:
        is_enough = left.value > 0
        level = Level.READY if is_enough else Level.LIMITED
        sentence = (
            "Excess liquidity is left" if is_enough else "No excess liquidity: only what frees margin passes"
        )
        said.append(voice(level, sentence, left, now, "excess liquidity", None if is_enough else _FUND))
    return weigh(Gate.ACCOUNT, said, "Neither the account's type nor its margin is known", _FETCH)


def _is_cash(word: str) -> bool | None:
    """Read the broker's word for a margin class, such as PMRGN or CASH; None when it says nothing about it."""
    upper = word.upper()
    if "MRGN" in upper or "MARGIN" in upper or "REG T" in upper or "REGT" in upper:
        return False
    return True if "CASH" in upper else None


def _for_type(is_cash: bool, case: Case) -> tuple[Level, str, Remedy | None]:
    """A cash account never goes short (broker's account types; code 426). Whether a sale is one, the broker knows."""
    if not is_cash:
        return Level.READY, "A margin account", None
    action = case.ticket.action.upper()
    if action in _SHORT_WORDS:
        return Level.BLOCKED, "A cash account cannot go short (code 426)", _UPGRADE
    if action == "SELL" or any(leg.action.upper() == "SELL" for leg in case.ticket.legs):
        return (
            Level.LIMITED,
            "A cash account sells only what it holds; it cannot go short (code 426)",
            REHEARSE,
        )
    return Level.READY, "A cash account: it buys with settled cash", None
