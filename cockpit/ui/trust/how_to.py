"""What to change in another program's settings, to be read and copied: the cockpit itself writes nothing there."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from cockpit.domain.trust.remedies import SHOW_API_SETTINGS, SHOW_DESK_CERTIFICATE, SHOW_GATEWAY_LINES
from cockpit.ui import theme
from cockpit.ui.text import plain_label

_WIDTH = 560


class HowTo(Struct, frozen=True):
    """A title, what to do in order, lines to copy, and what is known of how well it works."""

    title: str
    steps: tuple[str, ...]
    lines: str
    remark: str


# From watching the gateway's build of 2023: its filter works only with an entry in both lists, it reads whole
# parts of dotted numbers only, and its stream passes the filter by.
HOW_TOS = {
    SHOW_GATEWAY_LINES: HowTo(
        "Close the gateway's door",
        (
            "Open conf.yaml in the gateway's root folder and find the block ips.",
            "Let it hold both lists below: an allow list alone lets everybody in.",
            "For pages of other sites, let cors name the one origin that needs it.",
            "Start the gateway again, sign in, and run the check: it looks from outside.",
        ),
        'ips:\n  allow:\n    - 127.0.0.1\n  deny:\n    - 192.0.2.1\ncors:\n  origin.allowed: "https://localhost:5000"',
        "Seen on the build of 2023: the stream is let in past this filter, so a firewall rule for the port is "
        "the better lock. 192.0.2.1 is an address nobody has; it only arms the filter.",
    ),
    SHOW_DESK_CERTIFICATE: HowTo(
        "A certificate of your own for the gateway",
        (
            "Make a key and a certificate for localhost with a tool you trust, as a Java key store.",
            "Put the file into the gateway's root folder and name it in conf.yaml as below.",
            "Start the gateway again. The cockpit stops and shows the new fingerprint: compare it, then trust it.",
        ),
        'sslCert: "desk.jks"\nsslPwd: "the store\'s own pass phrase"',
        "The key of the certificate that comes with the gateway is public: whoever has it can pose as your gateway.",
    ),
    SHOW_API_SETTINGS: HowTo(
        "Look at the API settings in TWS",
        (
            "In TWS open File, Global Configuration, API, Settings.",
            "Read-Only API: ticked unless a program here must send orders.",
            "Allow connections from localhost only: ticked unless another PC must come in.",
            "Trusted IPs: empty, or only addresses that you know.",
        ),
        "",
        "The cockpit does not ask TWS about the box, because asking can raise a dialog there, and never changes it.",
    ),
}


class HowToSheet(QDialog):
    """Not modal: it is read beside the program it is about."""

    def __init__(self, how: HowTo, parent: QWidget) -> None:
        super().__init__(parent)
        self._how = how
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self.setWindowTitle(how.title)
        self.setMinimumWidth(_WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(4 * theme.UNIT,) * 4)
        layout.setSpacing(2 * theme.UNIT)
        for number, step in enumerate(how.steps, 1):
            label = plain_label(f"{number}. {step}", theme.font(theme.TEXT))
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
            layout.addWidget(label)
        self.lines = plain_label(how.lines, theme.font(theme.TEXT, mono=True))
        self.lines.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.lines.setAutoFillBackground(True)
        self.lines.setBackgroundRole(QPalette.ColorRole.AlternateBase)
        self.lines.setMargin(3 * theme.UNIT)
        self.lines.setAccessibleName("Lines to copy")
        self.lines.setVisible(bool(how.lines))
        layout.addWidget(self.lines)
        remark = plain_label(how.remark, theme.font(theme.DETAIL), QPalette.ColorRole.PlaceholderText)
        remark.setWordWrap(True)
        remark.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        layout.addWidget(remark)
        self.copy = QPushButton("Copy the lines", self)
        self.copy.setVisible(bool(how.lines))
        self.copy.clicked.connect(self._on_copy)
        self.done_button = QPushButton("Close", self)
        self.done_button.clicked.connect(self.close)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(self.copy)
        row.addWidget(self.done_button)
        layout.addLayout(row)

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._how.lines + "\n")
