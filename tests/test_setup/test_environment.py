"""When the environment is taken as ready, and which Python makes it."""

from __future__ import annotations

import ast

import pytest

from tests.test_setup.checkout import ROOT, dev

pytestmark = pytest.mark.plain

READY = "abc\nqasync-0.28.0.dist-info\npyotp-2.12.0.dist-info\n"
PRESENT = ["pyotp-2.12.0.dist-info", "qasync-0.28.0.dist-info", "something-else-1.dist-info"]


def test_a_stamp_for_this_state_means_ready() -> None:
    assert dev().is_current(READY, "abc", PRESENT)


@pytest.mark.parametrize(
    ("stamp", "expected", "present"),
    [
        pytest.param(READY, "abd", PRESENT, id="the lock file changed"),
        pytest.param(READY, "abc", PRESENT[1:], id="a package is gone"),
        pytest.param("abc\n", "abc", PRESENT, id="the stamp was cut off"),
        pytest.param("", "abc", PRESENT, id="the stamp is empty"),
    ],
)
def test_anything_less_means_set_up_again(stamp: str, expected: str, present: list[str]) -> None:
    assert not dev().is_current(stamp, expected, present)


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param((b"other lock", b"home = /usr", "/here"), id="lock file"),
        pytest.param((b"lock", b"home = /opt", "/here"), id="Python"),
        pytest.param((b"lock", b"home = /usr", "/there"), id="place"),
    ],
)
def test_the_fingerprint_changes_with_each_of_its_parts(changed: tuple[bytes, bytes, str]) -> None:
    fingerprint = dev().fingerprint
    assert fingerprint(*changed) != fingerprint(b"lock", b"home = /usr", "/here")


def interpreter(version: tuple[int, int], whole: bool = True) -> object:
    return dev().Interpreter(f"/bin/python{version[0]}.{version[1]}", version, whole)


def test_the_first_python_that_is_new_enough_and_whole_is_taken() -> None:
    found = [
        interpreter((3, 9)),
        interpreter((3, 11), whole=False),
        interpreter((3, 12)),
        interpreter((3, 13)),
    ]
    assert dev().choose(found) == interpreter((3, 12))


def test_a_python_without_venv_is_better_than_none() -> None:
    found = [interpreter((3, 10)), interpreter((3, 11), whole=False)]
    assert dev().choose(found) == interpreter((3, 11), whole=False)


@pytest.mark.parametrize(
    ("versions", "named"),
    [([(3, 9), (3, 10)], "3.10, 3.9"), ([(3, 15)], "3.15"), ([], "none")],
    ids=["too old", "too new", "no answer"],
)
def test_without_a_fitting_python_the_sentence_names_what_is_needed_and_what_is_here(
    versions: list[tuple[int, int]], named: str
) -> None:
    with pytest.raises(dev().Trouble) as caught:
        dev().choose(map(interpreter, versions))
    assert "3.11 to 3.14 is needed" in str(caught.value)
    assert f"found here: {named}." in str(caught.value)


def test_an_old_python_can_still_read_the_script() -> None:
    ast.parse((ROOT / "dev").read_text(encoding="utf-8"), feature_version=(3, 8))


def test_the_script_imports_nothing_outside_the_standard_library() -> None:
    import sys

    tree = ast.parse((ROOT / "dev").read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


def test_a_path_from_the_callers_folder_is_made_good_and_anything_else_is_left_alone() -> None:
    from_here = dev().from_here
    here = "tests/test_setup/__init__.py"
    assert from_here("-k") == "-k"
    assert from_here("no such file::test_x") == "no such file::test_x"
    if (ROOT / here).samefile(here):
        assert from_here(f"{here}::test_x") == f"{ROOT / here}::test_x"


def test_every_command_has_a_line_in_the_help() -> None:
    for name, command in dev().COMMANDS.items():
        assert command.__doc__, name
        assert f"./dev {name}" in dev().usage()


def test_an_unknown_command_gets_a_sentence_and_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev().main(["rum"]) == 1
    shown = capsys.readouterr().err
    assert shown.startswith("dev: There is no command 'rum'.")
    assert "./dev run" in shown


def test_what_a_failed_tool_said_is_shown_without_its_warnings() -> None:
    text = "WARNING: noise\nfirst\n\nERROR: no such version\n"
    assert dev().last_lines(text) == "    first\n    ERROR: no such version"
    assert dev().last_lines("") == "    (it said nothing)"
