"""Before a second sign-in: what it takes, from whom, when, by which published rule."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cockpit.adapters.catalogue import shipped_catalogue
from cockpit.domain import kinds
from cockpit.domain.custody.forecast import SIGN_INS, forecast, in_words
from cockpit.domain.evidence import Observation, Provenance
from cockpit.domain.facts import Facts, fold
from cockpit.domain.interface import Interface
from cockpit.domain.kinds import Door, PortalDoor, PortalStage, Upstream
from cockpit.domain.level import Level
from cockpit.domain.plan import Plan
from cockpit.domain.register import Credential, CredentialKind, Register
from tests.domain.custody_days import BOTH, PAPER, PLAN, START, TWS

CATALOGUE = shipped_catalogue().playing


def standing(subject: str = TWS, account: str = "U1234821") -> list[Observation]:
    """A session that answers."""
    return [
        kinds.DOOR.seen(subject, Door.OPEN, START),
        kinds.ROUND_TRIP.seen(subject, 0.01, START),
        kinds.UPSTREAM.seen(subject, Upstream.UP, START),
        kinds.ACCOUNTS.seen(subject, (account,), START),
    ]


def facts(*observations: Observation) -> Facts:
    return fold(Facts(), observations)


@pytest.mark.parametrize("interface", [Interface.FLEX, Interface.TWS_API])
def test_a_statement_and_a_program_take_nothing(interface: Interface) -> None:
    found = forecast(interface, facts(*standing()), PLAN, CATALOGUE, START)
    assert (found.level, found.takings) == (Level.READY, ())


@pytest.mark.parametrize("interface", [one for one in SIGN_INS if one is not Interface.FLEX])
def test_a_sign_in_takes_trading_from_the_session_that_stands_and_names_its_source(
    interface: Interface,
) -> None:
    found = forecast(interface, facts(*standing()), PLAN, CATALOGUE, START)
    assert found.level is Level.LIMITED
    first = found.takings[0]
    assert (first.what, first.whose) == ("trading and live data", "Trader Workstation (U•••4821)")
    assert first.source.startswith("https://")
    assert "U1234821" not in in_words(found)


def test_client_portal_takes_the_way_back_after_the_next_reset() -> None:
    found = forecast(Interface.CLIENT_PORTAL, facts(*standing()), PLAN, CATALOGUE, START)
    back = found.takings[1]
    assert back.what == "the way back"
    assert back.when == "after the next server reset, 23:00 ET", "Friday's maintenance comes next"
    assert back.provenance is Provenance.PUBLISHED


def test_the_gateways_asking_for_trading_is_told_as_inferred() -> None:
    [first] = forecast(Interface.WEB_API, facts(*standing()), PLAN, CATALOGUE, START).takings
    assert first.provenance is Provenance.INFERRED
    assert "by itself" in first.when


@pytest.mark.parametrize(
    ("interface", "rule"),
    [(Interface.CLIENT_PORTAL, "paper-portal-conflict"), (Interface.MOBILE, "paper-sharing")],
)
def test_a_paper_session_can_lose_the_data_it_shares(interface: Interface, rule: str) -> None:
    seen = facts(*standing(), *standing(PAPER, "DU7654321"))
    last = forecast(interface, seen, BOTH, CATALOGUE, START).takings[-1]
    assert last.what == "shared live data"
    assert "DU•••4321" in last.whose
    assert last.rule == CATALOGUE.data_rules[rule].sentence


def test_a_paper_session_alone_loses_no_trading_to_the_live_user() -> None:
    found = forecast(Interface.MOBILE, facts(*standing(PAPER, "DU7654321")), BOTH, CATALOGUE, START)
    assert found.takings[0].level is Level.UNKNOWN


def test_client_portal_that_trades_is_named_as_the_loser_of_a_sign_in_at_tws() -> None:
    seen = facts(
        kinds.PORTAL_DOOR.seen("gateway", PortalDoor.OPEN, START),
        kinds.PORTAL_STAGE.seen("gateway", PortalStage.TRADING, START),
    )
    assert forecast(Interface.TWS, seen, PLAN, CATALOGUE, START).takings[0].whose == "Client Portal"


@pytest.mark.parametrize("age", [0.0, 3600.0], ids=["never seen", "seen an hour ago"])
def test_without_a_session_that_answers_nobody_knows_from_whom(age: float) -> None:
    seen = facts(*standing()) if age else Facts()
    found = forecast(Interface.MOBILE, seen, PLAN, CATALOGUE, START + age)
    assert found.level is Level.UNKNOWN
    assert "cannot be seen" in found.takings[0].whose


def test_a_registered_second_username_is_advised_by_name() -> None:
    second = Credential("browser user", CredentialKind.USERNAME, username="desk07web")
    plan = replace(PLAN, register=Register(username="desk07", credentials=(second,)))
    assert "desk07web" in forecast(Interface.MOBILE, facts(), plan, CATALOGUE, START).advice
    own = replace(plan, register=Register("desk07", credentials=(replace(second, username="desk07"),)))
    assert "second username" in forecast(Interface.MOBILE, facts(), own, CATALOGUE, START).advice


def test_a_catalogue_without_rows_still_says_the_one_rule() -> None:
    found = forecast(
        Interface.CLIENT_PORTAL, facts(*standing()), Plan(), replace(CATALOGUE, interfaces={}), START
    )
    assert "one brokerage session" in found.takings[0].rule
    assert found.takings[0].provenance is Provenance.INFERRED
