"""The lock files: complete, hashed, alike in every lane, and bound to no machine."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import cockpit
from tests.test_setup.checkout import LOCKS, ROOT, dev, tracked_texts

pytestmark = pytest.mark.plain

HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")
# Spelt in pieces, so that this file does not find itself.
FOREIGN = re.compile(
    r"(?<![\w./~-])/(?:work|root)" + r"/|(?:extra-)?index" + r"-url[ =]+\S|find" + r"-links[ =]+\S"
    r"|pypi" + r"\.org|files\.python" + r"hosted|\"resolved\": \"http"
)


def pins(lock: Path) -> dict[str, set[str]]:
    """Each package of a lock file with the versions it may have (one for each kind of machine)."""
    found: dict[str, set[str]] = {}
    for name, text in dev().requirements(lock.read_text(encoding="utf-8")):
        requirement = Requirement(text.partition(" \\")[0])
        found.setdefault(canonicalize_name(name), set()).add(str(requirement.specifier))
    return found


def project() -> dict[str, list[Requirement]]:
    """What pyproject.toml asks for, by lane."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lanes = {"run": table["dependencies"], **table["optional-dependencies"]}
    return {lane: [Requirement(text) for text in texts] for lane, texts in lanes.items()}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_requirement_is_pinned_and_hashed(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    found = list(dev().requirements(text))
    assert found
    for name, block in found:
        assert HASH.search(block), name
    rest = text
    for _, block in found:
        rest = rest.replace(block, "")
    assert all(line.startswith("#") for line in rest.splitlines() if line.strip()), (
        "an option or a loose line"
    )


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_holds_what_the_project_asks_for(lock: Path) -> None:
    lane = lock.stem.removeprefix("requirements-")
    pinned = pins(lock)
    for part in {"run", lane}:
        for requirement in project()[part]:
            versions = pinned[canonicalize_name(requirement.name)]
            assert all(requirement.specifier.contains(one.removeprefix("==")) for one in versions), (
                requirement
            )


def test_no_lane_has_another_version_than_the_others() -> None:
    together: dict[str, set[str]] = {}
    for lock in LOCKS:
        for name, versions in pins(lock).items():
            assert together.setdefault(name, versions) == versions, name


def test_what_runs_here_is_what_is_locked() -> None:
    pinned = pins(ROOT / "packaging" / "requirements-test.lock")
    for requirement in project()["run"] + project()["test"]:
        assert f"=={version(requirement.name)}" in pinned[canonicalize_name(requirement.name)]


def test_no_file_names_a_package_index_or_a_place_on_one_machine() -> None:
    found = [
        f"{name}: {match.group(0)}"
        for name, text in tracked_texts().items()
        for match in FOREIGN.finditer(text)
    ]
    assert found == []


def test_the_program_says_the_version_that_the_project_has() -> None:
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert cockpit.__version__ == table["version"]


def test_no_plain_text_keychain_comes_along() -> None:
    for lock in LOCKS:
        assert "keyrings-alt" not in pins(lock)


def test_the_ci_entry_runs_the_same_command_as_everybody() -> None:
    assert "./dev test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
