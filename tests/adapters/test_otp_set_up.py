"""Setting an authenticator up from an address, a bare key or a picture: what is read, and a sentence for the rest."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
import os
import random
import zlib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import numpy
import pyotp
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cockpit.adapters.otp.address import LONGEST_NAME, read_set_up
from cockpit.adapters.otp.picture import LARGEST_FILE, texts_in
from cockpit.adapters.otp.reader import OtpReader, draft_among
from cockpit.domain.otp import Algorithm, Authenticator, Draft
from cockpit.domain.secret import Secret
from cockpit.services.errors import Unreadable

pytestmark = pytest.mark.plain

SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
ADDRESS = f"otpauth://totp/Interactive%20Brokers:alice?secret={SEED}&issuer=Interactive%20Brokers"
PLAIN = Draft(Authenticator("Interactive Brokers alice"), Secret(SEED))


def address(more: str = "", secret: str = SEED, label: str = "IB:alice") -> str:
    return f"otpauth://totp/{label}?secret={secret}{more}"


def qr(text: str, scale: int = 4) -> Image.Image:
    return Image.fromarray(
        numpy.array(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_image(scale=scale))
    )


def as_file(picture: Image.Image, form: str = "PNG") -> bytes:
    file = io.BytesIO()
    picture.save(file, form)
    return file.getvalue()


def complaint_about(text: str) -> str:
    with pytest.raises(Unreadable) as caught:
        read_set_up(text)
    trouble = caught.value
    assert trouble.remedy is not None
    assert trouble.__context__ is None
    assert SEED not in f"{trouble!r}{trouble.sentence}{trouble.remedy}"
    return trouble.sentence


def test_an_address_is_read_with_the_usual_values_where_it_says_nothing() -> None:
    assert read_set_up(f"  {ADDRESS}\n") == PLAIN


def test_algorithm_digits_and_period_are_those_of_the_address() -> None:
    draft = read_set_up(address("&algorithm=SHA512&digits=8&period=60"))
    assert draft.authenticator == Authenticator("IB alice", Algorithm.SHA512, 8, 60)


@pytest.mark.parametrize("said", ["sha256", "SHA-256", "HmacSHA256"])
def test_a_hash_is_known_by_the_names_that_apps_give_it(said: str) -> None:
    assert read_set_up(address(f"&algorithm={said}")).authenticator.algorithm is Algorithm.SHA256


@pytest.mark.parametrize("written", ["jbsw y3dp ehpk 3pxp", "JBSW-Y3DP-EHPK-3PXP", "JBSWY3DPEHPK3PXP"])
def test_the_bare_key_beside_a_qr_code_is_read_as_it_is_printed(written: str) -> None:
    assert read_set_up(written) == Draft(Authenticator("Interactive Brokers"), Secret("JBSWY3DPEHPK3PXP"))
    assert read_set_up(address(secret=quote(written))).secret == Secret("JBSWY3DPEHPK3PXP")


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("alice", "alice"),
        ("IB:alice", "IB alice"),
        ("IB%3Aalice", "IB:alice"),
        ("IB:IB%20alice", "IB alice"),
        ("", "Interactive Brokers"),
        ("%20:%20", "Interactive Brokers"),
        ("a%0Ab%E2%80%AEc", "a b\\u202ec"),
        ("x" * 100, "x" * 27 + " … (73 more)"),
    ],
)
def test_the_name_is_taken_from_the_label_and_made_fit_to_be_shown(label: str, name: str) -> None:
    assert read_set_up(address(label=label)).authenticator.name == name


@given(
    st.binary(min_size=14, max_size=64),
    st.sampled_from(list(Algorithm)),
    st.sampled_from([6, 7, 8]),
    st.integers(10, 120),
    st.text("abcXYZ 0189.-_@", min_size=1, max_size=20),
)
def test_what_another_program_writes_is_read_with_every_value(
    key: bytes, algorithm: Algorithm, digits: int, period: int, account: str
) -> None:
    seed = base64.b32encode(key).decode().rstrip("=")
    hashed = getattr(hashlib, algorithm.lower())
    written = pyotp.TOTP(seed, digits=digits, digest=hashed, interval=period).provisioning_uri(
        name=account, issuer_name="IB"
    )
    draft = read_set_up(written)
    assert draft.secret == Secret(seed)
    assert draft.authenticator == Authenticator(draft.authenticator.name, algorithm, digits, period)


COMPLAINTS = {
    "": "nothing here",
    "hello": "does not begin with otpauth://",
    "https://example.com/": "does not begin with otpauth://",
    f"otpauth://hotp/a?secret={SEED}&counter=1": "counts sign-ins instead of time",
    f"otpauth://push/a?secret={SEED}": "This kind of authenticator is not known",
    f"otpauth://[totp/a?secret={SEED}": "cannot be taken apart",
    f"otpauth://totp/a?secret={SEED}" + "&a=b" * 40: "cannot be taken apart",
    "otpauth-migration://offline?data=CjEKCkhlbGxvId6": "moves several accounts",
    "otpauth://totp/a": "The seed is missing",
    "otpauth://totp/a?secret=": "The seed is missing",
    "otpauth://totp/a?secret=%20-%20": "The seed is missing",
    address(secret="JBSWY3DP0HPK3PXP"): "A to Z and 2 to 7",
    address(secret="JBSWÝ3DPEHPK3PXP"): "A to Z and 2 to 7",
    address(secret="JBSWY3DPEHPK3PXPJ"): "cut short",
    address(secret="JBSWY3DP"): "too short: 40 bits",
    address(secret="A" * 216): "too long to be one",
    address("&period=-30"): "The period is negative",
    address("&period=0"): "The period is zero",
    address("&period=9"): "10 to 120 seconds",
    address("&period=99999999999999999999"): "10 to 120 seconds",
    address("&period=" + "9" * 500): "The period in this address is not a whole number",
    address("&period=30.0"): "not a whole number",
    address("&period=٣٠"): "not a whole number",
    address("&digits=5"): "6, 7 or 8 digits",
    address("&digits=six"): "The number of digits in this address",
    address("&algorithm=MD5"): "a hash other than",
    address(f"&secret={SEED}"): "says secret twice",
    address("&period=30&PERIOD=60"): "says period twice",
    address(label="x" * 3000): "too long for the address",
}


@pytest.mark.parametrize(("text", "sentence"), COMPLAINTS.items(), ids=list(COMPLAINTS.values()))
def test_what_is_odd_gets_a_sentence_of_its_own_that_does_not_quote_the_seed(
    text: str, sentence: str
) -> None:
    assert sentence in complaint_about(text)


@given(st.one_of(st.text(), st.text().map(lambda text: f"otpauth://totp/{text}"), st.text().map(address)))
def test_any_text_is_read_or_refused_and_never_anything_else(text: str) -> None:
    try:
        draft = read_set_up(text)
    except Unreadable:
        return
    assert 0 < len(draft.authenticator.name) <= LONGEST_NAME
    assert draft.authenticator.name.isprintable()


PICTURES: dict[str, Callable[[Image.Image], bytes]] = {
    "PNG": as_file,
    "JPEG": lambda picture: as_file(picture, "JPEG"),
    "dark": lambda picture: as_file(picture.point(lambda value: 255 - value)),
    "turned": lambda picture: as_file(picture.rotate(17, expand=True, fillcolor=255)),
    "see-through": lambda picture: as_file(
        Image.merge("LA", (picture, picture.point(lambda value: 255 - value)))
    ),
    "one bit": lambda picture: as_file(picture.convert("1")),
}


@pytest.mark.parametrize("make", PICTURES.values(), ids=list(PICTURES))
def test_a_qr_code_is_read_from_a_picture_file(tmp_path: Path, make: Callable[[Image.Image], bytes]) -> None:
    file = tmp_path / "code.png"
    file.write_bytes(make(qr(ADDRESS)))
    assert asyncio.run(OtpReader().read_picture(file)) == PLAIN


def test_the_code_is_found_in_a_screenshot_of_a_whole_page() -> None:
    page = Image.new("L", (1920, 1080), 230)
    page.paste(qr(ADDRESS, 3), (1200, 400))
    assert texts_in(as_file(page)) == (ADDRESS,)


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        ((), "No QR code was found"),
        (("https://example.com/", "WIFI:S:desk"), "not one of an authenticator"),
        ((ADDRESS, address()), "several authenticators"),
        (("otpauth-migration://offline?data=x",), "moves several accounts"),
    ],
)
def test_a_picture_without_exactly_one_set_up_says_what_it_holds(
    texts: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(Unreadable) as caught:
        draft_among(texts)
    assert sentence in caught.value.sentence


def test_the_same_code_twice_in_a_picture_is_one_code() -> None:
    assert draft_among((ADDRESS, "https://example.com/", ADDRESS)) == PLAIN


def bomb() -> bytes:
    """A small file that would be a picture of nine hundred million points."""
    content = bytearray(as_file(Image.new("1", (8, 8))))
    content[16:24] = (30_000).to_bytes(4, "big") * 2
    crc = zlib.crc32(bytes(content[12:29]))
    content[29:33] = crc.to_bytes(4, "big")
    return bytes(content)


FILES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "not a whole PNG or JPEG"),
    "text": (ADDRESS.encode(), "not a whole PNG or JPEG"),
    "GIF": (as_file(qr(ADDRESS), "GIF"), "not a whole PNG or JPEG"),
    "cut": (as_file(qr(ADDRESS))[:200], "not a whole PNG or JPEG"),
    "cut JPEG": (as_file(qr(ADDRESS), "JPEG")[:600], "not a whole PNG or JPEG"),
    "bomb": (bomb(), "too large: 30000 × 30000"),
    "large": (b"\x89PNG" + bytes(LARGEST_FILE), "more than 8 MB"),
    "no code": (as_file(Image.new("L", (300, 300), 200)), "No QR code was found"),
}


@pytest.mark.parametrize(("content", "sentence"), FILES.values(), ids=list(FILES))
def test_a_file_that_is_no_such_picture_gets_a_sentence(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    file = tmp_path / "code.png"
    file.write_bytes(content)
    with pytest.raises(Unreadable) as caught:
        asyncio.run(OtpReader().read_picture(file))
    assert sentence in caught.value.sentence


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes among the files of this system")
def test_a_pipe_or_a_folder_is_no_picture_and_nobody_waits_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for place in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(Unreadable) as caught:
            asyncio.run(OtpReader().read_picture(place))
        assert "not a file with a picture" in caught.value.sentence
    with pytest.raises(Unreadable) as caught:
        asyncio.run(OtpReader().read_picture(tmp_path / "none"))
    assert "cannot be read" in caught.value.sentence


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_damaged_picture_is_read_or_refused_and_never_anything_else(form: str) -> None:
    whole, chance = as_file(qr(ADDRESS), form), random.Random(1)
    for _ in range(150):
        damaged = bytearray(whole)
        for _ in range(chance.randrange(1, 6)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            texts_in(bytes(damaged[: chance.randrange(1, len(damaged) + 1)]))
        except Unreadable:
            continue
