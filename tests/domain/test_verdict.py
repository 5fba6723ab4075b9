"""The verdict: the worst wins, parents before children, and ignorance never makes anything greener."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.checks.table import CHECKS, checks_for
from cockpit.domain.evidence import Observation
from cockpit.domain.facts import Facts, fold
from cockpit.domain.farms import farm_subject
from cockpit.domain.interface import Interface
from cockpit.domain.kinds import Door, FarmState, FeedState, PortalDoor, PortalStage, Upstream
from cockpit.domain.level import Level, worst
from cockpit.domain.plan import Plan
from cockpit.domain.readiness import Bearing, Progress, Result, Verdict
from cockpit.domain.verdict import answer, verdict
from tests.fakes.clock import NOON
from tests.fakes.facts import PLAN, calm, facts_of, preferring

TWS = "tws/tws"
# Kinds that only ever bring bad news: their absence is the calm state, so leaving them out proves nothing.
EVENTS = {
    kinds.READ_ONLY.name,
    kinds.DATA_TAKEN.name,
    kinds.BULLETIN.name,
    kinds.LAST_CODE.name,
    kinds.FARM.name,
}


def judge(facts: Facts, plan: Plan = PLAN, now: float = NOON) -> dict[str, Result]:
    results: dict[str, Result] = {}
    for check in checks_for(plan, facts):
        results[check.id] = Result(check, Progress.DONE, answer(check, results, facts, plan, now))
    return results


def level_of(facts: Facts, plan: Plan = PLAN, now: float = NOON) -> Verdict:
    return verdict(judge(facts, plan, now).values(), plan)


def test_a_calm_morning_is_ready() -> None:
    found = level_of(facts_of())
    assert found.level is Level.READY
    assert found.headline == "3 flows ready"
    assert found.reasons == ()


@pytest.mark.parametrize(
    ("change", "level", "check", "diagnosis"),
    [
        (
            kinds.DOOR.seen(TWS, Door.MUTE, NOON),
            Level.BLOCKED,
            "handshake.session.tws",
            "message-waits-in-tws",
        ),
        (
            kinds.DOOR.seen(TWS, Door.SILENT, NOON),
            Level.BLOCKED,
            "handshake.session.tws",
            "tws-not-answering",
        ),
        (
            kinds.DOOR.seen(TWS, Door.CLIENT_ID_TAKEN, NOON),
            Level.BLOCKED,
            "handshake.session.tws",
            "client-id-stuck",
        ),
        (kinds.CLIENT_ID.seen(TWS, 903, NOON), Level.LIMITED, "handshake.client.tws", "client-id-stuck"),
        (kinds.LISTENING.seen(TWS, False, NOON), Level.BLOCKED, "ports.owner.tws", "api-off"),
        (kinds.PORT_OWNER_KNOWN.seen(TWS, False, NOON), Level.BLOCKED, "ports.owner.tws", "port-stranger"),
        (
            kinds.UPSTREAM.seen(TWS, Upstream.DOWN, NOON),
            Level.BLOCKED,
            "upstream.broker.tws",
            "upstream-lost",
        ),
        (
            kinds.UPSTREAM.seen(TWS, Upstream.UP_DATA_LOST, NOON),
            Level.LIMITED,
            "upstream.broker.tws",
            "upstream-back-data-lost",
        ),
        (
            kinds.FARM.seen(farm_subject(TWS, "usfarm"), FarmState.BROKEN, NOON),
            Level.LIMITED,
            "upstream.farms.tws",
            "farm-down",
        ),
        (
            kinds.FEED.seen(f"{TWS}/feed/SPX", FeedState.DELAYED, NOON),
            Level.LIMITED,
            "feed.SPX",
            "data-delayed",
        ),
        (
            kinds.FEED.seen(f"{TWS}/feed/SPX", FeedState.SILENT, NOON),
            Level.BLOCKED,
            "feed.SPX",
            "feed-silent",
        ),
        (
            kinds.FEED.seen(f"{TWS}/feed/SPX", FeedState.COMPETING, NOON),
            Level.BLOCKED,
            "feed.SPX",
            "data-taken",
        ),
        (kinds.READ_ONLY.seen(TWS, True, NOON), Level.LIMITED, "handshake.write.tws", "read-only-api"),
        (
            kinds.ACCOUNTS.seen(TWS, ("U1234821", "U7"), NOON),
            Level.LIMITED,
            "account.expected.tws",
            "account-unexpected",
        ),
        (kinds.ACCOUNTS.seen(TWS, ("U7",), NOON), Level.BLOCKED, "account.expected.tws", "account-missing"),
        (
            kinds.ACCOUNTS.seen(TWS, ("DU7",), NOON),
            Level.BLOCKED,
            "handshake.mode.tws",
            "paper-live-mixed-up",
        ),
        (kinds.BROKER_CLOCK.seen(TWS, 41.0, NOON), Level.LIMITED, "handshake.clock.tws", "clock-skew"),
        (
            kinds.EXCESS_LIQUIDITY.seen("account/U1234821", -1.0, NOON),
            Level.BLOCKED,
            "account.liquidity.U1234821",
            "no-excess-liquidity",
        ),
        (
            kinds.ORDER_TYPES.seen(f"{TWS}/contract/EUR.USD", ("LMT", "DAY"), NOON),
            Level.BLOCKED,
            "capability.t1",
            "order-type-not-offered",
        ),
        (
            kinds.PORTAL_STAGE.seen("gateway", PortalStage.SIGNED_IN, NOON),
            Level.LIMITED,
            "others.portal-trading",
            "gateway-not-trading",
        ),
        (
            kinds.PORTAL_STAGE.seen("gateway", PortalStage.UPSTREAM_DEAD, NOON),
            Level.LIMITED,
            "others.portal",
            "gateway-upstream-dead",
        ),
        (
            kinds.PORTAL_DOOR.seen("gateway", PortalDoor.UNKNOWN_CERTIFICATE, NOON),
            Level.LIMITED,
            "others.portal",
            "certificate-unknown",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and "." not in value else None,
)
def test_one_disturbance_gives_its_level_and_its_reason(
    change: Observation, level: Level, check: str, diagnosis: str
) -> None:
    facts = facts_of(change)
    found = level_of(facts)
    finding = judge(facts)[check].finding
    assert finding is not None
    assert (found.level, finding.level, finding.diagnosis) == (level, level, diagnosis)
    assert check in [reason.check for reason in found.reasons]


def test_a_line_whose_parent_failed_is_not_tested_and_says_which() -> None:
    results = judge(facts_of(kinds.LISTENING.seen(TWS, False, NOON)))
    session, feed = results["handshake.session.tws"].finding, results["feed.SPX"].finding
    assert session is not None
    assert session.not_tested
    assert session.answer == "Not tested because Trader Workstation port is blocked"
    assert feed is not None
    assert feed.answer == "Not tested because Trader Workstation session is not tested"


def test_one_cause_gives_one_reason() -> None:
    feeds = [kinds.FEED.seen(f"{TWS}/feed/{key}", FeedState.COMPETING, NOON) for key in ("EUR.USD", "SPX")]
    assert [reason.check for reason in level_of(facts_of(*feeds)).reasons] == ["feed.EUR.USD"]


def test_a_missing_feed_holds_up_only_the_flows_that_need_it() -> None:
    found = level_of(facts_of(kinds.FEED.seen(f"{TWS}/feed/SPX", FeedState.NOT_SUBSCRIBED, NOON)))
    assert {flow.key: flow.level for flow in found.flows} == {
        "fx": Level.READY,
        "leg": Level.BLOCKED,
        "margin": Level.READY,
    }
    assert found.headline == "1 of 3 flows blocked"


def test_a_dead_gateway_blocks_when_a_flow_goes_through_it() -> None:
    facts = facts_of(kinds.PORTAL_STAGE.seen("gateway", PortalStage.UPSTREAM_DEAD, NOON))
    assert level_of(facts, PLAN).level is Level.LIMITED
    assert level_of(facts, preferring(Interface.CLIENT_PORTAL)).level is Level.BLOCKED


@pytest.mark.parametrize("without", [(), ("portal stage",)], ids=["answered before", "never answered"])
@pytest.mark.parametrize("door", [door for door in PortalDoor if door is not PortalDoor.OPEN])
def test_a_closed_gateway_that_no_flow_uses_limits_and_says_nothing_of_its_tiers(
    door: PortalDoor, without: tuple[str, ...]
) -> None:
    facts = facts_of(kinds.PORTAL_DOOR.seen("gateway", door, NOON), without=without)
    assert level_of(facts).level is Level.LIMITED
    trading = judge(facts)["others.portal-trading"].finding
    assert trading is not None
    assert trading.not_tested


def test_a_second_door_that_no_flow_uses_limits_and_never_blocks() -> None:
    paper = replace(PLAN.sockets[0], name="paper", port=7497, accounts=())
    plan = replace(PLAN, sockets=(*PLAN.sockets, paper))
    facts = facts_of(kinds.LISTENING.seen("tws/paper", False, NOON))
    assert level_of(facts, plan).level is Level.LIMITED


def test_advice_never_enters_the_verdict() -> None:
    bad_desk = [
        kinds.NETWORK.seen("desk", "none", NOON),
        kinds.REBOOT_PENDING.seen("desk", True, NOON),
        kinds.DISK_FREE.seen("desk", 1.0, NOON),
    ]
    facts = facts_of(*bad_desk)
    assert level_of(facts).level is Level.READY
    assert judge(facts)["desk.disk"].level is Level.LIMITED


def test_everything_grows_unknown_with_age() -> None:
    later = NOON + 40 * kinds.DAY
    for result in judge(facts_of(), now=later).values():
        assert (
            result.check.bearing is Bearing.ADVISES
            or result.level is not Level.READY
            or "client" in result.check.id
        )
    assert level_of(facts_of(), now=later).level is Level.UNKNOWN


def greenness(level: Level) -> int:
    """How green a level looks: ready before limited before the rest."""
    return {Level.READY: 2, Level.LIMITED: 1}.get(level, 0)


disturbances = st.lists(
    st.one_of(
        st.sampled_from(Door).map(lambda v: kinds.DOOR.seen(TWS, v, NOON)),
        st.sampled_from(Upstream).map(lambda v: kinds.UPSTREAM.seen(TWS, v, NOON)),
        st.sampled_from(FeedState).map(lambda v: kinds.FEED.seen(f"{TWS}/feed/SPX", v, NOON)),
        st.sampled_from(PortalStage).map(lambda v: kinds.PORTAL_STAGE.seen("gateway", v, NOON)),
        st.sampled_from(PortalDoor).map(lambda v: kinds.PORTAL_DOOR.seen("gateway", v, NOON)),
        st.floats(0, 100).map(lambda v: kinds.BROKER_CLOCK.seen(TWS, v, NOON)),
        st.booleans().map(lambda v: kinds.LISTENING.seen(TWS, v, NOON)),
        st.sampled_from([("U1234821",), ("U1234821", "U7"), ("DU7",), ()]).map(
            lambda v: kinds.ACCOUNTS.seen(TWS, v, NOON)
        ),
    ),
    max_size=4,
)


@given(disturbances, st.sets(st.sampled_from(sorted({o.fact for o in calm()} - EVENTS)), max_size=4))
def test_less_evidence_is_never_greener(changes: list[Observation], forgotten: set[str]) -> None:
    every = [*calm(), *changes]
    whole = level_of(fold(Facts(), every)).level
    less = level_of(fold(Facts(), [seen for seen in every if seen.fact not in forgotten])).level
    assert greenness(less) <= greenness(whole)


@given(disturbances)
def test_the_verdict_is_the_worst_of_what_decides(changes: list[Observation]) -> None:
    results = judge(fold(Facts(), [*calm(), *changes]))
    asked = [
        result.level
        for result in results.values()
        if result.check.bearing is Bearing.DECIDES
        and result.finding is not None
        and not result.finding.not_tested
    ]
    found = verdict(results.values(), PLAN)
    assert found.level is worst(asked)
    assert all(flow.level.rank <= found.level.rank for flow in found.flows)


@given(disturbances)
def test_a_verdict_that_is_not_ready_gives_a_reason(changes: list[Observation]) -> None:
    found = level_of(fold(Facts(), [*calm(), *changes]))
    assert bool(found.reasons) is (found.level is not Level.READY)
    assert len(found.reasons) <= 3


def test_a_check_without_answer_makes_the_verdict_unknown() -> None:
    results = judge(facts_of())
    results["feed.SPX"] = Result(results["feed.SPX"].check, Progress.CANCELLED)
    assert verdict(results.values(), PLAN).level is Level.UNKNOWN


def test_ids_are_unique_and_needs_exist() -> None:
    checks = checks_for(PLAN, facts_of())
    ids = [check.id for check in checks]
    assert len(set(ids)) == len(ids)
    assert all(need in ids for check in checks for need in check.needs)
    assert len({row.id for row in CHECKS}) == len(CHECKS)


def test_every_line_that_holds_somebody_up_offers_a_remedy() -> None:
    for change in (
        *(kinds.DOOR.seen(TWS, door, NOON) for door in Door if door is not Door.OPEN),
        *(kinds.FEED.seen(f"{TWS}/feed/SPX", state, NOON) for state in FeedState),
    ):
        for result in judge(facts_of(change)).values():
            finding = result.finding
            if finding is not None and finding.level is Level.BLOCKED:
                assert finding.remedy is not None, result.check.id
