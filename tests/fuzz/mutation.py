"""Bends good bytes: the same seed gives the same cases on every machine."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Final

DIGITS: Final = b"0123456789"
PIECES: Final = (
    *(b"\0", b"\0\0", b"\xff", b"\xc3\x28", b"\xed\xa0\x80", b"\n", b"\r", b'"', b"\\", b"\\u0000", b"'"),
    *(b"-1", b"0", b"1e308", b"1e999", b"NaN", b"inf", b"9" * 40, b"0x7f", b"2147483648", b"true", b"null"),
    *(b"[", b"]", b"[[", b"{", b"}", b"[" * 60, b'{"a":' * 60, b"=", b"#", b";", b":", b","),
    *("\u202e".encode(), "\u200b".encode(), "\U0001f0a1".encode(), "e\u0301".encode() * 9, b"<b>", b"<br>"),
    *(b"%s", b"{0}", b"../..", b"A" * 700, b"2038", b"00000000", b"99991231", b"UTC", b"\x00\x00\x00\x05"),
)


def mutated(chance: random.Random, corpus: Sequence[bytes]) -> bytes:
    """Take a piece of the corpus and do one to six things (mostly few) to it that a broken or a hostile peer might."""
    made = bytearray(chance.choice(corpus))
    for _ in range(chance.choice((1, 1, 2, 3, 6))):
        at = chance.randrange(len(made) + 1)
        to = min(len(made), at + chance.randint(1, 12))
        match chance.randrange(8):
            case 0 if at < len(made):
                made[at] ^= 1 << chance.randrange(8)
            case 1:
                del made[at:to]
            case 2:
                made[at:at] = made[at:to]
            case 3:
                made[at:to] = chance.choice(PIECES)
            case 4:
                other = chance.choice(corpus)
                start = chance.randrange(len(other) + 1)
                made[at:] = other[start:]
            case 5:
                made[at:at] = chance.randbytes(chance.randint(1, 8))
            case 6:
                places = [place for place, byte in enumerate(made) if byte in DIGITS]
                if places:
                    made[chance.choice(places)] = chance.choice(DIGITS)
            case _:
                made[at:at] = chance.choice(PIECES)
    return bytes(made)


def bear(feed: Callable[[bytes], bool], allowed: tuple[type[Exception], ...], case: bytes) -> bool:
    """Feed a case; return whether it was taken. Anything raised that is not `allowed` is a finding.

    Raises AssertionError with the case.
    """
    try:
        return feed(case)
    except allowed:
        return False
    except AssertionError as finding:
        raise AssertionError(f"{finding}: {case!r}") from finding
    except Exception as finding:
        raise AssertionError(f"{type(finding).__name__}: {finding}: {case!r}") from finding


def feed_all(
    feed: Callable[[bytes], bool],
    corpus: Sequence[bytes],
    cases: int,
    seed: int,
    allowed: tuple[type[Exception], ...] = (),
) -> dict[str, int]:
    """Feed so many bent cases; return how many were taken and how many refused. Raises AssertionError."""
    chance = random.Random(seed)
    for good in corpus:
        bear(feed, allowed, good)
    taken = sum(bear(feed, allowed, mutated(chance, corpus)) for _ in range(cases))
    return {"taken": taken, "refused": cases - taken}
