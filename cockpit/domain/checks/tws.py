"""TWS handshake, upstream and account: what one API socket says of itself."""

from __future__ import annotations

from cockpit.domain import kinds
from cockpit.domain.checks.answers import Target, eased, found, not_tested, unknown
from cockpit.domain.checks.desk import skew_words
from cockpit.domain.facts import Facts
from cockpit.domain.farms import farms_of
from cockpit.domain.kinds import Door, FarmState, Upstream
from cockpit.domain.level import Level
from cockpit.domain.plan import Mode, Plan
from cockpit.domain.readiness import Finding
from cockpit.domain.remedy import Remedy
from cockpit.domain.socket_session import socket_session
from cockpit.domain.words import clock, counted, listed, masked, milliseconds, money

MOST_SKEW = 2.0  # seconds: the broker's clock comes in whole seconds
MOST_ROUND_TRIP = 0.5  # seconds

_DIAGNOSES = {
    Door.REFUSED: "tws-not-running",
    Door.UNREACHABLE: "tws-unreachable",
    Door.SHUT: "address-not-trusted",
    Door.MUTE: "message-waits-in-tws",
    Door.WAITING: "tws-still-signing-in",
    Door.CLIENT_ID_TAKEN: "client-id-stuck",
    Door.TOO_OLD: "versions-do-not-meet",
    Door.STRANGER: "port-stranger",
    Door.LOST: "connection-ended",
    Door.SILENT: "tws-not-answering",
}


def session(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """Does the API answer: accounts and next id came, and the heartbeat goes there and back."""
    socket = target.the_socket()
    row = socket_session(facts, plan, socket, now)
    door = facts.fresh(kinds.DOOR, socket.subject, now)
    if door is None:
        return unknown("The socket was not tried")
    state = Door(door.value)
    if state is Door.OPEN:
        trip = facts.fresh(kinds.ROUND_TRIP, socket.subject, now)
        if trip is None:
            return unknown("Open, but no heartbeat was answered", row.remedy, diagnosis="tws-not-answering")
        version = facts.look(kinds.SERVER_VERSION, socket.subject)
        accounts = facts.look(kinds.ACCOUNTS, socket.subject)
        parts = ["Signed in"]
        if accounts is not None:
            parts.append(listed([masked(account) for account in accounts.value], 2))
        if version is not None:
            parts.append(f"protocol {version.value}")
        return found(Level.READY, ", ".join(parts), trip)
    diagnosis = _DIAGNOSES[state]
    if state is Door.REFUSED and row.word == "API closed":
        diagnosis = "api-off"
    answer = row.word if state is not Door.REFUSED else f"{row.word}: {row.lines[1]}"
    return eased(found(Level.BLOCKED, answer, door, row.remedy, diagnosis=diagnosis), plan, target)


def client(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """Which client id is used; another than the first of the range means that one is still held."""
    socket = target.the_socket()
    seen = facts.look(kinds.CLIENT_ID, socket.subject)
    if seen is None:
        return unknown("No client id yet")
    first = socket.client_ids[0]
    if seen.value != first:
        held = (
            f"{first} is still held"
            if seen.value == first + 1
            else f"{first} to {seen.value - 1} are still held"
        )
        cure = Remedy(
            f"Nothing is lost: {seen.value} is used. After a crash TWS may hold an id until it restarts; "
            "if another program uses it, give one of them another id.",
        )
        return found(Level.LIMITED, f"{seen.value}; {held}", seen, cure, diagnosis="client-id-stuck")
    return found(Level.READY, f"{seen.value}", seen)


def mode(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """Live or paper, by the prefix of every account; the port proves nothing."""
    socket = target.the_socket()
    seen = facts.fresh(kinds.ACCOUNTS, socket.subject, now)
    if seen is None or not seen.value:
        return unknown("No accounts came")
    paper = [account.startswith("D") for account in seen.value]
    word = "Paper" if all(paper) else "Live" if not any(paper) else "Live and paper mixed"
    cure = Remedy(
        "Sign in with the other username, or change the mode of this socket in the settings.", "open-settings"
    )
    if socket.mode is Mode.EITHER:
        return found(Level.READY, f"{word}, either is expected", seen)
    if word.lower() != socket.mode.value:
        finding = found(
            Level.BLOCKED,
            f"{word}, but {socket.mode.value} is expected",
            seen,
            cure,
            diagnosis="paper-live-mixed-up",
        )
        return eased(finding, plan, target)
    return found(Level.READY, f"{word}, as expected", seen)


def broker_clock(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """This PC's clock against the broker's."""
    seen = facts.fresh(kinds.BROKER_CLOCK, target.the_socket().subject, now)
    if seen is None:
        return unknown("The broker's clock was not read")
    if abs(seen.value) > MOST_SKEW:
        cure = Remedy("Set this PC's clock by the system's time service: codes and hours depend on it.")
        return found(
            Level.LIMITED,
            f"Broker's {skew_words(seen.value)} against this PC",
            seen,
            cure,
            diagnosis="clock-skew",
        )
    return found(Level.READY, f"Broker's {skew_words(seen.value)}", seen)


def round_trip(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """How long the API takes to answer."""
    seen = facts.fresh(kinds.ROUND_TRIP, target.the_socket().subject, now)
    if seen is None:
        return unknown("No heartbeat was answered")
    if seen.value > MOST_ROUND_TRIP:
        cure = Remedy("Look at the load of the PC that runs TWS, and at its memory setting.")
        return found(Level.LIMITED, milliseconds(seen.value), seen, cure, diagnosis="slow-tws")
    return found(Level.READY, milliseconds(seen.value), seen)


def write_access(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """Is the API read-only. It is never provoked: asking could raise a dialog in TWS."""
    seen = facts.look(kinds.READ_ONLY, target.the_socket().subject)
    if seen is None or seen.is_from_before:
        return not_tested("asking could raise a dialog in TWS")
    if seen.value:
        cure = Remedy(
            "Untick Read-Only API in Global Configuration, API, Settings, if programs should send orders or rehearse. "
            "Orders typed into TWS are not affected."
        )
        return found(
            Level.LIMITED, "Read-only: programs cannot send orders", seen, cure, diagnosis="read-only-api"
        )
    return found(Level.READY, "Takes orders", seen)


def upstream(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """Are the broker's servers behind the socket."""
    socket = target.the_socket()
    seen = facts.fresh(kinds.UPSTREAM, socket.subject, now)
    if seen is None:
        return unknown("The broker's servers were not heard of")
    since = clock(seen.since, plan.zone, seconds=True)
    if seen.value == Upstream.DOWN:
        cure = Remedy(
            "TWS reconnects by itself. Check the internet line; in a reset window just wait.", "", 5
        )
        finding = found(
            Level.BLOCKED, f"Broker's servers lost since {since}", seen, cure, diagnosis="upstream-lost"
        )
        return eased(finding, plan, target)
    if seen.value == Upstream.UP_DATA_LOST:
        cure = Remedy("Programs on this socket must subscribe to their data again; TWS itself does so.")
        return found(
            Level.LIMITED,
            f"Back since {since}, subscriptions lost",
            seen,
            cure,
            diagnosis="upstream-back-data-lost",
        )
    if seen.value == Upstream.UP_DATA_KEPT:
        return found(Level.READY, f"Back since {since}, subscriptions kept", seen)
    return found(Level.READY, "Connected", seen)


def farms(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """Which data farms answer. A dormant farm wakes on demand and is no fault."""
    found_farms = farms_of(facts, target.the_socket(), now)
    states, missing = found_farms.now, found_farms.missed
    if not states:
        return unknown("No farm notice came")
    newest = max(states.values(), key=lambda seen: seen.at)
    broken = sorted(name for name, seen in states.items() if seen.value == FarmState.BROKEN)
    if broken:
        cure = Remedy(
            "TWS reconnects farms by itself. Outside reset windows look at the internet line.", "", 5
        )
        worst = min((states[name] for name in broken), key=lambda seen: seen.since)
        since = clock(worst.since, plan.zone, seconds=True)
        return found(
            Level.LIMITED, f"Down since {since}: {listed(broken)}", worst, cure, diagnosis="farm-down"
        )
    if missing:
        cure = Remedy("Restart TWS if an instrument of yours stays without data.")
        return found(
            Level.LIMITED, f"Not heard of: {listed(missing)}", newest, cure, diagnosis="farm-missing"
        )
    waiting = [name for name, seen in states.items() if seen.value == FarmState.CONNECTING]
    if waiting:
        return found(
            Level.LIMITED, f"Connecting: {listed(sorted(waiting))}", newest, diagnosis="farm-connecting"
        )
    dormant = sum(seen.value == FarmState.DORMANT for seen in states.values())
    extra = f", {dormant} on demand" if dormant else ""
    return found(Level.READY, f"{counted(len(states), 'farm')}{extra}", newest)


def bulletins(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """What the broker itself announces."""
    socket = target.the_socket()
    start = f"{socket.subject}/bulletin/"
    news = [
        seen
        for subject in facts.subjects(kinds.BULLETIN, start)
        if (seen := facts.fresh(kinds.BULLETIN, subject, now)) is not None
    ]
    if not news:
        trip = facts.fresh(kinds.ROUND_TRIP, socket.subject, now)
        return (
            unknown("Not asked")
            if trip is None
            else found(Level.READY, "None", trip, detail="No bulletin came")
        )
    newest = max(news, key=lambda seen: seen.at)
    cure = Remedy("Read them in TWS: Help, Message Centre.")
    return found(
        Level.LIMITED,
        f"{counted(len(news), 'bulletin')} today",
        newest,
        cure,
        diagnosis="bulletin",
        detail=f"From TWS: {newest.value}",
    )


def expected_accounts(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """Are the accounts the desk expects there, and none besides."""
    socket = target.the_socket()
    seen = facts.fresh(kinds.ACCOUNTS, socket.subject, now)
    if seen is None or not seen.value:
        return unknown("No accounts came")
    here, wanted = set(seen.value), set(socket.accounts)
    if not wanted:
        return found(Level.READY, f"{counted(len(here), 'account')}, none named in the settings", seen)
    missing, extra = sorted(wanted - here), sorted(here - wanted)
    if missing:
        cure = Remedy(
            "Sign in with the username that has this account, or correct the settings.", "open-settings"
        )
        answer = f"Missing: {listed([masked(account) for account in missing])}"
        return eased(found(Level.BLOCKED, answer, seen, cure, diagnosis="account-missing"), plan, target)
    if extra:
        cure = Remedy(
            "Check which account an order ticket would use before sending; "
            "name the account in the settings if it is yours.",
            "open-settings",
        )
        answer = f"Unexpected: {listed([masked(account) for account in extra])}"
        return found(Level.LIMITED, answer, seen, cure, diagnosis="account-unexpected")
    return found(Level.READY, f"{counted(len(here), 'account')}, as expected", seen)


def liquidity(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """Is there margin left."""
    subject = f"account/{target.account}"
    seen = facts.fresh(kinds.EXCESS_LIQUIDITY, subject, now)
    if seen is None:
        return unknown("Account values did not come")
    currency = facts.look(kinds.CURRENCY, subject)
    cushion = facts.fresh(kinds.CUSHION, subject, now)
    answer = f"Excess liquidity {money(seen.value, currency.value if currency is not None else '')}"
    if cushion is not None:
        answer += f", cushion {cushion.value * 100:.0f} %"
    if seen.value <= 0:
        cure = Remedy("Reduce positions or add funds: the broker may liquidate without asking.")
        return eased(found(Level.BLOCKED, answer, seen, cure, diagnosis="no-excess-liquidity"), plan, target)
    if cushion is not None and cushion.value < 0.05:
        return found(Level.LIMITED, answer, seen, Remedy("Keep new orders small."), diagnosis="thin-cushion")
    return found(Level.READY, answer, seen)


def orders(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """Open orders by origin: who could cancel what."""
    seen = facts.fresh(kinds.OPEN_ORDERS, target.the_socket().subject, now)
    read = facts.fresh(kinds.ORDERS_READ, target.the_socket().subject, now)
    if read is not None and not read.value:
        return not_tested("the API is read-only and does not list orders")
    if seen is None:
        return unknown("Open orders did not come")
    return found(Level.READY, listed(seen.value) if seen.value else "No open orders", seen)
