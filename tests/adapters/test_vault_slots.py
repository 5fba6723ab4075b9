"""Replacing a secret: whatever fails at whatever step, the old or the new one is readable, never none."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.adapters.vault.slots import LONGEST, Slots
from cockpit.services.errors import VaultTrouble

pytestmark = pytest.mark.plain


class Denied(Exception):
    """The keychain fails at this step."""


@dataclass
class MemoryKeychain:
    """A keychain that writes as macOS's does, deleting first, and fails at the step it is told to.

    `tear` makes it keep half of what it is given, without a word.
    """

    kept: dict[tuple[str, str], str] = field(default_factory=dict)
    fail_at: int = -1
    tear: bool = False
    steps: int = 0

    def _step(self) -> None:
        self.steps += 1
        if self.steps == self.fail_at:
            raise Denied

    def get_password(self, service: str, username: str) -> str | None:
        self._step()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._step()
        self.kept.pop((service, username), None)
        self._step()
        self.kept[service, username] = password[: len(password) // 2] if self.tear else password
        self._step()

    def delete_password(self, service: str, username: str) -> None:
        self._step()
        del self.kept[service, username]
        self._step()


@pytest.mark.parametrize("rounds", [1, 2, 3])
def test_a_failure_at_any_step_leaves_the_old_or_the_new_secret(rounds: int) -> None:
    for step in range(1, 40):
        keychain = MemoryKeychain()
        slots = Slots(keychain, "s")
        for number in range(rounds):
            slots.put("a", f"old {number}")
        keychain.steps, keychain.fail_at = 0, step
        try:
            slots.put("a", "new")
        except Denied:
            finished = False
        else:
            finished = True
        keychain.fail_at = -1
        if len(keychain.kept) == 2:
            assert slots.get("a") == "new"  # it is whole, so it counts from now on
        assert slots.get("a") in ({"new"} if finished else {f"old {rounds - 1}", "new"}), step
        slots.put("a", "newest")
        assert slots.get("a") == "newest"
        assert len(keychain.kept) == 1
        if finished:
            return
    raise AssertionError("the steps never ended")


def test_a_keychain_that_keeps_only_half_is_found_out_and_the_old_secret_stays() -> None:
    keychain = MemoryKeychain()
    slots = Slots(keychain, "s")
    slots.put("a", "old")
    keychain.tear = True
    with pytest.raises(VaultTrouble) as caught:
        slots.put("a", "new")
    assert caught.value.reason == "gone"
    assert slots.get("a") == "old"


@pytest.mark.parametrize(
    ("secret", "fits"),
    [
        ("x" * LONGEST, True),
        ("x" * (LONGEST + 1), False),
        ("😀" * (LONGEST // 2), True),
        ("😀" * LONGEST, False),
    ],
    ids=["longest", "longer", "longest in pairs", "longer in pairs"],
)
def test_a_secret_too_long_for_windows_is_refused_everywhere_and_nothing_is_written(
    secret: str, fits: bool
) -> None:
    keychain = MemoryKeychain()
    slots = Slots(keychain, "s")
    if fits:
        slots.put("a", secret)
        [written] = keychain.kept.values()
        assert len(written.encode("utf-16-le")) <= 2560
        assert slots.get("a") == secret
        return
    with pytest.raises(VaultTrouble) as caught:
        slots.put("a", secret)
    assert caught.value.reason == "long"
    assert keychain.kept == {}


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), min_size=1, max_size=5))
def test_the_last_secret_put_is_the_one_that_is_read(secrets: list[str]) -> None:
    slots = Slots(MemoryKeychain(), "s")
    for secret in secrets:
        slots.put("a", secret)
        slots.put("b", "other")
    assert slots.get("a") == secrets[-1]
    slots.forget("a")
    assert slots.get("a") is None
    assert slots.get("b") == "other"


@pytest.mark.parametrize("foreign", ["", "cockpit1", "cockpit1:1:0:x", "cockpit1:x:0:y", "cockpit2:1:0:x"])
def test_what_somebody_else_wrote_is_no_secret_of_ours(foreign: str) -> None:
    assert Slots(MemoryKeychain({("s/a/a", "a"): foreign}), "s").get("a") is None
