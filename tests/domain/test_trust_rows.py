"""The device-trust list: worst first, every level explained, no evidence no trust."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.evidence import Observation, Provenance
from cockpit.domain.facts import Facts, fold
from cockpit.domain.interface import Interface
from cockpit.domain.kinds import DAY, HOUR
from cockpit.domain.level import Level
from cockpit.domain.plan import Flow, Objective, Socket
from cockpit.domain.register import Credential, CredentialKind, Register, Scope
from cockpit.domain.trust.gateway import filters
from cockpit.domain.trust.ports import masked_address
from cockpit.domain.trust.rows import trust_rows
from tests.domain.trust_desks import CATALOGUE, DESK, good_morning, row, seen
from tests.fakes.clock import NOON

MEASURED = Provenance.MEASURED


def test_a_good_morning_is_ready_line_by_line() -> None:
    rows = trust_rows(seen(), DESK, CATALOGUE, NOON)
    assert {one.key: one.sentence for one in rows if one.level is not Level.READY} == {}
    assert len(rows) == 12


def test_without_any_evidence_every_line_is_unknown_and_says_what_was_not_seen() -> None:
    rows = trust_rows(Facts(), DESK, CATALOGUE, NOON)
    assert {one.level for one in rows} == {Level.UNKNOWN}
    assert all(one.detail and one.sentence and one.at is None for one in rows)


def test_the_worst_line_comes_first() -> None:
    facts = seen(
        kinds.SCREEN_LOCK.seen("desk", 0.0, NOON),
        kinds.CERTIFICATE.seen("gateway", "unknown", NOON),
        without=("read-only api",),
    )
    levels = [one.level for one in trust_rows(facts, DESK, CATALOGUE, NOON)]
    assert levels[:3] == [Level.BLOCKED, Level.UNKNOWN, Level.LIMITED]
    assert levels == sorted(levels, key=lambda level: -level.rank)


def test_this_pc_says_what_was_measured_of_it() -> None:
    pc = row("this-pc", seen())
    assert pc.title == "This PC, desk-07"
    assert pc.sentence == (
        "Disk encrypted, screen lock 5 min, clock +0.12 s, secrets in the macOS Keychain, no restart pending"
    )
    assert (pc.provenance, pc.at, pc.ends_words) == (MEASURED, NOON, "restart pending: none")
    assert len(pc.detail) == 5


@pytest.mark.parametrize(
    ("change", "level", "says"),
    [
        (kinds.DISK_ENCRYPTED.seen("desk", False, NOON), Level.LIMITED, "Disk not encrypted"),
        (kinds.SCREEN_LOCK.seen("desk", 0.0, NOON), Level.LIMITED, "never locks"),
        (kinds.SCREEN_LOCK.seen("desk", 3600.0, NOON), Level.LIMITED, "only after 60 min"),
        (kinds.CLOCK_OFFSET.seen("desk", -15.0, NOON), Level.LIMITED, "\u221215.00 s"),
        (kinds.CLOCK_OFFSET.seen("desk", 41.0, NOON), Level.BLOCKED, "+41.00 s"),
        (kinds.REBOOT_PENDING.seen("desk", True, NOON), Level.LIMITED, "restart is pending"),
        (
            kinds.KEYCHAIN.seen("desk", "The keychain is locked.", NOON, note="locked"),
            Level.LIMITED,
            "Keychain: The keychain is locked",
        ),
        (kinds.SCREEN_LOCK.seen("desk", 300.0, NOON - 2 * HOUR), Level.UNKNOWN, "not looked at since"),
    ],
    ids=["disk", "no lock", "late lock", "clock", "clock far off", "restart", "keychain", "stale"],
)
def test_a_weak_point_of_this_pc_is_named(change: Observation, level: Level, says: str) -> None:
    pc = row("this-pc", seen(change))
    assert pc.level is level
    assert says in pc.sentence
    assert pc.remedy is not None


def test_a_keychain_that_says_nothing_of_its_state_is_not_taken_for_an_open_one() -> None:
    assert row("this-pc", seen(kinds.KEYCHAIN.seen("desk", "somewhere", NOON))).level is Level.LIMITED


def test_a_clock_that_only_the_system_vouches_for_is_not_known_to_be_right() -> None:
    facts = seen(kinds.CLOCK_SYNCHRONISED.seen("desk", True, NOON), without=("clock offset",))
    assert row("this-pc", facts).level is Level.UNKNOWN


def test_remote_control_is_named() -> None:
    facts = seen(kinds.REMOTE_DESKTOP.seen("desk", ("AnyDesk",), NOON))
    found = row("remote-desktop", facts)
    assert (found.level, found.sentence) == (
        Level.LIMITED,
        "Remote control by AnyDesk: whoever drives it is signed in as you",
    )


@pytest.mark.parametrize(
    ("bound", "allowed", "level"),
    [
        (("127.0.0.1",), None, Level.READY),
        (("0.0.0.0",), (), Level.BLOCKED),
        (("0.0.0.0",), ("10.0.0.0/8",), Level.BLOCKED),
        (("0.0.0.0",), ("*.*.*.*", "127.0.0.1"), Level.BLOCKED),
        (("0.0.0.0",), ("127.0.0.1",), Level.LIMITED),
        (("0.0.0.0",), ("192.168.*",), Level.LIMITED),
        (("0.0.0.0",), None, Level.UNKNOWN),
        (("::",), None, Level.UNKNOWN),
    ],
)
def test_the_gateways_door_is_as_good_as_binding_and_filter(
    bound: tuple[str, ...], allowed: tuple[str, ...] | None, level: Level
) -> None:
    changes = [kinds.BOUND_TO.seen("gateway", bound, NOON)]
    if allowed is not None:
        changes.append(kinds.ALLOWED_ADDRESSES.seen("gateway", allowed, NOON))
    assert row("door/gateway", seen(*changes)).level is level


def test_a_filter_that_lets_everybody_in_is_said_so_in_the_words_of_the_danger() -> None:
    door = row(
        "door/gateway",
        seen(
            kinds.BOUND_TO.seen("gateway", ("0.0.0.0",), NOON),
            kinds.ALLOWED_ADDRESSES.seen("gateway", (), NOON),
        ),
    )
    assert "everyone who connects shares your sign-in" in door.sentence
    assert door.remedy is not None
    assert door.remedy.action == "show-gateway-lines"
    assert any("one for all callers" in line for line in door.detail)


@pytest.mark.parametrize(
    "entry", ["", "localhost", "10.0.0.0/8", "300.1.1.1", "*", "*.*.*.*", "127.0.0.1.5", "²0.*"]
)
def test_what_the_gateway_cannot_match_is_no_filter(entry: str) -> None:
    assert not filters((entry,))


def test_a_door_that_nothing_holds_open_is_shut() -> None:
    shut = kinds.LISTENING.seen("gateway", False, NOON)
    assert row("door/gateway", fold(Facts(), [shut])).level is Level.READY


def test_a_stranger_at_the_port_blocks_the_door() -> None:
    facts = seen(
        kinds.PORT_OWNER_KNOWN.seen("gateway", False, NOON), kinds.PORT_OWNER.seen("gateway", "nc", NOON)
    )
    door = row("door/gateway", facts)
    assert door.level is Level.BLOCKED
    assert "Held open by nc, which is none the desk expects" in door.sentence


def test_web_pages_that_may_drive_the_gateway_are_a_weakness() -> None:
    door = row("door/gateway", seen(kinds.CROSS_ORIGIN.seen("gateway", True, NOON)))
    assert (door.level, door.sentence) == (
        Level.LIMITED,
        "A web page of any site may drive it from your browser",
    )


@pytest.mark.parametrize(
    ("word", "level"), [("desk", Level.READY), ("vendor", Level.LIMITED), ("unknown", Level.BLOCKED)]
)
def test_the_certificate_is_worth_what_its_key_is(word: str, level: Level) -> None:
    facts = seen(
        kinds.CERTIFICATE.seen("gateway", word, NOON),
        kinds.CERTIFICATE_ENDS.seen("gateway", 1_557_576_000.0, NOON),
    )
    found = row("door/gateway-certificate", facts)
    assert found.level is level
    assert (found.ends, found.ends_words) == (1_557_576_000.0, "expired May 2019")


@pytest.mark.parametrize(
    ("bound", "trusted", "level", "says"),
    [
        (("127.0.0.1",), (), Level.READY, "this PC only"),
        (("0.0.0.0",), (), Level.LIMITED, "asks before it lets anybody in"),
        (
            ("0.0.0.0",),
            ("127.0.0.1", "192.168.7.9"),
            Level.LIMITED,
            "192.168.•.• comes in without being asked",
        ),
        (("0.0.0.0",), None, Level.UNKNOWN, "is not known"),
    ],
)
def test_the_api_door_says_who_gets_in(
    bound: tuple[str, ...], trusted: tuple[str, ...] | None, level: Level, says: str
) -> None:
    changes = [kinds.BOUND_TO.seen("tws/tws", bound, NOON)]
    if trusted is not None:
        changes.append(kinds.TRUSTED_ADDRESSES.seen("tws/tws", trusted, NOON))
    door = row("door/tws/tws", seen(*changes))
    assert door.level is level
    assert says in door.sentence
    assert "192.168.7.9" not in " ".join([door.sentence, *door.detail])


def test_the_api_door_lists_the_client_ids_that_use_it() -> None:
    bot = Credential("bot", CredentialKind.CLIENT_ID, tool="rebalancer", number=7)
    plan = replace(DESK, register=replace(DESK.register, credentials=(bot,)))
    door = row("door/tws/tws", seen(), plan)
    assert door.sentence == "Held open by TWS, this PC only, clients 901 (cockpit), 7 (rebalancer)"


def test_a_door_on_another_machine_cannot_be_seen_from_here() -> None:
    plan = replace(DESK, sockets=(Socket("far", host="10.0.0.7"),))
    door = row("door/tws/far", seen(kinds.LISTENING.seen("tws/far", True, NOON)), plan)
    assert door.level is Level.UNKNOWN
    assert "another machine" in door.sentence


def test_the_read_only_box_is_a_weakness_only_where_no_program_is_to_send() -> None:
    facts = seen(kinds.READ_ONLY.seen("tws/tws", False, NOON))
    assert row("read-only/tws", facts).level is Level.LIMITED
    looking = Flow("look", "Look", Objective.MONITOR, Interface.TWS_API)
    assert row("read-only/tws", facts, replace(DESK, flows=(looking,))).level is Level.LIMITED
    trading = Flow("auto", "Rebalance", Objective.AUTOMATION, Interface.TWS_API)
    assert row("read-only/tws", facts, replace(DESK, flows=(trading,))).level is Level.READY
    bot = Credential("bot", CredentialKind.CLIENT_ID, number=7, used_for=Scope.TRADE)
    plan = replace(DESK, flows=(), register=Register(credentials=(bot,)))
    assert row("read-only/tws", facts, plan).level is Level.READY


def test_a_box_nobody_asked_for_is_left_alone_and_said_to_be_unknown() -> None:
    found = row("read-only/tws", seen(without=("read-only api",)))
    assert (found.level, found.sentence) == (
        Level.UNKNOWN,
        "Not asked: asking could raise a dialog in TWS",
    )


def test_a_device_is_there_when_somebody_looked_or_its_factor_worked() -> None:
    assert row("device/iPhone 15", seen()).level is Level.READY
    gone = seen(without=("proven",))
    assert row("device/iPhone 15", gone).level is Level.UNKNOWN
    looked = seen(
        kinds.LOOKED_AFTER.seen("device/iPhone 15", NOON, NOON, Provenance.ATTESTED), without=("proven",)
    )
    assert row("device/iPhone 15", looked).level is Level.READY


def test_the_only_phone_carries_the_clock_of_the_app() -> None:
    opened = kinds.OPENED_AT.seen("mobile", NOON - HOUR, NOON - HOUR, Provenance.ATTESTED)
    phone = row("device/iPhone 15", seen(opened))
    assert (phone.ends, phone.ends_words) == (NOON + 11 * HOUR, "trading access of the app")


@pytest.mark.parametrize(
    ("address", "shown"),
    [("192.168.7.9", "192.168.•.•"), ("fe80::1", "fe80:…"), ("10.0.*.*", "10.0.•.•"), ("desk-pc", "desk-pc")],
)
def test_an_address_is_not_shown_whole(address: str, shown: str) -> None:
    assert masked_address(address) == shown


# What each fact may say instead, at whichever age: the laws below hold for all of it.
_OTHERWISE: tuple[Observation, ...] = (
    kinds.DISK_ENCRYPTED.seen("desk", False, NOON),
    kinds.SCREEN_LOCK.seen("desk", 0.0, NOON),
    kinds.CLOCK_OFFSET.seen("desk", 15.0, NOON),
    kinds.CLOCK_OFFSET.seen("desk", 99.0, NOON),
    kinds.KEYCHAIN.seen("desk", "It is locked.", NOON, note="locked"),
    kinds.REBOOT_PENDING.seen("desk", True, NOON),
    kinds.REMOTE_DESKTOP.seen("desk", ("x11vnc",), NOON),
    kinds.PORT_OWNER_KNOWN.seen("gateway", False, NOON),
    kinds.BOUND_TO.seen("gateway", ("0.0.0.0",), NOON),
    kinds.ALLOWED_ADDRESSES.seen("gateway", (), NOON),
    kinds.ALLOWED_ADDRESSES.seen("gateway", ("127.0.0.1",), NOON),
    kinds.CROSS_ORIGIN.seen("gateway", True, NOON),
    kinds.CERTIFICATE.seen("gateway", "vendor", NOON),
    kinds.CERTIFICATE.seen("gateway", "unknown", NOON),
    kinds.CERTIFICATE_ENDS.seen("gateway", NOON - DAY, NOON),
    kinds.BOUND_TO.seen("tws/tws", ("0.0.0.0",), NOON),
    kinds.TRUSTED_ADDRESSES.seen("tws/tws", ("10.1.2.3",), NOON),
    kinds.TRUSTED_ADDRESSES.seen("tws/tws", (), NOON),
    kinds.READ_ONLY.seen("tws/tws", False, NOON),
    kinds.LISTENING.seen("tws/tws", False, NOON),
    kinds.LISTENING.seen("gateway", True, NOON),
    kinds.PROVEN.seen("factor/IB Key (iPhone 15)", 0.0, NOON, Provenance.ATTESTED),
    kinds.PROVEN.seen(
        "factor/Digital Security Card+", NOON - 100 * DAY, NOON - 100 * DAY, Provenance.ATTESTED
    ),
    kinds.PROVEN.seen("recovery/temporary code", 0.0, NOON, Provenance.ATTESTED),
    kinds.LOOKED_AFTER.seen("device/DSC+", NOON - 100 * DAY, NOON - 100 * DAY, Provenance.ATTESTED),
)
mornings = st.lists(st.sampled_from(_OTHERWISE), max_size=8).map(
    lambda changes: list(
        {(one.subject, one.fact): one for one in [*good_morning(), *changes]}.values(),
    )
)


def _levels(evidence: list[Observation], now: float = NOON) -> dict[str, Level]:
    rows = trust_rows(fold(Facts(), evidence), DESK, CATALOGUE, now)
    return {one.key: one.level for one in rows}


def _is_no_better(after: Level, before: Level) -> bool:
    """Worse, equal, or nobody knows."""
    return after.rank >= before.rank or after is Level.UNKNOWN


@given(mornings, st.data())
def test_less_evidence_never_makes_a_line_better(evidence: list[Observation], data: st.DataObject) -> None:
    kept = data.draw(st.lists(st.sampled_from(evidence), unique_by=lambda one: (one.subject, one.fact)))
    before, after = _levels(evidence), _levels(kept)
    assert all(_is_no_better(after[key], level) for key, level in before.items())


@given(mornings, st.floats(0, 400 * DAY))
def test_time_alone_never_makes_a_line_better(evidence: list[Observation], later: float) -> None:
    before, after = _levels(evidence), _levels(evidence, NOON + later)
    assert all(_is_no_better(after[key], level) for key, level in before.items())


@given(mornings, st.sets(st.integers(0, 60)))
def test_what_was_attested_never_passes_for_measured(evidence: list[Observation], picked: set[int]) -> None:
    said = [
        replace(one, provenance=Provenance.ATTESTED) if number in picked else one
        for number, one in enumerate(evidence)
    ]
    measured = {one.key for one in trust_rows(fold(Facts(), evidence), DESK, CATALOGUE, NOON)}
    for found in trust_rows(fold(Facts(), said), DESK, CATALOGUE, NOON):
        assert found.key in measured
        if found.provenance is MEASURED and found.level is Level.READY:
            assert not any("(attested" in line for line in found.detail if line.startswith("Ready"))
    everything = [replace(one, provenance=Provenance.ATTESTED) for one in evidence]
    rows = trust_rows(fold(Facts(), everything), DESK, CATALOGUE, NOON)
    assert all(one.provenance is not MEASURED for one in rows)


@given(mornings)
def test_every_level_stands_on_a_line_of_its_detail(evidence: list[Observation]) -> None:
    for found in trust_rows(fold(Facts(), evidence), DESK, CATALOGUE, NOON):
        assert any(line.startswith(f"{found.level.value.capitalize()}: ") for line in found.detail), found
        assert found.level is Level.READY or found.remedy is not None or "another machine" in found.sentence
