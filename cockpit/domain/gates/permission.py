"""The gate of the trading permission: live answers for this contract first, then the statement, then the trader."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.domain import kinds
from cockpit.domain.catalogue import Permission
from cockpit.domain.evidence import Seen
from cockpit.domain.gates.doors import GATEWAY, account_of, own_doors, traded
from cockpit.domain.gates.gate import Case, Gate, GateAnswer
from cockpit.domain.gates.weighing import Voice, hardest, published, voice, weigh
from cockpit.domain.gates.world import World
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level
from cockpit.domain.plan import Instrument
from cockpit.domain.remedy import Remedy

_REQUEST = Remedy("Request the permission: Settings, Trading, Trading Permissions.", "request-permission")
_CONFIRM = Remedy("Confirm it: rehearse the ticket or fetch a statement before you rely on it.", "rehearse")
_FETCH = Remedy(
    "Fetch a statement, or sign in to the gateway: both say what is permitted.", "fetch-statement"
)


def permission(world: World, case: Case) -> GateAnswer:
    """May this user and account trade everything that changes hands."""
    if case.column.interface is Interface.FLEX:
        only = published(Level.READY, "A statement needs no trading permission", "Flex Web Service")
        return weigh(Gate.PERMISSION, [only], "")
    if not account_of(world, case):
        return weigh(Gate.PERMISSION, [], "Which account it would be is not known")
    return hardest([_of(world, case, one) for one in traded(case)])


def _of(world: World, case: Case, instrument: Instrument) -> GateAnswer:
    account, now = account_of(world, case), world.now
    side = "sell" if case.ticket.action.upper() != "BUY" else "buy"
    contract = f"{GATEWAY}/contract/{instrument.key}"
    is_elsewhere = GATEWAY not in own_doors(world, case.column)
    said: list[Voice] = []
    accounts = world.facts.look(kinds.RULE_ACCOUNTS, f"{contract}/{side}")
    if accounts is not None and account:
        is_in = account in accounts.value
        level = Level.READY if is_in else Level.BLOCKED
        sentence = "The account may trade it" if is_in else "The account is not among those that may trade it"
        cure = None if is_in else _REQUEST
        said.append(voice(level, sentence, accounts, now, "contract rules", cure, inferred=is_elsewhere))
    needed = _needed(world, instrument)
    statement = _statement(world, account, needed)
    if statement is not None:
        said.append(statement)
    said += _attested(world, account, needed)
    permitted = world.facts.look(kinds.PERMITTED, contract)
    if permitted is not None:
        said.append(_field(permitted, said, now, is_elsewhere))
    return weigh(Gate.PERMISSION, said, f"Nothing says whether {instrument.key} may be traded", _FETCH)


def _field(permitted: Seen[bool], others: Sequence[Voice], now: float, is_elsewhere: bool) -> Voice:
    """Field 7768. Its no was never recorded on a live account, so it blocks only when a second witness agrees.

    Alone it makes the answer unknown: worse than a caution, since it may be true (fact sheet of the Web API, 5).
    """
    if permitted.value:
        said = "This user has the permission for it"
        return voice(Level.READY, said, permitted, now, "field 7768", inferred=is_elsewhere)
    if any(one.level is Level.BLOCKED and one.is_open for one in others):
        said = "The permission is missing: two sources agree"
        return voice(Level.BLOCKED, said, permitted, now, "field 7768", _REQUEST, inferred=is_elsewhere)
    said = "The broker's field says no permission, and nothing confirms it yet"
    return voice(Level.UNKNOWN, said, permitted, now, "field 7768", _CONFIRM, inferred=is_elsewhere)


def _needed(world: World, instrument: Instrument) -> tuple[Permission, ...]:
    rows = world.catalogue.permissions.values()
    return tuple(row for row in rows if instrument.sec_type in row.products)


def _statement(world: World, account: str, needed: tuple[Permission, ...]) -> Voice | None:
    """What the statement says: a day old, so a live answer is heard before it."""
    seen = world.facts.look(kinds.PERMISSIONS, f"account/{account}") if account and needed else None
    if seen is None or not any(row.statement_words for row in needed):
        return None
    held = {word.lower() for word in seen.value}
    for row in needed:
        if any(word.lower() in held for word in row.statement_words):
            said = f"The statement lists {row.title}"
            return voice(Level.READY, said, seen, world.now, "statement", is_old_news=True)
    said = f"The statement does not list {needed[0].title}"
    cure = Remedy(
        f"Request it: {needed[0].where or 'Settings, Trading, Trading Permissions'}.", "request-permission"
    )
    return voice(Level.BLOCKED, said, seen, world.now, "statement", cure, is_old_news=True)


def _attested(world: World, account: str, needed: tuple[Permission, ...]) -> list[Voice]:
    said: list[Voice] = []
    for row in needed:
        seen = world.facts.look(kinds.SAID_HELD, f"attested/permission/{account}/{row.key}")
        if seen is None:
            continue
        level = Level.READY if seen.value else Level.BLOCKED
        sentence = f"The trader says that {row.title} is {'held' if seen.value else 'not held'}"
        cure = None if seen.value else _REQUEST
        said.append(voice(level, sentence, seen, world.now, "attested: permission", cure))
    # One permission of several that unlock a product is enough, so a yes outweighs a no.
    held = [one for one in said if one.level is Level.READY and one.is_open]
    return held or said
