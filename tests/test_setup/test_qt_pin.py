"""The trap that the pin on PySide6 avoids: 6.12.0 on Python 3.11 loses a reference to None at every call."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.qt


def test_calls_that_return_nothing_keep_the_reference_count_of_none(qtbot: QtBot) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    before = sys.getrefcount(None)
    for number in range(200):
        label.setText(str(number))
    # Below 200 there is room for what the interpreter does meanwhile; the fault costs one for each call.
    assert sys.getrefcount(None) > before - 100
