"""Rehearsals to draw: an evening with answers, a queue at work, a read-only morning. Figures are made up."""

from __future__ import annotations

from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.catalogue import playing
from cockpit.domain.drill import DrillPlan, DrillStep
from cockpit.domain.facts import Facts, fold
from cockpit.domain.plan import Flow, Instrument, Objective, Ticket
from cockpit.services.state import ANSWERED, NO_ANSWER, NOT_POSSIBLE, REFUSED, DeskState, Drill, Rehearsal
from tests.ui import states
from tests.ui.states import NOW

HOUR = 3600.0
TICKETS = (
    Ticket("spx", "SPXOPT", text="SELL 1 IC SPX 4 DEC 5700/5750/6250/6300 LMT 8.40 GTC"),
    Ticket("es", "ES", text="SELL 2 ESZ6 TRAIL LIMIT 5 2 GTC outside"),
    Ticket("fop", "ESOPT", text="BUY 4 ES 4 DEC 5800 P LMT 22.5"),
    Ticket("eur", "EUR.USD", text="BUY 100K EUR.USD LMT 1.0815"),
    Ticket("nq", "NQ", text="BUY 1 NQZ6 MKT"),
)
PLAN = replace(
    states.PLAN,
    instruments=(
        *states.PLAN.instruments,
        Instrument("SPXOPT", "SPX", "OPT", "CBOE"),
        Instrument("ESOPT", "ES", "FOP", "CME"),
        Instrument("NQ", "NQ", "FUT", "CME"),
    ),
    flows=(
        Flow("spx-leg", "Move a leg of the SPX condor", Objective.MULTI_LEG, tickets=TICKETS[:1]),
        Flow("hedge", "Hedge with ES futures options", tickets=TICKETS[1:3]),
        Flow("fx-gap", "Check overnight FX gap", Objective.MONITOR, tickets=TICKETS[3:4]),
        Flow("add", "Add on a dip", tickets=TICKETS[4:]),
    ),
)
DRILLS = (
    DrillPlan(
        "tws-dies",
        "TWS dies ten minutes before the open",
        "TWS is gone, positions are open, and starting it again needs the whole sign-in.",
        (
            DrillStep("Open the mobile app and unlock it", "IBKR Mobile", 20),
            DrillStep("Check that it can trade, not only look", "IBKR Mobile, order ticket", 15),
            DrillStep("Prepare the order that flattens the largest risk", "IBKR Mobile, Close position", 30),
            DrillStep("Start TWS again and answer the second factor", "TWS", 90),
        ),
        "the desk",
        "2026-10",
    ),
    DrillPlan("phone-lost", "The phone with the second factor is lost", "", (DrillStep("Fetch the card"),)),
)
CATALOGUE = playing(drills=DRILLS)
RECORD = Drill(
    "tws-dies",
    DRILLS[0].title,
    NOW - 12 * 86400,
    (
        (DRILLS[0].steps[0].title, 26.0),
        (DRILLS[0].steps[1].title, 12.0),
        (DRILLS[0].steps[2].title, -1.0),
        (DRILLS[0].steps[3].title, 141.0),
    ),
)


def answered(
    ticket: str, at: float, margin: str, commission: str = "2.25 USD", warning: str = ""
) -> Rehearsal:
    """Make a rehearsal that the broker answered."""
    return Rehearsal(ticket, at, ANSWERED, "The broker would take it.", margin, "", commission, warning)


def evening() -> DeskState:
    """Each way in which a rehearsal ends."""
    newest = (
        replace(answered("spx", NOW - 3 * HOUR, "16204.5", "4.12 USD"), maintenance_margin_change="14000"),
        answered(
            "es", NOW - 3 * HOUR + 61, "+31,900 USD", warning="399 Order will not be placed before 09:30"
        ),
        Rehearsal(
            "fop",
            NOW - 3 * HOUR + 122,
            REFUSED,
            "The broker refuses this order (code 201).",
            warning="Order rejected - reason: No trading permissions.",
            code=201,
        ),
        Rehearsal("eur", NOW - 3 * HOUR + 190, NO_ANSWER, "No answer within 15 s."),
    )
    earlier = (
        replace(answered("spx", NOW - 27 * HOUR, "15000", "4.12 USD"), maintenance_margin_change="14000"),
        answered("eur", NOW - 27 * HOUR, "2180.20", "2.00 USD"),
    )
    return DeskState(
        PLAN,
        fold(Facts(), states.calm_morning_observations()),
        rehearsals=newest,
        earlier_rehearsals=earlier,
        rehearses_at="07:45",
        drills=(RECORD,),
        catalogue=CATALOGUE,
    )


def queue() -> DeskState:
    """Two were asked, three wait; the next may go in 42 seconds."""
    done = (answered("spx", NOW - 80, "16204.5"), answered("es", NOW - 18, "31900"))
    return replace(
        evening(),
        rehearsals=done,
        earlier_rehearsals=(),
        rehearsing=("fop", "eur", "nq"),
        rehearses_at="",
        drills=(),
    )


def read_only() -> DeskState:
    """The API takes no orders, so nothing can be asked."""
    state = evening()
    seen = [kinds.READ_ONLY.seen("tws/tws", True, NOW - 60)]
    refused = Rehearsal(
        "spx",
        NOW - 50,
        NOT_POSSIBLE,
        "The API is read-only: a what-if would raise a dialog in TWS and bring no answer.",
    )
    return replace(state, facts=fold(state.facts, seen), rehearsals=(refused,), rehearses_at="")


def nothing() -> DeskState:
    """A playbook without tickets, a catalogue without drills."""
    return DeskState(states.PLAN, Facts(), catalogue=playing())


STATES = {"evening": evening, "queue": queue, "read-only": read_only}
