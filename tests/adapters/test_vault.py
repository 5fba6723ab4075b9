"""The vault against a real Secret Service: what it says when it is open, locked, frozen, gone or not there."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.backends.null import Keyring as NullKeyring
from keyring.backends.SecretService import Keyring as ServiceKeyring

from cockpit.adapters.vault.backends import title_of
from cockpit.adapters.vault.keychain import KeyringVault, Patience, trouble_of
from cockpit.services.errors import VaultTrouble

pytestmark = pytest.mark.plain

if sys.platform == "linux":
    from tests.adapters.secret_service import MISSING, SecretService, secret_service

    needs_service = pytest.mark.skipif(bool(MISSING), reason=f"not installed here: {', '.join(MISSING)}")
else:
    pytest.skip("the Secret Service is a matter of Linux", allow_module_level=True)

SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[SecretService]:
    with secret_service(tmp_path) as running:
        yield running


def ask(*coroutines: Coroutine[Any, Any, object]) -> list[object]:
    """Await one after the other; a trouble becomes its reason and the action it offers."""

    async def all_of_them() -> list[object]:
        answers: list[object] = []
        for coroutine in coroutines:
            try:
                answers.append(await coroutine)
            except VaultTrouble as trouble:
                answers.append((trouble.reason, trouble.remedy.action if trouble.remedy else "no remedy"))
        return answers

    return asyncio.run(all_of_them())


@needs_service
def test_a_secret_is_kept_replaced_and_forgotten_in_the_keychain(service: SecretService) -> None:
    vault = KeyringVault()
    assert ask(
        vault.where(),
        vault.get("flex-token"),
        vault.put("flex-token", SECRET),
        vault.get("flex-token"),
        vault.get("other"),
        vault.put("flex-token", "the next one: with ümlaut"),
        vault.get("flex-token"),
        vault.forget("flex-token"),
        vault.get("flex-token"),
        vault.forget("flex-token"),
    ) == [
        "the Secret Service of your desktop",
        None,
        None,
        SECRET,
        None,
        None,
        "the next one: with ümlaut",
        None,
        None,
        None,
    ]


@needs_service
def test_the_vaults_of_two_profiles_do_not_see_each_others_secrets(service: SecretService) -> None:
    mine, demo = KeyringVault("access-cockpit"), KeyringVault("access-cockpit-demo")
    assert ask(mine.put("a", SECRET), demo.get("a"), demo.forget("a"), mine.get("a")) == [
        None,
        None,
        None,
        SECRET,
    ]


@needs_service
def test_a_locked_keychain_is_named_and_not_asked_to_open_until_the_user_wants_it(
    service: SecretService,
) -> None:
    vault = KeyringVault()
    ask(vault.put("a", SECRET))
    service.lock()
    locked = ("locked", "unlock-vault")
    assert ask(vault.where(), vault.get("a"), vault.put("a", "b"), vault.forget("a")) == [locked] * 4
    # Nobody is there to type the password: the question is dismissed.
    assert ask(vault.unlock()) == [("denied", "unlock-vault")]
    service.kill()
    service.start()
    assert ask(vault.get("a")) == [SECRET]


@needs_service
def test_a_frozen_keychain_is_slow_and_answers_again_when_it_goes_on(service: SecretService) -> None:
    vault = KeyringVault(patience=Patience(answer=0.1, person=0.1))
    patient = KeyringVault()
    ask(patient.put("a", SECRET))
    service.freeze()
    assert ask(vault.where(), vault.get("a"), vault.unlock()) == [("slow", "")] * 3
    service.thaw()
    assert ask(patient.get("a")) == [SECRET]


@needs_service
def test_a_secret_that_was_being_kept_when_patience_ended_is_kept_all_the_same(
    service: SecretService,
) -> None:
    vault = KeyringVault(patience=Patience(answer=0.1))
    service.freeze()
    assert ask(vault.put("a", SECRET)) == [("slow", "")]
    service.thaw()
    while (answer := ask(vault.get("a"))[0]) == ("slow", ""):
        continue
    assert answer == SECRET


@needs_service
def test_a_keychain_that_went_away_is_missing_and_used_again_when_it_is_back(service: SecretService) -> None:
    vault = KeyringVault()
    ask(vault.put("a", SECRET))
    service.kill()
    assert ask(vault.where(), vault.get("a")) == [("missing", "")] * 2
    service.start()
    assert ask(vault.get("a")) == [SECRET]


@needs_service
def test_a_keychain_without_any_keyring_says_so_and_makes_none_unasked(service: SecretService) -> None:
    service.kill()
    for file in (service.folder / "home" / "data" / "keyrings").iterdir():
        file.unlink()
    service.start(unlock=False)
    vault = KeyringVault()
    assert ask(vault.where(), vault.get("a"), vault.put("a", SECRET)) == [("missing", "unlock-vault")] * 3


@needs_service
def test_a_frozen_keychain_does_not_keep_the_program_from_ending(service: SecretService) -> None:
    program = (
        "import asyncio\n"
        "from cockpit.adapters.vault.keychain import KeyringVault, Patience\n"
        "from cockpit.services.errors import VaultTrouble\n"
        "try: asyncio.run(KeyringVault(patience=Patience(answer=0.1)).where())\n"
        "except VaultTrouble as trouble: print(trouble.reason)\n"
    )
    service.freeze()
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    service.thaw()
    assert (done.returncode, done.stdout) == (0, "slow\n")


PLAIN_STORE = """
import asyncio, pathlib
from keyring.backend import KeyringBackend
from cockpit.adapters.vault.keychain import KeyringVault
from cockpit.services.errors import VaultTrouble

class PlaintextKeyring(KeyringBackend):
    priority = 9
    def get_password(self, service, username): pathlib.Path("touched").touch()
    def set_password(self, service, username, password): pathlib.Path("touched").touch()
    def delete_password(self, service, username): pathlib.Path("touched").touch()

async def main():
    vault = KeyringVault()
    for ask in (vault.where(), vault.put("a", "b"), vault.get("a"), vault.unlock()):
        try: print(await ask)
        except VaultTrouble as trouble: print(trouble.reason, trouble.sentence)

asyncio.run(main())
"""


def run_without_keychain(folder: Path, program: str, **variables: str) -> str:
    """Run a program where no message bus can be found; return what it printed."""
    environment = {name: value for name, value in os.environ.items() if "DBUS" not in name}
    environment |= {"XDG_RUNTIME_DIR": str(folder), "HOME": str(folder)} | variables
    environment["PYTHONPATH"] = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_a_store_in_plain_text_is_refused_and_never_touched(tmp_path: Path) -> None:
    answers = run_without_keychain(tmp_path, PLAIN_STORE).splitlines()
    assert [answer.split()[0] for answer in answers] == ["unsafe"] * 4
    assert "PlaintextKeyring" in answers[0]
    assert not (tmp_path / "touched").exists()


def test_a_variable_or_a_file_cannot_choose_another_keychain(tmp_path: Path) -> None:
    config = tmp_path / "config" / "python_keyring"
    config.mkdir(parents=True)
    (config / "keyringrc.cfg").write_text(
        "[backend]\ndefault-keyring=evil.Keyring\nkeyring-path=" + str(tmp_path)
    )
    (tmp_path / "evil.py").write_text("import pathlib; pathlib.Path('touched').touch()")
    program = PLAIN_STORE.replace("priority = 9", "viable = False; priority = 9")
    answers = run_without_keychain(
        tmp_path, program, PYTHON_KEYRING_BACKEND="evil.Keyring", XDG_CONFIG_HOME=str(tmp_path / "config")
    ).splitlines()
    assert [answer.split()[0] for answer in answers] == ["missing"] * 4
    assert not (tmp_path / "touched").exists()


def chain_of(*links: Callable[[], KeyringBackend]) -> KeyringBackend:
    """A chain that hands secrets on from link to link."""
    make: Callable[[], KeyringBackend] = type(
        "Chain", (ChainerBackend,), {"backends": [link() for link in links]}
    )
    return make()


@pytest.mark.parametrize("make", [NoKeyring, NullKeyring])
def test_a_keychain_that_is_not_on_the_list_is_unsafe(make: Callable[[], KeyringBackend]) -> None:
    with pytest.raises(VaultTrouble) as caught:
        title_of(make())
    assert caught.value.reason == "unsafe"


def test_a_chain_is_only_as_safe_as_each_of_its_links() -> None:
    assert title_of(chain_of(ServiceKeyring)) == "the Secret Service of your desktop"
    with pytest.raises(VaultTrouble) as caught:
        title_of(chain_of(ServiceKeyring, NullKeyring))
    assert caught.value.reason == "unsafe"


class LockedException(Exception):
    """Named as the Secret Service library names it."""


class PromptDismissedException(Exception):
    """Named as the Secret Service library names it."""


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (LockedException(SECRET), "locked"),
        (PromptDismissedException(SECRET), "denied"),
        (ConnectionResetError(SECRET), "gone"),
        (UnicodeDecodeError("utf-8", SECRET.encode(), 0, 1, SECRET), "gone"),
    ],
)
def test_no_error_of_the_keychain_carries_a_secret_on(
    error: Exception, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    trouble = trouble_of(error)
    assert trouble.reason == reason
    assert trouble.__cause__ is None
    assert trouble.__context__ is None
    assert SECRET not in f"{trouble!r} {trouble} {trouble.remedy} {caplog.text}"
