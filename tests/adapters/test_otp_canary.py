"""A seed planted everywhere leaves no trace: not in the log, not in an exception, not in a file of the program."""

from __future__ import annotations

import asyncio
import base64
import logging
import traceback
from pathlib import Path
from urllib.parse import quote

import pytest

from cockpit.adapters.otp.generator import PyotpCodes
from cockpit.adapters.otp.reader import OtpReader
from cockpit.adapters.profile.log import start_log
from cockpit.adapters.profile.redaction import Redactor
from cockpit.adapters.vault.sealed_file import PrivateFolder, SealedSlots
from cockpit.adapters.vault.slots import Slots
from cockpit.domain.secret import Secret
from cockpit.services.codes import Codes
from cockpit.services.errors import Trouble
from tests.adapters.test_vault_slots import MemoryKeychain
from tests.fakes.vault import MemoryVault

pytestmark = pytest.mark.plain

KEY = bytes(range(200, 220))
SEED = base64.b32encode(KEY).decode()
LONG = SEED * 50
AT = 1793971908.0

HOSTILE = [
    f"otpauth://totp/a?secret={SEED}",
    f"otpauth://totp/{SEED}?secret={SEED}&period=-1",
    f"otpauth://totp/a?secret={SEED}1",
    f"otpauth://totp/a?secret={SEED}A",
    f"otpauth://hotp/a?secret={SEED}",
    f"otpauth://[totp/a?secret={SEED}",
    f"otpauth://totp/a?secret={SEED}&digits={SEED}&algorithm={SEED}",
    f"otpauth://totp/a?secret={SEED}&secret={SEED}",
    f"https://example.com/?secret={SEED}",
    f"{SEED[:8]}0{SEED[9:]}",
    SEED * 200,
]


def traces(content: bytes) -> list[str]:
    """Name the forms in which a text holds the seed or its key."""
    forms = {
        "plain": SEED.encode(),
        "small letters": SEED.lower().encode(),
        "key": KEY,
        "hex": KEY.hex().encode(),
        "base64": base64.b64encode(KEY).rstrip(b"="),
        "hex of the seed": SEED.encode().hex().encode(),
        "base64 of the seed": base64.b64encode(SEED.encode())[:40],
        "web": quote(SEED, safe="").encode(),
        "UTF-16": SEED.encode("utf-16-le"),
    }
    return [name for name, form in forms.items() if form in content]


async def live_a_day(said: list[str]) -> None:
    """Set up, mistype, show, break and forget; keep what every trouble says with its whole traceback."""
    vault = MemoryVault()
    codes = Codes(vault, PyotpCodes(), OtpReader(), lambda: AT, tuple, lambda seed: None)
    log = logging.getLogger("cockpit.canary")
    for text in HOSTILE:
        try:
            draft = codes.begin(Secret(text))
            said.append(f"{draft!r} {draft}")
            log.info("a draft: %s", draft)
            await codes.verify(draft, "000000")
        except Trouble as trouble:
            said.append("".join(traceback.format_exception(trouble)) + repr(trouble.__context__))
            log.exception("a trouble")
    draft = codes.begin(Secret(HOSTILE[0]))
    kept = await codes.verify(draft, PyotpCodes().code(draft.authenticator, draft.secret, AT))
    said.append(f"{kept!r} {await codes.list()!r} {await codes.code('a')!r}")
    for damaged in (f'{{"seed": "{SEED}"}}', SEED, f'{{"authenticator": {{"name": 1}}, "seed": "{SEED}"}}'):
        vault.kept["totp/a"] = damaged
        try:
            await codes.code("a")
        except Trouble as trouble:
            said.append("".join(traceback.format_exception(trouble)) + repr(trouble.__context__))
            log.exception("a trouble")
    await codes.forget("a")
    said.append(str(vault.kept))


def test_a_seed_leaves_no_trace_anywhere(tmp_path: Path) -> None:
    said: list[str] = []
    (tmp_path / "log").mkdir()
    log = start_log(tmp_path / "log", Redactor())
    assert log is not None
    try:
        asyncio.run(live_a_day(said))
    finally:
        log.close()
    SealedSlots(Slots(MemoryKeychain(), "s"), PrivateFolder(tmp_path / "sealed")).put("oauth", LONG)
    assert len(said) > len(HOSTILE)
    assert {text: traces(text.encode()) for text in said if traces(text.encode())} == {}
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert len(files) >= 2
    assert {file.name: traces(file.read_bytes()) for file in files if traces(file.read_bytes())} == {}


def test_the_search_finds_what_it_looks_for() -> None:
    assert traces(f"x{SEED}x".encode()) == ["plain", "web"]
    assert traces(b"x" + KEY) == ["key"]
    assert traces(KEY.hex().encode()) == ["hex"]
