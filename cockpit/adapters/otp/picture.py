"""Finds the text of a QR code in a picture file. The file may be anything at all, and is treated as such."""

from __future__ import annotations

import stat
import struct
import zlib
from io import BytesIO
from pathlib import Path

from cockpit.domain.remedy import Remedy
from cockpit.services.errors import Unreadable

LARGEST_FILE = 8_000_000  # bytes
MOST_PIXELS = 16_000_000  # a screen of 4K has eight millions
FORMATS = ("PNG", "JPEG")

_BROKEN = (OSError, SyntaxError, ValueError, EOFError, OverflowError, struct.error, zlib.error)
"""What Pillow ends with on broken pictures; SyntaxError is its word for a broken PNG."""

_CUT_OUT = Remedy("Save a screenshot of the QR code as PNG or JPEG, and choose that.")


def texts_in_picture(path: Path) -> tuple[str, ...]:
    """Return the texts of all QR codes in a picture. Raises Unreadable with a sentence; blocks for a moment."""
    return texts_in(_content(path))


def texts_in(content: bytes) -> tuple[str, ...]:
    """Do what `texts_in_picture` does with the bytes of a file."""
    # Loaded here: few desks ever choose a picture, and no start should wait for a decoder.
    import zxingcpp
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # the size is looked at below, before anything is decoded
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise Unreadable(f"This picture is too large: {width} × {height} points.", _CUT_OUT)
            opaque = Image.new("RGBA", picture.size, "white")
            opaque.alpha_composite(picture.convert("RGBA"))
            grey = opaque.convert("L")
    except _BROKEN:
        # Without its cause: a decoder's message may quote what stands in the file.
        raise Unreadable("This file is not a whole PNG or JPEG picture.", _CUT_OUT) from None
    # The picture itself, and no ImageView of its bytes: a view does not keep the bytes alive (seen with 3.1.1).
    found = zxingcpp.read_barcodes(grey, zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]))
    return tuple(code.text for code in found)


def _content(path: Path) -> bytes:
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise Unreadable("This is not a file with a picture.", _CUT_OUT)
        if about.st_size > LARGEST_FILE:
            raise Unreadable(f"This file is too large: more than {LARGEST_FILE // 1_000_000} MB.", _CUT_OUT)
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise Unreadable(
            f"The file cannot be read: {error.strerror or 'no reason given'}.", _CUT_OUT
        ) from None
    if len(content) > LARGEST_FILE:  # it grew meanwhile
        raise Unreadable("This file is too large.", _CUT_OUT)
    return content
