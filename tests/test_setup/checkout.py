"""The checkout as these tests see it: its files, and the dev script as a module."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from functools import cache
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
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
    """Every text file that belongs to the project, by its path."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, capture_output=True, check=True).stdout.decode().split("\0")
    texts = {}
    for name in filter(None, names):
        path = ROOT / name
        data = path.read_bytes() if path.is_file() else b"\0"
        if b"\0" not in data:
            texts[name] = data.decode("utf-8")
    return texts
