"""Words on screen: literal, discreet, and steady while time passes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextDocument

from cockpit.ui.text import (
    QUOTE_MOST,
    age,
    ago,
    button_text,
    clock_time,
    countdown,
    discreet,
    quoted,
    short,
    tooltip,
)

printable = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1)


class _Document(QTextDocument):
    """Remembers which files a rich text wants to open."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def loadResource(self, type: int, name: QUrl | str) -> object:  # noqa: A002
        self.asked.append(str(name))
        return None


@given(printable)
def test_a_tooltip_shows_any_text_literally_and_opens_nothing(text: str) -> None:
    document = _Document()
    document.setHtml(tooltip(text))
    assert document.toPlainText() == text
    assert document.asked == []


def test_lines_of_a_tooltip_stay_lines() -> None:
    document = _Document()
    document.setHtml(tooltip("one\ntwo <b>"))
    assert document.toPlainText() == "one\ntwo <b>"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("U1234821, live", "U•••4821, live"),
        ("DU7654321 and F123456", "DU•••4321 and F•••3456"),
        ("client 901 on 127.0.0.1:7496", "client 901 on 127.0.0.1:7496"),
        ("SPXU2026 stays", "SPXU2026 stays"),
    ],
)
def test_account_numbers_are_masked_wherever_they_stand(text: str, shown: str) -> None:
    assert discreet(text) == shown


@given(st.sampled_from(["U", "DU", "F", "DF", "I"]), st.integers(100_000, 99_999_999), printable)
def test_no_whole_account_number_survives(prefix: str, number: int, around: str) -> None:
    account = f"{prefix}{number}"
    assert account not in discreet(f"{around} {account} {around}").split()


def test_text_too_long_to_lay_out_is_cut() -> None:
    assert discreet("W W" * 6000) == ("W W" * 6000)[:QUOTE_MOST] + "…"
    assert short("one\ntwo   three" + "x" * 99, 12) == "one two thr…"


def test_a_quotation_is_cut_and_says_how_much_is_missing() -> None:
    assert quoted("x" * (QUOTE_MOST + 7)) == f"“{'x' * QUOTE_MOST} … (7 more)”"
    assert quoted("short") == "“short”"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-3.0, "0 s"),
        (0.9, "0 s"),
        (40.4, "40 s"),
        (99.9, "99 s"),
        (100.0, "1 min"),
        (33 * 60 + 59, "33 min"),
        (100 * 60, "1 h"),
        (47 * 3600, "47 h"),
        (48 * 3600, "2 d"),
        (None, "—"),
    ],
)
def test_ages_are_whole_units(seconds: float | None, words: str) -> None:
    assert age(seconds) == words


@given(st.floats(0, 1e6), st.floats(0, 0.999))
def test_an_age_changes_at_most_once_a_second(seconds: float, more: float) -> None:
    start = int(seconds)
    assert age(start) == age(start + more)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(3492.9, "00:58:12"), (-5, "00:00:00"), (95 * 3600 + 61, "95:01:01"), (122 * 3600, "5 d 02 h")],
)
def test_the_countdown_never_goes_below_nothing(seconds: float, shown: str) -> None:
    assert countdown(seconds) == shown


def test_small_words() -> None:
    assert ago(40) == "40 s ago"
    assert clock_time(1793971908.0, "America/New_York") == "08:31:48 ET"
    assert button_text("Profit & Loss") == "Profit && Loss"
