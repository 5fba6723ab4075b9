"""Changing the register: what was not named stays, and a form that changes nothing changes nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

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
from cockpit.ui.trust.editing import DESK, DeskNames, Entry, complaint, entry_of, kept, without
from cockpit.ui.trust.fields import BLANKS, fields_of, read, title_of

_names = st.text("abcXYZ 12ü&<", min_size=1, max_size=8).map(lambda text: " ".join(text.split())).filter(bool)
_words = st.one_of(st.just(""), _names)
_days = st.integers(0, 3000)
_moments = st.one_of(st.just(0.0), st.floats(1.0, 4e9))
devices = st.builds(Device, _names, st.sampled_from(DeviceRole), _words)
factors = st.builds(Factor, _names, st.sampled_from(FactorKind), _words, _words, _words)
paths = st.builds(RecoveryPath, _names, st.sampled_from(RecoveryKind), _words, _words, _words)
credentials = st.builds(
    Credential,
    _names,
    st.sampled_from(CredentialKind),
    _words,
    _words,
    _words,
    st.one_of(st.none(), st.sampled_from(Interface)),
    st.integers(0, 2**31 - 1),
    st.sampled_from(Scope),
    st.sampled_from(Scope),
    st.lists(st.sampled_from(["10.0.0.7", "192.168.1.*", "::1"]), max_size=3).map(tuple),
    _moments.filter(lambda at: at < 2e9),
    _days,
    _moments.filter(lambda at: at == 0 or at > 2e9),
    _words,
)
entries: st.SearchStrategy[Entry] = st.one_of(devices, factors, paths, credentials)


def _unique(name: object) -> str:
    return str(getattr(name, "name", ""))


registers = st.builds(
    Register,
    _words,
    _words,
    st.lists(devices, max_size=4, unique_by=_unique).map(tuple),
    st.lists(factors, max_size=4, unique_by=_unique).map(tuple),
    st.lists(credentials, max_size=4, unique_by=_unique).map(tuple),
    st.lists(paths, max_size=4, unique_by=_unique).map(tuple),
)


def key_of(entry: Entry) -> str:
    match entry:
        case Device():
            kind = "device"
        case Factor():
            kind = "factor"
        case Credential():
            kind = "credential"
        case RecoveryPath():
            kind = "recovery"
        case DeskNames():
            return DESK
    return f"{kind}/{entry.name}"


@given(registers, entries)
def test_what_is_added_is_found_and_taken_away_again_without_a_trace(
    register: Register, entry: Entry
) -> None:
    if complaint(register, entry, None):
        return
    more = kept(register, entry)
    assert entry_of(more, key_of(entry)) == entry
    assert without(more, entry) == register


@given(registers, entries)
def test_a_name_is_never_given_twice(register: Register, entry: Entry) -> None:
    taken = entry_of(register, key_of(entry)) is not None
    assert bool(complaint(register, entry, None)) == taken


@given(entries, registers)
def test_a_form_that_changes_nothing_changes_nothing(entry: Entry, register: Register) -> None:
    filled = {field.name: field.value for field in fields_of(entry, register)}
    assert read(entry, filled) == entry


@given(entries, registers)
def test_a_choice_always_offers_what_is_chosen(entry: Entry, register: Register) -> None:
    for field in fields_of(entry, register):
        assert not field.choices or field.is_open or field.value in field.choices


def test_every_form_begins_empty_and_says_what_it_adds() -> None:
    said = [title_of(make(), is_new=True) for make in BLANKS.values()]
    assert said == ["Add a device", "Add a second factor", "Add a way back in", "Add a credential"]
    assert all(make().name == "" for make in BLANKS.values())
