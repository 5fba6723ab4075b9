"""Which facts speak for a column: its own door, the doors beside it, its account and its instruments."""

from __future__ import annotations

from collections.abc import Iterator

from cockpit.domain import kinds
from cockpit.domain.catalogue import OrderType
from cockpit.domain.gates.gate import Case, Column
from cockpit.domain.gates.world import World
from cockpit.domain.interface import Interface
from cockpit.domain.order_tokens import token
from cockpit.domain.plan import Instrument, Mode, Portal, Socket

# Interfaces through which programs send orders; everything else is the trader's hand.
PROGRAM_INTERFACES = frozenset({Interface.TWS_API, Interface.WEB_API})
GATEWAY = Portal.subject


def tokens(word: str, row: OrderType | None) -> tuple[str, ...]:
    """Return the contract-details tokens of which one must be listed for the order type `word`."""
    if row is not None and row.tokens:
        return row.tokens
    return (token(word),)


def socket_of(world: World, column: Column) -> Socket | None:
    """Return the API socket of a TWS API column."""
    return world.plan.socket(column.door) if column.interface is Interface.TWS_API else None


def tws_sockets(world: World) -> tuple[Socket, ...]:
    """Return the sockets of TWS itself, not of IB Gateway: they see what its window sees; a paper one only if alone."""
    found = tuple(socket for socket in world.plan.sockets if socket.program == "TWS")
    return tuple(socket for socket in found if socket.mode is not Mode.PAPER) or found


def own_doors(world: World, column: Column) -> tuple[str, ...]:
    """Return the subjects whose answers are measured for this very column."""
    if column.interface is Interface.TWS_API:
        return (f"tws/{column.door}",)
    if column.interface in (Interface.CLIENT_PORTAL, Interface.WEB_API) and world.plan.portal is not None:
        return (GATEWAY,)
    return ()


def doors(world: World, column: Column) -> Iterator[tuple[str, bool]]:
    """Yield every door's subject and whether what it says is only carried over, the column's own first.

    Nothing is carried over from a paper session: its rights and data are its own.
    """
    own = own_doors(world, column)
    yield from ((subject, False) for subject in own)
    live = (one for one in world.plan.sockets if one.mode is not Mode.PAPER)
    yield from ((one.subject, True) for one in live if one.subject not in own)
    if world.plan.portal is not None and GATEWAY not in own:
        yield GATEWAY, True


def account_of(world: World, case: Case) -> str:
    """Return the account of the case: named, or the first that the column's session manages; "" when unknown."""
    if case.account or case.ticket.account:
        return case.account or case.ticket.account
    for subject in _speakers(world, case.column):
        kind = kinds.PORTAL_ACCOUNTS if subject == GATEWAY else kinds.ACCOUNTS
        seen = world.facts.look(
            kind, subject
        )  # whose account it is does not grow old; what is known of it does
        if seen is not None and seen.value:
            return seen.value[0]
    return ""


def _speakers(world: World, column: Column) -> tuple[str, ...]:
    """Doors whose accounts are the column's; another socket or the gateway may belong to another user."""
    if column.interface is Interface.TWS:
        return tuple(socket.subject for socket in tws_sockets(world))
    if column.interface in (Interface.TWS_API, Interface.CLIENT_PORTAL):
        return own_doors(world, column)
    return tuple(subject for subject, _ in doors(world, column))


def traded(case: Case) -> tuple[Instrument, ...]:
    """Return everything that changes hands: the legs of a combination, else the instrument."""
    return case.legs or (case.instrument,)


def watched(world: World, case: Case) -> tuple[Instrument, ...]:
    """Return what a condition would watch: the plan's instruments on which the traded ones depend, else these."""
    found = [
        one
        for one in world.plan.instruments
        if one.symbol == case.instrument.symbol and one.sec_type in ("STK", "IND", "FUT")
    ]
    if case.instrument.sec_type in ("OPT", "FOP", "WAR") and found:
        return tuple(found)
    return (case.instrument,)


def order_row(world: World, case: Case) -> OrderType | None:
    """Find the catalogue's row of the case's order type."""
    return world.catalogue.order_type(case.ticket.order_type)
