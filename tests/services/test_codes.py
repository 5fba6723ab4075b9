"""Authenticators of a desk: proven before they are kept, never lost, and silent when the clock is wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest

from cockpit.adapters.otp.generator import PyotpCodes
from cockpit.adapters.otp.reader import OtpReader
from cockpit.domain.otp import TAKEN, Algorithm, Authenticator, Draft
from cockpit.domain.secret import Secret
from cockpit.services.codes import LIST, MOST, Codes
from cockpit.services.errors import NotPermitted, Trouble, Unreadable, VaultTrouble
from tests.fakes.vault import MemoryVault

pytestmark = pytest.mark.plain

T = TypeVar("T")

SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
OTHER = "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU"
NOW = 1793971908.0


@dataclass
class Desk:
    """A desk's codes with everything outside them in memory."""

    vault: MemoryVault = field(default_factory=MemoryVault)
    now: float = NOW
    offsets: tuple[float, ...] = (0.1,)
    learned: list[str] = field(default_factory=list)

    @property
    def codes(self) -> Codes:
        """Codes as a program has them that has just been started."""
        return Codes(
            self.vault,
            PyotpCodes(),
            OtpReader(),
            lambda: self.now,
            lambda: self.offsets,
            self.learned.append,
        )

    def draft(self, name: str = "alice", seed: str = SEED, more: str = "") -> Draft:
        return self.codes.begin(Secret(f"otpauth://totp/{name}?secret={seed}{more}"))

    def right(self, draft: Draft, later: float = 0.0) -> str:
        """What another app shows, by its own clock."""
        return PyotpCodes().code(draft.authenticator, draft.secret, self.now + later)

    def keep(self, name: str = "alice", seed: str = SEED, *, replacing: bool = False) -> Authenticator:
        draft = self.draft(name, seed)
        return run(self.codes.verify(draft, self.right(draft), replacing=replacing))

    def names(self) -> list[str]:
        return [one.name for one in run(self.codes.list())]

    def shown(self, name: str = "alice") -> str:
        return run(self.codes.code(name)).digits


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def refusal(work: Coroutine[Any, Any, object]) -> Trouble:
    with pytest.raises(Trouble) as caught:
        run(work)
    trouble = caught.value
    assert SEED not in f"{trouble!r}{trouble.sentence}{trouble.remedy}{trouble.__context__!r}"
    return trouble


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_what_one_code_has_proven_is_kept_and_shows_codes_after_a_restart(desk: Desk) -> None:
    draft = desk.draft(more="&algorithm=SHA256&digits=8&period=60")
    kept = run(desk.codes.verify(draft, desk.right(draft)))
    assert kept == Authenticator("alice", Algorithm.SHA256, 8, 60)
    assert run(desk.codes.list()) == (kept,)
    code = run(desk.codes.code("alice"))
    assert (code.digits, code.following) == (desk.right(draft), desk.right(draft, later=60))
    assert code.ends == NOW - NOW % 60 + 60


def test_nothing_is_kept_before_a_code_was_typed(desk: Desk) -> None:
    desk.draft()
    assert desk.vault.kept == {}


@pytest.mark.parametrize(("steps", "is_kept"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_one_step_early_or_late_proves_the_seed_and_no_other(steps: int, is_kept: bool) -> None:
    desk = Desk()
    draft = desk.draft()
    typed = desk.right(draft, later=30.0 * steps)
    if is_kept:
        assert run(desk.codes.verify(draft, f" {typed[:3]} {typed[3:]} ")).name == "alice"
        return
    trouble = refusal(desk.codes.verify(draft, typed))
    assert "This code is 1 min " + ("old" if steps < 0 else "early") in trouble.sentence
    assert desk.vault.kept == {}


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "12 34"])
def test_what_is_no_code_is_told_apart_from_a_wrong_one(desk: Desk, typed: str) -> None:
    assert "has 6 digits" in refusal(desk.codes.verify(desk.draft(), typed)).sentence


def test_a_wrong_seed_is_found_out_and_can_be_tried_again(desk: Desk) -> None:
    draft = desk.draft()
    trouble = refusal(desk.codes.verify(draft, desk.right(desk.draft(seed=OTHER))))
    assert "Nothing was kept" in trouble.sentence
    assert desk.vault.kept == {}
    assert run(desk.codes.verify(draft, desk.right(draft))).name == "alice"


@pytest.mark.parametrize("name", ["alice", "ALICE", "\uff41lice"])
def test_two_devices_with_one_name_are_told_apart_and_neither_is_lost(desk: Desk, name: str) -> None:
    desk.keep()
    before = desk.shown()
    second = desk.draft(name, OTHER)
    trouble = refusal(desk.codes.verify(second, desk.right(second)))
    assert trouble.remedy is not None
    assert trouble.remedy.action == TAKEN
    assert desk.shown() == before
    run(desk.codes.verify(second, desk.right(second), name="phone B"))
    assert desk.names() == ["alice", "phone B"]
    assert (desk.shown(), desk.shown("phone B")) == (before, desk.right(second))


def test_the_same_device_set_up_again_is_one_device(desk: Desk) -> None:
    desk.keep()
    desk.keep()
    assert desk.names() == ["alice"]


def test_one_that_replaces_another_takes_its_place(desk: Desk) -> None:
    desk.keep()
    desk.keep("Alice", OTHER, replacing=True)
    assert desk.names() == ["alice"]
    assert desk.shown() == desk.right(desk.draft(seed=OTHER))


@pytest.mark.parametrize("late", [False, True], ids=["before it is done", "after it is done"])
@pytest.mark.parametrize("replacing", [False, True])
def test_a_keychain_that_fails_at_any_step_loses_nothing_and_the_next_attempt_succeeds(
    replacing: bool, late: bool
) -> None:
    for step in range(1, 20):
        desk = Desk()
        desk.keep("first", OTHER)
        if replacing:
            desk.keep("alice", OTHER)
        desk.vault.steps, desk.vault.fail_at, desk.vault.late = 0, step, late
        try:
            desk.keep(replacing=replacing)
            is_finished = True
        except VaultTrouble:
            is_finished = False
        desk.vault.fail_at = -1
        assert "first" in desk.names()
        assert desk.shown("first") == desk.right(desk.draft(seed=OTHER))
        for name in desk.names():
            assert len(desk.shown(name)) == 6  # what is listed can be shown
        desk.keep(replacing=replacing)
        assert desk.names() == ["first", "alice"]
        assert desk.shown() == desk.right(desk.draft())
        if is_finished:
            return
    raise AssertionError("the steps never ended")


@pytest.mark.parametrize("late", [False, True], ids=["before it is done", "after it is done"])
def test_what_could_only_half_be_forgotten_is_forgotten_by_the_next_attempt(late: bool) -> None:
    for step in range(1, 20):
        desk = Desk()
        desk.keep("first", OTHER)
        desk.keep()
        desk.vault.steps, desk.vault.fail_at, desk.vault.late = 0, step, late
        try:
            run(desk.codes.forget("alice"))
            is_finished = True
        except VaultTrouble:
            is_finished = False
        desk.vault.fail_at = -1
        for name in desk.names():
            assert len(desk.shown(name)) == 6
        run(desk.codes.forget("alice"))
        assert desk.names() == ["first"]
        assert SEED not in str(desk.vault.kept)
        if is_finished:
            return
    raise AssertionError("the steps never ended")


def test_no_more_are_kept_than_every_keychain_can_list(desk: Desk) -> None:
    for number in range(MOST):
        desk.keep(f"{number}" + "😀" * 39)
    assert len(desk.vault.kept[LIST].encode("utf-16-le")) <= 2 * 1200
    draft = desk.draft("one more")
    assert "the most" in refusal(desk.codes.verify(draft, desk.right(draft))).sentence
    run(desk.codes.forget("0" + "😀" * 39))
    desk.keep("one more")


def test_a_list_that_cannot_be_read_is_named_and_made_anew_without_touching_a_seed(desk: Desk) -> None:
    desk.keep()
    desk.vault.kept[LIST] = '[{"name": 7, "seed": "' + SEED
    trouble = refusal(desk.codes.list())
    assert isinstance(trouble, Unreadable)
    desk.keep()
    assert desk.names() == ["alice"]


def test_a_seed_that_cannot_be_read_is_named_and_can_be_replaced(desk: Desk) -> None:
    desk.keep()
    desk.vault.kept[f"{LIST}/alice"] = f'{{"seed": "{SEED}", "authenticator": 7}}'
    assert "cannot be read" in refusal(desk.codes.code("alice")).sentence
    desk.keep()
    assert desk.shown() == desk.right(desk.draft())


def test_a_code_of_an_authenticator_that_is_not_there_gets_a_sentence(desk: Desk) -> None:
    assert "no authenticator called bob" in refusal(desk.codes.code("bob")).sentence


@pytest.mark.parametrize(
    ("offsets", "is_shown"),
    [
        ((0.1,), True),
        ((-29.9,), True),
        ((30.1,), False),
        ((-86400.0,), False),
        ((), True),
        ((0.1, 90.0), True),
    ],
)
def test_a_clock_that_is_too_far_off_shows_no_code_and_keeps_no_seed(
    desk: Desk, offsets: tuple[float, ...], is_shown: bool
) -> None:
    desk.keep()
    desk.offsets = offsets
    draft = desk.draft("bob", OTHER)
    if is_shown:
        assert len(desk.shown()) == 6
        run(desk.codes.verify(draft, desk.right(draft)))
        return
    steps = desk.vault.steps
    assert "No code is shown" in refusal(desk.codes.code("alice")).sentence
    assert isinstance(refusal(desk.codes.verify(draft, desk.right(draft))), NotPermitted)
    assert desk.vault.steps == steps  # the seed was not even fetched


@pytest.mark.parametrize("now", [-1e6, 3e11])
def test_a_clock_outside_of_all_years_gets_a_sentence(desk: Desk, now: float) -> None:
    desk.keep()
    draft = desk.draft("bob", OTHER)
    desk.now = now
    assert "shows a year" in refusal(desk.codes.code("alice")).sentence
    assert "Nothing was kept" in refusal(desk.codes.verify(draft, "123456")).sentence


@pytest.mark.parametrize("reason", ["missing", "locked", "denied", "slow"])
def test_a_keychain_that_does_not_open_says_so_itself(desk: Desk, reason: str) -> None:
    draft = desk.draft()
    desk.vault.trouble = VaultTrouble(reason, f"The keychain is {reason}.")
    for work in (
        desk.codes.list(),
        desk.codes.code("alice"),
        desk.codes.forget("alice"),
        desk.codes.verify(draft, desk.right(draft)),
    ):
        assert refusal(work) is desk.vault.trouble


def test_every_seed_is_hidden_in_the_logs_before_anything_is_done_with_it(desk: Desk) -> None:
    desk.draft()
    assert desk.learned == [SEED]
    desk.keep()
    desk.learned.clear()
    desk.shown()
    assert desk.learned == [SEED]


def test_no_look_at_a_draft_gives_its_seed_away(desk: Desk) -> None:
    draft = desk.draft()
    assert SEED not in f"{draft!r} {draft}"
