"""Signing: the worked example of the standard, laws of the encoding, and both halves of the key exchange."""

from __future__ import annotations

import hashlib
import hmac
import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.adapters.oauth.access import LiveSession
from cockpit.adapters.oauth.exchange import Exchange, Granted, NotGenuine, signed_bytes
from cockpit.adapters.oauth.keys import key_ring
from cockpit.adapters.oauth.signing import (
    Caller,
    KeySigner,
    SessionSigner,
    authorization,
    base_string,
    percent,
)
from cockpit.services.errors import Unreadable
from cockpit.simulator.oauth.keys import GENERATOR, PRIME
from cockpit.simulator.oauth.proof import fields_of, is_signed_with_key, is_signed_with_token, signed_text

from .oauth_bench import CONSUMER, keys, texts

pytestmark = pytest.mark.plain

SECRET = b"a secret of the access token"
CALLER = Caller(CONSUMER, "0123456789abcdef0123", "limited_poa")
URL = "https://api.ibkr.com/v1/api/iserver/contract/265598/info-and-rules?isBuy=true"


def test_the_base_string_is_that_of_the_worked_example_in_the_standard() -> None:
    """RFC 5849, section 3.4.1.1: a capital host, a usual port, a doubled name, signs that are encoded twice."""
    parameters = {
        "oauth_consumer_key": "9djdj82h48djs9d2",
        "oauth_token": "kkk9d7dh3k39sjv7",
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": "137131201",
        "oauth_nonce": "7d8f3e4a",
        "c2": "",
        "a3": "2 q",
    }
    made = base_string("post", "http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b", parameters)
    assert made == (
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540"
        "%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method"
        "%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
    )


def test_the_base_string_of_a_call_of_ours_worked_out_by_hand() -> None:
    made = base_string("GET", URL, {"oauth_token": "t", "oauth_nonce": "n"})
    assert made == (
        "GET&https%3A%2F%2Fapi.ibkr.com%2Fv1%2Fapi%2Fiserver%2Fcontract%2F265598%2Finfo-and-rules"
        "&isBuy%3Dtrue%26oauth_nonce%3Dn%26oauth_token%3Dt"
    )


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://127.0.0.1:5001/v1/api/tickle", "https%3A%2F%2F127.0.0.1%3A5001%2Fv1%2Fapi%2Ftickle"),
        ("https://api.ibkr.com:443/a", "https%3A%2F%2Fapi.ibkr.com%2Fa"),
        ("https://[::1]:5001/a", "https%3A%2F%2F%5B%3A%3A1%5D%3A5001%2Fa"),
        ("https://api.ibkr.com", "https%3A%2F%2Fapi.ibkr.com%2F"),
    ],
)
def test_only_an_unusual_port_is_signed(url: str, address: str) -> None:
    assert base_string("GET", url, {}) == f"GET&{address}&"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_encoding_leaves_unreserved_signs_and_can_be_undone(text: str) -> None:
    encoded = percent(text)
    assert unquote(encoded) == text
    assert re.fullmatch(r"(?:[A-Za-z0-9\-._~]|%[0-9A-F]{2})*", encoded)


NAMES = st.text("abcxyz_-.%&= ", min_size=1, max_size=8)


@given(st.dictionaries(NAMES, st.text(max_size=12, alphabet=st.characters(exclude_categories=["Cs"]))))
def test_our_base_string_is_the_one_that_the_other_side_works_out_by_itself(more: dict[str, str]) -> None:
    query = "&".join(f"{percent(name)}={percent(value)}" for name, value in more.items())
    fields = {"oauth_nonce": "n", "oauth_token": "t"}
    ours = base_string("GET", f"https://127.0.0.1:9/v1/api/x?{query}", fields)
    assert ours == signed_text("GET", "https://127.0.0.1:9/v1/api/x", query, fields)


def test_a_key_signature_is_valid_for_its_request_and_no_other() -> None:
    ring = key_ring(texts())
    header = authorization(CALLER, KeySigner(ring.signature_key, ring.secret), "POST", URL, 1.0, extra="7")
    fields = fields_of(header)
    assert fields is not None
    address, _, query = URL.partition("?")
    public, front = keys().signature_key.public_key(), keys().secret.hex()
    text = signed_text("POST", address, query, fields)
    assert is_signed_with_key(public, front + text, fields)
    assert not is_signed_with_key(public, text, fields)
    assert not is_signed_with_key(public, front + signed_text("GET", address, query, fields), fields)
    assert not is_signed_with_key(
        public, front + signed_text("POST", address, query, {**fields, "extra": "8"}), fields
    )


@given(st.binary(min_size=20, max_size=20), st.integers(0, 19))
def test_a_session_signature_is_valid_with_its_token_and_no_other(token: bytes, place: int) -> None:
    fields = fields_of(authorization(CALLER, SessionSigner(token), "GET", URL, 1_790_000_000.9))
    assert fields is not None
    assert fields["oauth_timestamp"] == "1790000000"
    address, _, query = URL.partition("?")
    text = signed_text("GET", address, query, fields)
    assert is_signed_with_token(token, text, fields)
    other = token[:place] + bytes((token[place] ^ 1,)) + token[place + 1 :]
    assert not is_signed_with_token(other, text, fields)


def test_no_two_requests_share_a_nonce() -> None:
    headers = [fields_of(authorization(CALLER, SessionSigner(b"k"), "GET", URL, 1.0)) for _ in range(50)]
    assert len({fields["oauth_nonce"] for fields in headers if fields is not None}) == 50


def granted(
    challenge: str, exponent: int, secret: bytes = SECRET, consumer: str = CONSUMER
) -> tuple[Granted, bytes]:
    """The broker's half, worked out from our challenge: its answer and the token it has in mind."""
    shared = pow(int(challenge, 16), exponent, PRIME)
    written = shared.to_bytes(shared.bit_length() // 8 + 1, "big", signed=True)
    token = hmac.new(written, secret, hashlib.sha1).digest()
    check = hmac.new(token, consumer.encode(), hashlib.sha1).hexdigest()
    return Granted(f"{pow(GENERATOR, exponent, PRIME):x}", check), token


@given(st.integers(2, 2**256))
def test_both_sides_arrive_at_the_same_token(exponent: int) -> None:
    exchange = Exchange(PRIME)
    answer, token = granted(exchange.challenge, exponent)
    assert exchange.token(answer, SECRET, CONSUMER) == token


@given(st.integers(1, 2**2048))
def test_a_shared_number_is_written_shortest_with_room_for_a_sign(number: int) -> None:
    written = signed_bytes(number)
    assert int.from_bytes(written, "big", signed=True) == number
    assert len(written) == 1 or written[0] or written[1] & 0x80


def test_a_check_value_of_another_secret_or_consumer_is_not_taken() -> None:
    exchange = Exchange(PRIME)
    for answer in (
        granted(exchange.challenge, 77, secret=b"guessed")[0],
        granted(exchange.challenge, 77, consumer="OTHERCONS")[0],
    ):
        with pytest.raises(NotGenuine):
            exchange.token(answer, SECRET, CONSUMER)


@pytest.mark.parametrize("theirs", [0, 1, PRIME - 1, PRIME, PRIME + 1], ids=["0", "1", "p-1", "p", "p+1"])
def test_a_half_that_gives_the_token_away_is_refused_even_with_a_fitting_check_value(theirs: int) -> None:
    exchange = Exchange(PRIME)
    token = hmac.new(signed_bytes(theirs % PRIME), SECRET, hashlib.sha1).digest()
    check = hmac.new(token, CONSUMER.encode(), hashlib.sha1).hexdigest()
    with pytest.raises(NotGenuine):
        exchange.token(Granted(f"{theirs:x}", check), SECRET, CONSUMER)


@pytest.mark.parametrize("half", ["", "0x12", "12 34", "-5", "f" * 513])
def test_a_half_that_is_no_number_is_unreadable(half: str) -> None:
    with pytest.raises(Unreadable):
        Exchange(PRIME).token(Granted(half, "0" * 40), SECRET, CONSUMER)


def test_an_exchange_is_new_each_time_and_shows_nothing_of_itself() -> None:
    assert len({Exchange(PRIME).challenge for _ in range(5)}) == 5
    assert repr(Exchange(PRIME)) == "Exchange()"
    assert repr(CALLER) == "Caller()"
    assert repr(LiveSession(CALLER, SessionSigner(b"k"), 5.0, True)) == "LiveSession(ends=5)"
    assert repr(key_ring(texts())) == "KeyRing()"
