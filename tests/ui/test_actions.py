"""The table of actions: no two rows alike, every remedy of the domain has its row."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QKeySequence

import cockpit.domain
from cockpit.domain import kinds
from cockpit.domain.facts import fold
from cockpit.services.intents import AttestMobile, CancelCheck, Intent, Reconnect, RunCheck, TrustCertificate
from cockpit.services.state import DeskState
from cockpit.ui.actions import ACTIONS, Menu, action_of, link_of
from tests.ui import states
from tests.ui.states import NOW


def test_ids_and_keys_are_used_once() -> None:
    ids = Counter(row.id for row in ACTIONS)
    keys = Counter(row.key for row in ACTIONS if row.key)
    assert [id for id, times in ids.items() if times > 1] == []  # noqa: A001
    assert [key for key, times in keys.items() if times > 1] == []


@pytest.mark.parametrize("row", ACTIONS, ids=lambda row: row.id)
def test_every_row_does_exactly_one_thing_and_has_a_title_and_a_real_key(row: object) -> None:
    action = action_of(getattr(row, "id", ""))
    assert action is not None
    assert [action.intent is not None, action.does is not None, action.is_outside].count(True) == 1
    assert action.title
    assert not action.key or QKeySequence(action.key).count() == 1


def remedies_of_the_domain() -> set[str]:
    """Read the second argument of every Remedy made in the domain."""
    found: set[str] = set()
    for file in Path(next(iter(cockpit.domain.__path__))).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Remedy":
                found.update(
                    argument.value
                    for argument in node.args[1:2]
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
                )
                found.update(
                    word.value.value
                    for word in node.keywords
                    if word.arg == "action"
                    and isinstance(word.value, ast.Constant)
                    and isinstance(word.value.value, str)
                )
    return found - {""}


def test_every_action_that_a_remedy_names_can_be_followed() -> None:
    named = remedies_of_the_domain()
    assert "reconnect" in named
    assert [id for id in sorted(named) if not link_of(id)] == []  # noqa: A001


def intent(id: str, state: DeskState, about: str = "") -> Intent | None:  # noqa: A002
    action = action_of(id)
    assert action is not None
    assert action.intent is not None
    return action.intent(state, about)


def test_the_first_run_asks_everything_and_a_later_one_only_what_is_not_ready() -> None:
    assert intent("run-check", states.nothing_known()) == RunCheck(everything=True)
    assert intent("run-check", states.tws_down()) == RunCheck(everything=False)
    assert intent("run-everything", states.tws_down()) == RunCheck(everything=True)


def test_other_intents() -> None:
    calm = states.calm_morning()
    assert intent("stop-check", calm) == CancelCheck()
    assert intent("attest-mobile", calm) == AttestMobile()
    assert intent("reconnect", calm, "tws/tws") == Reconnect("tws/tws")
    assert intent("reconnect", calm) is None
    assert intent("trust-certificate", calm) is None
    shown = replace(calm, facts=fold(calm.facts, [kinds.FINGERPRINT.seen("gateway", "ab" * 32, NOW)]))
    assert intent("trust-certificate", shown) == TrustCertificate("ab" * 32)


def test_a_running_check_can_be_stopped_and_not_started() -> None:
    def enabled(id: str, state: DeskState | None) -> bool:  # noqa: A002
        action = action_of(id)
        return action is not None and action.enabled(state)

    assert (enabled("run-check", states.half_way()), enabled("stop-check", states.half_way())) == (
        False,
        True,
    )
    assert (enabled("run-check", states.calm_morning()), enabled("stop-check", states.calm_morning())) == (
        True,
        False,
    )
    assert not enabled("run-check", None)


def test_what_needs_to_know_about_what_is_never_offered_alone() -> None:
    """All but the first two only lead to panes that the menu offers by their own names."""
    links = [row.id for row in ACTIONS if row.menu is Menu.REMEDY]
    assert links == [
        "open-source",
        "reconnect",
        "rehearse",
        "request-permission",
        "attest-offer",
        "prove-factor",
        "prove-recovery",
        "look-after",
        "edit-register",
        "show-gateway-lines",
        "show-desk-certificate",
        "show-api-settings",
        "walk-drill",
    ]
