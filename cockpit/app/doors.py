"""The one place from which anything is opened outside the program: the broker's pages, the gateway's, our own files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget

from cockpit.adapters.catalogue import shipped_catalogue
from cockpit.adapters.doors import door_book
from cockpit.domain.catalogue import Playing
from cockpit.domain.custody.forecast import SIGN_INS, forecast
from cockpit.domain.doors.hosts import MAIN_SITE, OfficialHost
from cockpit.domain.doors.judging import Judgement, judge
from cockpit.domain.interface import Interface
from cockpit.domain.plan import Portal, is_loopback
from cockpit.domain.words import clock, zone_letters
from cockpit.services.state import DeskState
from cockpit.ui.pane import Wish

if TYPE_CHECKING:
    from cockpit.ui.custody.forecast import ForecastDialog
    from cockpit.ui.doors import DoorsDialog

OpenUrl = Callable[[QUrl], bool]
Tell = Callable[[str, str], None]  # key and sentence of a notice


def _open_url(url: QUrl) -> bool:
    return QDesktopServices.openUrl(url)


def _published(state: DeskState) -> Playing:
    """Return the catalogue of a state; the shipped one before the first state has it."""
    return state.catalogue if state.catalogue.interfaces else shipped_catalogue().playing


class Doors(QObject):
    """Opens pages of the broker by their key in the catalogue, and links only after they were judged official.

    `entity` says which of the broker's companies the account is with, in any of the broker's words; "" when nobody
    knows. What is not opened is told, never silently left out.
    """

    def __init__(
        self, window: QWidget, entity: Callable[[], str], tell: Tell, open_url: OpenUrl = _open_url
    ) -> None:
        super().__init__(window)
        self._window = window
        self._entity = entity
        self._tell = tell
        self._open_url = open_url
        self._dialog: DoorsDialog | None = None
        self._forecast: ForecastDialog | None = None
        self._portal: Portal | None = None  # of the state that was foretold

    def sign_in(self) -> None:
        """Open the page at which clients of the account's company sign in."""
        self._open_page(self.home())

    def page(self, key: str = MAIN_SITE) -> None:
        """Open the front page of a host by its key in the catalogue, if passwords belong there."""
        self._open_page(door_book().page(key))

    def source(self, address: str) -> None:
        """Open where a row of the catalogue comes from; copy the address if that is no host of the broker's."""
        found = judge(address, door_book())
        if found.address:
            self._open(QUrl(found.address))
            return
        QGuiApplication.clipboard().setText(address)
        self._tell("source", f"The source is no page of the broker, so it was copied, not opened: {address}")

    def gateway(self, portal: Portal | None) -> None:
        """Open the gateway's own sign-in page: this PC only, built from the settings and never from data."""
        if portal is not None and is_loopback(portal.host):
            self._open(QUrl(f"https://localhost:{portal.port}/"))
        else:
            self._tell("sign-in", "The gateway is not on this PC: open its page on the PC on which it runs.")

    def file(self, path: Path) -> None:
        """Open a file of this program with the system's editor."""
        self._open(QUrl.fromLocalFile(str(path)))

    def judge_link(self) -> None:
        """Show the dialog in which a link is judged."""
        if self._dialog is None:
            from cockpit.ui.doors import DoorsDialog  # most days nobody asks

            self._dialog = DoorsDialog(self._judge, self._window)
            self._dialog.open_asked.connect(self._on_open_asked)
            self._dialog.home_asked.connect(self.sign_in)
        home = self.home()
        self._dialog.open_for(home.host if home is not None else "")

    def before(self, interface: Interface, state: DeskState, now: float) -> None:
        """Open the sign-in page of an interface; when that can take a session, only after the trader has seen which."""
        found = forecast(interface, state.facts, state.plan, _published(state), now)
        if found.takings:
            self.foretell(state, now, interface)
        else:
            self._portal = state.plan.portal
            self._on_sign_in_asked(interface.value)

    def foretell(self, state: DeskState, now: float, about: Interface | None = None) -> None:
        """Show what every further sign-in with the desk's username takes, as of `now` (UTC epoch seconds)."""
        if self._forecast is None:
            from cockpit.ui.custody.forecast import ForecastDialog

            self._forecast = ForecastDialog(self._window)
            self._forecast.wished.connect(self._on_wished)
            self._forecast.sign_in_asked.connect(self._on_sign_in_asked)
        self._portal = state.plan.portal
        rows = _published(state)
        found = [forecast(one, state.facts, state.plan, rows, now) for one in SIGN_INS]
        as_of = f"{clock(now, state.plan.zone)} {zone_letters(now, state.plan.zone)}"
        self._forecast.open_for(found, as_of, about)

    def home(self) -> OfficialHost | None:
        """Return the host at which clients of the account's company sign in."""
        entity = self._entity()
        row = shipped_catalogue().playing.entity(entity) if entity else None
        return door_book().home(row.site if row is not None else "")

    def _judge(self, text: str) -> Judgement:
        return judge(text, door_book(), self.home())

    @Slot(str)
    def _on_open_asked(self, text: str) -> None:
        """Judge once more what the dialog has judged: what is opened never rests on what a widget remembers."""
        found = self._judge(text)
        if found.address:
            self._open(QUrl(found.address))

    @Slot(str)
    def _on_sign_in_asked(self, interface: str) -> None:
        if interface == Interface.WEB_API:
            self.gateway(self._portal)
        elif interface == Interface.CLIENT_PORTAL:
            self.sign_in()

    @Slot(Wish)
    def _on_wished(self, wish: Wish) -> None:
        self.source(wish.about)

    def _open_page(self, row: OfficialHost | None) -> None:
        if row is not None and row.takes_passwords:
            self._open(QUrl(row.address))
        else:
            self._tell("sign-in", "The catalogue has no page for this at which a password may be typed.")

    def _open(self, url: QUrl) -> None:
        if not self._open_url(url):
            QGuiApplication.clipboard().setText(url.toString())
            self._tell("browser", f"No program here opens {url.toString()}; it was copied instead.")
