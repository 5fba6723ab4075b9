"""The log: one line for each event, no secret in any encoding, never beyond its cap."""

from __future__ import annotations

import base64
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cockpit.adapters.profile.log import (
    BURST,
    KEPT_FILES,
    LONGEST_LINE,
    LogFile,
    OneLine,
    Throttle,
    start_log,
)
from cockpit.adapters.profile.redaction import HIDDEN, Redactor

pytestmark = pytest.mark.plain

LARGEST = 20_000
SECRET = "hunter/2+two&more"


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[LogFile]:
    root, ours = logging.getLogger(), logging.getLogger("cockpit")
    before = root.level, ours.level
    redactor = Redactor()
    redactor.learn(SECRET)
    log = LogFile(tmp_path, redactor, largest=LARGEST)
    yield log
    log.close()
    root.setLevel(before[0])
    ours.setLevel(before[1])


def test_an_event_is_one_line_with_time_level_and_logger(log_file: LogFile) -> None:
    logging.getLogger("cockpit.test").info("first\r\nsecond \x1b[31m %s", "\u202egnp\x00")
    [line] = log_file.path.read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO cockpit\.test first\\r\\nsecond \\x1b\[31m \\u202egnp\\x00",
        line,
    )


def test_an_exception_stays_on_the_line_of_its_event(log_file: LogFile) -> None:
    try:
        raise ValueError(f"about {SECRET}")
    except ValueError:
        logging.getLogger("cockpit.test").exception("a bug")
    [line] = log_file.path.read_text(encoding="utf-8").splitlines()
    assert "Traceback" in line
    assert SECRET not in line
    assert line.endswith(f"ValueError: about {HIDDEN}")


def test_libraries_are_heard_from_warnings_on_and_we_from_information_on(log_file: LogFile) -> None:
    for name in ("httpx2", "cockpit.tws"):
        logging.getLogger(name).debug("debug")
        logging.getLogger(name).info("info")
        logging.getLogger(name).warning("warning")
    words = [line.split()[1:] for line in log_file.path.read_text().splitlines()]
    assert words == [
        ["WARNING", "httpx2", "warning"],
        ["INFO", "cockpit.tws", "info"],
        ["WARNING", "cockpit.tws", "warning"],
    ]


def test_the_log_never_grows_beyond_its_cap(log_file: LogFile) -> None:
    for number in range(100):
        logging.getLogger(f"cockpit.{number}").error("\n" * 10_000)
    sizes = [path.stat().st_size for path in log_file.path.parent.iterdir()]
    assert len(sizes) == KEPT_FILES + 1
    assert max(sizes) <= LARGEST


@dataclass
class StandingClock:
    time: float = 0.0

    def __call__(self) -> float:
        return self.time


def test_a_flood_of_one_kind_is_counted_and_the_count_comes_with_the_next() -> None:
    clock = StandingClock()
    throttle = Throttle(clock)

    def let_through(text: str) -> str | None:
        record = logging.LogRecord("cockpit", logging.ERROR, "", 0, text, (1,), None)
        return record.getMessage() if throttle.filter(record) else None

    passed = [let_through("bad frame %d") for _ in range(1000)]
    assert [text for text in passed if text] == ["bad frame 1"] * BURST
    assert let_through("something else %d") == "something else 1"
    clock.time = 10.0
    assert let_through("bad frame %d") == f"bad frame 1 ({1000 - BURST} more like this were left out)"
    assert let_through("bad frame %d") == "bad frame 1"


def encodings(secret: str) -> list[tuple[str, str]]:
    """Texts with the secret in them, and what of each would give it away."""
    raw = secret.encode()
    shifted = [base64.b64encode(b"abc"[:shift] + raw + b"xyz"[: 3 - shift]).decode() for shift in range(4)]
    return [
        *((text, text) for text in (secret, raw.hex(), raw.hex().upper(), quote(secret, safe=""))),
        *(
            (text, text[4:-4])
            for text in (*shifted, *(text.replace("/", "_").replace("+", "-") for text in shifted))
        ),
        (base64.b32encode(raw).decode(), base64.b32encode(raw).decode()[:-8]),
        (f"https://host/x?q=1&t={quote(secret, safe='')}&v=3", quote(secret, safe="")),
        (repr(["", secret]), repr(secret)[1:-1]),
    ]


FORMS = len(encodings(SECRET))


@given(
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=40),
    st.integers(0, FORMS - 1),
)
@example(r"C:\secret'\n\"", FORMS - 1)
def test_a_known_secret_is_in_no_line_in_any_encoding(secret: str, form: int) -> None:
    redactor = Redactor()
    redactor.learn(secret)
    written, telling = encodings(secret)[form]
    line = OneLine(redactor).format(logging.LogRecord("a", logging.INFO, "", 0, "<%s>", (written,), None))
    assert telling not in line


def test_a_secret_where_a_long_line_is_cut_is_hidden_as_a_whole() -> None:
    redactor = Redactor()
    redactor.learn(SECRET)
    form = OneLine(redactor)
    for length in range(LONGEST_LINE - 100, LONGEST_LINE + 10):
        text = "y" * length + SECRET
        assert "hun" not in form.format(logging.LogRecord("a", logging.INFO, "", 0, text, (), None))


def test_a_flood_does_not_fill_the_log(log_file: LogFile) -> None:
    for number in range(1000):
        logging.getLogger("cockpit.test").error("bad frame %d", number)
    assert len(log_file.path.read_text().splitlines()) == BURST


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("GET /Flex.SendRequest?t=98237498&q=12&v=3", f"GET /Flex.SendRequest?t={HIDDEN}&q=12&v=3"),
        ("Authorization: Bearer abc.def", f"Authorization: {HIDDEN}"),
        ("seed JBSWY3DPEHPK3PXP kept", f"seed {HIDDEN} kept"),
        ("otpauth://totp/IBKR:me?secret=JBSW", f"otpauth://{HIDDEN}"),
        ("password=hunter2; next", f"{HIDDEN}; next"),
        ('{"session": "0123abcd"}', f'{{"{HIDDEN}"}}'),
        ("Cookie: x-sess-uuid=0.8; cp=1", f"Cookie: {HIDDEN}"),
        ("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----", HIDDEN),
        ("TWS answered 178 after 43 ms", "TWS answered 178 after 43 ms"),
        ("farm usfarm.nj is connected (2104)", "farm usfarm.nj is connected (2104)"),
    ],
)  # fmt: skip
def test_what_looks_like_a_secret_is_hidden_and_the_rest_stays(text: str, clean: str) -> None:
    assert Redactor().clean(text) == clean


def test_a_redactor_shows_no_secret_of_its_own() -> None:
    redactor = Redactor()
    redactor.learn(SECRET)
    assert SECRET not in repr(redactor)


def test_a_short_value_does_not_take_words_apart() -> None:
    redactor = Redactor()
    redactor.learn("the")
    assert redactor.clean("the other") == "the other"


def test_without_a_folder_the_program_goes_on_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert start_log(tmp_path / "nowhere", Redactor()) is None
    assert capsys.readouterr().err.startswith("There is no log: ")


def test_old_log_files_hold_no_secret_either(log_file: LogFile) -> None:
    for number in range(20):
        logging.getLogger(f"cockpit.{number}").error("%s %s", "x" * 3000, SECRET * 1000)
    for path in log_file.path.parent.iterdir():
        assert SECRET.encode() not in path.read_bytes()
