"""The shipped catalogue: every row is complete, dated and usable; a wrong row is left out by name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import available_timezones

import pytest

from cockpit.adapters.catalogue import (
    LOCAL_ZONE,
    Catalogue,
    Code,
    Confidence,
    EndRow,
    Family,
    Host,
    KnownCertificate,
    Limit,
    Lookalike,
    Region,
    Severity,
    Window,
    load_catalogue,
    session_ends,
)

pytestmark = pytest.mark.plain

SHIPPED = load_catalogue()
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def every_row(
    catalogue: Catalogue,
) -> Iterator[Host | Lookalike | KnownCertificate | Limit | Code | EndRow | Window]:
    yield from catalogue.hosts
    yield from catalogue.lookalikes
    yield from catalogue.certificates
    yield from catalogue.limits
    yield from catalogue.codes
    yield from catalogue.ends
    yield from catalogue.windows


def test_the_shipped_catalogue_has_rows_in_every_table_and_no_complaint() -> None:
    assert SHIPPED.complaints == ()
    assert all(
        (SHIPPED.hosts, SHIPPED.lookalikes, SHIPPED.certificates, SHIPPED.limits, SHIPPED.codes, SHIPPED.ends)
    )
    assert SHIPPED.windows


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
    )
    for rows in keyed:
        keys = [row.key for row in rows]
        assert len(keys) == len(set(keys))
    numbers = [row.code for row in SHIPPED.codes]
    assert len(numbers) == len(set(numbers))


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


@pytest.mark.parametrize(
    ("number", "family", "severity"),
    [
        (326, Family.CONNECTION, Severity.BLOCK),
        (1100, Family.UPSTREAM, Severity.BLOCK),
        (1102, Family.UPSTREAM, Severity.INFO),
        (2103, Family.FARM, Severity.DEGRADE),
        (2108, Family.FARM, Severity.INFO),
        (354, Family.MARKET_DATA, Severity.DEGRADE),
        (10197, Family.MARKET_DATA, Severity.DEGRADE),
        (460, Family.PERMISSION, Severity.BLOCK),
    ],
)
def test_codes_have_their_family_and_weight(number: int, family: Family, severity: Severity) -> None:
    row = SHIPPED.code(number)
    assert row is not None
    assert (row.family, row.severity) == (family, severity)


def test_a_code_nobody_listed_is_unknown_and_a_missing_figure_falls_back() -> None:
    assert SHIPPED.code(987654) is None
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
    assert any("limit[2].value" in sentence for sentence in said)
    assert any("limit[3]" in sentence and "as_of" in sentence for sentence in said)


def test_missing_files_give_empty_tables_and_say_so(tmp_path: Path) -> None:
    found = load_catalogue(tmp_path)
    assert found.hosts == ()
    assert {problem.file for problem in found.complaints} == {
        "hosts.toml",
        "session_ends.toml",
        "certificates.toml",
        "limits.toml",
        "tws_codes.toml",
    }
