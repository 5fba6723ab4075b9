"""Authenticator codes against RFC 6238, against a second implementation, and through the hour that autumn repeats."""

from __future__ import annotations

import base64
import hashlib
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.adapters.otp.generator import PyotpCodes
from cockpit.domain.otp import Algorithm, Authenticator
from cockpit.domain.secret import Secret

pytestmark = pytest.mark.plain

CODES = PyotpCodes()
DIGITS = b"1234567890"
KEYS = {
    Algorithm.SHA1: (DIGITS * 7)[:20],
    Algorithm.SHA256: (DIGITS * 7)[:32],
    Algorithm.SHA512: (DIGITS * 7)[:64],
}

# RFC 6238, appendix B: time, then the codes by SHA1, SHA256 and SHA512.
VECTORS = [
    (59, "94287082", "46119246", "90693936"),
    (1111111109, "07081804", "68084774", "25091201"),
    (1111111111, "14050471", "67062674", "99943326"),
    (1234567890, "89005924", "91819424", "93441116"),
    (2000000000, "69279037", "90698825", "38618901"),
    (20000000000, "65353130", "77737706", "47863826"),
]

# New York's clocks go back on 1 November 2026 at 06:00 UTC: 01:00 to 02:00 comes twice.
FIRST_ONE_O_CLOCK = 1793509200


def seed(key: bytes) -> Secret:
    return Secret(base64.b32encode(key).decode().rstrip("="))


def second_opinion(key: bytes, algorithm: Algorithm, digits: int, period: int, at: float) -> str:
    """RFC 6238 written out: HMAC by hand from two hashes, the counter by hand from eight bytes."""
    hashed, block = {
        Algorithm.SHA1: (hashlib.sha1, 64),
        Algorithm.SHA256: (hashlib.sha256, 64),
        Algorithm.SHA512: (hashlib.sha512, 128),
    }[algorithm]
    if len(key) > block:
        key = hashed(key).digest()
    padded = key + bytes(block - len(key))
    counter = int(at // period)
    message = bytes(counter >> shift & 255 for shift in range(56, -8, -8))
    inner = hashed(bytes(one ^ 0x36 for one in padded) + message).digest()
    digest = hashed(bytes(one ^ 0x5C for one in padded) + inner).digest()
    where = digest[-1] % 16
    number = int.from_bytes(digest[where : where + 4], "big") % 2**31
    return f"{number % 10**digits:0{digits}}"


@pytest.mark.parametrize("algorithm", list(Algorithm))
@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector[0]))
def test_codes_are_those_of_the_standard(algorithm: Algorithm, vector: tuple[int, str, str, str]) -> None:
    at, *expected = vector
    wanted = dict(zip(Algorithm, expected, strict=True))[algorithm]
    authenticator = Authenticator("a", algorithm, digits=8, period=30)
    assert CODES.code(authenticator, seed(KEYS[algorithm]), at) == wanted
    assert second_opinion(KEYS[algorithm], algorithm, 8, 30, at) == wanted


def test_ten_thousand_instants_agree_with_a_second_implementation() -> None:
    chance = random.Random(6238)
    algorithms = list(Algorithm)
    for number in range(10_000):
        key = chance.randbytes(chance.choice([10, 13, 14, 16, 20, 32, 64, 128]))
        algorithm, digits = chance.choice(algorithms), chance.choice([6, 7, 8])
        period = chance.choice([30, 60, chance.randrange(10, 121)])
        at = chance.uniform(0, 4e9)
        if number % 3 == 0:  # at the very edge of a step, and a thousandth to either side of it
            at = at // period * period + chance.choice([-0.001, 0, 0.001])
        code = CODES.code(Authenticator("a", algorithm, digits, period), seed(key), max(at, 0))
        assert code == second_opinion(key, algorithm, digits, period, max(at, 0)), (number, at)


@given(st.binary(min_size=10, max_size=13), st.integers(0, 253402300799))
def test_a_seed_of_eighty_bits_is_used_as_it_is(key: bytes, at: int) -> None:
    assert CODES.code(Authenticator("a"), seed(key), at) == second_opinion(key, Algorithm.SHA1, 6, 30, at)


PROGRAM = """
import sys, time
time.tzset()
from cockpit.adapters.otp.generator import PyotpCodes
from cockpit.domain.otp import Authenticator
from cockpit.domain.secret import Secret
start = int(sys.argv[1])
hours = [time.localtime(at).tm_hour for at in range(start, start + 7200, 3600)]
codes = [PyotpCodes().code(Authenticator("a"), Secret(sys.argv[2]), at) for at in range(start, start + 7200, 15)]
print(hours, *codes)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows takes no time zone from the environment")
def test_in_the_hour_that_autumn_repeats_each_code_is_its_own() -> None:
    key = KEYS[Algorithm.SHA1]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(FIRST_ONE_O_CLOCK), seed(key).reveal()],
        env=os.environ | {"TZ": "America/New_York", "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    instants = range(FIRST_ONE_O_CLOCK, FIRST_ONE_O_CLOCK + 7200, 15)
    expected = [second_opinion(key, Algorithm.SHA1, 6, 30, at) for at in instants]
    assert done.stdout.split() == ["[1,", "1]", *expected]


@pytest.mark.parametrize("at", [-1.0, 253402300800.0])
def test_there_are_no_codes_before_1970_and_after_9999(at: float) -> None:
    with pytest.raises(ValueError):
        CODES.code(Authenticator("a"), seed(DIGITS), at)
