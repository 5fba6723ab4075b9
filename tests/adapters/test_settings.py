"""Settings: declared once, read with complaints that name line and key, and turned into the plan."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import structs

from cockpit.adapters.settings.file import parse_settings, read_settings
from cockpit.adapters.settings.manual import setting_lines
from cockpit.adapters.settings.plan import to_plan
from cockpit.adapters.settings.records import Settings, SocketRow, with_pin
from cockpit.domain.oauth import WebApi
from cockpit.domain.plan import Flow, Instrument, Mode, Portal, SessionEnd, Socket, Ticket

pytestmark = pytest.mark.plain

PIN = "ab" * 32


def test_an_empty_file_gives_the_defaults_and_the_playbook_of_three_flows() -> None:
    settings, complaints = parse_settings(b"", "settings.toml")
    assert settings == Settings()
    assert complaints == []
    assert [flow.title for flow in settings.flows] == [
        "Check an overnight FX gap",
        "Move a leg of an option spread",
        "Margin before the open",
    ]


def test_the_default_settings_hold_together() -> None:
    plan = to_plan(Settings(), ())
    for flow in plan.flows:
        assert all(plan.instrument(key) for key in flow.instruments)
        assert all(plan.instrument(ticket.instrument) for ticket in flow.tickets)
        assert plan.socket_of(flow) is not None


BROKEN = b"""\
colour = "red"

[desk]
name = "Zurich"
zone = "America/Nowhere"
restart_at = "25:00"
accounts = ["U1234567", "me"]

[gateway]
port = 70000
fingerprint = "zz"

[[sockets]]
name = "tws"
port = 7497
mode = "papier"
client_ids = [0, 5]

[[sockets]]
name = "second"
port = "7496"

[[sockets]]
name = "tws"
port = 4001

[[flows]]
key = "mine"
title = "Mine"
door = "nobody"
instruments = ["EUR.USD", "XAU"]

[[tickets]]
key = "lost"
flow = "gone"
instrument = "ES"
"""


@pytest.mark.parametrize(
    ("line", "key", "reason"),
    [
        (1, "colour", "is not a key here"),
        (5, "desk.zone", "is not a time zone"),
        (6, "desk.restart_at", "must be a time such as 23:45"),
        (7, "desk.accounts", "each must be an account such as U1234567"),
        (10, "gateway.port", "must be a port from 1 to 65535"),
        (11, "gateway.fingerprint", "must be a SHA-256 in 64 hex digits"),
        (16, "sockets[1].mode", "must be one of live, paper, either"),
        (17, "sockets[1].client_ids", "each must be a client id above 0"),
        (21, "sockets[2].port", "must be a port from 1 to 65535"),
        (19, "sockets[2]", "lacks port"),
        (30, "flows[1].door", "no socket has the name nobody"),
        (31, "flows[1].instruments", "no instrument has the key XAU"),
        (35, "tickets[1].flow", "no flow has the key gone"),
    ],
)
def test_every_mistake_is_named_with_its_line_and_key(line: int, key: str, reason: str) -> None:
    _, complaints = parse_settings(BROKEN, "settings.toml")
    assert (line, key) in [(complaint.line, complaint.key) for complaint in complaints]
    found = next(c for c in complaints if (c.line, c.key) == (line, key))
    assert found.reason.startswith(reason)


def test_beside_mistakes_the_rest_of_the_file_is_used() -> None:
    settings, _ = parse_settings(BROKEN, "settings.toml")
    assert settings.desk.name == "Zurich"
    assert settings.desk.zone == "America/New_York"
    assert settings.sockets == (SocketRow("tws", 7497),)
    assert settings.flows == ()
    assert settings.tickets == ()


def test_a_line_end_behind_a_code_is_no_part_of_it() -> None:
    row = b'[[tickets]]\nkey="t"\nflow="margin"\ninstrument="ES"\norder_type="LMT\\n"\n'
    _, complaints = parse_settings(row, "settings.toml")
    assert [complaint.key for complaint in complaints] == ["tickets[1].order_type"]


def test_a_socket_of_a_name_already_used_is_left_out_by_name() -> None:
    two = b'[[sockets]]\nname="a"\nport=1\n[[sockets]]\nname="a"\nport=2\n'
    settings, complaints = parse_settings(two, "settings.toml")
    assert settings.sockets == (SocketRow("a", 1),)
    assert complaints[0].sentence() == "settings.toml, line 5: sockets[2].name: is used twice: a"


def test_a_flow_that_lacks_a_need_is_left_out_rather_than_made_easier() -> None:
    content = b'[[flows]]\nkey="a"\ntitle="A"\ninstruments=["ES", "XAU"]\n[[flows]]\nkey="b"\ntitle="B"\ndoor="tws"\n'
    settings, complaints = parse_settings(content, "settings.toml")
    assert [flow.key for flow in settings.flows] == ["b"]
    assert [complaint.key for complaint in complaints] == ["flows[1].instruments"]


def test_own_flows_beside_the_default_tickets_are_no_mistake() -> None:
    own = b'[[flows]]\nkey="own"\ntitle="Own"\ninstruments=["ES"]\n'
    settings, complaints = parse_settings(own, "settings.toml")
    assert complaints == []
    assert settings.tickets == ()


def test_own_instruments_beside_the_default_flows_are_no_mistake() -> None:
    own = b'[[instruments]]\nkey="ES"\nsymbol="ES"\nsec_type="FUT"\nexchange="CME"\n'
    settings, complaints = parse_settings(own, "settings.toml")
    assert complaints == []
    assert [flow.key for flow in settings.flows] == ["margin"]
    assert [ticket.key for ticket in settings.tickets] == ["margin-1"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"[desk\n", "Expected ']'"),
        (b'name = "\xff"', "is not UTF-8 text"),
        (b"a = " + b"[" * 50_000, "is nested too deeply"),
        (b"a = " + b"9" * 10_000, "is nested too deeply"),
    ],
    ids=["not TOML", "not UTF-8", "deep", "long number"],
)
def test_a_file_that_is_no_settings_file_gives_the_defaults_and_one_sentence(
    content: bytes, reason: str
) -> None:
    settings, complaints = parse_settings(content, "settings.toml")
    assert settings == Settings()
    assert [complaint.reason.startswith(reason) for complaint in complaints] == [True]


def test_a_file_that_is_not_there_or_too_large_is_said_in_a_sentence(tmp_path: Path) -> None:
    settings, [missing] = read_settings(tmp_path / "settings.toml")
    assert settings == Settings()
    assert missing.sentence() == "settings.toml: cannot be read: No such file or directory"
    large = tmp_path / "large.toml"
    large.write_bytes(b"#" * 2_000_000)
    assert read_settings(large)[1][0].reason == "is too large for a settings file"


@pytest.mark.parametrize(
    ("row", "record"),
    [("sockets", Socket), ("instruments", Instrument), ("flows", Flow), ("tickets", Ticket)],
)
def test_everything_the_plan_knows_of_a_row_can_be_set(row: str, record: type) -> None:
    keys = {line.key for line in setting_lines() if line.table == f"[[{row}]]"}
    assert {field.name for field in structs.fields(record)} - {"tickets"} == keys - {"flow"}


def test_a_pin_ends_up_in_the_plan_as_small_hex_without_colons() -> None:
    shown = ":".join(["AB"] * 32)
    portal = to_plan(with_pin(Settings(), shown), ()).portal
    assert portal is not None
    assert portal.fingerprint == PIN


def test_a_desk_without_gateway_has_no_portal_in_its_plan() -> None:
    settings, _ = parse_settings(b"[gateway]\npresent = false\n", "settings.toml")
    assert to_plan(settings, ()).portal is None
    assert isinstance(to_plan(Settings(), ()).portal, Portal)


@pytest.mark.parametrize(
    ("mode", "accounts"),
    [(Mode.LIVE, ("U111", "F222")), (Mode.PAPER, ("DU333",)), (Mode.EITHER, ("U111", "F222", "DU333"))],
)
def test_a_door_expects_those_accounts_of_the_desk_that_fit_its_mode(
    mode: Mode, accounts: tuple[str, ...]
) -> None:
    content = f'[desk]\naccounts=["U111","F222","DU333"]\n[[sockets]]\nname="x"\nport=1\nmode="{mode}"\n'
    settings, complaints = parse_settings(content.encode(), "settings.toml")
    assert complaints == []
    assert to_plan(settings, ()).sockets[0].accounts == accounts


def test_the_plan_carries_the_session_ends_of_the_catalogue_and_the_demo_mark() -> None:
    end = SessionEnd("weekly", "Weekly token", 6, "01:00", "America/New_York")
    plan = to_plan(Settings(), [end], is_demo=True)
    assert plan.session_ends == (end,)
    assert plan.is_demo


def test_every_setting_has_a_sentence_a_kind_and_a_default_or_must_be_given() -> None:
    lines = setting_lines()
    assert all(line.sentence.endswith((".", "…")) and line.kind for line in lines)
    assert {(line.table, line.key) for line in lines if not line.default} == {
        ("[[sockets]]", "name"),
        ("[[sockets]]", "port"),
        ("[[instruments]]", "key"),
        ("[[instruments]]", "symbol"),
        ("[[flows]]", "key"),
        ("[[flows]]", "title"),
        ("[[tickets]]", "key"),
        ("[[tickets]]", "flow"),
        ("[[tickets]]", "instrument"),
    }
    assert "one of: system, light, dark" in [line.kind for line in lines]


def test_a_consumer_in_the_settings_makes_the_desk_ask_the_web_api_and_none_does_not() -> None:
    text = (
        b'[web_api]\nconsumer = "COCKPIT01"\nhost = "127.0.0.1"\nport = 5001\nfingerprint = "'
        + b"AB:" * 31
        + b'AB"\n'
    )
    settings, complaints = parse_settings(text, "desk.toml")
    assert complaints == []
    assert to_plan(settings, ()).web_api == WebApi("COCKPIT01", "127.0.0.1", 5001, "ab" * 32)
    assert to_plan(Settings(), ()).web_api is None


@pytest.mark.parametrize("line", ['consumer = "no key"', 'host = "api.example.org"', 'fingerprint = "12"'])
def test_of_a_web_api_that_is_not_the_brokers_and_not_here_nothing_is_taken(line: str) -> None:
    settings, complaints = parse_settings(f"[web_api]\n{line}\n".encode(), "desk.toml")
    assert len(complaints) == 1
    assert settings.web_api == Settings().web_api
