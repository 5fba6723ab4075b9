"""Seeds and long secrets in a real Secret Service, and what is said while it is locked, frozen, gone or not there."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from cockpit.adapters.otp.generator import PyotpCodes
from cockpit.adapters.otp.reader import OtpReader
from cockpit.adapters.vault.keychain import KeyringVault, Patience
from cockpit.domain.secret import Secret
from cockpit.services.codes import Codes
from cockpit.services.errors import VaultTrouble

pytestmark = pytest.mark.plain

if sys.platform == "linux":
    from tests.adapters.secret_service import MISSING, SecretService, secret_service
    from tests.adapters.test_vault import run_without_keychain

    needs_service = pytest.mark.skipif(bool(MISSING), reason=f"not installed here: {', '.join(MISSING)}")
else:
    pytest.skip("the Secret Service is a matter of Linux", allow_module_level=True)

SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
LONG = "-----BEGIN PRIVATE KEY-----" + "k" * 1700


@pytest.fixture
def service(tmp_path: Path) -> Iterator[SecretService]:
    with secret_service(tmp_path) as running:
        yield running


def codes_in(vault: KeyringVault) -> Codes:
    return Codes(vault, PyotpCodes(), OtpReader(), time.time, lambda: (0.0,), lambda seed: None)


def troubles(*works: Coroutine[Any, Any, object]) -> list[str]:
    """Await one after the other; say the reason of each trouble, and that none of them tells the seed."""

    async def all_of_them() -> list[str]:
        said = []
        for work in works:
            try:
                await work
                said.append("none")
            except VaultTrouble as trouble:
                is_told = SEED in f"{trouble!r}{trouble.sentence}{trouble.remedy}"
                said.append("tells the seed" if is_told else trouble.reason)
        return said

    return asyncio.run(all_of_them())


async def set_up(codes: Codes, name: str = "IB alice") -> None:
    draft = codes.begin(Secret(f"otpauth://totp/{name}?secret={SEED}"))
    await codes.verify(draft, PyotpCodes().code(draft.authenticator, draft.secret, time.time()))


@needs_service
def test_a_seed_goes_into_the_keychain_and_its_codes_come_out_of_it(service: SecretService) -> None:
    async def story() -> list[object]:
        await set_up(codes_in(KeyringVault()))
        codes = codes_in(KeyringVault())  # as after a restart
        names = [one.name for one in await codes.list()]
        code = await codes.code("IB alice")
        inside = code.ends - code.period
        await codes.forget("IB alice")
        draft = codes.begin(Secret(SEED))
        return [
            names,
            code.digits == PyotpCodes().code(draft.authenticator, draft.secret, inside),
            await codes.list(),
        ]

    assert asyncio.run(story()) == [["IB alice"], True, ()]
    stored = b"".join(file.read_bytes() for file in service.folder.rglob("*") if file.is_file())
    assert SEED.encode() not in stored


@needs_service
def test_a_locked_frozen_or_missing_keychain_withholds_codes_and_says_which_it_is(
    service: SecretService,
) -> None:
    asyncio.run(set_up(codes_in(KeyringVault())))
    service.lock()
    locked = codes_in(KeyringVault())
    assert (
        troubles(locked.list(), locked.code("IB alice"), locked.forget("IB alice"), set_up(locked))
        == ["locked"] * 4
    )
    service.freeze()
    slow = codes_in(KeyringVault(patience=Patience(answer=0.1, person=0.1)))
    assert troubles(slow.code("IB alice"), set_up(slow)) == ["slow"] * 2
    service.thaw()
    service.kill()
    gone = codes_in(KeyringVault())
    assert troubles(gone.list(), gone.code("IB alice"), set_up(gone)) == ["missing"] * 3
    service.start()
    assert troubles(codes_in(KeyringVault()).code("IB alice")) == ["none"]


@needs_service
def test_a_long_key_is_sealed_in_a_file_that_only_the_keychain_opens(
    service: SecretService, tmp_path: Path
) -> None:
    folder = tmp_path / "sealed"

    async def story() -> list[object]:
        vault = KeyringVault(folder=folder)
        await vault.put("oauth/key", "short at first")
        await vault.put("oauth/key", LONG)
        again = KeyringVault(folder=folder)
        return [await again.get("oauth/key"), await again.get("oauth/other")]

    assert asyncio.run(story()) == [LONG, None]
    [file] = folder.iterdir()
    assert b"PRIVATE" not in file.read_bytes()
    service.lock()
    assert troubles(KeyringVault(folder=folder).get("oauth/key")) == ["locked"]
    service.kill()
    assert troubles(KeyringVault(folder=folder).get("oauth/key")) == ["missing"]
    service.start()
    assert troubles(KeyringVault(folder=folder).forget("oauth/key")) == ["none"]
    assert list(folder.iterdir()) == []


@needs_service
def test_without_a_folder_for_it_a_long_key_is_refused(service: SecretService) -> None:
    assert troubles(KeyringVault().put("oauth/key", LONG)) == ["long"]


KEYRINGS_ALT = '''
import pathlib
from keyring.backend import KeyringBackend

class PlaintextKeyring(KeyringBackend):
    """Stands for the real one: it offers itself as that does, and writes what it is given into a file."""

    priority = 0.5

    def get_password(self, service, username):
        pathlib.Path("plain.cfg").touch()

    def set_password(self, service, username, password):
        pathlib.Path("plain.cfg").write_text(password)

    def delete_password(self, service, username):
        pathlib.Path("plain.cfg").touch()
'''

PROGRAM = f"""
import asyncio, time, keyring.backend
from cockpit.adapters.otp.generator import PyotpCodes
from cockpit.adapters.otp.reader import OtpReader
from cockpit.adapters.vault.keychain import KeyringVault
from cockpit.domain.secret import Secret
from cockpit.services.codes import Codes
from cockpit.services.errors import VaultTrouble

async def main():
    offered = {{type(one).__module__ for one in keyring.backend.get_all_keyring()}}
    print([one for one in offered if one.startswith("keyrings")])
    print(keyring.get_keyring().name)
    codes = Codes(KeyringVault(), PyotpCodes(), OtpReader(), time.time, tuple, lambda seed: None)
    draft = codes.begin(Secret("{SEED}"))
    code = PyotpCodes().code(draft.authenticator, draft.secret, time.time())
    for work in (codes.verify(draft, code), codes.list(), codes.code("a")):
        try:
            print(await work)
        except VaultTrouble as trouble:
            print(trouble.reason, trouble.sentence)

asyncio.run(main())
"""


def test_the_package_keyrings_alt_is_refused_even_where_the_library_would_choose_it(tmp_path: Path) -> None:
    package = tmp_path / "site" / "keyrings" / "alt"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "file.py").write_text(KEYRINGS_ALT)
    about = tmp_path / "site" / "keyrings.alt-5.0.2.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: keyrings.alt\nVersion: 5.0.2\n")
    (about / "entry_points.txt").write_text("[keyring.backends]\nfile = keyrings.alt.file\n")
    program = f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r})\n{PROGRAM}"
    offered, chosen, *answers = run_without_keychain(tmp_path, program).splitlines()
    assert offered == "['keyrings.alt.file']"
    assert chosen == "file PlaintextKeyring"  # what would have happened
    assert [answer.split()[0] for answer in answers] == ["unsafe"] * 3
    assert "keyrings.alt.file.PlaintextKeyring" in answers[0]
    assert not (tmp_path / "plain.cfg").exists()
