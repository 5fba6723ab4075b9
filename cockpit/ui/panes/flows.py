"""Today's flows: what the trader means to do, whether it can be done, and three things to do before the open."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from cockpit.domain.level import Level
from cockpit.domain.plan import Flow
from cockpit.domain.readiness import FlowVerdict, Reason, Run
from cockpit.domain.words import moment
from cockpit.services.state import DeskState
from cockpit.ui import theme
from cockpit.ui.glance import VERDICT_FRESH_FOR, Glance
from cockpit.ui.glyphs import glyph_of
from cockpit.ui.pane import Pane, Wish
from cockpit.ui.text import ago, discreet
from cockpit.ui.widgets.card import Card
from cockpit.ui.widgets.card_list import CardList

_NUMBERS = ("no", "One thing", "Two things", "Three things")


class TodoBox(QWidget):
    """The reasons of the verdict as a short list with a bar at its left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = ""
        self._lines: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()

    def text(self) -> str:
        """Everything it says."""
        return "\n".join((self._title, *self._lines))

    def show_lines(self, title: str, lines: tuple[str, ...]) -> None:
        """Show a title and numbered lines; nothing at all when there are none."""
        if (title, lines) == (self._title, self._lines):
            return
        self._title, self._lines = title, lines
        self.setAccessibleName(self.text())
        self.setVisible(bool(lines))
        self._fit()

    def resizeEvent(self, event: object) -> None:
        self._fit()

    def _fit(self) -> None:
        height = self.heightForWidth(self.width())
        if self.minimumHeight() != height:
            self.setFixedHeight(height)
        self.update()

    def heightForWidth(self, width: int) -> int:
        return self._rows(width)[-1][0].bottom() + 4 * theme.UNIT if self._lines else 0

    def sizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(max(self.width(), 200)))

    def _rows(self, width: int) -> list[tuple[QRect, str, bool]]:
        left, room = 6 * theme.UNIT, width - 11 * theme.UNIT
        y = 4 * theme.UNIT
        rows = [(QRect(left, y, room, 18), self._title, True)]
        y += 21
        metrics = QFontMetrics(theme.font(theme.TEXT))
        for line in self._lines:
            space = QRect(left, y, room, 4 * 18)
            height = metrics.boundingRect(space, Qt.TextFlag.TextWordWrap, line).height()
            rows.append((QRect(left, y, room, min(height, 4 * 18)), line, False))
            y += min(height, 4 * 18) + 3
        return rows

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens_of(self.palette())
        painter = QPainter(self)
        body = self.rect().adjusted(3 * theme.UNIT, 2 * theme.UNIT, -3 * theme.UNIT, -2 * theme.UNIT)
        painter.fillRect(body, QColor(tokens.raised))
        painter.fillRect(QRect(body.left(), body.top(), 3, body.height()), QColor(tokens.strong))
        painter.setPen(QColor(tokens.ink))
        for where, line, is_title in self._rows(self.width()):
            painter.setFont(theme.font(theme.TEXT, bold=is_title))
            wrap = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
            painter.drawText(where, wrap, line)


class FlowsPane(Pane):
    """One card per flow of the playbook; the keys 1, 2 and 3 select the first three."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = CardList(self._tooltip, self)
        self.list.setAccessibleName("Today's flows")
        self.list.followed.connect(self._on_followed)
        self.todo = TodoBox(self)
        self.list.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setFocusProxy(self.list)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.list)
        layout.addWidget(self.todo)
        layout.addStretch(1)

    def show_state(self, state: DeskState, found: Glance, now: float) -> None:
        run = state.run
        verdicts = _verdicts(run) | {flow.key: flow for flow in found.overtaken}
        ready = sum(verdict.level.is_usable for verdict in verdicts.values())
        total = len(state.plan.flows)
        ended = run.ended if run is not None else None
        checked = f", checked {ago(now - ended)}" if ended is not None else ""
        is_stale = ended is not None and now - ended > VERDICT_FRESH_FOR
        summary = "out of date" if is_stale else f"{ready} of {total} usable"
        self._say_aside(f"{summary}{checked}" if verdicts else f"{total} planned")
        is_current = run is not None and not is_stale and not found.overtaken
        reasons = run.verdict.reasons if is_current and run is not None and run.verdict is not None else ()
        self.todo.show_lines(*_todo(reasons, found, now))
        numbered = enumerate(state.plan.flows, 1)
        cards = [_card(number, flow, verdicts.get(flow.key), ended, now) for number, flow in numbered]
        self.list.show_cards(cards)

    def select(self, number: int) -> bool:
        """Make the flow with this number (from 1) current."""
        return self.list.select(number - 1)

    def _tooltip(self, card: Card) -> str:
        return card.sentence()

    def _on_followed(self, key: str, action: str) -> None:
        self.wished.emit(Wish(action, key))


def _verdicts(run: Run | None) -> dict[str, FlowVerdict]:
    if run is None or run.verdict is None:
        return {}
    return {verdict.key: verdict for verdict in run.verdict.flows}


def _todo(reasons: tuple[Reason, ...], found: Glance, now: float) -> tuple[str, tuple[str, ...]]:
    """Say the reasons as things to do; what nobody can do anything about is left out."""
    lines: list[str] = []
    for reason in reasons[:3]:
        what = reason.remedy.sentence if reason.remedy is not None else reason.answer
        lines.append(f"{len(lines) + 1}. {discreet(reason.title)}: {discreet(what)}")
    opens = found.next_open
    until = f" before {moment(opens[1], now, found.zone)}" if opens is not None else ""
    return f"{_NUMBERS[len(lines)]} to do{until}", tuple(lines)


def _card(number: int, flow: Flow, verdict: FlowVerdict | None, ended: float | None, now: float) -> Card:
    is_stale = verdict is not None and ended is not None and now - ended > VERDICT_FRESH_FOR
    level = verdict.level if verdict is not None and not is_stale else Level.UNKNOWN
    sentence = discreet(verdict.sentence) if verdict is not None else "Not checked yet"
    via = f"{flow.objective.value.capitalize()} · {flow.interface.label}"
    return Card(
        key=flow.key,
        glyph=glyph_of(level),
        level=level,
        title=discreet(flow.title),
        lines=(sentence, via),
        number=str(number),
        is_stale=is_stale,
    )
