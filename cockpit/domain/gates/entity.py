"""The gate of the company and its region: rules that no permission lifts."""

from __future__ import annotations

from cockpit.domain import kinds
from cockpit.domain.evidence import Seen
from cockpit.domain.gates.doors import GATEWAY, PROGRAM_INTERFACES, account_of, own_doors, traded
from cockpit.domain.gates.gate import Case, Gate, GateAnswer
from cockpit.domain.gates.weighing import Voice, hardest, published, voice, weigh
from cockpit.domain.gates.world import World
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level
from cockpit.domain.plan import Instrument
from cockpit.domain.remedy import Remedy

CANADA, KID = "canada-api", "priips"  # keys of the catalogue's rules that a gate can judge
_CANADIAN_VENUES = frozenset(
    {"TSE", "VENTURE", "CSE", "PURE", "ALPHA", "CDE", "AEQNEO", "NEO", "OMEGA", "CHIX_CA"}
)
_BY_HAND = Remedy("Enter the order by hand in TWS, IBKR Desktop, IBKR Mobile or Client Portal.")
_UCITS = Remedy(
    "Trade the European twin of the fund, or ask to be classed as professional.", "open-permissions"
)
_WHO = Remedy("Fetch a statement, or sign in to the gateway: both name the company.", "fetch-statement")
_PACKAGES = frozenset({"STK", "FUND", "ETF"})
_PACKAGED = frozenset({"ETF", "ETN", "ETC", "FUND", ""})
_REGIONAL = frozenset({"CFD", "CRYPTO", "EC"})  # products that some of the broker's companies do not offer


_CALM = weigh(
    Gate.ENTITY,
    [published(Level.READY, "No regional rule of the catalogue concerns it", "catalogue: rules")],
    "",
)


def entity(world: World, case: Case) -> GateAnswer:
    """Does a rule of the account's company or region forbid it."""
    if case.column.interface is Interface.FLEX:
        return _CALM
    company = _company(world, case)
    answers = [_of(world, case, one, company) for one in traded(case)]
    return hardest(answers)


def may_concern(case: Case, instrument: Instrument) -> bool:
    """Whether a regional rule can concern the instrument at all, by what the case alone says."""
    if case.column.interface is Interface.FLEX:
        return False
    is_program = case.column.interface in PROGRAM_INTERFACES
    is_bought_stock = instrument.sec_type in _PACKAGES and case.ticket.action.upper() == "BUY"
    return (
        is_bought_stock or instrument.sec_type in _REGIONAL or (is_program and _may_be_canadian(instrument))
    )


def _company(world: World, case: Case) -> Seen[str] | None:
    name = account_of(world, case)
    return world.facts.look(kinds.ENTITY, f"account/{name}") if name else None


def _of(world: World, case: Case, instrument: Instrument, company: Seen[str] | None) -> GateAnswer:
    parts: list[GateAnswer] = []
    if case.column.interface in PROGRAM_INTERFACES and _may_be_canadian(instrument):
        is_canadian = _is_canadian(world, instrument)
        if is_canadian is not False:
            parts.append(_canada(world, company, is_sure=is_canadian is True))
    if instrument.sec_type in _PACKAGES and case.ticket.action.upper() == "BUY":
        parts.append(_key_document(world, case, instrument, company))
    if instrument.sec_type in _REGIONAL:
        said = [] if company is None else [_offers(company, world.now)]
        parts.append(
            weigh(Gate.ENTITY, said, f"{instrument.sec_type} depends on the company: not known", _WHO)
        )
    if not parts:
        return _CALM
    return hardest(parts)


def _offers(company: Seen[str], now: float) -> Voice:
    said = f"Whether {company.value} offers it, its permission shows"
    return voice(Level.READY, said, company, now, "entity", inferred=True)


def _may_be_canadian(instrument: Instrument) -> bool:
    """A named venue speaks for itself; smart routing may end at a Canadian one."""
    return instrument.exchange in _CANADIAN_VENUES or instrument.exchange in ("SMART", "")


def _is_canadian(world: World, instrument: Instrument) -> bool | None:
    """Whether it trades on a Canadian venue; None for a stock whose listing nobody has read."""
    if instrument.exchange in _CANADIAN_VENUES:
        return True
    if instrument.sec_type != "STK":
        return False
    if instrument.currency == "CAD":
        return True
    listings = _listings(world, instrument)
    return not _CANADIAN_VENUES.isdisjoint(listings) if listings else None


def _listings(world: World, instrument: Instrument) -> list[str]:
    subjects = (f"{socket.subject}/contract/{instrument.key}" for socket in world.plan.sockets)
    seen = (world.facts.fresh(kinds.LISTED_ON, subject, world.now) for subject in subjects)
    return [one.value for one in seen if one is not None]


def _concerned(world: World, rule: str, company: Seen[str]) -> bool | None:
    """Whether a rule of the catalogue concerns the company; None when the company's word is not known."""
    row, found = world.catalogue.rules.get(rule), world.catalogue.entity(company.value)
    if row is None:
        return False
    return None if found is None else found.key in row.entities


def _canada(world: World, company: Seen[str] | None, *, is_sure: bool) -> GateAnswer:
    """Clients of the Canadian company may not trade Canadian venues by program (TWS API documentation)."""
    rule = "catalogue: canada-api"
    if CANADA not in world.catalogue.rules:
        calm = published(Level.UNKNOWN, "The catalogue has no rule for Canadian venues", rule)
        return weigh(Gate.ENTITY, [calm], "")
    if company is None:
        words = "A Canadian venue by program" if is_sure else "Perhaps a Canadian listing, by program"
        return weigh(Gate.ENTITY, [], f"{words}: the account's company is not known", _WHO)
    concerned = _concerned(world, CANADA, company)
    if concerned is None:
        said = voice(
            Level.UNKNOWN, f"{company.value} is no company the catalogue knows", company, world.now, rule
        )
    elif concerned:
        level = Level.BLOCKED if is_sure else Level.UNKNOWN
        sentence = "Clients of the Canadian company may not trade Canadian venues by program"
        sentence = sentence if is_sure else f"{sentence}; where it is listed is not known"
        said = voice(level, sentence, company, world.now, rule, _BY_HAND, inferred=True)
    else:
        sentence = f"The Canadian rule does not concern {company.value}"
        said = voice(Level.READY, sentence, company, world.now, rule, inferred=True)
    return weigh(Gate.ENTITY, [said], "The account's company was not looked at", _WHO)


def _key_document(world: World, case: Case, instrument: Instrument, company: Seen[str] | None) -> GateAnswer:
    """Retail clients in Europe cannot buy a packaged product without its key information document."""
    rule, now = "catalogue: priips", world.now
    is_elsewhere = GATEWAY not in own_doors(world, case.column)
    said: list[Voice] = []
    asked = world.facts.look(kinds.CLARIFICATION, f"{GATEWAY}/contract/{instrument.key}")
    if asked is not None:
        is_asked = bool(asked.value)
        level = Level.BLOCKED if is_asked else Level.READY
        is_kid = "KID" in asked.value.upper() or "PRIIP" in asked.value.upper()
        reason = "Its key information document is missing: retail clients cannot buy it"
        sentence = (
            (reason if is_kid else "The broker asks for a clarification first")
            if is_asked
            else "Nothing to clarify"
        )
        cure = _UCITS if is_asked else None
        said.append(
            voice(
                level, sentence, asked, now, "contract info", cure, quote=asked.value, inferred=is_elsewhere
            )
        )
    for socket in world.plan.sockets:
        found = world.facts.look(kinds.STOCK_TYPE, f"{socket.subject}/contract/{instrument.key}")
        if found is not None and instrument.sec_type == "STK" and found.value.upper() not in _PACKAGED:
            said.append(voice(Level.READY, "Not a packaged product", found, now, "stock type", inferred=True))
    if company is not None and (concerned := _concerned(world, KID, company)) is not None:
        level = Level.UNKNOWN if concerned else Level.READY
        sentence = (
            "European retail clients cannot buy a fund without its key information document"
            if concerned
            else f"The European rule on key documents does not concern {company.value}"
        )
        cure = _WHO if concerned else None
        # The rule is weaker than what was seen of this very contract.
        heard = voice(level, sentence, company, now, rule, cure, inferred=True, is_old_news=True)
        said.append(heard)
    return weigh(Gate.ENTITY, said, "Neither the kind of product nor the account's company is known", _WHO)
