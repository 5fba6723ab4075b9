"""Writing settings: what is written is read back equal, and nothing that was there is lost."""

from __future__ import annotations

import stat
import sys
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from msgspec import Meta
from msgspec.structs import replace

from cockpit.adapters.settings.check import check
from cockpit.adapters.settings.file import dump, parse_settings, read_settings, write_pin, write_settings
from cockpit.adapters.settings.records import FoldersTable, Settings, with_pin
from cockpit.tables import field_types

pytestmark = pytest.mark.plain

PIN = "0123456789abcdef" * 4


def settings_values() -> st.SearchStrategy[Settings]:
    """Any settings at all, drawn from the declared types and constraints themselves."""
    for name, kind in field_types(Settings).items():
        for record in (kind, *get_args(kind)):
            if isinstance(record, type) and name:
                st.register_type_strategy(record, _rows_of(record))
    return st.from_type(Settings)


def _rows_of(record: type) -> st.SearchStrategy[Any]:
    hints = field_types(record)
    return st.builds(record, **{name: _values(hint) for name, hint in hints.items()})


def _values(hint: Any) -> st.SearchStrategy[Any]:
    meta = next((part for part in get_args(hint) if isinstance(part, Meta)), None)
    if meta is not None and meta.pattern:
        return st.from_regex(meta.pattern.replace("$", r"\Z"))
    if meta is not None and get_args(hint)[0] is int:
        return st.integers(int(meta.ge or 0), int(meta.le or 0))
    if meta is not None:
        return st.floats(float(meta.ge or 0), float(meta.le or 0))
    if hint is str:
        return st.text(st.characters(exclude_categories=["Cs"]))
    parts = get_args(hint)
    if parts and parts[-1] is Ellipsis:
        return st.lists(_values(parts[0]), max_size=3).map(tuple)
    if parts:
        return st.tuples(*[_values(part) for part in parts])
    return st.from_type(hint)


@examples(max_examples=40)
@given(settings_values())
def test_settings_written_and_read_again_are_the_same(settings: Settings) -> None:
    whole, _ = check(settings, "", "")  # drawn names may clash or lead nowhere
    assert parse_settings(dump(whole).encode(), "settings.toml") == (whole, [])


@given(st.binary(max_size=300))
def test_any_bytes_at_all_give_settings_and_sentences(content: bytes) -> None:
    settings, complaints = parse_settings(content, "settings.toml")
    assert isinstance(settings, Settings)
    assert all(complaint.sentence() for complaint in complaints)


def test_the_defaults_written_and_read_again_are_the_same() -> None:
    assert parse_settings(dump(Settings()).encode(), "settings.toml") == (Settings(), [])


def test_quotes_backslashes_and_line_ends_in_a_text_come_back(tmp_path: Path) -> None:
    odd = replace(Settings(), folders=FoldersTable(profile='C:\\desk\\"mine"\t\n\x7f ü'))
    write_settings(tmp_path / "settings.toml", odd)
    assert read_settings(tmp_path / "settings.toml") == (odd, [])


def test_writing_keeps_the_old_file_beside_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "settings.toml"
    write_settings(path, Settings())
    first = path.read_bytes()
    write_settings(path, with_pin(Settings(), PIN))
    assert path.with_name("settings.toml.bak").read_bytes() == first
    assert sorted(p.name for p in path.parent.iterdir()) == ["settings.toml", "settings.toml.bak"]


@pytest.mark.skipif(sys.platform == "win32", reason="modes are a matter of POSIX")
def test_settings_are_readable_by_their_user_only(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    write_settings(path, Settings())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_broken_file_is_never_overwritten_without_a_copy_that_stays(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(b"[desk\n")
    write_settings(path, Settings())
    write_settings(path, with_pin(Settings(), PIN))
    assert (tmp_path / "settings.toml.broken-1").read_bytes() == b"[desk\n"
    path.write_bytes(b"[desk]\nname = 3\n")
    write_settings(path, Settings())
    assert (tmp_path / "settings.toml.broken-2").read_bytes() == b"[desk]\nname = 3\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '# mine\n[gateway]  # here\nport = 5001\n\n[[sockets]]\nport="broken"\n',
            f'# mine\n[gateway]  # here\nfingerprint = "{PIN}"\nport = 5001\n\n[[sockets]]\nport="broken"\n',
        ),
        (
            '[gateway]\nport = 5001\nfingerprint = "" # none\n\n[desk]\nname = "x"\n',
            f'[gateway]\nport = 5001\nfingerprint = "{PIN}"\n\n[desk]\nname = "x"\n',
        ),
        ('[desk]\nname = "x"', f'[desk]\nname = "x"\n\n[gateway]\nfingerprint = "{PIN}"\n'),
        ("", f'\n[gateway]\nfingerprint = "{PIN}"\n'),
    ],
    ids=["table without pin", "old pin", "no table", "no file"],
)
def test_a_pin_changes_its_own_line_and_leaves_comments_and_broken_rows(
    tmp_path: Path, before: str, after: str
) -> None:
    path = tmp_path / "settings.toml"
    if before:
        path.write_text(before)
    settings = write_pin(path, PIN.upper())
    assert settings.gateway.fingerprint == PIN
    assert path.read_text() == after
    assert read_settings(path)[0] == settings


def test_a_pin_in_a_file_written_too_oddly_rewrites_it_and_keeps_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    odd = 'gateway = { port = 5001, fingerprint = "" }\n'
    path.write_text(odd)
    assert write_pin(path, PIN).gateway.fingerprint == PIN
    assert read_settings(path)[0].gateway.port == 5001
    assert path.with_name("settings.toml.bak").read_text() == odd
