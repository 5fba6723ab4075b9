"""The custody ribbon: read by pointer, by keyboard and by a screen reader; painted only when a pixel differs."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cockpit.domain.custody.holding import Hold, Holder
from cockpit.domain.custody.ribbon import Mark, Ribbon, Stretch, Track
from cockpit.domain.evidence import Provenance
from cockpit.ui import theme
from cockpit.ui.custody.layout import Lane, Scale, draw
from cockpit.ui.custody.ribbon import CustodyRibbon
from tests.domain.custody_days import MINUTE, PLAN, START, beats, connected, day
from tests.ui import custody_states
from tests.ui.conftest import Compare, settle
from tests.ui.custody_states import RIBBONS, ZONE
from tests.ui.test_hostile_text import BAIT, PAYLOADS, check

WIDE, NARROW = 900, 320


def shown(qtbot: QtBot, ribbon: Ribbon, width: int = WIDE) -> CustodyRibbon:
    made = CustodyRibbon()
    qtbot.addWidget(made)
    made.show_ribbon(ribbon, ZONE)
    made.resize(width, made.sizeHint().height())
    made.show()
    made.activateWindow()
    made.show_ribbon(ribbon, ZONE)
    settle()
    return made


def read(made: CustodyRibbon) -> str:
    """What the read-out says: the first part of the description."""
    return made.bars.accessibleDescription().partition("\n")[0]


class Paints(QObject):
    """Counts how often a widget is painted."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def test_it_reads_out_who_holds_trading_now_unasked(qtbot: QtBot) -> None:
    assert read(shown(qtbot, custody_states.calm())) == (
        "Trading · 06:12 – now · Trader Workstation. Trader Workstation has a session with the broker (measured), for "
        "2 h 19 min"
    )


def test_arrows_walk_through_stretches_lines_and_moments(qtbot: QtBot) -> None:
    made = shown(qtbot, custody_states.phone())
    made.bars.setFocus(Qt.FocusReason.TabFocusReason)
    assert "Trading · 08:20 – now · Trader Workstation" in read(made)
    QTest.keyClick(made.bars, Qt.Key.Key_Left)
    assert "Trading · 08:05 – 08:20 · IBKR Mobile" in read(made)
    QTest.keyClick(made.bars, Qt.Key.Key_Down)
    assert "Live data · 07:59 – 08:22 · IBKR Mobile" in read(made)
    QTest.keyClick(made.bars, Qt.Key.Key_Up)
    QTest.keyClick(made.bars, Qt.Key.Key_Up)
    QTest.keyClick(made.bars, Qt.Key.Key_Home)
    assert read(made).startswith("06:00:00 · in")
    QTest.keyClick(made.bars, Qt.Key.Key_End)
    assert read(made).startswith("08:20:00 · 1101")
    QTest.keyClick(made.bars, Qt.Key.Key_Up)
    QTest.keyClick(made.bars, Qt.Key.Key_Right)
    assert read(made).startswith("08:20:00 · 1101"), "at the end of a line nothing goes further"


def test_the_pointer_reads_out_what_is_below_it_and_gives_way_when_it_leaves(qtbot: QtBot) -> None:
    made = shown(qtbot, custody_states.phone())
    unasked = read(made)
    QTest.mouseMove(made.bars, QPoint(made.bars.width() // 3, 25))
    assert read(made).startswith("Trading · 06:00 – 08:05 · Trader Workstation")
    QApplication.sendEvent(made.bars, QEvent(QEvent.Type.Leave))
    assert read(made) == unasked


def test_a_click_chooses_and_the_choice_outlives_new_evidence(qtbot: QtBot) -> None:
    made = shown(qtbot, custody_states.phone())
    QTest.mouseClick(made.bars, Qt.MouseButton.LeftButton, pos=QPoint(made.bars.width() // 3, 50))
    QApplication.sendEvent(made.bars, QEvent(QEvent.Type.Leave))
    chosen = read(made)
    assert chosen.startswith("Live data · 06:01 – 07:58 · Trader Workstation")
    made.show_ribbon(replace(custody_states.phone(), end=START + 452 * MINUTE), ZONE)
    assert read(made) == chosen


def test_what_is_newest_stays_followed_as_the_day_goes_on(qtbot: QtBot) -> None:
    made = shown(qtbot, custody_states.calm())
    made.show_ribbon(custody_states.patchy(), ZONE)
    assert "now · not known" in read(made)


def test_a_second_that_moves_no_pixel_paints_nothing(qtbot: QtBot) -> None:
    ribbon = custody_states.calm()
    made = shown(qtbot, ribbon)
    paints = Paints()
    made.bars.installEventFilter(paints)
    *before, last = ribbon.trading
    moved = (*before, replace(last, end=last.end + 1))
    made.show_ribbon(replace(ribbon, end=ribbon.end + 1, trading=moved), ZONE)
    settle()
    assert paints.count == 0
    made.show_ribbon(custody_states.phone(), ZONE)
    settle()
    assert paints.count == 1


def test_a_history_is_read_once_a_second_however_often_it_is_shown(qtbot: QtBot) -> None:
    made = shown(qtbot, custody_states.empty())
    now = START + 60 * MINUTE
    made.show_history(day(connected(50), *beats(50, 60)), PLAN, now)
    assert "Trading · 01:50 – now · Trader Workstation" in read(made)
    made.show_history(day(), PLAN, now + 0.5)
    assert "Trader Workstation" in read(made)
    made.show_history(day(), PLAN, now + 1)
    assert "not known" in read(made)


def test_a_screen_reader_is_told_every_stretch_and_every_moment(qtbot: QtBot) -> None:
    made = shown(qtbot, custody_states.phone())
    said = made.bars.accessibleDescription()
    assert made.bars.accessibleName() == "Custody today"
    ribbon = custody_states.phone()
    assert said.count("Trading: ") == len(ribbon.trading)
    assert said.count("Live data: ") == len(ribbon.data)
    assert "You opened IBKR Mobile (mobile)." in said


def test_an_empty_day_says_so_and_takes_no_keys(qtbot: QtBot) -> None:
    made = shown(qtbot, custody_states.empty())
    assert "Nothing was seen" in made.text()
    QTest.keyClick(made.bars, Qt.Key.Key_Left)
    QTest.keyClick(made.bars, Qt.Key.Key_Up)
    assert made.bars.place is None


@pytest.mark.parametrize("payload", PAYLOADS)
def test_names_from_outside_are_shown_as_text(qtbot: QtBot, tmp_path: Path, payload: str) -> None:
    bait = tmp_path / "bait.png"
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill(BAIT)
    image.save(str(bait))
    text = PAYLOADS[payload](bait)
    hold = Hold(Holder.DESK, text, text, Provenance.MEASURED)
    end = START + 60 * MINUTE
    ribbon = Ribbon(
        START,
        end,
        (Stretch(Track.TRADING, START, end, hold),),
        (Stretch(Track.DATA, START, end, hold),),
        (Mark(START + MINUTE, "in", text, Provenance.MEASURED),),
    )
    made = shown(qtbot, ribbon)
    check(made)
    QTest.keyClick(made.bars, Qt.Key.Key_Up)
    check(made)


@given(
    st.floats(1.0, 40 * 3600.0),
    st.integers(80, 2000),
    st.sampled_from([ZONE, "Asia/Kolkata", "Europe/Zurich"]),
)
def test_every_bar_and_label_stays_within_the_scale(length: float, width: int, zone: str) -> None:
    hold = Hold(Holder.UNKNOWN, "not known", "Nothing")
    ribbon = Ribbon(
        START,
        START + length,
        tuple(
            Stretch(Track.TRADING, START + length * k / 7, START + length * (k + 1) / 7, hold)
            for k in range(7)
        ),
        marks=tuple(Mark(START + length * k / 20, "1100", "", Provenance.MEASURED) for k in range(20)),
    )
    scale = Scale(START, START + length, 78, 78 + width)
    drawing = draw(ribbon, scale, zone, lambda text: 6 * len(text))
    assert all(78 <= bar.left < bar.right <= 79 + width for bar in drawing.bars)
    assert [bar.right for bar in drawing.bars[:-1]] == [bar.left for bar in drawing.bars[1:]]
    assert all(bar.lane is Lane.TRADING for bar in drawing.bars)
    assert all(78 <= x <= 78 + width for x, _ in drawing.hours)
    labelled = [tick.x for tick in drawing.ticks if tick.label]
    assert all(after - one >= 20 for one, after in pairwise(labelled[1:-1]))


@pytest.mark.parametrize("tokens", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("name", ["calm", "phone", "patchy"])
def test_the_ribbon_looks_as_pictured(
    qapp: QApplication, qtbot: QtBot, same_picture: Compare, name: str, tokens: theme.Tokens
) -> None:
    theme.apply(qapp, tokens)
    same_picture(shown(qtbot, RIBBONS[name]()), f"custody-{name}-{tokens.name}")


def test_a_narrow_ribbon_leaves_words_out_and_nothing_overlaps(qtbot: QtBot, same_picture: Compare) -> None:
    same_picture(shown(qtbot, custody_states.phone(), NARROW), "custody-narrow-dark")


def test_the_keyboards_place_is_marked(qtbot: QtBot, same_picture: Compare) -> None:
    made = shown(qtbot, custody_states.phone())
    made.bars.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(made.bars, Qt.Key.Key_Left)
    settle()
    same_picture(made, "custody-keyboard-dark")
