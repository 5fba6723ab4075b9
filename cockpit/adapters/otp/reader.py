"""Reads the set-up of an authenticator from what a trader pastes or from a picture file (port: SetUpReader)."""

from __future__ import annotations

from pathlib import Path

from cockpit.adapters.machine.threads import Aside
from cockpit.adapters.otp.address import plain_name, read_set_up
from cockpit.adapters.otp.picture import texts_in_picture
from cockpit.domain.otp import Draft
from cockpit.domain.remedy import Remedy
from cockpit.domain.secret import Secret
from cockpit.services.errors import NoAnswer, Unreadable

PATIENCE = 10.0  # seconds for a picture, which may lie on a drive that sleeps or is gone


class OtpReader:
    """Reads set-ups. A picture is read beside the loop."""

    def __init__(self) -> None:
        self._aside: Aside[tuple[str, ...]] = Aside()

    def name(self, text: str) -> str:
        """Return a name as it is kept; empty when nothing of it can be shown."""
        return plain_name(text)

    def read_text(self, text: Secret) -> Draft:
        """Read an `otpauth` address or a bare key. Raises Unreadable."""
        return read_set_up(text.reveal())

    async def read_picture(self, path: Path) -> Draft:
        """Read the QR code in a picture file. Raises Unreadable, or NoAnswer when the file's drive is silent."""
        try:
            texts = await self._aside.run(path, lambda: texts_in_picture(path), PATIENCE)
        except TimeoutError:
            raise NoAnswer("The file does not open.", PATIENCE, Remedy("Copy it to this PC first.")) from None
        return draft_among(texts)


def draft_among(texts: tuple[str, ...]) -> Draft:
    """Return the one set-up among the texts of a picture. Raises Unreadable when there is none or more than one."""
    if not texts:
        raise Unreadable(
            "No QR code was found in this picture.",
            Remedy("Take a larger screenshot with some white around the code."),
        )
    set_ups = {text for text in texts if text.strip().casefold().startswith("otpauth")}
    if not set_ups:
        raise Unreadable(
            "The QR code in this picture is not one of an authenticator.",
            Remedy("Choose the picture of the code that the service shows for an authenticator app."),
        )
    if len(set_ups) > 1:
        raise Unreadable(
            "This picture holds the QR codes of several authenticators.", Remedy("Cut out one of them.")
        )
    return read_set_up(set_ups.pop())
