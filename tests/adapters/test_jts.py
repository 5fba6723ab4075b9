"""What is read of the settings folder: on files shaped as the broker's programs write them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.adapters.machine.jts import Settings, parse_settings, read_settings, restart_token, usual_folders

pytestmark = pytest.mark.plain

SAMPLE = """\
[IBGateway]
ApiOnly=true
LocalServerPort=4000
TrustedIPs=127.0.0.1
RemotePortOrderRouting=4001

[Logon]
useRemoteSettings=false
TimeZone=America/New_York
tradingMode=p
UserNameToDirectory=secretuser,dabcdefgh
Steps=6
SupportsSSL=ndc1.ibllc.com:4000,true,20260101,false

[Communication]
Peer=zdc1.ibllc.com:4001
Region=us
"""


def test_mode_zone_and_region_are_read_and_the_user_name_is_not() -> None:
    settings = parse_settings(SAMPLE)
    assert settings == Settings(
        "paper", "America/New_York", "europe", has_gateway=True, trusted=("127.0.0.1",)
    )
    assert "secretuser" not in repr(settings) + settings.sentence()


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        pytest.param("[Logon]\ntradingMode=l\n", "live", id="live"),
        pytest.param("[logon]\nTRADINGMODE=p\n", "paper", id="letters-of-any-size"),
        pytest.param("[Logon]\ntradingMode=\n", "", id="empty"),
        pytest.param("[Logon]\ntradingMode\n", "", id="no-equals"),
        pytest.param("[Logon]\ntradingMode=x\n", "", id="unknown-letter"),
        pytest.param("stray line\n[Logon]\ntradingMode=l\n", "live", id="stray-line-first"),
        pytest.param("[Logon]\n  odd=1\n[Logon]\ntradingMode=l\n", "live", id="section-twice"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_the_last_mode_is_a_word_or_nothing(text: str, mode: str) -> None:
    assert parse_settings(text).mode == mode


@given(st.text())
def test_no_text_at_all_upsets_the_reader(text: str) -> None:
    assert parse_settings(text).mode in ("live", "paper", "")


def test_a_folder_without_the_file_gives_nothing(tmp_path: Path) -> None:
    assert read_settings(tmp_path) is None


def test_the_newest_restart_token_below_any_user_folder_counts(tmp_path: Path) -> None:
    (tmp_path / "jts.ini").write_text(SAMPLE, encoding="utf-8")
    for name, written in (("daaaaaaaa", 1_000), ("dbbbbbbbb", 2_000)):
        (tmp_path / name).mkdir()
        token = tmp_path / name / "autorestart"
        token.touch()
        os.utime(token, (written, written))
    (tmp_path / "empty").mkdir()
    assert restart_token(tmp_path) == 2_000
    assert read_settings(tmp_path) == parse_settings(SAMPLE)


def test_without_a_token_there_is_no_time(tmp_path: Path) -> None:
    (tmp_path / "daaaaaaaa").mkdir()
    assert restart_token(tmp_path) is None


def test_the_usual_folder_lies_in_the_home_of_the_trader(tmp_path: Path) -> None:
    assert tmp_path / "Jts" in usual_folders(tmp_path)
