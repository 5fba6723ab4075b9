"""The table of gates: what each asks, on which parts of a case it depends, and who judges it."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from msgspec import Struct

from cockpit.domain.gates.account import account
from cockpit.domain.gates.contract import contract, shape
from cockpit.domain.gates.doors import PROGRAM_INTERFACES, traded
from cockpit.domain.gates.entity import entity, may_concern
from cockpit.domain.gates.gate import Case, Gate, GateAnswer
from cockpit.domain.gates.market import is_conditional, market_data
from cockpit.domain.gates.offer import interface_offer
from cockpit.domain.gates.permission import permission
from cockpit.domain.gates.precautions import precautions
from cockpit.domain.gates.reading import own_list
from cockpit.domain.gates.sign_in import device, identity, second_factor, session
from cockpit.domain.gates.world import World
from cockpit.domain.interface import Interface


class GateRow(Struct, frozen=True):
    """One gate. Two cases with the same `key` get the same answer from `judge`."""

    gate: Gate
    title: str
    key: Callable[[Case], Hashable]
    judge: Callable[[World, Case], GateAnswer]


def by_column(case: Case) -> Hashable:
    """What concerns the sign-in: the column and the account."""
    column = case.column
    return column.interface, column.door, case.account or case.ticket.account


def by_offer(case: Case) -> Hashable:
    """What an interface can express, whatever the contract."""
    ticket = case.ticket
    interface = case.column.interface
    is_whole = ticket.quantity == int(ticket.quantity) or interface not in PROGRAM_INTERFACES
    return (
        interface,
        ticket.order_type,
        ticket.time_in_force,
        ticket.algorithm,
        ticket.in_cash,
        is_whole,
        bool(case.legs),
        case.instrument.sec_type,
    )


def by_side(case: Case) -> Hashable:
    """What concerns the account: the column, the account, and whether something is sold."""
    ticket = case.ticket
    legs = tuple(leg.action for leg in ticket.legs)
    return case.column.interface, case.column.door, case.account or ticket.account, ticket.action, legs


def by_doors(case: Case) -> Hashable:
    """Whose answers are measured for the column: all columns without a door of their own share what others say."""
    column = case.column
    if column.interface is Interface.TWS_API:
        return column.door
    if column.interface in (Interface.CLIENT_PORTAL, Interface.WEB_API, Interface.FLEX):
        return "/flex" if column.interface is Interface.FLEX else "/gateway"
    return ""


def by_contract(case: Case) -> Hashable:
    """What changes hands and on which side, and who has answered about it."""
    if case.column.interface is Interface.FLEX:
        return "/flex"
    legs = tuple(one.key for one in case.legs)
    return (
        by_doors(case),
        own_list(case.column.interface),
        case.instrument.key,
        case.ticket.action,
        legs,
    )


def by_right(case: Case) -> Hashable:
    """As by contract, and for the account: where none is named, the column's session says which."""
    account = case.account or case.ticket.account
    column = case.column
    return by_contract(case), account or (column.interface, column.door)


def by_region(case: Case) -> Hashable:
    """As by right, but one for all contracts that no regional rule can concern."""
    if not any(may_concern(case, one) for one in traded(case)):
        return "/nowhere"
    return by_right(case), case.column.interface in PROGRAM_INTERFACES


def by_watch(case: Case) -> Hashable:
    """As by contract, and whether a condition watches its price."""
    return by_contract(case), is_conditional(case)


def by_order(case: Case) -> Hashable:
    """Everything but the size."""
    return by_contract(case), shape(case.ticket)


def by_nothing(case: Case) -> Hashable:
    """The same for every case."""
    return None


GATE_TABLE: tuple[GateRow, ...] = (
    GateRow(Gate.IDENTITY, "A user who reaches the account", by_column, identity),
    GateRow(Gate.SECOND_FACTOR, "The second factor was given", by_column, second_factor),
    GateRow(Gate.DEVICE, "Device and address are let in", by_column, device),
    GateRow(Gate.SESSION, "A session that takes orders", by_column, session),
    GateRow(Gate.INTERFACE, "The interface offers it", by_offer, interface_offer),
    GateRow(Gate.ACCOUNT, "The account carries it", by_side, account),
    GateRow(Gate.PERMISSION, "The permission is held", by_right, permission),
    GateRow(Gate.ENTITY, "Company and region allow it", by_region, entity),
    GateRow(Gate.MARKET_DATA, "Prices arrive", by_watch, market_data),
    GateRow(Gate.CONTRACT, "The contract and its venue take it", by_order, contract),
    GateRow(Gate.PRECAUTIONS, "No precaution stops it", by_nothing, precautions),
)
