"""The Web API link against the simulated Web API: real sockets, real signatures."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from cockpit.adapters.oauth.link import OAuthLink
from cockpit.adapters.oauth.trouble import OAuthTrouble
from cockpit.adapters.portal.pacing import CoolingDown
from cockpit.domain import kinds
from cockpit.domain.evidence import Provenance
from cockpit.domain.oauth import SUBJECT, OAuthSecret, OAuthState, WebApi
from cockpit.domain.secret import Secret
from cockpit.services.errors import Unreadable, VaultTrouble
from cockpit.simulator.scenario import OAuthServer, Portal
from tests.fakes.vault import MemoryVault

from .oauth_bench import CONSUMER, PATIENT, SERVER, OAuthBench, kept, keys, oauth, plan, texts, trouble_of
from .web_api_bench import SHIPPED, START, HandClock, Notebook, answer, odd_server, says

pytestmark = pytest.mark.plain

HOUR = 3600.0
Work = Callable[[OAuthBench], Awaitable[None]]


def scene(work: Work, server: OAuthServer = SERVER, made: float = 0.0) -> None:
    async def play() -> None:
        async with oauth(server, made=made) as bench:
            await work(bench)

    asyncio.run(play())


@pytest.mark.parametrize(
    ("state", "wanted"),
    [
        (Portal.SIGNED_IN, OAuthState.SIGNED_IN),
        (Portal.TRADING, OAuthState.TRADING),
        (Portal.STARTING, OAuthState.STARTING),
        (Portal.COMPETING, OAuthState.COMPETING),
    ],
)
def test_a_session_is_begun_and_its_state_read(state: Portal, wanted: OAuthState) -> None:
    async def work(on: OAuthBench) -> None:
        await on.link.ask_session()
        assert on.state is not None
        assert on.state.value == wanted
        assert on.state.provenance is Provenance.MEASURED
        assert on.calls[:2] == ["oauth/live_session_token", "iserver/auth/status"]
        assert on.notes.value(kinds.LIVE_SESSION_ENDS, SUBJECT) == START + 24 * HOUR
        assert on.notes.value(kinds.OAUTH_ROUND_TRIP, SUBJECT) is not None

    scene(work, replace(SERVER, state=state))


def test_signed_in_without_trading_says_why_nothing_is_done_about_it() -> None:
    async def work(on: OAuthBench) -> None:
        await on.link.ask_session()
        assert "starts none" in on.notes.note(kinds.OAUTH_STATE, SUBJECT)
        assert not any("ssodh" in call for call in on.calls)

    scene(work)


def test_trading_is_said_only_after_a_data_call_and_that_is_asked_once() -> None:
    async def work(on: OAuthBench) -> None:
        await on.link.ask_session()
        await on.link.ask_session()
        assert on.calls.count("iserver/accounts") == 1
        assert on.notes.value(kinds.PORTAL_ACCOUNTS, SUBJECT) == ("U1234821", "U7654321")

    scene(work, replace(SERVER, state=Portal.TRADING))


def test_one_token_serves_all_calls_of_its_day_and_a_new_one_follows_before_it_ends() -> None:
    async def work(on: OAuthBench) -> None:
        await on.link.ask_session()
        on.clock.passed += 23.9 * HOUR
        await on.link.ask_session()
        assert on.service.granted == 1
        on.clock.passed += 0.1 * HOUR - 30
        await on.link.ask_session()
        assert on.service.granted == 2
        assert on.notes.value(kinds.LIVE_SESSION_ENDS, SUBJECT) == START + 48 * HOUR - 30

    scene(work)


def test_an_end_that_the_broker_does_not_name_is_counted_from_the_published_lifetime_and_marked() -> None:
    async def work(on: OAuthBench) -> None:
        await on.link.ask_session()
        seen = on.notes.facts.look(kinds.LIVE_SESSION_ENDS, SUBJECT)
        assert seen is not None
        assert (seen.value, seen.provenance) == (START + 24 * HOUR, Provenance.INFERRED)

    scene(work, replace(SERVER, hours=1000.0))


def test_accounts_are_told_with_their_company_and_margin_class() -> None:
    async def work(on: OAuthBench) -> None:
        await on.link.ask_accounts()
        assert on.notes.value(kinds.PORTAL_ACCOUNTS, SUBJECT) == ("U1234821", "U7654321")
        assert on.notes.value(kinds.ENTITY, "account/U7654321") == "IB-IE"
        assert on.notes.value(kinds.TRADING_TYPE, "account/U1234821") == "STKNOPT"
        assert all(not one.subject.startswith("gateway") for one in on.notes.seen)

    scene(work)


def test_accounts_that_are_refused_say_nothing_about_the_session() -> None:
    async def work(on: OAuthBench) -> None:
        await on.link.ask_session()
        on.behave(status=403)
        with pytest.raises(OAuthTrouble, match="The broker refuses the request"):
            await on.link.ask_accounts()
        assert on.state is not None
        assert on.state.value == OAuthState.SIGNED_IN

    scene(work)


def test_accounts_that_were_just_asked_are_not_asked_again() -> None:
    async def work(on: OAuthBench) -> None:
        await on.link.ask_accounts()
        before = on.clock.passed
        await on.link.ask_accounts()
        assert on.calls.count("portfolio/accounts") == 1
        assert on.clock.passed == before
        on.clock.passed += 6
        await on.link.ask_accounts()
        assert on.calls.count("portfolio/accounts") == 2

    scene(work)


@pytest.mark.parametrize(
    ("age", "state", "says"),
    [
        (0.0, OAuthState.CONSUMER_REFUSED, "refused like this until it is active"),
        (600.0, OAuthState.NOT_ACTIVE, "works from the next regional midnight, at the latest"),
        (30 * HOUR, OAuthState.NOT_ACTIVE, "should work since"),
        (200 * HOUR, OAuthState.CONSUMER_REFUSED, "should work by now"),
    ],
    ids=["nobody said when it was made", "ten minutes old", "a day old", "a week old"],
)
def test_an_unknown_consumer_is_judged_by_its_age(age: float, state: OAuthState, says: str) -> None:
    async def work(on: OAuthBench) -> None:
        trouble = await trouble_of(on)
        assert isinstance(trouble, OAuthTrouble)
        assert trouble.state is state
        assert says in trouble.sentence
        assert trouble.remedy is not None
        assert on.state is not None
        assert on.state.value == state

    scene(work, replace(SERVER, active=False), made=START - age if age else 0.0)


def test_a_lost_token_asks_for_a_new_token_only() -> None:
    async def work(on: OAuthBench) -> None:
        trouble = await trouble_of(on)
        assert isinstance(trouble, OAuthTrouble)
        assert trouble.state is OAuthState.TOKEN_LOST
        assert trouble.remedy is not None
        assert "keys and consumer stay" in trouble.remedy.sentence
        assert keys().token not in str(on.notes.seen)

    scene(work, replace(SERVER, token_lost=True))


@pytest.mark.parametrize(("skew", "way"), [(-1200.0, "20 min ahead of"), (7200.0, "2 h behind")])
def test_a_wrong_clock_is_told_with_its_size_and_direction(skew: float, way: str) -> None:
    async def work(on: OAuthBench) -> None:
        trouble = await trouble_of(on)
        assert isinstance(trouble, OAuthTrouble)
        assert trouble.state is OAuthState.CLOCK_WRONG
        assert f"This PC's clock is {way} the broker's." in trouble.sentence

    scene(work, replace(SERVER, clock_skew=skew))


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (410, OAuthState.OTHER_HOST),
        (403, OAuthState.REFUSED),
        (302, OAuthState.REFUSED),
        (503, OAuthState.BACKEND_LOST),
    ],
)
@pytest.mark.parametrize("has_session", [False, True], ids=["for the token", "for a call"])
def test_a_status_becomes_a_state_with_a_sentence(status: int, state: OAuthState, has_session: bool) -> None:
    async def work(on: OAuthBench) -> None:
        if has_session:
            await on.link.ask_session()
        on.behave(status=status)
        trouble = await trouble_of(on)
        assert isinstance(trouble, OAuthTrouble)
        assert trouble.state is state
        assert on.state is not None
        assert on.state.value == state

    scene(work)


def test_a_pause_that_the_broker_asks_for_is_kept() -> None:
    async def work(on: OAuthBench) -> None:
        await on.link.ask_session()
        on.behave(status=429)
        assert isinstance(await trouble_of(on), CoolingDown)
        asked = len(on.calls)
        assert isinstance(await trouble_of(on), CoolingDown)
        assert len(on.calls) == asked
        assert on.state is not None
        assert on.state.value == OAuthState.COOLING_DOWN
        on.behave(status=0)
        on.clock.passed += 901
        assert await trouble_of(on) is None

    scene(work)


def test_a_broker_that_refuses_is_not_asked_again_and_what_it_said_is_marked_as_derived() -> None:
    async def work(on: OAuthBench) -> None:
        await trouble_of(on)
        on.clock.passed += 300
        trouble = await trouble_of(on)
        assert isinstance(trouble, OAuthTrouble)
        assert on.calls == ["oauth/live_session_token"]
        assert on.state is not None
        assert (on.state.value, on.state.provenance) == (OAuthState.TOKEN_LOST, Provenance.INFERRED)
        assert on.state.at == START + 300
        on.clock.passed += 601
        on.behave(token_lost=False)
        assert await trouble_of(on) is None

    scene(work, replace(SERVER, token_lost=True))


def test_a_click_asks_again_at_once() -> None:
    async def work(on: OAuthBench) -> None:
        await trouble_of(on)
        on.behave(token_lost=False)
        await on.link.renew()
        assert on.state is not None
        assert on.state.value == OAuthState.SIGNED_IN

    scene(work, replace(SERVER, token_lost=True))


def test_a_session_that_the_broker_ended_is_begun_anew_but_not_twice_in_ten_minutes() -> None:
    async def work(on: OAuthBench) -> None:
        await on.link.ask_session()
        on.clock.passed += 700
        on.service.end_session()
        trouble = await trouble_of(on)
        assert isinstance(trouble, OAuthTrouble)
        assert trouble.state is OAuthState.ENDED
        assert on.notes.value(kinds.LIVE_SESSION_ENDS, SUBJECT) == START + 700
        assert await trouble_of(on) is None
        assert on.service.granted == 2
        on.service.end_session()
        await trouble_of(on)
        await trouble_of(on)
        assert on.service.granted == 2
        on.clock.passed += 601
        assert await trouble_of(on) is None
        assert on.service.granted == 3

    scene(work)


def test_a_clock_that_jumps_within_a_session_is_told_as_such() -> None:
    async def work(on: OAuthBench) -> None:
        await on.link.ask_session()
        on.behave(clock_skew=3600.0)
        trouble = await trouble_of(on)
        assert isinstance(trouble, OAuthTrouble)
        assert trouble.state is OAuthState.CLOCK_WRONG

    scene(work)


def test_keys_that_do_not_belong_together_are_refused_by_their_signature() -> None:
    async def play() -> None:
        async with oauth(vault=kept(SIGNATURE_KEY=texts()[OAuthSecret.ENCRYPTION_KEY])) as on:
            trouble = await trouble_of(on)
            assert isinstance(trouble, OAuthTrouble)
            assert trouble.state is OAuthState.SIGNATURE_REFUSED

    asyncio.run(play())


GRANTS = {
    "made up": (
        '{"diffie_hellman_response": "1234abcd", "live_session_token_signature": "%s"}' % ("0" * 40),
        False,
    ),
    "one": ('{"diffie_hellman_response": "1", "live_session_token_signature": "%s"}' % ("0" * 40), False),
    "no number": ('{"diffie_hellman_response": "xyz", "live_session_token_signature": ""}', True),
    "another shape": ('{"token": "please"}', True),
    "a page": ("<html>Sign in to this network</html>", True),
}


@pytest.mark.parametrize(("body", "is_odd"), GRANTS.values(), ids=GRANTS)
def test_somebody_who_does_not_know_the_secret_cannot_pass_as_the_broker(body: str, is_odd: bool) -> None:
    async def play() -> None:
        async with odd_server(says(answer(body.encode()))) as server:
            notes, clock, learned = Notebook(), HandClock(), list[str]()
            web_api = WebApi(CONSUMER, "127.0.0.1", server.port, server.fingerprint)
            link = OAuthLink(
                web_api,
                plan,
                SHIPPED,
                kept(),
                learned.append,
                notes.report,
                notes,
                clock,
                PATIENT,
                clock.sleep,
            )
            with pytest.raises(OAuthTrouble) as caught:
                await link.ask_session()
            await link.close()
            assert caught.value.state is (OAuthState.UNREADABLE if is_odd else OAuthState.NOT_GENUINE)
            assert notes.messages == 1

    asyncio.run(play())


@pytest.mark.parametrize(
    "name", ["ACCESS_TOKEN", "ACCESS_SECRET", "SIGNATURE_KEY", "ENCRYPTION_KEY", "DH_PRIME"]
)
def test_what_is_not_kept_is_named_and_nothing_is_sent(name: str) -> None:
    async def play() -> None:
        async with oauth(vault=kept(**{name: ""})) as on:
            trouble = await trouble_of(on)
            assert isinstance(trouble, OAuthTrouble)
            assert trouble.state is OAuthState.NOT_SET_UP
            assert name.lower().replace("_", " ") in trouble.sentence
            assert on.calls == []

    asyncio.run(play())


def test_an_unreadable_key_is_named_and_nothing_is_sent() -> None:
    async def play() -> None:
        async with oauth(
            vault=kept(SIGNATURE_KEY="-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")
        ) as on:
            trouble = await trouble_of(on)
            assert isinstance(trouble, OAuthTrouble)
            assert trouble.state is OAuthState.KEYS_UNREADABLE
            assert trouble.sentence == "The OAuth signature key is of another kind (public key)."
            assert on.calls == []

    asyncio.run(play())


def test_a_locked_keychain_is_told_with_its_own_remedy() -> None:
    async def play() -> None:
        vault = kept()
        vault.trouble = VaultTrouble("locked", "The keychain is locked.")
        async with oauth(vault=vault) as on:
            trouble = await trouble_of(on)
            assert isinstance(trouble, OAuthTrouble)
            assert (trouble.state, trouble.sentence) == (OAuthState.KEYCHAIN_SHUT, "The keychain is locked.")
            assert on.calls == []

    asyncio.run(play())


@pytest.mark.parametrize("fingerprint", ["", "ab" * 32, "no fingerprint"])
def test_to_a_certificate_that_is_not_pinned_nothing_is_sent(fingerprint: str) -> None:
    async def play() -> None:
        async with oauth(fingerprint=fingerprint) as on:
            trouble = await trouble_of(on)
            assert isinstance(trouble, OAuthTrouble)
            assert trouble.state is OAuthState.UNKNOWN_CERTIFICATE
            assert on.calls == []

    asyncio.run(play())


def test_a_service_that_is_not_there_is_unreachable() -> None:
    async def work(on: OAuthBench) -> None:
        await on.service.stop()
        trouble = await trouble_of(on)
        assert isinstance(trouble, OAuthTrouble)
        assert trouble.state is OAuthState.UNREACHABLE

    scene(work)


def test_no_secret_is_reported_or_shown_and_every_one_is_learned() -> None:
    async def work(on: OAuthBench) -> None:
        await on.link.ask_session()
        await on.link.ask_accounts()
        canaries = [*texts().values(), keys().secret.hex()]
        told = f"{on.notes.seen!r} {on.link!r}"
        assert not [canary for canary in canaries if canary.strip() in told]
        assert set(canaries) <= set(on.learned)
        assert CONSUMER not in repr(on.notes.seen)

    scene(work)


def test_what_is_kept_through_the_link_is_what_the_next_session_uses(tmp_path: Path) -> None:
    async def play() -> None:
        async with oauth(vault=MemoryVault()) as on:
            assert isinstance(await trouble_of(on), OAuthTrouble)
            for which, text in texts().items():
                if which in (OAuthSecret.ACCESS_TOKEN, OAuthSecret.ACCESS_SECRET):
                    await on.link.keep_text(which, Secret(text))
                else:
                    (tmp_path / which).write_text(text)
                    await on.link.keep_file(which, tmp_path / which)
            await on.link.ask_session()
            assert on.notes.value(kinds.OAUTH_STATE, SUBJECT) == OAuthState.SIGNED_IN

    asyncio.run(play())


def test_a_new_token_is_tried_at_once_after_the_old_one_was_refused() -> None:
    async def work(on: OAuthBench) -> None:
        await trouble_of(on)
        on.behave(token_lost=False)
        await on.link.keep_text(OAuthSecret.ACCESS_TOKEN, Secret(keys().token))
        assert await trouble_of(on) is None

    scene(work, replace(SERVER, token_lost=True))


def test_what_cannot_be_used_is_not_kept_and_the_old_one_stays(tmp_path: Path) -> None:
    async def work(on: OAuthBench) -> None:
        before = dict(on.vault.kept)
        (tmp_path / "key.pem").write_text("no key")
        for which in (OAuthSecret.SIGNATURE_KEY, OAuthSecret.ENCRYPTION_KEY, OAuthSecret.DH_PRIME):
            with pytest.raises(Unreadable):
                await on.link.keep_text(which, Secret("zażółć"))
            with pytest.raises(Unreadable):
                await on.link.keep_file(which, tmp_path / "key.pem")
        assert on.vault.kept == before

    scene(work)
