"""Permissions to draw: gaps with a late request, two accounts of two companies, and a desk that knows nothing."""

from __future__ import annotations

from cockpit.domain import kinds
from cockpit.domain.catalogue import Confidence, Entity, Permission, RegionalRule, playing
from cockpit.domain.evidence import Observation, Provenance
from cockpit.domain.facts import Facts, fold
from cockpit.domain.plan import Flow, Plan, Socket, Ticket
from cockpit.services.state import DeskState
from tests.ui import rehearsal_states, states
from tests.ui.states import NOW

HOUR, DAY = 3600.0, 86400.0
ONE, TWO = "U1234821", "U7654309"
_WHERE = "Client Portal > user menu > Settings > Trading > Trading Permissions"
_QUOTED = "The next business day when asked early; 48 hours, says another page."


def _row(key: str, title: str, products: tuple[str, ...], words: tuple[str, ...]) -> Permission:
    return Permission(
        key,
        title,
        products,
        words,
        f"{title} per country and exchange group",
        "Good knowledge declared, and two years of experience or a test",
        _WHERE,
        _QUOTED,
        "https://www.interactivebrokers.com.au/en/index.php?f=38144",
        "2026-04",
        Confidence.DOCUMENTED,
    )


CATALOGUE = playing(
    permissions=(
        _row("stocks", "Stocks and ETFs", ("STK",), ("Stocks",)),
        _row("options-level-1", "Options level 1", ("OPT",), ("Options",)),
        _row("options-level-2", "Options level 2", ("OPT",), ("Options",)),
        _row("futures", "Futures", ("FUT",), ("Futures",)),
        _row("futures-options", "Futures options", ("FOP",), ("Futures Options",)),
        _row("forex", "Forex", ("CASH",), ()),
        _row("bonds", "Bonds", ("BOND",), ("Bonds",)),
    ),
    entities=(
        Entity(
            "ibllc",
            "Interactive Brokers LLC",
            "IBLLC-US",
            "United States and rest of world",
            "SEC, CFTC",
            "SIPC up to 500,000 USD, of which 250,000 cash",
            ("US residents may not trade non-US cash-index options",),
            "Reg T; portfolio margin from 110,000 USD",
            "www.interactivebrokers.com",
            "https://www.interactivebrokers.ie/en/index.php?f=39138",
            "2026-04",
            Confidence.DOCUMENTED,
        ),
    ),
    rules=(
        RegionalRule(
            "display",
            "Free quotes",
            "The free stream may not be shown where orders are entered.",
            ("ibllc",),
            "market data",
            "Subscribe to the venue.",
            "s",
            "2026",
            Confidence.DOCUMENTED,
        ),
    ),
)


def _statement(account: str, words: tuple[str, ...], capabilities: tuple[str, ...]) -> list[Observation]:
    subject, at = f"account/{account}", NOW - 2 * HOUR
    return [
        kinds.PERMISSIONS.seen(subject, words, at),
        kinds.PERMISSIONS_BEFORE.seen(subject, ("Stocks", "Options", "Warrants", "Futures"), at),
        kinds.CAPABILITIES.seen(subject, capabilities, at),
        kinds.STATEMENT_OF.seen(subject, NOW - 11 * HOUR, at),
    ]


def gaps() -> DeskState:
    """Futures options are missing and asked for too long ago; forex is said to be held; options have no level."""
    seen = [
        *states.calm_morning_observations(),
        *_statement(ONE, ("Stocks", "Options", "Futures", "Bonds"), ("Margin",)),
        kinds.ENTITY.seen(f"account/{ONE}", "IBLLC-US", NOW - 2),
        kinds.PORTAL_ACCOUNTS.seen("gateway", (ONE,), NOW - 90),
        kinds.PERMITTED.seen("gateway/contract/ESOPT", False, NOW - 60),
        kinds.PERMITTED.seen("gateway/contract/ES", True, NOW - 60),
        kinds.REQUESTED_ON.seen(
            f"attested/permission/{ONE}/futures-options",
            NOW - 53 * HOUR,
            NOW - 53 * HOUR,
            Provenance.ATTESTED,
        ),
        kinds.SAID_HELD.seen(f"attested/permission/{ONE}/forex", True, NOW - 6 * DAY, Provenance.ATTESTED),
        kinds.FLEX_STATE.seen("flex", "fetched", NOW - 2 * HOUR),
    ]
    return DeskState(
        rehearsal_states.PLAN, fold(Facts(), seen), catalogue=CATALOGUE, vault="Windows Credential Manager"
    )


def two_accounts() -> DeskState:
    """A second account, with a company that the catalogue does not know."""
    ticket = Ticket("bond", "SPXOPT", account=TWO, text="BUY 2 SPX 4 DEC 5900 C LMT 30 in the second account")
    plan = Plan(
        sockets=(Socket(accounts=(ONE, TWO)),),
        instruments=rehearsal_states.PLAN.instruments,
        flows=(*rehearsal_states.PLAN.flows, Flow("two", "Second account", tickets=(ticket,))),
    )
    seen = [
        kinds.ENTITY.seen(f"account/{TWO}", "IB-XX", NOW - 90),
        kinds.REQUESTED_ON.seen(
            f"attested/permission/{TWO}/options-level-1",
            NOW - 20 * HOUR,
            NOW - 20 * HOUR,
            Provenance.ATTESTED,
        ),
        *_statement(TWO, ("Stocks", "Moon Shares"), ("Cash",)),
    ]
    state = gaps()
    return DeskState(plan, fold(state.facts, seen), catalogue=CATALOGUE, vault=state.vault)


def nothing() -> DeskState:
    """No statement, no ticket, no account."""
    return DeskState(Plan(), Facts(), catalogue=CATALOGUE)


STATES = {"gaps": gaps, "two-accounts": two_accounts, "nothing": nothing}
