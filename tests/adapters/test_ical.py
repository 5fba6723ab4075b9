"""The exported calendar holds what the line shows, in UTC, whatever words stand in it."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from cockpit.adapters.ical import to_ical
from cockpit.domain.evidence import Provenance
from cockpit.domain.horizon import HorizonEvent, HorizonKind
from cockpit.domain.level import Level

pytestmark = pytest.mark.plain
NOW = 1793971908.0
RESTART = HorizonEvent(
    "restart@1794026700",
    "TWS restarts",
    HorizonKind.RESTART,
    1794026700.0,
    1794027600.0,
    Level.LIMITED,
    "TWS is away for some minutes.",
    Provenance.ATTESTED,
    "the desk's settings",
    ("Move a leg", "Hedge; roll, and wait"),
    "Set the restart to 16:30 ET.",
)
TOKEN = HorizonEvent("weekly-token@1794117600", "Weekly token ends", HorizonKind.TOKEN, 1794117600.0)


def unfolded(made: bytes) -> list[str]:
    """Undo the folding of lines, by the rule and without the library that made it."""
    return re.sub(r"\r\n[ \t]", "", made.decode()).split("\r\n")


def test_a_stretch_has_both_ends_and_a_moment_only_one_all_in_utc() -> None:
    lines = unfolded(to_ical((RESTART, TOKEN), NOW))
    assert sorted(line for line in lines if line.startswith("DT")) == [
        "DTEND:20261107T050000Z",
        "DTSTAMP:20261106T133148Z",
        "DTSTAMP:20261106T133148Z",
        "DTSTART:20261107T044500Z",
        "DTSTART:20261108T060000Z",
    ]


def test_an_entry_says_what_it_hits_what_to_do_and_where_that_is_known_from() -> None:
    (entry,) = Calendar.from_ical(to_ical((RESTART,), NOW)).walk("VEVENT")
    assert str(entry["summary"]) == "With care: TWS restarts"
    assert str(entry["description"]).splitlines() == [
        "TWS is away for some minutes.",
        "Falls into: Move a leg, Hedge; roll, and wait",
        "Set the restart to 16:30 ET.",
        "Attested: the desk's settings",
    ]


def test_no_entry_takes_up_time_or_rings() -> None:
    lines = unfolded(to_ical((RESTART, TOKEN), NOW))
    assert lines.count("TRANSP:TRANSPARENT") == 2
    assert not [line for line in lines if "VALARM" in line]


def test_an_entry_keeps_its_identity_from_export_to_export() -> None:
    first, second = (
        [line for line in unfolded(to_ical((RESTART,), at)) if line.startswith("UID")]
        for at in (NOW, NOW + 999)
    )
    assert first == second


words = st.text(max_size=200) | st.sampled_from(
    [
        "a\r\nBEGIN:VALARM\r\nACTION:PROCEDURE",
        "x\nEND:VEVENT",
        "\x00\x07",
        "é" * 80,
        "\ud800",
        "\\n;,",
        "\u2028",
    ]
)
events = st.lists(
    st.builds(
        HorizonEvent,
        key=words,
        title=words,
        kind=st.sampled_from(HorizonKind),
        at=st.floats(1e9, 3e9),
        sentence=words,
        source=words,
        hits=st.lists(words, max_size=2).map(tuple),
        move=words,
    ),
    max_size=4,
)


@given(events)
def test_no_text_breaks_out_of_its_line(made: list[HorizonEvent]) -> None:
    found = to_ical(made, NOW)
    assert all(len(line) <= 75 for line in found.split(b"\r\n"))
    lines = unfolded(found)
    assert [line for line in lines if line.startswith(("BEGIN:", "END:"))] == [
        "BEGIN:VCALENDAR",
        *["BEGIN:VEVENT", "END:VEVENT"] * len(made),
        "END:VCALENDAR",
    ]
    names = {re.split("[:;]", line)[0] for line in lines if line}
    assert names <= {
        *(
            "BEGIN",
            "END",
            "PRODID",
            "VERSION",
            "METHOD",
            "X-WR-CALNAME",
            "UID",
            "DTSTAMP",
            "DTSTART",
            "DTEND",
        ),
        *("SUMMARY", "DESCRIPTION", "CATEGORIES", "TRANSP"),
    }
    read = Calendar.from_ical(found).walk("VEVENT")
    assert [entry.decoded("dtstart") for entry in read] == [
        datetime.fromtimestamp(int(event.at), UTC) for event in made
    ]


def test_the_library_is_not_loaded_before_somebody_exports() -> None:
    asked = "import sys, cockpit.adapters.ical; print('icalendar' in sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=60
    )
    assert answer.stdout.strip() == "False"
