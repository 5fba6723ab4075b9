"""The shipped tables of orders, permissions, companies, codes, data and sign-in: whole, dated and free of doubles."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

import pytest

from cockpit.adapters.catalogue import load_catalogue
from cockpit.adapters.catalogue.playing import DeskTables
from cockpit.domain.catalogue import (
    GATE_WORDS,
    Availability,
    Confidence,
    Entity,
    FailureFamily,
    KnownCode,
    OrderGroup,
    OrderType,
    Permission,
    RegionalRule,
    Severity,
)
from cockpit.domain.gates.entity import CANADA, KID
from cockpit.domain.gates.gate import GATES, Gate
from cockpit.domain.interface import Interface
from cockpit.domain.reference import AuthMethod, InterfaceRow, MarketDataRule, Subscription
from cockpit.resources import resource

pytestmark = pytest.mark.plain

SHIPPED = load_catalogue()
PLAYING = SHIPPED.playing
ORDER_TAKING = tuple(interface for interface in Interface if interface is not Interface.FLEX)
TABLES = (
    "order_types.toml",
    "permissions.toml",
    "entities.toml",
    "codes.toml",
    "interfaces.toml",
    "market_data.toml",
    "auth.toml",
)


def every_row() -> Iterator[
    OrderType
    | Permission
    | Entity
    | RegionalRule
    | KnownCode
    | InterfaceRow
    | Subscription
    | MarketDataRule
    | AuthMethod
]:
    yield from PLAYING.order_types.values()
    yield from PLAYING.permissions.values()
    yield from PLAYING.entities.values()
    yield from PLAYING.rules.values()
    yield from PLAYING.codes.values()
    yield from PLAYING.interfaces.values()
    yield from PLAYING.subscriptions.values()
    yield from PLAYING.data_rules.values()
    yield from PLAYING.auth.values()


def test_the_tables_are_whole_and_nothing_is_left_out() -> None:
    assert SHIPPED.playing_complaints == ()
    counted = {
        "order types": len(PLAYING.order_types),
        "permissions": len(PLAYING.permissions),
        "entities": len(PLAYING.entities),
        "rules": len(PLAYING.rules),
        "interfaces": len(PLAYING.interfaces),
        "subscriptions": len(PLAYING.subscriptions),
        "data rules": len(PLAYING.data_rules),
        "auth": len(PLAYING.auth),
    }
    assert counted == {
        "order types": 118,
        "permissions": 31,
        "entities": 12,
        "rules": 11,
        "interfaces": 10,
        "subscriptions": 31,
        "data rules": 29,
        "auth": 27,
    }
    assert len(PLAYING.codes) >= 99


def test_every_row_says_where_it_comes_from_when_and_how_sure_it_is() -> None:
    for row in every_row():
        assert row.source.startswith(("https://", "http://")) or (
            row.source == "unknown" and row.confidence in (Confidence.UNKNOWN, Confidence.INFERRED)
        ), row
        assert re.fullmatch(r"unknown|\d{4}(-\d{2}){0,2}", row.as_of), row
        assert row.confidence is not Confidence.ATTESTED, "a shipped row is nobody's word"
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row.key), row.key


@pytest.mark.parametrize("file", TABLES)
def test_no_two_rows_of_a_table_share_a_key(file: str) -> None:
    for name, rows in tomllib.loads((resource("catalogue") / file).read_text("utf-8")).items():
        keys = [row["key"] for row in rows]
        assert len(keys) == len(set(keys)), name


def test_every_order_type_says_of_every_interface_that_takes_orders_what_is_known() -> None:
    for row in PLAYING.order_types.values():
        assert set(row.offers) == set(ORDER_TAKING), row.key
        for interface, offer in row.offers.items():
            assert (offer.confidence is Confidence.UNKNOWN) <= (offer.availability is Availability.UNKNOWN), (
                row.key,
                interface,
                "an answer without any footing",
            )
    assert {row.group for row in PLAYING.order_types.values()} == set(OrderGroup)


def test_what_is_said_of_products_times_and_hours_says_how_sure_it_is() -> None:
    for row in PLAYING.order_types.values():
        assert bool(row.products) <= (row.products_confidence is not Confidence.UNKNOWN), row.key
        assert bool(row.times_in_force) <= (row.times_confidence is not Confidence.UNKNOWN), row.key
        is_said = row.outside_hours is not Availability.UNKNOWN
        assert is_said <= (row.outside_confidence is not Confidence.UNKNOWN), row.key


def test_every_code_has_a_gate_a_family_a_severity_and_a_first_step() -> None:
    for row in PLAYING.codes.values():
        assert Gate(row.gate) in GATES
        assert row.family in FailureFamily
        assert row.severity in Severity
        assert row.remedy.strip(), row.key
        assert row.sentence.strip(), row.key
        assert row.api in ("tws", "web", "flex", "login"), row.key


def test_no_code_has_two_meanings() -> None:
    rows = tomllib.loads((resource("catalogue") / "codes.toml").read_text("utf-8"))["code"]
    assert len({(row["api"], row["code"]) for row in rows}) == len(rows) == len(PLAYING.codes)


def test_the_words_for_gates_are_those_of_the_gates() -> None:
    assert tuple(gate.value for gate in Gate) == GATE_WORDS


@pytest.mark.parametrize(
    ("api", "code", "gate", "severity"),
    [
        ("tws", 326, Gate.SESSION, Severity.BLOCK),
        ("tws", 1100, Gate.SESSION, Severity.BLOCK),
        ("tws", 1102, Gate.SESSION, Severity.INFO),
        ("tws", 2103, Gate.MARKET_DATA, Severity.DEGRADE),
        ("tws", 2108, Gate.MARKET_DATA, Severity.INFO),
        ("tws", 354, Gate.MARKET_DATA, Severity.DEGRADE),
        ("tws", 387, Gate.CONTRACT, Severity.BLOCK),
        ("tws", 460, Gate.PERMISSION, Severity.BLOCK),
        ("web", "o163", Gate.PRECAUTIONS, Severity.CONFIRM),
        ("flex", 1012, Gate.IDENTITY, Severity.BLOCK),
        ("login", "passkey_unsupported", Gate.SECOND_FACTOR, Severity.BLOCK),
    ],
)
def test_codes_stand_at_their_gate(api: str, code: str | int, gate: Gate, severity: Severity) -> None:
    row = PLAYING.code(api, code)
    assert row is not None
    assert (row.gate, row.severity) == (gate, severity)


def test_a_code_nobody_listed_is_unknown() -> None:
    assert PLAYING.code("tws", 987654) is None


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("LMT", "limit"),
        ("lmt", "limit"),
        ("MTL", "market-to-limit"),
        ("STP LMT", "stop-limit"),
        ("stop_limit", "stop-limit"),
        ("TRAIL LIMIT", "trailing-stop-limit"),
        ("Trailing Stop Limit", "trailing-stop-limit"),
        ("REL", "relative"),
        ("PEG MID", "pegged-to-midpoint"),
        ("Adaptive", "adaptive"),
        ("TWAP", "twap"),
        ("VWAP", "vwap-guaranteed"),
        ("vwap", "vwap"),
        ("GTD", "tif-gtd"),
    ],
)
def test_an_order_type_is_found_however_it_is_written(typed: str, key: str) -> None:
    row = PLAYING.order_type(typed)
    assert row is not None
    assert row.key == key


def test_a_company_is_found_by_any_of_its_names() -> None:
    for word in ("IBLLC-US", "IBLLC", "interactive brokers llc"):
        entity = PLAYING.entity(word)
        assert entity is not None
        assert entity.key == "ibllc"
    assert PLAYING.entity("") is None
    assert PLAYING.entity("IB-MOON") is None


def test_rules_and_prerequisites_point_at_rows_that_exist() -> None:
    for rule in PLAYING.rules.values():
        assert set(rule.entities) <= set(PLAYING.entities), rule.key
        assert Gate(rule.gate) in GATES
    assert {CANADA, KID} <= set(PLAYING.rules), "the gate of the company looks for these"
    for subscription in PLAYING.subscriptions.values():
        assert set(subscription.needs) <= set(PLAYING.subscriptions), subscription.key


@pytest.mark.parametrize(
    ("security", "keys"),
    [
        ("STK", {"stocks"}),
        ("FUT", {"futures"}),
        ("FOP", {"futures-options"}),
        ("CASH", {"forex"}),
        ("OPT", {f"options-level-{level}" for level in range(1, 5)}),
    ],
)
def test_only_the_permissions_that_decide_name_a_security_type(security: str, keys: set[str]) -> None:
    assert {row.key for row in PLAYING.permissions.values() if security in row.products} == keys


def test_the_words_of_a_statement_lead_to_permissions() -> None:
    said = {word: row.key for row in PLAYING.permissions.values() for word in row.statement_words}
    assert said["Futures Options"] == "futures-options"
    assert {"Stocks", "Options", "Warrants", "Bonds", "Forex", "Futures", "Mutual Funds"} <= set(said)


def test_a_desk_can_write_rows_of_every_table() -> None:
    shipped = {name for file in TABLES for name in tomllib.loads((resource("catalogue") / file).read_text())}
    assert shipped <= set(DeskTables.__struct_fields__)
