"""Keys from the vault and from files: what can be used is, and what cannot is named, without a piece of it."""

from __future__ import annotations

import base64
import subprocess
from contextlib import suppress
from pathlib import Path
from shutil import which as program

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st

from cockpit.adapters.oauth.keys import (
    examined,
    key_ring,
    prime_of,
    private_key,
    read_secret_file,
)
from cockpit.domain.oauth import OAuthSecret
from cockpit.services.errors import Unreadable
from cockpit.simulator.oauth.keys import PRIME, prime_pem

from .oauth_bench import keys, texts

pytestmark = pytest.mark.plain

SIGNATURE, SECRET, TOKEN = OAuthSecret.SIGNATURE_KEY, OAuthSecret.ACCESS_SECRET, OAuthSecret.ACCESS_TOKEN
_PEM, _BARE = serialization.Encoding.PEM, serialization.NoEncryption()


def pem(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, *, password: bytes = b"", old: bool = False
) -> str:
    form = serialization.PrivateFormat.TraditionalOpenSSL if old else serialization.PrivateFormat.PKCS8
    locked = serialization.BestAvailableEncryption(password) if password else _BARE
    return key.private_bytes(_PEM, form, locked).decode()


def test_all_five_texts_become_a_ring() -> None:
    ring = key_ring(texts())
    assert ring.secret == keys().secret
    assert ring.token == keys().token
    assert ring.prime == PRIME


def test_both_forms_of_a_private_key_are_read_and_line_ends_in_the_vault_do_not_matter() -> None:
    old = pem(keys().signature_key, old=True)
    assert private_key(SIGNATURE, old).private_numbers() == keys().signature_key.private_numbers()
    assert private_key(SIGNATURE, f"  {old}".replace("\n", "\r\n")).key_size == 2048


def test_a_prime_is_read_from_a_file_of_openssl_and_from_digits() -> None:
    digits = f"{PRIME:x}"
    assert prime_of(prime_pem()) == PRIME
    assert prime_of(digits) == PRIME
    assert prime_of(f"0x{digits.upper()}") == PRIME
    assert prime_of("\n".join(digits[start : start + 64] for start in range(0, len(digits), 64))) == PRIME


@pytest.mark.skipif(program("openssl") is None, reason="needs the openssl program")
def test_openssl_reads_our_file_of_the_prime_as_one() -> None:
    said = subprocess.run(
        ["openssl", "dhparam", "-noout", "-text"],
        input=prime_pem(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "2048 bit" in said.stdout


def public_pem() -> str:
    return (
        keys()
        .signature_key.public_key()
        .public_bytes(_PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


WRONG_KEYS = {
    "its public twin": (public_pem, "is of another kind (public key)"),
    "the prime": (prime_pem, "is of another kind (dh parameters)"),
    "with a password": (
        lambda: pem(keys().signature_key, password=b"hunter2"),
        "is of another kind (encrypted private key)",
    ),
    "too short": (lambda: pem(rsa.generate_private_key(65537, 1024)), "is no RSA key of 2048 bits"),
    "another sort": (lambda: pem(ec.generate_private_key(ec.SECP256R1())), "is no RSA key of 2048 bits"),
    "cut off": (lambda: texts()[SIGNATURE][:900], "is no whole PEM text"),
    "damaged": (lambda: texts()[SIGNATURE].replace("MII", "AII", 1), "is damaged, or locked with a password"),
    "anything": (lambda: "my key", "is no whole PEM text"),
    "nothing": (lambda: "", "is no whole PEM text"),
}


@pytest.mark.parametrize(("make", "why"), WRONG_KEYS.values(), ids=WRONG_KEYS)
def test_a_wrong_key_is_named_with_the_reason(make: object, why: str) -> None:
    assert callable(make)
    with pytest.raises(Unreadable) as caught:
        private_key(SIGNATURE, make())
    assert caught.value.sentence == f"The OAuth signature key {why}."
    assert caught.value.remedy is not None
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"{PRIME >> 1:x}", "is no prime of 2048 bits"),
        (f"{PRIME - 1:x}", "is no prime of 2048 bits"),
        ("12", "is no prime of 2048 bits"),
        ("no prime", "is no whole PEM text"),
        ("-----BEGIN DH PARAMETERS-----\nMAA=\n-----END DH PARAMETERS-----", "is damaged"),
        ("-----BEGIN DH PARAMETERS-----\nA\n-----END DH PARAMETERS-----", "is not whole: it is no base64"),
        ("-----BEGIN X9.42 DH PARAMETERS-----\nMAA=\n", "is no whole PEM text"),
    ],
)
def test_a_prime_that_cannot_be_used_is_named(text: str, why: str) -> None:
    with pytest.raises(Unreadable) as caught:
        prime_of(text)
    assert caught.value.sentence == f"The OAuth Diffie-Hellman prime {why}."


def test_another_generator_is_refused() -> None:
    content = base64.b64decode("".join(prime_pem().splitlines()[1:-1]))
    assert content.endswith(b"\x02\x01\x02")
    other = base64.b64encode(content[:-1] + b"\x05").decode()
    with pytest.raises(Unreadable, match="another generator than 2"):
        prime_of(f"-----BEGIN DH PARAMETERS-----\n{other}\n-----END DH PARAMETERS-----")


@given(st.binary(max_size=300))
def test_whatever_stands_in_a_file_of_parameters_ends_in_a_sentence(content: bytes) -> None:
    text = base64.b64encode(content).decode()
    with pytest.raises(Unreadable):
        prime_of(f"-----BEGIN DH PARAMETERS-----\n{text}\n-----END DH PARAMETERS-----")


@given(st.binary(max_size=400), st.sampled_from(OAuthSecret))
def test_whatever_stands_in_a_file_is_a_secret_or_a_sentence(content: bytes, which: OAuthSecret) -> None:
    with suppress(Unreadable):
        assert examined(content, which).reveal() == content.decode().strip()


def test_a_secret_made_for_another_key_never_becomes_ours() -> None:
    """The library hides a wrong padding behind random bytes, so this can show at the broker's only."""
    mixed = {**texts(), OAuthSecret.ENCRYPTION_KEY: texts()[SIGNATURE]}
    with suppress(Unreadable):
        assert key_ring(mixed).secret != keys().secret


@pytest.mark.parametrize(
    ("which", "text", "why"),
    [
        (TOKEN, "a token with blanks", "The OAuth access token has a shape that the broker never gives out."),
        (SECRET, "no base64!", "The OAuth access token secret is not whole: it is no base64."),
        (SECRET, "AAAA", "The OAuth access token secret was not made for this encryption key."),
    ],
)
def test_an_odd_token_or_secret_is_named(which: OAuthSecret, text: str, why: str) -> None:
    with pytest.raises(Unreadable) as caught:
        key_ring({**texts(), which: text})
    assert caught.value.sentence == why


def test_a_file_with_line_ends_of_windows_is_refused_with_the_cure(tmp_path: Path) -> None:
    file = tmp_path / "private_signature.pem"
    file.write_bytes(texts()[SIGNATURE].replace("\n", "\r\n").encode())
    with pytest.raises(Unreadable) as caught:
        read_secret_file(file, SIGNATURE)
    assert "CRLF" in caught.value.sentence
    assert caught.value.remedy is not None
    assert "LF" in caught.value.remedy.sentence


def test_a_file_is_read_as_a_secret_that_hides_itself(tmp_path: Path) -> None:
    file = tmp_path / "private_signature.pem"
    file.write_text(texts()[SIGNATURE])
    secret = read_secret_file(file, SIGNATURE)
    assert secret.reveal() == texts()[SIGNATURE].strip()
    assert str(secret) == repr(secret) == "Secret()"


@pytest.mark.parametrize("name", ["missing.pem", "folder", "a\0b"])
def test_a_file_that_cannot_be_read_is_a_sentence(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(Unreadable, match="The file cannot be read: "):
        read_secret_file(tmp_path / name, SIGNATURE)
