"""The engine: everything that runs beside the window, and the one door for intents."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path

from msgspec import Struct

from cockpit.domain import kinds
from cockpit.domain.catalogue import Playing
from cockpit.domain.custody.history import FACTS, KEPT
from cockpit.domain.evidence import Provenance
from cockpit.domain.level import Level
from cockpit.domain.notice import Notice
from cockpit.domain.plan import Flow, Instrument, Plan
from cockpit.domain.readiness import Run
from cockpit.domain.register import Register
from cockpit.domain.remedy import Remedy
from cockpit.services import intents
from cockpit.services.attestation import attested, drilled
from cockpit.services.codes import Codes
from cockpit.services.desk import Desk
from cockpit.services.errors import JournalTrouble, VaultTrouble
from cockpit.services.harm import Harm
from cockpit.services.ports import (
    Calendar,
    Clock,
    Journal,
    Machine,
    OAuthLink,
    PortalLink,
    Report,
    SocketLink,
    StatementLink,
    Vault,
)
from cockpit.services.preopen import PreOpen
from cockpit.services.questions import Reach
from cockpit.services.rehearsal import rehearse
from cockpit.services.rehearsals import Rehearsals
from cockpit.services.state import DeskState
from cockpit.services.statement import fetch_statement, import_statement, keep_flex_access
from cockpit.services.watch import Rhythm, Watch
from cockpit.services.web_api import keep_oauth_secret, look_at_web_api, renew_web_api

log = logging.getLogger(__name__)
CLOSE_WITHIN = 3.0  # seconds
GUARDS_EVERY = 300.0  # seconds between two looks at what guards this PC
WEB_API_EVERY = 60.0  # seconds between two looks at the Web API


class Outside(Struct, frozen=True):
    """Everything the engine needs from outside, built by the program's one wiring place.

    `sockets` and `portal` are made when the engine has its desk: they report to it.
    """

    clock: Clock
    machine: Machine
    calendar: Calendar
    sockets: Callable[[Plan, Report, Harm], Sequence[SocketLink]]
    portal: Callable[[Plan, Report, Harm], PortalLink | None]
    new_id: Callable[[], str]
    journal: Journal | None = None
    vault: Vault | None = None
    pin: Callable[[str], None] | None = None  # keeps a trusted certificate in the settings
    keep_playbook: Callable[[tuple[Flow, ...], tuple[Instrument, ...]], None] | None = None  # in the settings
    statements: Callable[[Plan, Harm], StatementLink | None] | None = None
    learn: Callable[[str], None] | None = None  # hides a secret in every log
    web_api: Callable[[Callable[[], Plan], Report, Harm], OAuthLink | None] | None = None
    codes: Callable[[Callable[[], Sequence[float]]], Codes | None] | None = (
        None  # authenticators; told the clock
    )
    keep_register: Callable[[Register], None] | None = None  # in its file
    catalogue: Playing = Playing()


class Engine:
    """Desk, watch, check and rehearsal, in one asyncio loop."""

    def __init__(
        self, plan: Plan, outside: Outside, publish: Callable[[DeskState], None], rhythm: Rhythm | None = None
    ) -> None:
        self._outside = outside
        self.harm = Harm(outside.clock)
        self.desk = Desk(plan, outside.clock, publish, outside.journal, self.harm.count, outside.catalogue)
        self.harm.listen(self.desk.changed)
        self._links = tuple(outside.sockets(plan, self.desk.observe, self.harm))
        self._portal = outside.portal(plan, self.desk.observe, self.harm)
        self.watch = Watch(
            self.desk, self.harm, self._links, self._portal, outside.machine, outside.calendar, rhythm
        )
        reach = Reach(
            self.desk,
            self.harm,
            self.watch,
            self._links,
            self._portal,
            outside.machine,
        )
        self.preopen = PreOpen(reach, outside.clock, outside.new_id, outside.journal)
        self._statements = outside.statements(plan, self.harm) if outside.statements is not None else None
        self._web_api: OAuthLink | None = None
        if outside.web_api is not None:
            self._web_api = outside.web_api(lambda: self.desk.plan, self.desk.observe, self.harm)
        self._rehearsals: Rehearsals | None = None
        self.codes = outside.codes(self._clock_offsets) if outside.codes is not None else None
        self._tasks: set[asyncio.Task[object]] = set()

    async def run(self) -> None:
        """Restore what was known, then watch until cancelled; close everything on the way out."""
        await self.restore()
        try:
            # Beside the watch, not in one group with it: a bug in either of them must not end the sessions.
            self._start(self.desk.tick(), "tick")
            self._start(self._ask_vault(), "vault")
            self._start(self._follow_web_api(), "web api")
            self._start(self._follow_guards(), "guards")
            await self.watch.run()
        finally:
            await self.close()

    async def restore(self) -> None:
        """Show the last known state from the journal, marked with its age."""
        if self._outside.journal is None:
            return
        try:
            self.desk.restore(await self._outside.journal.newest())
            self.desk.show_last_green(await self._outside.journal.last_green())
            start = self.desk.now() - KEPT
            self.desk.remember_custody(await self._outside.journal.since(FACTS, start))
        except JournalTrouble as trouble:
            self.desk.tell(
                Notice(
                    "journal-read",  # not "journal": that one is taken back as soon as writing works
                    Level.LIMITED,
                    "Journal",
                    trouble.sentence,
                    self.desk.now(),
                    "Everything else works",
                    trouble.remedy,
                )
            )
        self.desk.publish_now()

    async def check(self, *, everything: bool = True) -> Run:
        """Run the pre-open check and return it."""
        return await self.preopen.run(everything=everything)

    def aside(self, work: Coroutine[object, object, object]) -> None:
        """Do something for the window beside everything else, and own its task. Must be called in the engine's loop."""
        self._start(work, "errand of the window")

    def _clock_offsets(self) -> Sequence[float]:
        """Return by how many seconds this PC's clock is off, one figure for each source that is fresh."""
        now, facts = self.desk.now(), self.desk.facts
        subjects = [(kinds.BROKER_CLOCK, socket.subject) for socket in self.desk.plan.sockets]
        seen = [
            facts.fresh(kind, subject, now) for kind, subject in (*subjects, (kinds.CLOCK_OFFSET, "desk"))
        ]
        return [one.value for one in seen if one is not None]

    def tell(self, notice: Notice) -> None:
        """Show a notice. Must be called in the engine's loop."""
        self.desk.tell(notice)

    def send(self, intent: intents.Intent) -> None:
        """Take what the user asked for. Must be called in the engine's loop."""
        match intent:
            case intents.RunCheck(everything=everything):
                self._start(self.check(everything=everything), "check")
                self._start(self._look_at_guards(), "guards")
            case intents.CancelCheck():
                self.preopen.cancel()
            case intents.Reconnect(key=key):
                self.watch.poke(key)
            case intents.TrustCertificate(fingerprint=fingerprint):
                self._start(self._trust(fingerprint), "trust")
            case intents.AttestMobile():
                now = self.desk.now()
                self.desk.observe([kinds.OPENED_AT.seen("mobile", now, now, Provenance.ATTESTED)])
            case intents.Rehearse(ticket=ticket, confirmed=confirmed):
                if confirmed:
                    self._queue().one(ticket, confirmed=True)
                else:  # asked without the click: says so at the ticket
                    self._start(
                        rehearse(self.desk, self.harm, self._links, ticket, confirmed=False), "rehearsal"
                    )
            case intents.RehearseAll(confirmed=confirmed):
                self._queue().all(confirmed=confirmed)
            case intents.StopRehearsals():
                self._queue().stop()
            case intents.RepeatRehearsals(at=at, confirmed=confirmed):
                self._queue().repeat(at, confirmed=confirmed)
            case intents.FetchStatement() | intents.ImportStatement() | intents.KeepFlexAccess():
                self._start(self._statement(intent), "statement")
            case (
                intents.SayOffered()
                | intents.SayHeld()
                | intents.SayRequested()
                | intents.SayProven()
                | intents.SayLookedAfter()
                | intents.SayIssued()
                | intents.SayUsed()
                | intents.AcceptWeakness()
                | intents.SayFailedSignIn()
            ):
                self.desk.observe([attested(intent, self.desk.now())])
            case intents.UnlockVault():
                self._start(self._unlock_vault(), "vault")
            case intents.RenewWebApi() | intents.KeepOAuthSecret():
                self._start(self._use_web_api(intent), "web api")
            case intents.KeepRegister(register=register):
                self._start(self._keep_register(register), "register")
            case intents.KeepDrill():
                self.desk.observe([drilled(intent, self.desk.now())])
            case intents.KeepPlaybook(flows=flows, instruments=instruments):
                self._start(self._keep_playbook(flows, instruments), "playbook")
            case intents.DismissNotice(key=key):
                self.desk.dismiss(key)

    async def close(self) -> None:
        """Stop what was started and close every session, within a few seconds."""
        self.preopen.cancel()
        for task in self._tasks:
            task.cancel()
        try:
            async with asyncio.timeout(CLOSE_WITHIN):
                await asyncio.gather(*self._tasks, return_exceptions=True)
                await asyncio.gather(*(link.close() for link in self._links))
                if self._portal is not None:
                    await self._portal.close()
                if self._web_api is not None:
                    await self._web_api.close()
        except TimeoutError:
            log.warning("closing took longer than %.0f s and was cut short", CLOSE_WITHIN)
        if self._outside.journal is not None:
            try:
                await self._outside.journal.close()
            except JournalTrouble as trouble:
                log.warning("the journal did not close cleanly: %s", trouble.sentence)

    def _start(self, work: Coroutine[object, object, object], name: str) -> None:
        """Start and keep a task; how it ends is logged, a bug in it reaches the loop's hook."""
        task: asyncio.Task[object] = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[object]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            context = {"message": f"the {task.get_name()} failed", "exception": error, "task": task}
            task.get_loop().call_exception_handler(context)

    async def _trust(self, fingerprint: str) -> None:
        """Trust a certificate, if it is the one that was shown, and keep it in the settings."""
        seen = self.desk.facts.look(kinds.FINGERPRINT, "gateway")
        if seen is None or seen.value != fingerprint or self._portal is None:
            return
        await self._portal.trust(fingerprint)
        self.watch.poke("gateway")
        if self._outside.pin is None:
            return
        try:
            await asyncio.to_thread(self._outside.pin, fingerprint)
        except OSError as error:
            log.warning("the certificate could not be kept in the settings: %s", error)
            self.desk.tell(
                Notice(
                    "pin",
                    Level.LIMITED,
                    "Settings",
                    "The certificate is trusted until the cockpit ends: the settings file cannot be written",
                    self.desk.now(),
                    "The gateway is asked as usual",
                    Remedy(
                        "Make the settings file writable, then trust the certificate again.", "open-settings"
                    ),
                )
            )
        else:
            self.desk.untell("pin")

    async def _follow_guards(self) -> None:
        """Look now and then at what guards this PC and its doors; passive, and no part of the check's time."""
        while True:
            await self._look_at_guards()
            await asyncio.sleep(GUARDS_EVERY)

    async def _look_at_guards(self) -> None:
        self.desk.observe(await self._outside.machine.look_at_guards(self.desk.plan))

    async def _follow_web_api(self) -> None:
        """Look at the Web API once a minute; the link itself waits longer after a refusal."""
        while self._web_api is not None:
            await look_at_web_api(self.desk, self.harm, self._web_api)
            await asyncio.sleep(WEB_API_EVERY)

    async def _use_web_api(self, intent: intents.RenewWebApi | intents.KeepOAuthSecret) -> None:
        link = self._web_api
        if link is None:
            return
        match intent:
            case intents.RenewWebApi():
                await renew_web_api(self.desk, self.harm, link)
            case intents.KeepOAuthSecret(which=which, text=text, file=file):
                given = text if text is not None else Path(file)
                if await keep_oauth_secret(self.desk, link, which, given):
                    await look_at_web_api(self.desk, self.harm, link)

    def _queue(self) -> Rehearsals:
        """Return the queue of rehearsals; it works from the first use on."""
        if self._rehearsals is None:
            self._rehearsals = Rehearsals(self.desk, self.harm, self._links)
            self._start(self._rehearsals.run(), "rehearsals")
        return self._rehearsals

    async def _statement(
        self, intent: intents.FetchStatement | intents.ImportStatement | intents.KeepFlexAccess
    ) -> None:
        """Fetch a statement, read one from a file, or keep the token for it."""
        link, vault, learn = self._statements, self._outside.vault, self._outside.learn
        if link is None or vault is None or learn is None:
            return
        match intent:
            case intents.FetchStatement():
                await fetch_statement(self.desk, self.harm, link)
            case intents.ImportStatement(path=path):
                await import_statement(self.desk, link, Path(path))
            case intents.KeepFlexAccess(token=token, query=query):
                await keep_flex_access(self.desk, vault, learn, token, query)

    async def _keep_register(self, register: Register) -> None:
        """Work with a register at once, and keep it."""
        self.desk.take_register(register)
        self._start(self._look_at_guards(), "guards")
        if self._outside.keep_register is None:
            return
        try:
            await asyncio.to_thread(self._outside.keep_register, register)
        except (OSError, ValueError) as error:
            log.warning("the register could not be kept: %s", error)
            self._tell_unkept(
                "register", "The register is in use until the cockpit ends: its file cannot be written"
            )
        else:
            self.desk.untell("register")

    async def _keep_playbook(self, flows: tuple[Flow, ...], instruments: tuple[Instrument, ...]) -> None:
        """Work with a playbook at once, and keep it in the settings."""
        self.desk.take_playbook(flows, instruments)
        if self._outside.keep_playbook is None:
            return
        try:
            await asyncio.to_thread(self._outside.keep_playbook, flows, instruments)
        except (OSError, ValueError) as error:
            log.warning("the playbook could not be kept in the settings: %s", error)
            self._tell_unkept(
                "playbook", "The playbook is in use until the cockpit ends: the file cannot be written"
            )
        else:
            self.desk.untell("playbook")

    def _tell_unkept(self, key: str, sentence: str) -> None:
        cure = Remedy("Make the settings folder writable, then change it once more.", "open-settings")
        self.desk.tell(
            Notice(
                key, Level.LIMITED, "Settings", sentence, self.desk.now(), "Everything uses the new one", cure
            )
        )

    async def _unlock_vault(self) -> None:
        """Let the keychain ask for its password, on a click only; then look how it stands."""
        if self._outside.vault is None:
            return
        try:
            await self._outside.vault.unlock()
        except VaultTrouble as trouble:
            log.info("the keychain stays shut: %s", trouble.sentence)
        await self._ask_vault()

    async def _ask_vault(self) -> None:
        if self._outside.vault is None:
            return
        try:
            where, note = await self._outside.vault.where(), "open"
        except VaultTrouble as trouble:
            where, note = trouble.sentence, "shut"
        self.desk.show_vault(where)
        self.desk.observe([kinds.KEYCHAIN.seen("desk", where, self.desk.now(), note=note)])
