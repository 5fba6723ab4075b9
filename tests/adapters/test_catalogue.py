"""The shipped catalogue: every row is complete, dated and usable; a wrong row is left out by name."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import available_timezones

import pytest

from cockpit.adapters.catalogue import (
    LOCAL_ZONE,
    Catalogue,
    Confidence,
    EndRow,
    Host,
    KnownCertificate,
    Limit,
    Lookalike,
    OpenHours,
    Region,
    TimeRule,
    Window,
    load_catalogue,
    session_ends,
)
from cockpit.domain.catalogue import Playing

pytestmark = pytest.mark.plain

SHIPPED = load_catalogue()
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def every_row(
    catalogue: Catalogue,
) -> Iterator[Host | Lookalike | KnownCertificate | Limit | EndRow | Window | OpenHours | TimeRule]:
    yield from catalogue.hosts
    yield from catalogue.lookalikes
    yield from catalogue.certificates
    yield from catalogue.limits
    yield from catalogue.ends
    yield from catalogue.windows
    yield from catalogue.hours
    yield from catalogue.time_rules


def test_the_shipped_catalogue_has_rows_in_every_table_and_no_complaint() -> None:
    assert SHIPPED.complaints == ()
    assert all((SHIPPED.hosts, SHIPPED.lookalikes, SHIPPED.certificates, SHIPPED.limits, SHIPPED.ends))
    assert all((SHIPPED.windows, SHIPPED.hours, SHIPPED.time_rules))


def test_every_row_says_where_it_comes_from_or_admits_that_it_does_not_know() -> None:
    for row in every_row(SHIPPED):
        assert row.source.startswith(("https://", "http://")) or (
            row.source == "unknown" and row.confidence in (Confidence.UNKNOWN, Confidence.INFERRED)
        ), row
        assert re.fullmatch(r"unknown|\d{4}(-\d{2}){0,2}", row.as_of), row


def test_keys_are_said_once() -> None:
    keyed = (
        SHIPPED.hosts,
        SHIPPED.lookalikes,
        SHIPPED.certificates,
        SHIPPED.limits,
        SHIPPED.ends,
        SHIPPED.windows,
        SHIPPED.hours,
        SHIPPED.time_rules,
    )
    for rows in keyed:
        keys = [row.key for row in rows]
        assert len(keys) == len(set(keys))


def test_every_moment_can_be_put_on_a_calendar() -> None:
    for end in SHIPPED.ends:
        assert TIME.fullmatch(end.at)
        assert end.zone in {LOCAL_ZONE, *available_timezones()}
        assert set(end.weekdays) <= set(range(7))
    for window in SHIPPED.windows:
        assert TIME.fullmatch(window.begins)
        assert TIME.fullmatch(window.ends)
        assert window.zone in available_timezones()
        assert set(window.weekdays) <= set(range(7))
    for hours in SHIPPED.hours:
        moments = (hours.begins, hours.ends, hours.liquid_begins, hours.liquid_ends)
        assert all(not moment or TIME.fullmatch(moment) for moment in moments), hours
        assert (hours.zone in available_timezones()) == bool(hours.begins), hours
        assert set(hours.weekdays) <= set(range(7))


def test_the_weekly_token_ends_on_sunday_at_one_in_new_york() -> None:
    (token,) = (end for end in session_ends(SHIPPED.ends, "Europe/Berlin") if end.key == "weekly-token")
    assert (token.weekday, token.at, token.zone) == (6, "01:00", "America/New_York")


def test_a_mobile_end_is_counted_in_the_traders_own_zone() -> None:
    (mobile,) = (end for end in session_ends(SHIPPED.ends, "Asia/Tokyo") if end.key == "mobile-weekly")
    assert mobile.zone == "Asia/Tokyo"


def test_only_the_ends_of_the_asked_server_group_are_given() -> None:
    asia = {end.key for end in session_ends(SHIPPED.ends, "UTC", Region.ASIA)}
    assert "portal-daily-asia" in asia
    assert "portal-daily-america" not in asia
    assert "weekly-token" in asia


def test_no_password_belongs_on_a_programming_interface_or_a_lookalike() -> None:
    allowed = {host.host for host in SHIPPED.hosts if host.browser_login_allowed}
    assert "api.ibkr.com" not in allowed
    assert "www.interactivebrokers.com" in allowed
    assert not allowed & {row.host for row in SHIPPED.lookalikes}


def test_the_shipped_gateway_certificate_is_known_however_its_fingerprint_is_written() -> None:
    (row,) = SHIPPED.certificates
    colons = ":".join(row.fingerprint[i : i + 2] for i in range(0, 64, 2)).upper()
    assert re.fullmatch(r"[0-9a-f]{64}", row.fingerprint)
    assert SHIPPED.certificate(colons) is row
    assert row.key_is_public
    assert SHIPPED.certificate("00" * 32) is None


def test_a_missing_figure_falls_back() -> None:
    assert SHIPPED.limit("no such figure", 7.0) == 7.0
    assert SHIPPED.limit("portal-penalty", 1.0) == 900.0


def test_a_wrong_row_is_left_out_by_name_and_the_rest_is_kept(tmp_path: Path) -> None:
    good = (
        '[[limit]]\nkey = "a"\ntitle = "A"\nvalue = 3.0\nunit = "s"\n'
        'source = "https://example.org/"\nas_of = "unknown"\nconfidence = "documented"\n'
    )
    wrong = good.replace('"a"', '"b"').replace("3.0", '"three"')
    lacking = good.replace('"a"', '"c"').replace("as_of", "dated")
    (tmp_path / "limits.toml").write_text(good + wrong + lacking, encoding="utf-8")
    found = load_catalogue(tmp_path)
    assert [row.key for row in found.limits] == ["a"]
    said = [problem.sentence() for problem in found.complaints if problem.file == "limits.toml"]
    assert 'limits.toml, line 12: limit[2].value ("b"): must be a number, not text' in said
    assert any('limit[3] ("c"): lacks as_of' in sentence for sentence in said)


def test_missing_files_give_empty_tables_and_say_so(tmp_path: Path) -> None:
    found = load_catalogue(tmp_path)
    assert found.hosts == ()
    assert {problem.file for problem in found.complaints} == {
        "hosts.toml",
        "session_ends.toml",
        "certificates.toml",
        "limits.toml",
        "hours.toml",
    }
    assert {problem.file for problem in found.playing_complaints} == {
        "order_types.toml",
        "permissions.toml",
        "entities.toml",
        "codes.toml",
        "interfaces.toml",
        "market_data.toml",
        "auth.toml",
        "drills.toml",
    }
    assert found.playing == Playing()


def test_the_first_picture_gets_its_session_ends_without_the_records_of_the_big_tables() -> None:
    program = (
        "import sys; from cockpit.adapters.catalogue import load_session_ends; assert load_session_ends();"
        "print(*sorted({'cockpit.adapters.catalogue.playing', 'cockpit.domain.catalogue'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""


def test_only_what_a_row_names_is_a_source() -> None:
    playing = SHIPPED.playing
    row = playing.order_types["limit"]
    assert playing.source("limit") == row.source
    assert playing.source(row.source) == row.source
    assert playing.source("https://interactivebrokers.example/") == ""
