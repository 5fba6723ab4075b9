"""Every shipped scenario through the whole check: what it must answer, and that each answer is explained."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cockpit.adapters.profile.folders import Profile
from cockpit.app.check import check
from cockpit.app.simulate import known_scenarios
from tests.desk.benches import must_be_alone, served, shipped

pytestmark = pytest.mark.desk


@dataclass(frozen=True)
class Expected:
    """What the check must answer: its level, exit code, and the check and diagnosis of its first reason."""

    level: str
    code: int
    check: str = ""
    diagnosis: str = ""


READY = Expected("ready", 0)

# The check asks what the playbook needs to see, not what an order would meet: gates answer that, so many are ready.
ANSWERS = {
    "account-not-tradable": Expected("limited", 1, "others.account.U1234822", "account-cannot-trade"),
    "api-off": Expected("blocked", 2, "ports.owner.tws", "api-off"),
    "calm-morning": READY,
    "canadian-api-rule": READY,
    "cash-account-short": READY,
    "client-id-stuck": Expected("limited", 1, "handshake.client.tws", "client-id-stuck"),
    "close-only": READY,
    "competing-login": Expected("blocked", 2, "feed.EUR.USD", "data-taken"),
    "condition-data-delayed": READY,
    "farm-blip": Expected("blocked", 2, "feed.ES", "feed-silent"),
    "flex-token-expired": READY,
    "futures-option-permission": READY,
    "gateway-not-trading": Expected("limited", 1, "others.portal-trading", "gateway-not-trading"),
    "gateway-upstream-dead": Expected("limited", 1, "others.portal", "gateway-upstream-dead"),
    "half-open": Expected("blocked", 2, "handshake.session.tws", "tws-not-answering"),
    "index-delayed": Expected("limited", 1, "feed.SPX", "data-delayed"),
    "kid-block": READY,
    "mute-port": Expected("blocked", 2, "handshake.session.tws", "message-waits-in-tws"),
    "nightly-restart": Expected("blocked", 2, "ports.owner.tws", "tws-restarting"),
    "oauth-not-active": READY,
    "oauth-token-lost": READY,
    "oauth-trading": READY,
    "oauth-wrong-clock": READY,
    "order-type-missing": READY,
    "overnight-closed": READY,
    "paper-and-live": READY,
    "preset-limit": READY,
    "read-only-api": Expected("limited", 1, "handshake.write.tws", "read-only-api"),
    "time-in-force-refused": READY,
    "tws-down": Expected("blocked", 2, "ports.owner.tws", "tws-not-running"),
    "unexpected-account": Expected("limited", 1, "account.expected.tws", "account-unexpected"),
    "upstream-back-with-data": READY,
    "upstream-back-without-data": Expected("limited", 1, "upstream.broker.tws", "upstream-back-data-lost"),
    "upstream-lost": Expected("blocked", 2, "upstream.broker.tws", "upstream-lost"),
}


def test_every_shipped_scenario_has_its_row() -> None:
    assert set(ANSWERS) == set(known_scenarios())


@pytest.mark.parametrize("name", ANSWERS)
def test_a_scenario_gets_its_verdict_its_cause_and_nothing_unexplained(name: str, tmp_path: Path) -> None:
    if name == "tws-down":
        must_be_alone()
    code, answer = asyncio.run(_checked(name, tmp_path))
    expected = ANSWERS[name]

    lines = {line["id"]: line for line in answer["checks"]}
    verdict = answer["verdict"]
    assert (verdict["level"], code) == (expected.level, expected.code), verdict
    assert answer["notes"] == []
    if expected.check:
        first = verdict["reasons"][0]
        assert (first["check"], lines[first["check"]]["diagnosis"]) == (expected.check, expected.diagnosis)
    else:
        assert verdict["reasons"] == []
    for reason in verdict["reasons"]:
        assert reason["remedy"]["sentence"]
    for line in lines.values():
        _must_be_explained(line)


def _must_be_explained(line: dict[str, Any]) -> None:
    """Every answer has words and, if it was asked for, evidence with an age; what holds the desk up has its cure."""
    assert line["answer"], line
    if line["not_tested"]:
        assert line["level"] == "unknown", line
        return
    assert line["progress"] == "done", line
    if line["level"] != "unknown":
        assert line["provenance"] in {"measured", "attested", "inferred", "published"}, line
        assert line["age"] is not None, line
        assert line["age"] >= 0, line
        assert line["at"] is not None, line
    if line["bearing"] == "decides" and line["level"] != "ready":
        assert line["remedy"] is not None, line
        assert line["remedy"]["sentence"], line


async def _checked(name: str, folder: Path) -> tuple[int, dict[str, Any]]:
    """Run the check as the command line does. Nothing forbidden may reach the desk, and no task may be left."""
    said: list[str] = []
    async with served(shipped(name), folder) as (simulated, desk):
        profile = Profile("test", folder / "profile", folder / "profile", folder / "profile")
        code = await check(desk, profile, said.append, as_json=True)
        assert simulated.recorder.forbidden() == ()
        assert simulated.recorder.what_ifs() == ()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    assert not others, f"left over: {others}"
    answer: dict[str, Any] = json.loads("\n".join(said))
    return code, answer
