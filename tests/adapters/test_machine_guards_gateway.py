"""The gateway's settings: who gets in by which lists, as the real program was seen to behave."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.adapters.machine.gateway_settings import GatewaySettings, conf_file, parse_gateway_settings

pytestmark = pytest.mark.plain

ARMED = "ips:\n  allow:\n    - 127.*\n  deny:\n    - 127.0.0.2\n"


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        pytest.param(ARMED, ("127.*",), id="both-lists"),
        pytest.param("ips:\n allow:\n - 127.*\n deny:\n - 1.2.3.4\n", ("127.*",), id="items-as-far-left"),
        pytest.param("ips:\n  allow:\n    - '10.*' # lan\n  deny:\n    - \"x\"\n", ("10.*",), id="quotes"),
        pytest.param("\ufeff# c\n---x: 1\n" + ARMED, None, id="what-is-not-understood-is-unsaid"),
        pytest.param("listenPort: 5000\n", (), id="no-block"),
        pytest.param("ips:\n", (), id="empty-block"),
        pytest.param("ips:\n  allow:\n    - 192.*\n", (), id="only-allow"),
        pytest.param("ips:\n  deny:\n    - 192.*\n", (), id="only-deny"),
        pytest.param("ips:\n  allow:\n    - 192.*\n  deny:\n", (), id="empty-deny-as-in-the-vendors-prose"),
        pytest.param("ips:\n  allow:\n    - 192.*\n  deny: []\n", (), id="empty-deny-in-brackets"),
        pytest.param("ips:\n  allow:\n    - 192.*\n  deny:\n  #  - 1.2.3.4\n", (), id="deny-commented-out"),
        pytest.param("ips:\n  allow: [127.*]\n  deny:\n    - 1.2.3.4\n", None, id="flow-list"),
        pytest.param("ips: {allow: [1]}\n", None, id="flow-map"),
        pytest.param(ARMED + ARMED, None, id="block-twice"),
        pytest.param("ips: &a\n  allow:\n    - 127.*\n", None, id="anchor"),
        pytest.param("\tips:\n", None, id="tab"),
        pytest.param("other:\n  ips:\n    allow:\n      - 1.*\n", (), id="block-elsewhere"),
        pytest.param(f"webApps:\n  - name: demo\n    index: i.html\n{ARMED}", ("127.*",), id="list-of-maps"),
    ],
)
def test_an_address_filter_keeps_nobody_out_unless_both_lists_have_entries(
    text: str, allowed: tuple[str, ...] | None
) -> None:
    assert parse_gateway_settings(text).allowed == allowed


@pytest.mark.parametrize(
    ("value", "lets_in"),
    [
        pytest.param('"*"', True, id="star"),
        pytest.param("'.*'", True, id="pattern-for-anything"),
        pytest.param("^.*$", True, id="anchored"),
        pytest.param('".+"', True, id="plus"),
        pytest.param("https://desk.example:8443", False, id="one-origin"),
        pytest.param("https://.*", None, id="pattern-that-would-need-thought"),
        pytest.param('""', None, id="empty"),
        pytest.param("", None, id="nothing"),
        pytest.param("[a]", None, id="list"),
    ],
)
def test_web_pages_of_any_site_get_in_only_by_a_value_that_says_so(value: str, lets_in: bool | None) -> None:
    text = f"cors:\n  allowCredentials: false\n  origin.allowed: {value}\n"
    assert parse_gateway_settings(text).any_origin is lets_in


def test_settings_without_a_word_on_web_pages_leave_it_unsaid() -> None:
    assert parse_gateway_settings(ARMED).any_origin is None


ENTRY = st.from_regex(r"[0-9*]{1,3}(\.[0-9*]{1,3}){0,3}(/\d\d)?", fullmatch=True)


@given(st.lists(ENTRY, min_size=1, max_size=5), st.lists(ENTRY, min_size=1, max_size=5), st.integers(1, 8))
def test_lists_are_read_back_as_they_were_written(allow: list[str], deny: list[str], indent: int) -> None:
    pad = " " * indent
    rows = [
        f"{pad}{name}:\n" + "".join(f"{pad}{pad}- {one}\n" for one in entries)
        for name, entries in (("deny", deny), ("allow", allow))
    ]
    assert parse_gateway_settings("ips:\n" + "".join(rows)).allowed == tuple(allow)


@given(st.text(alphabet="ips:alowdeny-* \n#\"'[]{}&|0.\t", max_size=300))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    assert isinstance(parse_gateway_settings(text), GatewaySettings)


def test_the_settings_file_lies_in_the_first_folder_of_the_class_path_that_has_it(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    (tmp_path / "conf.yaml").write_text("")  # the working directory is not looked into
    (tmp_path / "b" / "conf.yaml").write_text("")
    words = ("java", "-cp", "a:gw.jar:lib/*:b", "Main")
    assert conf_file(words, tmp_path) == tmp_path / "b" / "conf.yaml"
    assert conf_file(("java", "-cp", "a", "Main", "--conf", "../b/conf.yaml"), tmp_path) == (
        tmp_path / "a" / ".." / "b" / "conf.yaml"
    )
    assert conf_file(("java", "-classpath", "a;b", "Main"), tmp_path) == tmp_path / "b" / "conf.yaml"
    assert conf_file(("java", "Main"), tmp_path) is None
    assert conf_file(("java", "-cp", "a", "Main"), tmp_path) is None
    assert conf_file(("java", "-cp", "b", "Main", "--conf", "/b/conf.yaml"), tmp_path) is None
    assert conf_file((), tmp_path) is None
