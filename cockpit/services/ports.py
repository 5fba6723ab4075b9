"""What the services need from outside, in our words. Adapters implement these; fakes stand in for them in tests."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Protocol, TypeAlias

from msgspec import Struct

from cockpit.domain.evidence import Observation
from cockpit.domain.oauth import OAuthSecret, WebApi
from cockpit.domain.plan import Instrument, Plan, Portal, Socket, Ticket
from cockpit.domain.readiness import Run
from cockpit.domain.secret import Secret
from cockpit.services.errors import JournalTrouble

Report: TypeAlias = Callable[[Sequence[Observation]], None]
"""Where an adapter puts what it saw. Called in the sessions' loop only."""


class Clock(Protocol):
    """The time, twice: for calendars and for waiting."""

    def now(self) -> float:
        """Wall clock, UTC epoch seconds."""

    def monotonic(self) -> float:
        """A clock that never jumps, seconds."""


class Tally(Protocol):
    """Counts what is really done to the broker's session: adapters tell it, the meter shows it."""

    def message(self, count: int = 1) -> None:
        """Count messages sent to TWS or requests to the gateway."""

    def line(self, change: int) -> None:
        """Count market-data lines taken (+1) and given back (-1)."""

    def client_id(self, change: int) -> None:
        """Count API client slots taken (+1) and given back (-1)."""

    def what_if(self) -> None:
        """Count a what-if that went out."""


class Preview(Struct, frozen=True):
    """The answer to a what-if: amounts as the broker words them, in account currency."""

    initial_margin_change: str
    maintenance_margin_change: str
    commission: str
    warning: str = ""


class SocketLink(Protocol):
    """One API socket. Every method reports what it saw as observations before it returns or raises.

    All raise Trouble only: DoorTrouble from `open`, NoAnswer, ConnectionEnded or Refused from the others.
    """

    @property
    def socket(self) -> Socket:
        """Which door this is."""

    @property
    def is_open(self) -> bool:
        """Whether a session stands."""

    async def open(self) -> None:
        """Connect and wait until accounts and next id have come; at once when it is open already."""

    async def close(self) -> None:
        """End the session; never raises."""

    async def ended(self) -> None:
        """Return when the session has ended."""

    async def beat(self) -> float:
        """Ask the broker's clock; return the round trip in seconds."""

    async def ask_upstream(self) -> None:
        """Ask for bulletins and wait a moment for farm notices."""

    async def ask_accounts(self) -> None:
        """Ask the account summary of every account, and the family codes."""

    async def ask_orders(self) -> None:
        """Count the open orders of all clients by origin; under a read-only API that is reported, not raised."""

    async def ask_feed(self, instrument: Instrument) -> None:
        """Look what arrives for one instrument: one line, given back at once."""

    async def ask_contract(self, instrument: Instrument, *, with_listing: bool = True) -> None:
        """Ask how the contract resolves, what it offers, in which steps, and when it trades.

        Order types are asked where the instrument points and, `with_listing`, once more at its listing exchange, whose
        list stands at `<subject>@<exchange>`: that is a second message. An option without a strike is not asked, for
        the answer would be a whole chain.
        """

    async def preview(self, ticket: Ticket, instrument: Instrument) -> Preview:
        """Ask a what-if. It creates no order; it is the only method that sends an order frame.

        Reports whether the ticket was taken (`…/preview/<ticket>`) and with which code its order type was refused
        (`…/refusal/<instrument>/<order type>/<side>`).
        """


class PortalLink(Protocol):
    """The Client Portal gateway. Like SocketLink: reports first, raises Trouble only."""

    @property
    def portal(self) -> Portal:
        """Which gateway this is."""

    async def trust(self, fingerprint: str) -> None:
        """Take a certificate that the trader has compared as this gateway's own."""

    async def knock(self) -> None:
        """Try the door without touching the broker: port, certificate, address filter, local answer."""

    async def ask_session(self) -> None:
        """Ask how far the sign-in goes: portal session and brokerage session apart."""

    async def ask_accounts(self) -> None:
        """Ask the accounts of the gateway's user, with entity, margin class and trading flag of each."""

    async def ask_contract(self, instrument: Instrument, is_buy: bool, con_id: int = 0) -> None:
        """Ask which orders a contract takes on one side; `con_id` as another interface resolved it, 0 for not known."""

    async def ask_snapshot(
        self, instruments: Sequence[Instrument], con_ids: Mapping[str, int] | None = None
    ) -> None:
        """Ask data entitlement, tradability and permission of instruments; `con_ids` by key. No line stays taken."""

    async def listen(self) -> None:
        """Follow the websocket until it ends; raises NoAnswer when it stays silent."""

    async def close(self) -> None:
        """Close connections; never raises and never logs anybody out."""


class Machine(Protocol):
    """This PC."""

    async def look_at_desk(self) -> Sequence[Observation]:
        """Network, power, pending restart, disk, clock synchronisation."""

    async def look_at_programs(self) -> Sequence[Observation]:
        """Which of the broker's programs run and since when; jts.ini and the restart token."""

    async def look_at_ports(self, plan: Plan) -> Sequence[Observation]:
        """Who listens on the plan's ports, and on which addresses."""

    async def look_at_guards(self, plan: Plan) -> Sequence[Observation]:
        """What guards this PC and its doors: disk, screen, remote control, address lists, launchers' logs.

        Passive and slow to change: once in some minutes is enough. What the system does not say is left out.
        """


class Calendar(Protocol):
    """Opening hours of venues."""

    async def look(self, venues: Sequence[str], now: float) -> Sequence[Observation]:
        """Next open and close of each venue, early close, daylight-saving mismatch."""


class Journal(Protocol):
    """The append-only store. Raises JournalTrouble."""

    def append(self, observations: Sequence[Observation]) -> None:
        """Take observations; they are written soon, in order. Never waits."""

    @property
    def trouble(self) -> JournalTrouble | None:
        """What keeps it from writing now; None when it writes."""

    async def newest(self) -> Sequence[Observation]:
        """Return the newest observation of every subject and fact."""

    async def since(self, facts: Collection[str], start: float) -> Sequence[Observation]:
        """Return every observation of these facts from `start` (UTC epoch seconds) on, in the order they came."""

    async def write_run(self, run: Run) -> None:
        """Keep a run, finished or not; the same id replaces its own unfinished state."""

    async def last_green(self) -> StoredRun | None:
        """Return the last run whose verdict was ready."""

    async def flush(self) -> None:
        """Return when everything appended so far is on disk."""

    async def close(self) -> None:
        """Flush and close."""


class StoredResult(Struct, frozen=True):
    """One check of a stored run."""

    check: str
    title: str
    level: str
    answer: str


class StoredRun(Struct, frozen=True):
    """A run read back from the journal. Times in UTC epoch seconds."""

    id: str
    started: float
    ended: float | None
    level: str
    headline: str
    results: tuple[StoredResult, ...] = ()


class Vault(Protocol):
    """The operating system's keychain. Raises VaultTrouble. No method ever logs or shows a secret."""

    async def where(self) -> str:
        """Say in words where secrets live, or raise the trouble that keeps them out."""

    async def unlock(self) -> None:
        """Have the keychain ask the trader for its password. Only after a click: a window of the system comes up."""

    async def put(self, name: str, secret: str) -> None:
        """Keep a secret; an old one under the same name stays readable until the new one is."""

    async def get(self, name: str) -> str | None:
        """Read a secret; None when there is none of that name."""

    async def forget(self, name: str) -> None:
        """Delete a secret; deleting one that is not there is fine."""


TOKEN = "flex/token"
QUERY = "flex/query"
"""Under which names the vault keeps what fetches a Flex statement."""


class StatementLink(Protocol):
    """Flex statements: what an account may trade, in the broker's words. Raises Trouble only.

    Both return observations about accounts as of when the statement was made, with its day in the notes.
    """

    async def fetch(self) -> Sequence[Observation]:
        """Fetch the newest statement with the token in the vault; may wait up to a minute while it is being made."""

    async def read_file(self, path: Path) -> Sequence[Observation]:
        """Read a statement that the trader saved as XML."""


class OAuthLink(Protocol):
    """The Web API by OAuth, without the gateway. Like PortalLink: reports first (at `web-api`), raises Trouble only."""

    @property
    def web_api(self) -> WebApi:
        """Which consumer this is, and where it is asked."""

    async def ask_session(self) -> None:
        """Ask how far the session goes; without a live session token ask for one first. Starts no brokerage session.

        A broker that has refused is not asked again for a while: what it said is then reported as inferred.
        """

    async def ask_accounts(self) -> None:
        """Ask the accounts of the consumer's user, with entity, margin class and trading flag of each."""

    async def renew(self) -> None:
        """Ask for a session at once, on the trader's click, whatever was refused before."""

    async def keep_text(self, which: OAuthSecret, text: Secret) -> None:
        """See that a text can be used, and keep it in the vault. Raises Unreadable, and VaultTrouble."""

    async def keep_file(self, which: OAuthSecret, path: Path) -> None:
        """Do the same with a key file; line ends of Windows are refused, as the broker's own page does."""

    async def close(self) -> None:
        """Close connections and forget the live session token; never raises and never logs anybody out."""
