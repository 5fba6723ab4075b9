"""The table of actions: menu, keys, command palette, tray and remedy links are all made from the same rows."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from cockpit.domain import kinds
from cockpit.domain.plan import Portal
from cockpit.domain.words import counted
from cockpit.services.intents import (
    AttestMobile,
    CancelCheck,
    FetchStatement,
    Intent,
    Reconnect,
    RehearseAll,
    RenewWebApi,
    RunCheck,
    StopRehearsals,
    TrustCertificate,
    UnlockVault,
)
from cockpit.services.state import DeskState

# The numbers of the panes that links lead to, in the order of `cockpit.ui.panes.PANES`, from 1.
_ORDER_TYPES, _PERMISSIONS, _REHEARSALS, _TRUST = 5, 7, 8, 9
# What a rehearsal costs, in every question before one.
WHAT_IF_COST = (
    "The broker answers with margin, commission and warnings. It is marked as what-if and creates no order. "
    "TWS may come up with a question of its own."
)


class Perspective(StrEnum):
    """An arrangement of panes for one part of the day."""

    PRE_OPEN = "pre-open"
    SESSION = "session"
    INCIDENT = "incident"


class Doer(Protocol):
    """What the window itself can do for an action."""

    def show_palette(self) -> None:
        """Open the command palette."""

    def show_cheat_sheet(self) -> None:
        """List the keys."""

    def show_codes(self) -> None:
        """Open the translator of the broker's codes."""

    def show_menu(self) -> None:
        """Open the menu with every action."""

    def toggle_strip(self) -> None:
        """Show or hide the strip."""

    def toggle_theme(self) -> None:
        """Change between dark and light."""

    def show_pane(self, number: int) -> None:
        """Bring the pane with this number (from 1) to the front and give it the keyboard."""

    def show_card(self, number: int) -> None:
        """Select the task card with this number (from 1)."""

    def focus_filter(self) -> None:
        """Put the cursor into the filter of the checks."""

    def show_perspective(self, perspective: Perspective) -> None:
        """Arrange the panes."""

    def reset_layout(self) -> None:
        """Put every pane back to its first place."""

    def show_notices(self) -> None:
        """List every notice, older ones too."""

    def raise_window(self) -> None:
        """Bring the window to the front."""

    def ask_outside(self, action: str, about: str) -> None:
        """Ask the program around the window to do it; `about` is what it is about."""


class Menu(StrEnum):
    """The group of the menu in which an action stands."""

    CHECK = "Check"
    SESSIONS = "Sessions"
    VIEW = "View"
    PROGRAM = "Program"
    REMEDY = ""  # only ever a link beside what it cures


def _always(state: DeskState | None) -> bool:
    return True


def _is_idle(state: DeskState | None) -> bool:
    return state is not None and not _is_running(state)


def _is_running(state: DeskState | None) -> bool:
    return state is not None and state.run is not None and state.run.is_running


def _shows_certificate(state: DeskState | None) -> bool:
    return state is not None and state.facts.look(kinds.FINGERPRINT, Portal.subject) is not None


def _has_tickets(state: DeskState | None) -> bool:
    return state is not None and any(flow.tickets for flow in state.plan.flows)


def _is_rehearsing(state: DeskState | None) -> bool:
    return state is not None and bool(state.rehearsing)


def _has_consumer(state: DeskState | None) -> bool:
    return state is not None and state.plan.web_api is not None


MakeIntent = Callable[[DeskState, str], Intent | None]


def _run_what_is_not_ready(state: DeskState, about: str) -> Intent:
    return RunCheck(everything=state.run is None)


def _trust(state: DeskState, about: str) -> Intent | None:
    shown = state.facts.look(kinds.FINGERPRINT, Portal.subject)
    return TrustCertificate(shown.value) if shown is not None else None


def _trust_sentence(state: DeskState) -> str:
    shown = state.facts.look(kinds.FINGERPRINT, Portal.subject)
    digits = shown.value if shown is not None else ""
    pairs = " ".join(digits[place : place + 4] for place in range(0, len(digits), 4))
    return f"Trust the gateway certificate with this fingerprint?\n\n{pairs}\n\nCompare it with your gateway's first."


def _rehearse_sentence(state: DeskState) -> str:
    count = sum(len(flow.tickets) for flow in state.plan.flows)
    each, minutes = "each of " if count > 1 else "", counted(max(1, count - 1), "minute")
    return (
        f"Send a what-if of {each}{counted(count, 'ticket')} of the playbook, one a minute, for about {minutes}?"
        f"\n\n{WHAT_IF_COST}"
    )


class Action(Struct, frozen=True):
    """One thing the trader can do.

    It has an intent for the engine, or a deed of the window, or is left to the program around it. `link` is what a
    remedy's link says; `confirm` makes the sentence that must be answered first.
    """

    id: str
    title: str
    menu: Menu
    key: str = ""
    intent: MakeIntent | None = None
    does: Callable[[Doer], None] | None = None
    is_outside: bool = False
    enabled: Callable[[DeskState | None], bool] = _always
    link: str = ""
    confirm: Callable[[DeskState], str] | None = None
    in_tray: bool = False


def _pane(number: int, title: str) -> Action:
    return Action(
        f"pane-{number}",
        f"Go to {title}",
        Menu.VIEW,
        f"Ctrl+{number}" if number < 10 else f"Ctrl+Shift+{number - 9}",
        does=lambda window: window.show_pane(number),
        link=f"Go to {title}",
    )


def _card(number: int) -> Action:
    return Action(
        f"card-{number}",
        f"Task {number}",
        Menu.VIEW,
        str(number),
        does=lambda window: window.show_card(number),
    )


def _perspective(perspective: Perspective, key: str) -> Action:
    title = f"Arrange for {perspective.value}"
    return Action(
        f"perspective-{perspective.value}",
        title,
        Menu.VIEW,
        key,
        does=lambda window: window.show_perspective(perspective),
    )


def _outside(id: str, title: str, menu: Menu, key: str = "", link: str = "", in_tray: bool = False) -> Action:  # noqa: A002
    return Action(id, title, menu, key, is_outside=True, link=link, in_tray=in_tray)


def _to(pane: int, id: str, title: str, link: str) -> Action:  # noqa: A002  # the field of Action is called so
    """What a pane does itself; a link from elsewhere leads there."""
    return Action(id, title, Menu.REMEDY, does=lambda window: window.show_pane(pane), link=link)


ACTIONS: tuple[Action, ...] = (
    Action(
        "run-check",
        "Check what is not ready",
        Menu.CHECK,
        "F5",
        intent=_run_what_is_not_ready,
        enabled=_is_idle,
        link="Run again",
        in_tray=True,
    ),
    Action(
        "run-everything",
        "Check everything",
        Menu.CHECK,
        "Shift+F5",
        intent=lambda state, about: RunCheck(everything=True),
        enabled=_is_idle,
        link="Run everything",
    ),
    Action(
        "stop-check",
        "Stop the check",
        Menu.CHECK,
        "Esc",
        intent=lambda state, about: CancelCheck(),
        enabled=_is_running,
    ),
    Action("filter", "Filter the checks", Menu.CHECK, "/", does=lambda window: window.focus_filter()),
    Action(
        "attest-mobile",
        "I opened IBKR Mobile just now",
        Menu.SESSIONS,
        intent=lambda state, about: AttestMobile(),
        link="I opened it just now",
    ),
    Action(
        "trust-certificate",
        "Trust the gateway's certificate …",
        Menu.SESSIONS,
        intent=_trust,
        enabled=_shows_certificate,
        link="Trust it …",
        confirm=_trust_sentence,
    ),
    _outside("open-sign-in", "Open the gateway's sign-in page", Menu.SESSIONS, link="Open sign-in page"),
    _outside("judge-link", "Is this link the broker's? …", Menu.SESSIONS, "Ctrl+L", link="Judge a link"),
    _outside("foretell", "Before I sign in elsewhere …", Menu.SESSIONS, link="What it would take"),
    _outside(
        "open-subscriptions", "Open the market-data subscriptions", Menu.SESSIONS, link="Open subscriptions"
    ),
    _outside("open-permissions", "Open the trading permissions", Menu.SESSIONS, link="Open permissions"),
    Action(
        "unlock-vault",
        "Unlock the keychain …",
        Menu.SESSIONS,
        intent=lambda state, about: UnlockVault(),
        link="Unlock …",
    ),
    _outside("web-api-keys", "Keys of the Web API …", Menu.SESSIONS, link="Enter the keys"),
    Action(
        "renew-web-api",
        "Ask the Web API for a session",
        Menu.SESSIONS,
        intent=lambda state, about: RenewWebApi(),
        enabled=_has_consumer,
        link="Ask again",
    ),
    _outside("open-source", "Open the source", Menu.REMEDY, link="Open source"),
    _outside("import-playbook", "Import a playbook …", Menu.PROGRAM, link="Import"),
    _outside("export-horizon", "Export the horizon as a calendar …", Menu.PROGRAM, link="Export"),
    _outside("export-playbook", "Export the playbook …", Menu.PROGRAM, link="Export"),
    _outside("import-statement", "Import a Flex statement …", Menu.PROGRAM, link="Import from a file"),
    Action(
        "fetch-statement",
        "Fetch the Flex statement",
        Menu.SESSIONS,
        intent=lambda state, about: FetchStatement(),
        link="Fetch it",
    ),
    Action(
        "reconnect",
        "Try the door again",
        Menu.REMEDY,
        intent=lambda state, about: Reconnect(about) if about else None,
        link="Try again",
    ),
    Action(
        "rehearse-all",
        "Rehearse the tickets of the playbook …",
        Menu.CHECK,
        intent=lambda state, about: RehearseAll(confirmed=True),
        enabled=_has_tickets,
        link="Rehearse all …",
        confirm=_rehearse_sentence,
    ),
    Action(
        "stop-rehearsals",
        "Stop the rehearsals",
        Menu.CHECK,
        intent=lambda state, about: StopRehearsals(),
        enabled=_is_rehearsing,
        link="Stop rehearsing",
    ),
    _to(_REHEARSALS, "rehearse", "Go to the rehearsals", "Rehearse it …"),
    _to(_PERMISSIONS, "request-permission", "Go to the permissions", "See permissions"),
    _to(_ORDER_TYPES, "attest-offer", "Say what the order ticket offers", "Say what you saw"),
    _to(_TRUST, "prove-factor", "Prove a second factor", "Prove it now"),
    _to(_TRUST, "prove-recovery", "Prove a way back in", "Prove it now"),
    _to(_TRUST, "look-after", "Look after what lies somewhere", "I looked …"),
    _to(_TRUST, "edit-register", "Change the register", "Change it …"),
    _to(_TRUST, "show-gateway-lines", "Close the gateway's door", "Show the lines"),
    _to(_TRUST, "show-desk-certificate", "Give the gateway a certificate", "Use your own"),
    _to(_TRUST, "show-api-settings", "Look at the API settings", "Show where"),
    _to(_REHEARSALS, "walk-drill", "Go to the drills", "Walk it through"),
    _outside("print-runbook", "Print the runbook …", Menu.PROGRAM, link="Print the runbook"),
    _outside("name-launcher-logs", "Name the launchers' logs …", Menu.PROGRAM, link="Name the log"),
    _pane(1, "Sessions"),
    _pane(2, "Readiness"),
    _pane(3, "Today's flows"),
    _pane(4, "Pre-open check"),
    _pane(_ORDER_TYPES, "Order types"),
    _pane(6, "Playbook"),
    _pane(_PERMISSIONS, "Permissions"),
    _pane(_REHEARSALS, "Rehearsals"),
    _pane(_TRUST, "Trust"),
    _pane(10, "Credentials"),
    _pane(11, "Horizon"),
    _pane(12, "Coming up"),
    _card(1),
    _card(2),
    _card(3),
    _perspective(Perspective.PRE_OPEN, "Alt+1"),
    _perspective(Perspective.SESSION, "Alt+2"),
    _perspective(Perspective.INCIDENT, "Alt+3"),
    Action("reset-layout", "Put every pane back", Menu.VIEW, does=lambda window: window.reset_layout()),
    Action("notices", "Show all notices", Menu.VIEW, "Ctrl+N", does=lambda window: window.show_notices()),
    Action("theme", "Dark or light", Menu.VIEW, "Ctrl+T", does=lambda window: window.toggle_theme()),
    Action(
        "strip", "Strip on top", Menu.VIEW, "Ctrl+M", does=lambda window: window.toggle_strip(), in_tray=True
    ),
    Action("palette", "Commands", Menu.PROGRAM, "Ctrl+K", does=lambda window: window.show_palette()),
    Action(
        "translate-code",
        "Translate a code of the broker",
        Menu.PROGRAM,
        "Ctrl+E",
        does=lambda window: window.show_codes(),
        link="Translate the code",
    ),
    Action("keys", "Keys", Menu.PROGRAM, "?", does=lambda window: window.show_cheat_sheet()),
    Action("menu", "Menu", Menu.PROGRAM, "F10", does=lambda window: window.show_menu()),
    Action(
        "window", "Open the cockpit", Menu.PROGRAM, does=lambda window: window.raise_window(), in_tray=True
    ),
    _outside("first-start", "Find my programs again", Menu.PROGRAM, link="Find them"),
    _outside("open-settings", "Open the settings file", Menu.PROGRAM, link="Open settings"),
    _outside("quit", "Quit", Menu.PROGRAM, "Ctrl+Q", in_tray=True),
)

_BY_ID = {action.id: action for action in ACTIONS}


def action_of(id: str) -> Action | None:  # noqa: A002
    """Return the action with this id; None for one this version does not know."""
    return _BY_ID.get(id)


def link_of(id: str) -> str:  # noqa: A002
    """Return what a link to this action says; empty when it cannot be offered as one."""
    action = _BY_ID.get(id)
    return action.link if action is not None else ""
