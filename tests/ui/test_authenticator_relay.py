"""The box on real seeds: questions go to the loop of another thread, answers come back to the window's."""

from __future__ import annotations

import asyncio
import base64
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy
import pytest
import zxingcpp
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cockpit.adapters.otp.generator import PyotpCodes
from cockpit.adapters.otp.reader import OtpReader
from cockpit.domain.otp import grouped
from cockpit.domain.remedy import Remedy
from cockpit.domain.secret import Secret
from cockpit.services.codes import Codes
from cockpit.services.errors import VaultTrouble
from cockpit.ui.authenticator.box import AuthenticatorBox
from cockpit.ui.authenticator.relay import CodeRelay
from tests.fakes.vault import MemoryVault
from tests.ui.conftest import settle

AT = 1793971890.0
SEED = base64.b32encode(b"no real seed at all!").decode()
ADDRESS = f"otpauth://totp/IB:alice?secret={SEED}&digits=8&period=60&algorithm=SHA256"


@contextmanager
def loop_beside() -> Iterator[asyncio.AbstractEventLoop]:
    """A loop in a thread of its own, as the sessions have."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield loop
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class Bench:
    """The box, the vault, and which threads did what."""

    def __init__(self, qtbot: QtBot, loop: asyncio.AbstractEventLoop) -> None:
        self.vault = MemoryVault()
        self.learned: list[str] = []
        codes = Codes(self.vault, PyotpCodes(), OtpReader(), lambda: AT, lambda: (0.0,), self.learned.append)

        def start(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
            asyncio.run_coroutine_threadsafe(work(), loop)

        self.window = QWidget()
        relay = CodeRelay(lambda: codes, start, self.window)
        self.box = AuthenticatorBox(relay, lambda: AT, lambda: 0.0, self.window)
        qtbot.addWidget(self.window)
        self.window.resize(1200, 200)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)


def right_code() -> str:
    draft = OtpReader().read_text(Secret(ADDRESS))
    return PyotpCodes().code(draft.authenticator, draft.secret, AT)


@pytest.mark.parametrize("way", ["text", "picture"])
def test_from_set_up_to_a_shown_code(qtbot: QtBot, tmp_path: Path, way: str) -> None:
    with loop_beside() as loop:
        bench = Bench(qtbot, loop)
        form, row = bench.box.set_up, bench.box.row
        qtbot.waitUntil(bench.box.off.set_up.isVisible)
        bench.box.off.set_up.click()
        form.accept.setChecked(True)
        if way == "text":
            form.seed.setText(ADDRESS)
            form.read.click()
        else:
            code = zxingcpp.create_barcode(ADDRESS, zxingcpp.BarcodeFormat.QRCode).to_image(scale=4)
            Image.fromarray(numpy.array(code)).save(tmp_path / "code.png")
            bench.box.take_picture(str(tmp_path / "code.png"))
        qtbot.waitUntil(lambda: form.draft is not None)
        assert form.name.text() == "IB alice"
        form.code.setText("00000000")
        form.keep.click()
        qtbot.waitUntil(lambda: "not the code of now" in form.remark.text())
        form.code.setText(right_code())
        form.keep.click()
        qtbot.waitUntil(row.isVisible)
        QTest.mousePress(row.hold, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: row.face.said == grouped(right_code()))
        QTest.mouseRelease(row.hold, Qt.MouseButton.LeftButton)
        assert row.face.said == ""
        QTest.mouseClick(row.copy, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == right_code())
        bench.box.lock()
        assert QGuiApplication.clipboard().text() == ""
        row.forget.click()
        bench.box.question.yes.click()
        qtbot.waitUntil(bench.box.off.isVisible)
        assert SEED not in str(bench.vault.kept)
        assert set(bench.learned) == {SEED}


def test_a_trouble_of_the_keychain_arrives_with_its_sentence_and_its_action(qtbot: QtBot) -> None:
    with loop_beside() as loop:
        bench = Bench(qtbot, loop)
        qtbot.waitUntil(bench.box.off.set_up.isVisible)
        bench.vault.trouble = VaultTrouble(
            "locked", "The keychain is locked.", Remedy("Unlock it.", "unlock-vault")
        )
        bench.box.refresh()
        qtbot.waitUntil(lambda: bench.box.remark.text() == "The keychain is locked. Unlock it.")
        assert not bench.box.off.isVisible()


def test_after_the_loop_has_ended_questions_are_not_answered_and_nothing_breaks(qtbot: QtBot) -> None:
    dropped: list[object] = []
    window = QWidget()
    relay = CodeRelay(lambda: pytest.fail("there is nobody to ask"), dropped.append, window)
    box = AuthenticatorBox(relay, lambda: AT, lambda: 0.0, window)
    qtbot.addWidget(window)
    window.show()
    settle()
    assert len(dropped) == 1
    assert box.off.isVisible()
