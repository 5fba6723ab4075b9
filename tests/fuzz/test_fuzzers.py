"""The fast variant of `./dev fuzz`: every fuzzer with a few cases, and proof that a finding is seen."""

from __future__ import annotations

import random

import pytest

from cockpit.adapters.foreign_text import clean
from cockpit.adapters.portal.answers import decode
from cockpit.services.errors import Unreadable
from tests.fuzz.mutation import feed_all, mutated
from tests.fuzz.targets import FUZZERS

pytestmark = pytest.mark.plain

CASES = 200


@pytest.mark.parametrize("name", FUZZERS)
def test_hostile_bytes_are_borne(name: str) -> None:
    assert FUZZERS[name](CASES, 1)


def test_the_same_seed_gives_the_same_cases() -> None:
    first, second = random.Random(7), random.Random(7)
    corpus = (b"one", b"two", b"")

    assert [mutated(first, corpus) for _ in range(100)] == [mutated(second, corpus) for _ in range(100)]


def test_what_was_not_to_be_raised_is_a_finding_with_its_case() -> None:
    def reads(case: bytes) -> bool:
        return bool(case.decode("ascii"))

    with pytest.raises(AssertionError, match=r"UnicodeDecodeError: .*: b'"):
        feed_all(reads, (b"plain words",), CASES, 1)
    assert feed_all(reads, (b"plain words",), CASES, 1, (UnicodeDecodeError,))["refused"] > 0


@pytest.mark.parametrize("content", [b'{"a":"\\ud83c"}', b'{"\xed\xa0\x80":1}', b'{"a":"\\udca1\\ud83c"}'])
def test_half_a_surrogate_pair_makes_an_answer_unreadable(content: bytes) -> None:
    with pytest.raises(Unreadable):
        decode(content)


def test_a_whole_pair_and_a_written_backslash_are_read() -> None:
    assert decode(b'{"a":"\\ud83c\\udca1","b":"\\\\ud83c"}') == {"a": "\U0001f0a1", "b": "\\ud83c"}


def test_a_mark_behind_an_escape_does_not_sit_on_its_last_letter() -> None:
    shown = clean("x\u202c\u0301")

    assert shown == "x\\u202c\\u0301"
    assert clean(shown) == shown
