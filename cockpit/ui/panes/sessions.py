"""Sessions: who is signed in where, how healthy, who holds trading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cockpit.domain.evidence import Provenance
from cockpit.domain.level import Level
from cockpit.domain.session import Session
from cockpit.domain.words import milliseconds
from cockpit.services.state import DeskState
from cockpit.ui.actions import link_of
from cockpit.ui.glance import Glance
from cockpit.ui.glyphs import Glyph, glyph_of
from cockpit.ui.pane import Pane, Wish
from cockpit.ui.text import age, clock_time, discreet
from cockpit.ui.widgets.card import Card
from cockpit.ui.widgets.card_list import CardList

if TYPE_CHECKING:
    from cockpit.ui.custody.ribbon import CustodyRibbon


class SessionsPane(Pane):
    """One card per sign-in."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sessions: tuple[Session, ...] = ()
        self._trips: dict[str, tuple[float, ...]] = {}
        self._zone = ""
        self._now = 0.0
        self.list = CardList(self._tooltip, self)
        self.list.setAccessibleName("Sessions")
        self.list.followed.connect(self._on_followed)
        self.setFocusProxy(self.list)
        self.ribbon: CustodyRibbon | None = None  # made when there is something to show
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.list, 1)

    def show_state(self, state: DeskState, found: Glance, now: float) -> None:
        self._sessions = found.sessions
        self._trips = dict(state.round_trips)
        self._zone = found.zone
        self._now = now
        self._say_aside(f"who holds trading: {found.custody}")
        self.list.show_cards(
            [_card(session, self._trips.get(session.key, ()), now) for session in self._sessions]
        )

        self._show_custody(state, now)

    def _show_custody(self, state: DeskState, now: float) -> None:
        layout = self.layout()
        if self.ribbon is None:
            if not state.custody.spans or layout is None:
                return
            from cockpit.ui.custody.ribbon import CustodyRibbon  # no first picture has one

            self.ribbon = CustodyRibbon(self)
            layout.addWidget(self.ribbon)
        self.ribbon.show_history(state.custody, state.plan, now)

    def _tooltip(self, card: Card) -> str:
        session = next((session for session in self._sessions if session.key == card.key), None)
        return "" if session is None else _detail(session, self._zone, self._now)

    def _on_followed(self, key: str, action: str) -> None:
        self.wished.emit(Wish(action, key))


def is_stale(session: Session) -> bool:
    """Whether a session was measured once and the measurement has run out."""
    return session.level is Level.UNKNOWN and session.provenance is Provenance.MEASURED and session.is_used


def _card(session: Session, trips: tuple[float, ...], now: float) -> Card:
    action = session.remedy.action if session.remedy is not None else ""
    seen = (
        ""
        if session.at is None or session.provenance is None
        else f"{session.provenance} {age(now - session.at)}"
    )
    return Card(
        key=session.key,
        glyph=glyph_of(session.level) if session.is_used else Glyph.UNKNOWN,
        level=session.level,
        title=discreet(session.title),
        word=discreet(session.word),
        lines=tuple(discreet(line) for line in session.lines),
        spark=trips,
        figure=milliseconds(session.round_trip) if session.round_trip is not None else "",
        aside=seen,
        link=link_of(action),
        action=action,
        is_stale=is_stale(session),
        is_quiet=not session.is_used,
    )


def _detail(session: Session, zone: str, now: float) -> str:
    parts = [f"{session.title}: {session.word}", *session.lines]
    if session.since is not None:
        parts.append(f"since {clock_time(session.since, zone)}")
    if session.at is not None and session.provenance is not None:
        parts.append(f"{session.provenance} {clock_time(session.at, zone)}, {age(now - session.at)} ago")
    if session.remedy is not None:
        parts.append(session.remedy.sentence)
    return discreet("\n".join(parts))
