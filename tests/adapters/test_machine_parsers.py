"""The pure parts of the look at this PC: on texts and lists as systems give them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.adapters.machine.local import judge_program
from cockpit.adapters.machine.network import Card, default_route, network, network_print
from cockpit.adapters.machine.ports import Expected, Listener, Listeners, judge_port
from cockpit.adapters.machine.power import sleep_from_gsettings, sleep_from_logind, sleep_from_pmset
from cockpit.adapters.machine.programs import Program, Running, Starts, program_of
from cockpit.domain import kinds
from cockpit.domain.facts import Facts, fold

pytestmark = pytest.mark.plain

ME = "trader"
TWS_JAVA = ("java", "-Xmx2g", "-cp", "jars/*", "jclient.LoginFrame", "settings")
ROUTES = """\
Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
wlp3s0\t00000000\t0100A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0
enp1s0\t00000000\tFE01A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
enp1s0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0
"""


def process(name: str, executable: str = "", command: tuple[str, ...] | None = (), user: str = ME) -> Running:
    return Running(4711, name, executable, user, 1_000.0, command)


@pytest.mark.parametrize(
    ("seen", "program"),
    [
        pytest.param(process("java", "/opt/jre/bin/java", TWS_JAVA), Program.TWS, id="tws-linux"),
        pytest.param(
            process("java.exe", r"C:\jre\bin\java.exe", ("java", "ibcalpha.ibc.IbcTws", "config.ini")),
            Program.TWS,
            id="tws-under-ibc",
        ),
        pytest.param(process("tws.exe", r"C:\Jts\tws.exe"), Program.TWS, id="tws-windows"),
        pytest.param(
            process(
                "JavaApplicationStub",
                "/Applications/Trader Workstation 10.40/Trader Workstation 10.40.app"
                "/Contents/MacOS/JavaApplicationStub",
            ),
            Program.TWS,
            id="tws-mac",
        ),
        pytest.param(
            process("java", "/opt/java", ("java", "install4j.ibgateway.GWClient")),
            Program.IB_GATEWAY,
            id="ibg",
        ),
        pytest.param(
            process("ibgateway1.exe", r"C:\Jts\ibgateway\1040\ibgateway1.exe"),
            Program.IB_GATEWAY,
            id="ibg-windows",
        ),
        pytest.param(
            process("java", "/usr/bin/java", ("java", "ibgroup.web.core.clientportal.gw.GatewayStart")),
            Program.PORTAL,
            id="portal",
        ),
        pytest.param(
            process("IBKR Desktop.exe", r"C:\Users\a\IBKR Desktop.exe"), Program.IBKR_DESKTOP, id="desktop"
        ),
        pytest.param(
            process("grep", "/bin/grep", ("grep", "jclient.LoginFrame")), None, id="somebody-searches"
        ),
        pytest.param(
            process("bash", "/bin/bash", ("bash", "-c", "java jclient.LoginFrame")), None, id="a-wrapper"
        ),
        pytest.param(
            process("x11vnc", "/usr/bin/x11vnc", ("x11vnc", "-desktop", "ibgateway")), None, id="a-bare-word"
        ),
        pytest.param(process("java", "/usr/bin/java", ("java", "org.eclipse.Main")), None, id="another-java"),
        pytest.param(process("java", "/usr/bin/java", None), None, id="hidden-command-line"),
    ],
)
def test_programs_are_known_by_main_class_or_path_never_by_a_bare_word(
    seen: Running, program: Program | None
) -> None:
    assert program_of(seen) is program


def test_a_command_line_never_shows_because_it_may_hold_a_password() -> None:
    seen = process("java", "/usr/bin/java", ("java", "ibcalpha.ibc.IbcTws", "config.ini", "name", "hunter2"))
    assert "hunter2" not in repr(seen)


def test_starts_are_counted_after_their_process_has_ended_until_ten_minutes_are_over() -> None:
    starts = Starts()
    first, second = Running(1, "java", "", ME, 1_000.0), Running(2, "java", "", ME, 1_300.0)
    assert starts.count(Program.TWS, [first], 1_010.0) == 1
    assert starts.count(Program.TWS, [second], 1_310.0) == 2
    assert starts.count(Program.TWS, [second], 1_350.0) == 2
    assert starts.count(Program.TWS, [second], 1_700.0) == 1
    assert starts.count(Program.IB_GATEWAY, [], 1_700.0) == 0


def test_a_program_is_said_not_to_run_only_when_no_command_line_was_hidden() -> None:
    def running(own: list[Running], is_hidden: bool) -> bool | None:
        facts = fold(Facts(), judge_program(Program.TWS, own, 0, is_hidden, 5.0))
        seen = facts.look(kinds.RUNNING, "program/tws")
        return None if seen is None else seen.value

    assert running([], False) is False
    assert running([], True) is None
    assert running([process("java", "/opt/java", TWS_JAVA)], True) is True


def test_the_route_with_the_lowest_metric_is_the_default() -> None:
    assert default_route(ROUTES) == ("enp1s0", "192.168.1.254")
    assert default_route("Iface\n") == ("", "")


@pytest.mark.parametrize(
    ("cards", "default", "word"),
    [
        pytest.param([Card("enp1s0", ("192.168.1.5/24",))], "enp1s0", "wired", id="cable"),
        pytest.param([Card("wlp3s0", ("192.168.1.5/24",))], "wlp3s0", "wireless", id="radio"),
        pytest.param(
            [Card("enp1s0", ("10.0.0.5/24",)), Card("wlp3s0", ("10.0.1.5/24",))],
            "wlp3s0",
            "wireless",
            id="both",
        ),
        pytest.param(
            [Card("eth0", ("10.0.0.5/24",)), Card("tun0", ("10.8.0.2/24",))],
            "tun0",
            "wired",
            id="vpn-over-cable",
        ),
        pytest.param(
            [Card("Ethernet 2", ("10.0.0.5/24",)), Card("Wi-Fi", ("10.0.1.5/24",))],
            "",
            "unclear",
            id="cannot-tell",
        ),
        pytest.param(
            [Card("lo", ("127.0.0.1/8",)), Card("docker0", ("172.17.0.1/16",))], "", "none", id="inner"
        ),
        pytest.param([Card("enp1s0", ())], "", "none", id="no-address"),
        pytest.param([Card("mystery7", ("10.0.0.5/24",))], "mystery7", "unclear", id="odd-name"),
    ],
)
def test_the_kind_of_connection_follows_the_interface_that_carries_it(
    cards: list[Card], default: str, word: str
) -> None:
    assert network(cards, default) == word


def test_the_print_stays_with_the_network_and_changes_with_the_place() -> None:
    home = [Card("wlp3s0", ("192.168.1.5/24",)), Card("lo", ("127.0.0.1/8",))]
    new_lease = [Card("wlp3s0", ("192.168.1.77/24",))]
    elsewhere = [Card("wlp3s0", ("10.20.0.5/16",))]
    assert network_print(home, "192.168.1.1") == network_print(new_lease, "192.168.1.1")
    assert network_print(home, "192.168.1.1") != network_print(elsewhere, "10.20.0.1")
    assert network_print(home, "192.168.1.1") != network_print(home, "192.168.1.254")
    assert "192.168" not in network_print(home, "192.168.1.1")


def test_sleep_plans_are_read_where_the_system_says_so() -> None:
    assert sleep_from_logind("[Login]\nIdleAction=suspend\nIdleActionSec=20min\n") == 1200
    assert sleep_from_logind("[Login]\n#IdleAction=suspend\n") is None
    assert sleep_from_logind("[Login]\nIdleAction=ignore\n") is None
    assert sleep_from_pmset("System-wide power settings:\n sleep                10 (imposed)\n") == 600
    assert sleep_from_pmset(" sleep  0\n") == 0
    assert sleep_from_pmset("") is None
    assert sleep_from_gsettings("'nothing'\n", "1200\n") == 0
    assert sleep_from_gsettings("'suspend'\n", "900\n") == 900
    assert sleep_from_gsettings("", "") is None


JAVA = process("java", "/opt/java", TWS_JAVA)
MALLORY = process("java", "/opt/java", TWS_JAVA, user="mallory")
THIEF = process("netcat", "/tmp/netcat", ("netcat", "-l"))
TWS = Expected(frozenset({Program.TWS, Program.IB_GATEWAY}))


def facts_of(rows: list[Listener], expected: Expected = TWS, *, host: str = "127.0.0.1") -> Facts:
    return fold(Facts(), judge_port("tws/tws", host, 7496, expected, Listeners(tuple(rows), True), ME, 5.0))


@pytest.mark.parametrize(
    ("rows", "listening", "known", "owner", "places"),
    [
        pytest.param([Listener("127.0.0.1", 7496, JAVA)], True, True, "TWS (java)", ("127.0.0.1",), id="tws"),
        pytest.param([Listener("::", 7496, JAVA)], True, True, "TWS (java)", ("::",), id="dual-stack"),
        pytest.param(
            [Listener("127.0.0.1", 7496, THIEF)], True, False, "netcat", ("127.0.0.1",), id="stranger"
        ),
        pytest.param(
            [Listener("127.0.0.1", 7496, MALLORY)],
            *(True, False, "TWS (java), user mallory", ("127.0.0.1",)),
            id="another-user",
        ),
        pytest.param(
            [Listener("127.0.0.1", 7496, None)],
            *(True, False, "", ("127.0.0.1",)),
            id="hidden-owner",
        ),
        pytest.param(
            [Listener("::1", 7496, THIEF)], False, False, "netcat", ("::1",), id="only-on-version-six"
        ),
        pytest.param(
            [Listener("0.0.0.0", 7496, JAVA), Listener("127.0.0.1", 7496, THIEF)],
            *(True, False, "netcat", ("0.0.0.0", "127.0.0.1")),
            id="the-exact-address-wins-over-the-wildcard",
        ),
        pytest.param(
            [Listener("127.0.0.1", 7496, JAVA), Listener("127.0.0.1", 7496, THIEF)],
            *(True, False, "TWS (java) and netcat", ("127.0.0.1",)),
            id="a-shared-address-is-not-known",
        ),
    ],
)
def test_the_owner_of_a_port_is_named_and_known_or_not(
    rows: list[Listener], listening: bool, known: bool, owner: str, places: tuple[str, ...]
) -> None:
    facts = facts_of(rows)
    found = [
        facts.look(kinds.LISTENING, "tws/tws"),
        facts.look(kinds.PORT_OWNER_KNOWN, "tws/tws"),
        facts.look(kinds.PORT_OWNER, "tws/tws"),
        facts.look(kinds.BOUND_TO, "tws/tws"),
    ]
    assert [seen.value for seen in found if seen] == [listening, known, owner, places]


@pytest.mark.parametrize("pattern", ["netcat", "/tmp/", "netcat -l"])
def test_a_desk_can_name_more_owners_by_name_or_part_of_the_command_line(pattern: str) -> None:
    facts = facts_of([Listener("127.0.0.1", 7496, THIEF)], Expected(TWS.programs, (pattern,)))
    seen = facts.look(kinds.PORT_OWNER_KNOWN, "tws/tws")
    assert seen
    assert seen.value is True


def test_an_empty_pattern_lets_nobody_in() -> None:
    seen = facts_of([Listener("127.0.0.1", 7496, THIEF)], Expected(TWS.programs, ("",))).look(
        kinds.PORT_OWNER_KNOWN, "tws/tws"
    )
    assert seen
    assert seen.value is False


def test_a_port_without_a_listener_is_free_only_when_the_whole_list_was_seen() -> None:
    complete = judge_port("gateway", "127.0.0.1", 5000, TWS, Listeners((), True), ME, 5.0)
    partial = judge_port("gateway", "127.0.0.1", 5000, TWS, Listeners((), False), ME, 5.0)
    assert [(seen.fact, seen.value) for seen in complete] == [(kinds.LISTENING.name, False)]
    assert partial == []


@given(
    st.lists(
        st.builds(
            Listener, st.sampled_from(["127.0.0.1", "0.0.0.0", "::", "::1"]), st.just(7496), st.just(THIEF)
        ),
        min_size=1,
    )
)
def test_no_arrangement_of_strangers_makes_an_owner_known(rows: list[Listener]) -> None:
    seen = facts_of(rows).look(kinds.PORT_OWNER_KNOWN, "tws/tws")
    assert seen
    assert seen.value is False
