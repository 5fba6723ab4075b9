"""`cockpit check` and `cockpit simulate` as a trader or a script starts them: real processes, real exit codes."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest
from msgspec.structs import replace

from cockpit.adapters.settings.file import write_settings
from cockpit.adapters.settings.records import Settings
from cockpit.app.simulate import known_scenarios
from tests.desk import manual
from tests.desk.benches import must_be_alone
from tests.desk.programs import PATIENCE, Simulation, cockpit, private_home, simulated, started

pytestmark = pytest.mark.desk

TEXT_OR_NONE = (str, type(None))
NUMBER_OR_NONE = (int, float, type(None))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulation]:
    """A calm morning that several tests ask, one after the other."""
    with simulated("calm-morning", tmp_path_factory.mktemp("calm")) as desk:
        yield desk


# These two come first: they need a PC on which no TWS runs, and the shared desk below shows one.


def test_a_tws_that_is_down_blocks_and_says_so_in_words(tmp_path: Path, home: Path) -> None:
    must_be_alone()
    with simulated("tws-down", tmp_path) as desk:
        ended = cockpit("check", "--settings", desk.settings, home=home)

    assert (ended.code, ended.err) == (2, "")
    assert ended.out.startswith("■ NOT READY")
    assert "What to do\n  1. ■ " in ended.out
    assert "Start TWS, sign in, and run the check again." in ended.out
    assert "Not tested because" in ended.out


def test_a_newcomer_hears_what_is_missing_and_the_first_step(home: Path) -> None:
    must_be_alone()
    ended = cockpit("check", home=home)

    assert (ended.code, ended.err) == (2, "")
    assert "None of the broker's programs runs on this PC" in ended.out
    assert "First step: start Trader Workstation or IB Gateway and sign in." in ended.out
    assert "cockpit --demo" in ended.out
    assert "Not tested because" in ended.out


def test_a_calm_morning_is_ready_and_its_json_has_exactly_the_documented_keys(
    calm: Simulation, home: Path
) -> None:
    ended = cockpit("check", "--json", "--settings", calm.settings, home=home)
    answer = json.loads(ended.out)

    assert (ended.code, ended.err) == (0, "")
    assert answer["verdict"]["level"] == "ready"
    _must_be_as_documented(answer)


def test_delayed_index_data_limits_and_the_json_stays_as_documented(tmp_path: Path, home: Path) -> None:
    with simulated("index-delayed", tmp_path) as desk:
        ended = cockpit("--settings", desk.settings, "check", "--json", home=home)
    answer = json.loads(ended.out)

    assert (ended.code, answer["verdict"]["level"]) == (1, "limited")
    assert answer["verdict"]["reasons"][0]["check"] == "feed.SPX"
    _must_be_as_documented(answer)


def test_checks_in_a_row_stay_ready_with_the_settings_before_and_after_the_word(
    tmp_path: Path, home: Path
) -> None:
    with simulated("calm-morning", tmp_path) as desk:
        before = cockpit("--settings", desk.settings, "check", home=home)
        after = cockpit("check", "--settings", desk.settings, home=home)
        _no_live_order(desk)

    assert (before.code, after.code) == (0, 0), after.out
    assert before.out.startswith("● READY")
    assert after.out.startswith("● READY")


def test_the_exit_codes_are_those_of_the_manual() -> None:
    documented = {word: int(code) for code, word in manual.table("exit code").items()}

    assert documented == {"ready": 0, "limited": 1, "blocked": 2, "unknown": 3, "the check could not run": 4}


def test_an_unknown_scenario_is_answered_with_the_known_ones(home: Path) -> None:
    ended = cockpit("simulate", "calm-mourning", home=home)

    assert (ended.code, ended.out) == (4, "")
    assert "'calm-mourning'" in ended.err
    assert all(name in ended.err for name in known_scenarios())


def test_the_list_names_every_scenario_with_its_title(home: Path) -> None:
    ended = cockpit("simulate", "--list", home=home)
    words = [line.split(maxsplit=1) for line in ended.out.splitlines()]

    assert ended.code == 0
    assert tuple(name for name, _ in words) == known_scenarios()
    assert all(title for _, title in words)


@pytest.mark.parametrize("arguments", [["check"], []], ids=["check", "window"])
def test_settings_that_are_not_there_keep_the_program_from_running(
    arguments: Sequence[str], home: Path, tmp_path: Path
) -> None:
    missing = tmp_path / "missing.toml"
    ended = cockpit(*arguments, "--settings", missing, home=home)

    assert (ended.code, ended.out) == (4, "")
    assert ended.err == f"There is no settings file {missing}.\n"


def test_of_broken_settings_line_and_key_are_named_and_the_rest_is_used(
    calm: Simulation, tmp_path: Path, home: Path
) -> None:
    lines = calm.settings.read_text(encoding="utf-8").splitlines()
    place = lines.index("[appearance]") + 1
    lines.insert(place, 'colour = "loud"')
    broken = tmp_path / "broken.toml"
    broken.write_text("\n".join(lines), encoding="utf-8")
    ended = cockpit("check", "--json", "--settings", broken, home=home)
    answer = json.loads(ended.out)

    assert ended.code == 0
    assert len(answer["notes"]) == 1
    assert answer["notes"][0].startswith(f"broken.toml, line {place + 1}: appearance.colour: ")


def test_settings_that_are_no_toml_at_all_are_named_and_the_check_still_runs(
    tmp_path: Path, home: Path
) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("[desk\nname = 3\n", encoding="utf-8")
    ended = cockpit("check", "--json", "--settings", broken, home=home)

    assert ended.code == 2  # nothing of the broker runs here
    assert json.loads(ended.out)["notes"][0].startswith("broken.toml, line 1: ")


def test_of_a_broken_scenario_line_and_key_are_named_and_the_rest_is_played(
    tmp_path: Path, home: Path
) -> None:
    story = tmp_path / "mine.toml"
    story.write_text(
        'title = "Mine"\n\n[[tws]]\nname = "tws"\nport = "many"\nread_only = true\n\n[gateway]\nstate = "strange"\n',
        encoding="utf-8",
    )
    with simulated(story, tmp_path) as desk:
        announced = json.loads(desk.announced)
        ended = cockpit("check", "--json", "--settings", desk.settings, home=home)
        said = _errors_of(desk)
    answer = json.loads(ended.out)

    assert announced["title"] == "Mine"
    assert "mine.toml, line 5: tws[1].port: must be a whole number, not text" in said
    assert "mine.toml, line 9: gateway.state: must be one of " in said
    assert ended.code == 1
    assert answer["verdict"]["reasons"][0]["check"] == "handshake.write.tws"


def test_a_scenario_that_is_no_toml_at_all_is_named_and_the_calm_morning_is_played(
    tmp_path: Path, home: Path
) -> None:
    story = tmp_path / "mine.toml"
    story.write_text("[[tws]\n", encoding="utf-8")
    with simulated(story, tmp_path) as desk:
        ended = cockpit("check", "--settings", desk.settings, home=home)
        said = _errors_of(desk)

    assert "mine.toml, line 1: " in said
    assert ended.code == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_a_signal_ends_the_simulated_desk_cleanly(number: int, home: Path) -> None:
    process = started("simulate", "--json", home=home)
    assert process.stdout is not None
    ports = json.loads(process.stdout.readline())["ports"]
    process.send_signal(number)
    out, err = process.communicate(timeout=PATIENCE)

    assert (process.returncode, out, err) == (0, "", "")
    assert set(ports) == {"tws", "gateway", "flex", "web-api"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_a_signal_ends_a_running_check_without_a_trace(number: int, tmp_path: Path, home: Path) -> None:
    if signal.getsignal(number) is signal.SIG_IGN:
        pytest.skip("this signal is ignored here, as in a shell's background job, and children inherit that")
    with socket.create_server(("127.0.0.1", 0)) as mute:  # accepts, says nothing: the check waits for seconds
        mute.settimeout(PATIENCE)
        check = started("check", "--settings", _settings_for(mute.getsockname()[1], tmp_path), home=home)
        client, _ = mute.accept()
        check.send_signal(number)
        out, err = check.communicate(timeout=PATIENCE)
        client.close()

    assert "Traceback" not in err
    assert out == ""
    assert check.returncode in {130, -signal.SIGTERM}


def test_the_simulated_desk_ends_when_its_input_does(home: Path) -> None:
    process = started("simulate", "--json", "--until-input-ends", home=home)
    out, err = process.communicate(timeout=PATIENCE)

    assert (process.returncode, err) == (0, "")
    assert json.loads(out)["title"] == "Calm morning"


def test_a_reader_that_has_had_enough_ends_the_check_quietly(calm: Simulation, home: Path) -> None:
    check = started("check", "--settings", calm.settings, home=home)
    assert check.stdin is not None
    assert check.stdout is not None
    assert check.stderr is not None
    check.stdout.close()  # as `head` does
    with check.stdin, check.stderr:
        said = check.stderr.read()
    check.wait(PATIENCE)

    assert said == ""
    assert check.returncode == 141


def test_the_check_loads_neither_qt_nor_the_simulated_desk(home: Path) -> None:
    program = (
        "import sys, cockpit.__main__ as program; program.main(['check'])\n"
        "heavy = ('PySide6', 'shiboken6', 'cockpit.simulator', 'cockpit.ui')\n"
        "sys.stderr.write(','.join(name for name in sys.modules if name.startswith(heavy)))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        env=private_home(home),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )

    assert ended.stderr == ""


def _must_be_as_documented(answer: dict[str, Any]) -> None:
    """The document has exactly the keys of the manual's tables, at every level, with the words they allow."""
    documented = manual.table("key")
    assert list(answer) == list(documented)
    assert (answer["format"], answer["version"]) == ("cockpit.check", 1)
    _keys_are(answer["run"], manual.names(documented["run"]), nested={"lanes"})
    _keys_are(answer["verdict"], manual.names(documented["verdict"]), nested={"reasons"})
    for flow in answer["flows"]:
        assert list(flow) == manual.names(documented["flows"])
    assert list(answer["harm"]) == manual.names(documented["harm"])

    of_a_check = manual.table("key of a check")
    levels, provenances = (
        set(manual.names(of_a_check["level"])),
        {"measured", "published", "attested", "inferred"},
    )
    for line in answer["checks"]:
        assert list(line) == list(of_a_check)
        assert line["level"] in levels
        assert line["provenance"] in {*provenances, None}
        assert line["footprint"] in {"passive", "light"}
        assert line["bearing"] in manual.names(of_a_check["bearing"])
        assert line["progress"] in manual.names(of_a_check["progress"])
        assert isinstance(line["duration"], float)
        assert all(isinstance(line[key], TEXT_OR_NONE) for key in ("detail", "at", "since", "diagnosis"))
        assert isinstance(line["age"], NUMBER_OR_NONE)
        remedy = line["remedy"]
        assert remedy is None or list(remedy) == manual.names(of_a_check["remedy"])


def _keys_are(value: dict[str, Any], documented: list[str], nested: set[str]) -> None:
    """The keys of `value`, each followed by those of its rows if it is `nested`, are the documented ones in order."""
    words = []
    for key, inner in value.items():
        words.append(key)
        if key in nested:
            rows = [list(row) for row in inner]
            place = len(words)
            after = documented[place : place + len(rows[0])] if rows else documented[place:]
            assert all(row == after for row in rows)
            words += after
    assert words == documented


def _settings_for(port: int, folder: Path) -> Path:
    """Write settings with one API socket, owned by this test, and no gateway."""
    usual = Settings()
    door = replace(usual.sockets[0], port=port, owners=(psutil.Process().name(),))
    file = folder / "settings.toml"
    write_settings(file, replace(usual, sockets=(door,), gateway=replace(usual.gateway, present=False)))
    return file


def _no_live_order(desk: Simulation) -> None:
    """Nothing that reached this desk may have been an order."""
    entries = [json.loads(line) for line in desk.record.read_text(encoding="utf-8").splitlines()]
    names = {entry["name"] for entry in entries if entry["direction"] == "in"}
    assert names
    assert "placeOrder" not in names
    assert not {name for name in names if "/orders" in name and not name.startswith("GET ")}


def _errors_of(desk: Simulation) -> str:
    """End the simulated desk and return what it complained of."""
    _, err = desk.process.communicate(timeout=PATIENCE)
    return err
