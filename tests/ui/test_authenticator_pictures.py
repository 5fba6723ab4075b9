"""The authenticator box as it looks: exact pictures, in which no digit is a real code's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cockpit.domain.otp import judge_clock
from cockpit.ui import theme
from tests.ui.authenticator_source import ALICE, BOB, FAKE, LOCKED
from tests.ui.conftest import Compare, settle
from tests.ui.test_authenticator import Bench, begin_set_up

WIDTH = 1240


def nothing(bench: Bench) -> None:
    """Leave it as it opens."""


def held(bench: Bench) -> None:
    bench.pass_time(10)
    bench.press()


def ending(bench: Bench) -> None:
    bench.pass_time(26)
    bench.press()


def wrong_clock(bench: Bench) -> None:
    bench.box.show_clock(judge_clock([41.0]))


def doubtful_clock(bench: Bench) -> None:
    bench.box.show_clock(judge_clock([-12.0]))
    QTest.mouseClick(bench.box.row.copy, Qt.MouseButton.LeftButton)
    bench.pass_time(3)


def locked(bench: Bench) -> None:
    bench.source.trouble = LOCKED
    bench.press()
    bench.release()


def forgetting(bench: Bench) -> None:
    bench.box.row.forget.click()


def set_up(bench: Bench) -> None:
    begin_set_up(bench)
    bench.box.set_up.seed.setText("bad")
    bench.box.set_up.read.click()


def proving(bench: Bench) -> None:
    begin_set_up(bench)
    bench.box.set_up.seed.setText("x")
    bench.box.set_up.read.click()
    bench.box.set_up.code.setText(FAKE)


def height_of(box: QWidget) -> int:
    """The height that a column gives the box at this width."""
    layout = box.layout()
    assert layout is not None
    wrapped = layout.totalHeightForWidth(WIDTH)
    return wrapped if wrapped > 0 else box.sizeHint().height()


PICTURES: dict[str, tuple[Callable[[Bench], None], int]] = {
    "off": (nothing, 0),
    "hidden": (nothing, 1),
    "held": (held, 1),
    "ending": (ending, 2),
    "wrong-clock": (wrong_clock, 1),
    "copied": (doubtful_clock, 2),
    "locked": (locked, 1),
    "forgetting": (forgetting, 1),
    "set-up": (set_up, 0),
    "proving": (proving, 0),
}
LIGHT = ("hidden", "ending", "locked", "set-up")


@pytest.mark.parametrize(
    ("name", "tokens"),
    [*((name, theme.DARK) for name in PICTURES), *((name, theme.LIGHT) for name in LIGHT)],
    ids=lambda one: one.name if isinstance(one, theme.Tokens) else one,
)
def test_the_box_looks_as_pictured(
    qtbot: QtBot, qapp: QApplication, same_picture: Compare, name: str, tokens: theme.Tokens
) -> None:
    theme.wear(tokens)
    arrange, count = PICTURES[name]
    bench = Bench(qtbot, [ALICE, BOB][:count])
    bench.box.setFixedWidth(WIDTH)
    arrange(bench)
    bench.window.setFocus()
    settle()
    if name in ("held", "ending"):
        QTest.mouseMove(bench.box.row.hold)
        bench.press()
    settle()
    bench.box.resize(WIDTH, height_of(bench.box))
    same_picture(bench.box, f"authenticator-{name}-{tokens.name}")
    bench.release()
