"""The register's file: read with complaints, written so that nothing is lost, and never a place for secrets."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.adapters.settings.register import (
    dump_register,
    parse_register,
    read_register,
    write_register,
)
from cockpit.domain.interface import Interface
from cockpit.domain.register import (
    Credential,
    CredentialKind,
    Device,
    DeviceRole,
    Factor,
    FactorKind,
    RecoveryKind,
    RecoveryPath,
    Register,
    Scope,
)
from cockpit.domain.trust.faults import faults, looks_like_a_secret

pytestmark = pytest.mark.plain

REGISTER = Register(
    "anna1",
    "ib-llc",
    (Device("desk-07", DeviceRole.DESK_PC), Device("Anna's iPhone (15)", DeviceRole.PHONE, "in her bag")),
    (Factor("IB Key (Anna's iPhone)", FactorKind.IB_KEY, "Anna's iPhone (15)", "anna1"),),
    (
        Credential(
            "consumer",
            CredentialKind.OAUTH_CONSUMER,
            "Ann",
            "anna-bot",
            "rebalancer",
            Interface.WEB_API,
            scope=Scope.TRADE,
            used_for=Scope.READ,
            addresses=("203.0.113.7",),
            made=1_795_478_400.0,
            rotate_days=90,
            ends=1_795_521_601.0,
        ),
    ),
    (RecoveryPath("card", RecoveryKind.CARD, "in the safe, blue envelope"),),
    ("/var/log/launcher.txt",),
)


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "profile" / "register.toml"
    write_register(file, REGISTER)
    assert read_register(file) == (REGISTER, [])
    text = file.read_text(encoding="utf-8")
    assert 'made = "2026-11-24"' in text
    assert 'ends = "2026-11-24T12:00:01Z"' in text


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such mode bits")
def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "register.toml"
    write_register(file, REGISTER)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_no_file_is_an_empty_register_and_nobodys_mistake(tmp_path: Path) -> None:
    assert read_register(tmp_path / "register.toml") == (Register(), [])


def test_a_folder_in_its_place_is_named(tmp_path: Path) -> None:
    register, complaints = read_register(tmp_path)
    assert register == Register()
    assert "cannot be read" in complaints[0].reason


def test_a_giant_file_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "register.toml"
    file.write_bytes(b"#" * 1_000_001)
    assert "too large" in read_register(file)[1][0].reason


TWICE = """
[[devices]]
name = "iPhone"
role = "phone"

[[devices]]
name = "iphone"
role = "another PC"
note = "the second one"
"""


def test_two_devices_with_one_name_are_a_sentence_and_nothing_is_lost(tmp_path: Path) -> None:
    file = tmp_path / "register.toml"
    file.write_text(TWICE)
    register, complaints = read_register(file)
    assert register.devices == (Device("iPhone", DeviceRole.PHONE),)
    (complaint,) = complaints
    assert (complaint.line, complaint.key) == (7, "devices[2].name")
    assert complaint.reason == "is used twice: iphone; only the first counts"
    write_register(file, replace(register, username="anna1"))
    assert (tmp_path / "register.toml.broken-1").read_text() == TWICE
    assert read_register(file)[0].username == "anna1"


@pytest.mark.parametrize(
    ("text", "line", "key", "says"),
    [
        (
            '[[factors]]\nname = "x"\nkind = "carrier pigeon"',
            3,
            "factors[1].kind",
            "must be one of IB Key push",
        ),
        ('[[factors]]\nkind = "passkey"', 1, "factors[1]", "lacks name"),
        ('[[factors]]\nname = " x"\nkind = "passkey"', 2, "factors[1].name", "a name in one line"),
        (
            '[[recovery]]\nname = "x"\nkind = "security card"\nplace = 1',
            4,
            "recovery[1].place",
            "is not a key here",
        ),
        (
            '[[credentials]]\nname = "x"\nkind = "Flex token"\nmade = "2026-02-31"',
            4,
            "credentials[1].made",
            "no day",
        ),
        (
            '[[credentials]]\nname = "x"\nkind = "Flex token"\nmade = "soon"',
            4,
            "credentials[1].made",
            "a day such as",
        ),
        (
            '[[credentials]]\nname = "x"\nkind = "client id"\nnumber = -1',
            4,
            "credentials[1].number",
            "0 or above",
        ),
        (
            '[[credentials]]\nname = "x"\nkind = "client id"\ninterface = "fax"',
            4,
            "credentials[1].interface",
            "one of",
        ),
        (
            '[[factors]]\nname = "x"\nkind = "passkey"\ndevice = "gone"',
            4,
            "factors[1].device",
            "no device has the name",
        ),
        ("[desk]\nusername = 7", 2, "desk.username", "one line of text"),
        ("[desk", 1, "", "table"),
    ],
)
def test_what_cannot_be_used_is_named_with_line_and_key(text: str, line: int, key: str, says: str) -> None:
    _, complaints = parse_register(text.encode(), "register.toml")
    found = [(one.line, one.key) for one in complaints]
    assert (line, key) in found
    assert any(says in one.sentence() for one in complaints)


def test_a_complaint_counts_rows_as_the_file_does() -> None:
    text = '[[devices]]\nrole = "phone"\n[[devices]]\nname = "a"\nrole = "phone"\n' * 2
    _, complaints = parse_register(text.encode(), "register.toml")
    twice = next(one for one in complaints if "twice" in one.reason)
    assert (twice.key, twice.line) == ("devices[4].name", 9)


def test_a_factor_whose_device_is_gone_is_kept() -> None:
    text = b'[[factors]]\nname = "x"\nkind = "passkey"\ndevice = "gone"'
    assert parse_register(text, "register.toml")[0].factors == (Factor("x", FactorKind.PASSKEY, "gone"),)


SECRETS = (
    "otpauth://totp/IBKR:anna?secret=JBSWY3DPEHPK3PXP",
    "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
    "jbsw y3dp ehpk 3pxp",
    "-----BEGIN RSA PRIVATE KEY-----",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "123456789012345678901234",
    "token aB3dE5gH7jK9mN1pQ3sT5vW7",
)


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_neither_read_nor_written_nor_repeated(secret: str, tmp_path: Path) -> None:
    text = f'[[recovery]]\nname = "code"\nkind = "temporary code"\nwhere = "{secret}"\n'
    register, complaints = parse_register(text.encode(), "register.toml")
    assert register.recovery == (RecoveryPath("code", RecoveryKind.TEMPORARY_CODE),)
    assert [(one.line, one.key) for one in complaints] == [(4, "recovery[1].where")]
    assert secret not in complaints[0].sentence()
    spilled = Register(recovery=(RecoveryPath("code", RecoveryKind.TEMPORARY_CODE, note=secret),))
    with pytest.raises(ValueError) as raised:
        write_register(tmp_path / "register.toml", spilled)
    assert "keychain" in str(raised.value)
    assert secret not in str(raised.value)
    assert not (tmp_path / "register.toml").exists()


@pytest.mark.parametrize(
    "text",
    [
        "IB Key (Anna's iPhone 15 Pro Max)",
        "in the safe on the second floor, blue envelope",
        "+41 44 000 00 00, ask for the trade desk",
        "/home/anna/Documents/Cards2026/IBKR-card.pdf",
        "SafeDeposit-Box-2026-Zurich-Bahnhofstrasse",
        "internationalization department",
        "",
    ],
)
def test_names_and_places_are_no_secrets(text: str) -> None:
    assert not looks_like_a_secret(text)


def test_a_register_with_two_of_one_name_is_refused_with_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "register.toml"
    write_register(file, REGISTER)
    before = file.read_bytes()
    doubled = replace(REGISTER, devices=(*REGISTER.devices, Device("DESK-07", DeviceRole.OTHER_PC)))
    assert faults(doubled) == ("Two have the same name: the device DESK-07.",)
    with pytest.raises(ValueError) as raised:
        write_register(file, doubled)
    assert str(raised.value) == "Two have the same name: the device DESK-07."
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "register",
    [
        Register(username="a\x00b"),
        Register(username="\ud800"),
        Register(devices=(Device("", DeviceRole.PHONE),)),
        Register(devices=(Device("x" * 200, DeviceRole.PHONE),)),
        Register(credentials=(Credential("x", CredentialKind.CLIENT_ID, number=-1),)),
        Register(credentials=(Credential("x", CredentialKind.FLEX_TOKEN, made=float("nan")),)),
        Register(credentials=(Credential("x", CredentialKind.FLEX_TOKEN, ends=1e18),)),
        Register(credentials=(Credential("x", CredentialKind.FLEX_TOKEN, addresses=("here; rm",)),)),
        Register(launcher_logs=("a\nb",)),
    ],
    ids=["control", "surrogate", "no name", "long", "negative", "nan", "far", "address", "path"],
)
def test_what_no_file_can_hold_is_refused_before_the_file_is_touched(
    register: Register, tmp_path: Path
) -> None:
    with pytest.raises(ValueError):
        write_register(tmp_path / "register.toml", register)
    assert list(tmp_path.iterdir()) == []


names = st.text(
    st.characters(blacklist_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1, max_size=12
).filter(lambda text: not looks_like_a_secret(text))
moments = st.integers(0, 4_102_444_800).map(float)


@given(
    st.lists(names, unique_by=str.casefold, max_size=3),
    st.sampled_from(DeviceRole),
    st.lists(st.tuples(names, moments, moments), unique_by=lambda one: one[0].casefold(), max_size=3),
)
def test_every_register_a_form_can_make_reads_back_the_same(
    devices: list[str], role: DeviceRole, access: list[tuple[str, float, float]]
) -> None:
    register = Register(
        devices=tuple(Device(name, role) for name in devices),
        factors=tuple(Factor(name, FactorKind.PASSKEY, name) for name in devices),
        credentials=tuple(
            Credential(name, CredentialKind.FLEX_TOKEN, made=made, ends=ends) for name, made, ends in access
        ),
    )
    assert parse_register(dump_register(register).encode(), "register.toml") == (register, [])


@given(st.binary(max_size=200))
def test_any_bytes_give_a_register_and_complaints(content: bytes) -> None:
    register, _ = parse_register(content, "register.toml")
    assert isinstance(register, Register)


def test_the_example_in_the_manual_is_a_register_without_mistakes() -> None:
    page = Path(__file__).parents[2] / "docs" / "manual" / "credentials.md"
    example = page.read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0]
    register, complaints = parse_register(example.encode(), "register.toml")
    assert complaints == []
    assert register.credentials[0].tool == "rebalance.py"
