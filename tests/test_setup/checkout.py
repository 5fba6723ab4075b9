"""The checkout as these tests see it: its files, and the dev script as a module."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from functools import cache
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("import_linter", "mypy", "pytest", "ruff")
LOCKS = sorted((ROOT / "packaging").glob("requirements-*.lock"))


@cache
def dev() -> ModuleType:
    """The dev script, which has no suffix, loaded without running a command or leaving a byte-code file."""
    loader = SourceFileLoader("dev_script", str(ROOT / "dev"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    source = compile(loader.get_data(loader.path), loader.path, "exec", dont_inherit=True)
    sys.modules[loader.name] = module
    exec(source, module.__dict__)
    return module


@cache
def tracked_texts() -> dict[str, str]:
    """Every text file that belongs to the project, by its path; without git, every one that tools did not make."""
    texts = {}
    for name in _tracked() if shutil.which("git") else _found():
        path = ROOT / name
        data = path.read_bytes() if path.is_file() else b"\0"
        if b"\0" not in data:
            texts[name] = data.decode("utf-8")
    return texts


def _tracked() -> list[str]:
    # The checkout may belong to somebody else, as it does in many containers; git asks for this consent then.
    command = ["git", "-c", f"safe.directory={ROOT}", "-C", str(ROOT), "ls-files", "-z"]
    command += ["--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, capture_output=True, check=True).stdout.decode().split("\0")
    return [name for name in names if name]


def _found() -> list[str]:
    made = (
        {".git", ".venv", "build", "dist", "__pycache__"}
        | {f".{tool}_cache" for tool in TOOLS}
        | {".hypothesis"}
    )
    paths = (path.relative_to(ROOT) for path in ROOT.rglob("*"))
    return [path.as_posix() for path in paths if not made & set(path.parts)]
