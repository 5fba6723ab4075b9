"""The journal's one thread: it owns the file, writes what waits in batches, and goes on after trouble."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from cockpit.adapters.journal.connection import Fault, fault_of
from cockpit.adapters.journal.files import free_ballast, keep_ballast
from cockpit.adapters.journal.opening import Store, open_store, set_aside
from cockpit.adapters.journal.runs import Writer
from cockpit.adapters.journal.sqlite_library import Migrations
from cockpit.adapters.journal.values import Damaged
from cockpit.domain.evidence import Observation
from cockpit.services.errors import JournalTrouble
from cockpit.services.ports import Clock

T = TypeVar("T")
log = logging.getLogger(__name__)

LARGEST_BATCH = 20_000  # observations in one transaction
MOST_JOBS = 1_000  # questions that may wait
FOREIGN = (sqlite3.Error, OSError, Damaged)


class Timings(Struct, frozen=True):
    """Named waits in seconds, and how many observations wait at most while nothing can be written."""

    batch: float = 0.05
    busy: float = 5.0
    retry: float = 2.0
    longest_retry: float = 30.0
    answer: float = 30.0
    close: float = 8.0
    most_waiting: int = 100_000


class _Question(Struct, frozen=True):
    """What to ask of the open journal, and where the answer goes."""

    run: Callable[[Store | None, JournalTrouble | None], Exception | None]
    refuse: Callable[[BaseException], None]
    after_writing: bool


class Scribe:
    """Takes observations and questions from any thread. Nothing but `_live` and what it calls touches the file."""

    def __init__(
        self, path: Path, writer: Writer, clock: Clock, timings: Timings, migrations: Migrations
    ) -> None:
        self._path = path
        self._writer = writer
        self._clock = clock
        self._timings = timings
        self._migrations = migrations
        self._changed = threading.Condition()
        self._waiting: deque[Observation] = deque()
        self._questions: deque[_Question] = deque()
        self._untold: deque[JournalTrouble] = deque()
        self._closing = False
        self._closed: Future[None] = Future()
        self._store: Store | None = None
        self._lost = 0
        self._failures = 0
        self.trouble: JournalTrouble | None = None
        threading.Thread(target=self._live, name="journal", daemon=True).start()

    def take(self, observations: Sequence[Observation]) -> JournalTrouble | None:
        """Take observations without waiting; return a trouble that was not told yet."""
        with self._changed:
            if not self._closing:
                was_empty = not self._waiting
                self._waiting.extend(observations)
                self._shorten()
                if was_empty or len(self._waiting) >= LARGEST_BATCH:
                    self._changed.notify()
            return self._untold.popleft() if self._untold else None

    def ask(self, do: Callable[[Store], T], *, after_writing: bool = False) -> Future[T]:
        """Have `do` done with the open journal; `after_writing`: only when all that was taken is on disk.

        Raises JournalTrouble when too much waits or the journal is closed; the future ends with it otherwise.
        """
        done: Future[T] = Future()

        def run(store: Store | None, trouble: JournalTrouble | None) -> Exception | None:
            if not done.set_running_or_notify_cancel():
                return None
            if store is None or trouble is not None:
                done.set_exception(trouble or JournalTrouble("The journal is not open."))
                return None
            try:
                done.set_result(do(store))
            except FOREIGN as error:
                done.set_exception(fault_of(error).trouble(self._path, error))
                return error
            except BaseException as error:
                done.set_exception(error)  # ours, or a bug: whoever asked shall have it
            return None

        with self._changed:
            if self._closing or len(self._questions) >= MOST_JOBS:
                raise JournalTrouble(
                    "The journal is closed." if self._closing else "The journal is too busy."
                )
            self._questions.append(_Question(run, done.set_exception, after_writing))
            self._changed.notify()
        return done

    def close(self) -> Future[None]:
        """Write what waits and end; the future ends with JournalTrouble when something could not be written."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        return self._closed

    def _live(self) -> None:
        try:
            while self._turn():
                pass
            self._end()
        except BaseException as error:
            self._give_up(error)
            raise

    def _turn(self) -> bool:
        """Write what waits, then answer; return whether there is more to come."""
        with self._changed:
            self._wait()
            questions, closing = list(self._questions), self._closing
            self._questions.clear()
        written = self._write()
        for question in questions:
            trouble = (
                self.trouble if self._store is None or (question.after_writing and not written) else None
            )
            error = question.run(self._store, trouble)
            if error is not None:
                self._look_into(error)
        return not closing

    def _wait(self) -> None:
        """Wait for work: a question is answered at once, observations wait a moment for more to come."""
        if self.trouble is not None:
            pause = self._timings.retry * 2 ** min(self._failures, 10)
            self._changed.wait_for(self._is_asked, min(pause, self._timings.longest_retry))
        elif self._store is not None:
            self._changed.wait_for(lambda: self._waiting or self._is_asked())
            self._changed.wait_for(
                lambda: self._is_asked() or len(self._waiting) >= LARGEST_BATCH, self._timings.batch
            )

    def _is_asked(self) -> bool:
        return bool(self._questions) or self._closing

    def _write(self) -> bool:
        """Write everything that waits; return whether all of it is on disk now."""
        second_try = False
        while True:
            batch: list[Observation] = []
            try:
                store = self._opened()
                if not store.is_writable:
                    return self._drop(store)
                batch = self._next_batch()
                if not batch:
                    self._go_on()
                    return True
                store.facts.add(batch)
                second_try = False
            except FOREIGN as error:
                self._put_back(batch)
                if second_try or not self._look_into(error):
                    self._pause(fault_of(error), error)
                    return False
                second_try = True
            except Exception:
                # A bug, perhaps in one observation. To try it again for ever would stop the journal.
                log.exception("%d observations could not be written", len(batch))
                self._lost += len(batch)

    def _opened(self) -> Store:
        """Return the open journal; open it again when its file is not the one at its path any more."""
        if self._store is not None and not self._store.is_in_place():
            self._store.close()
            self._store = None
            self._tell(
                JournalTrouble(f"The journal's file was moved or deleted; a fresh one is at {self._path}.")
            )
        if self._store is None:
            self._store = open_store(
                self._path, self._writer, self._timings.busy, self._clock.now(), self._migrations
            )
            if self._store.trouble is not None:
                self._tell(self._store.trouble)
        return self._store

    def _look_into(self, error: Exception) -> bool:
        """Do what can be done about an error of the file; return whether it is worth another try."""
        match fault_of(error):
            case Fault.FULL:
                return free_ballast(self._path)
            case Fault.DAMAGED if self._store is not None and self._store.is_writable:
                store, self._store = self._store, None
                try:
                    self._tell(set_aside(store, self._clock.now()))
                except FOREIGN as again:
                    log.warning("the damaged journal could not be moved: %s", again)
                    return False
                return True
        return False

    def _pause(self, fault: Fault, error: Exception) -> None:
        """Keep what waits and try again later. A lock often goes by itself, so it is told the second time only."""
        log.warning("the journal pauses: %s (%s)", fault.sentence, error)
        before, self.trouble = self.trouble, fault.trouble(self._path, error)
        self._failures += 1
        is_new = before is None or before.sentence != self.trouble.sentence
        if self._failures == 2 if fault is Fault.LOCKED else is_new:
            self._tell(self.trouble)

    def _go_on(self) -> None:
        """Everything is written: the trouble, if there was one, is over."""
        if self.trouble is not None:
            log.info("the journal goes on")
            keep_ballast(self._path)
        self.trouble, self._failures = None, 0
        if self._lost:
            lost, self._lost = self._lost, 0
            self._tell(
                JournalTrouble(f"{lost} observations were not kept while the journal could not write.")
            )

    def _drop(self, store: Store) -> bool:
        """Forget what waits: this journal is only read."""
        with self._changed:
            self._waiting.clear()
        self.trouble, self._failures = store.trouble, 10
        return False

    def _next_batch(self) -> list[Observation]:
        with self._changed:
            return [self._waiting.popleft() for _ in range(min(len(self._waiting), LARGEST_BATCH))]

    def _put_back(self, batch: list[Observation]) -> None:
        with self._changed:
            self._waiting.extendleft(reversed(batch))
            self._shorten()

    def _shorten(self) -> None:
        """Let the oldest go when too many wait: the newest are the last known state."""
        while len(self._waiting) > self._timings.most_waiting:
            self._waiting.popleft()
            self._lost += 1

    def _tell(self, trouble: JournalTrouble) -> None:
        log.warning("%s", trouble.sentence)
        with self._changed:
            self._untold.append(trouble)

    def _end(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None
        if self._waiting and self.trouble is not None:
            self._closed.set_exception(self.trouble)
        else:
            self._closed.set_result(None)

    def _give_up(self, error: BaseException) -> None:
        """A bug in this thread: nobody may wait for it."""
        with self._changed:
            self._closing = True
            questions = list(self._questions)
        for question in questions:
            question.refuse(JournalTrouble("The journal stopped by a fault of the program; the log has it."))
        if not self._closed.done():
            self._closed.set_exception(JournalTrouble(f"The journal stopped: {type(error).__name__}."))
