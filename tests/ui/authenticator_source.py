"""A source of made-up codes for the authenticator box, and the clocks it goes by. No digit in it is a real code's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from cockpit.domain.otp import TAKEN, Authenticator, Code, Draft, step_start
from cockpit.domain.secret import Secret
from cockpit.ui.authenticator.source import Answer, Unavailable

AT = 1793971890.0  # a step of 30 s begins
FAKE, FAKE_NEXT = "123456", "000000"
ALICE, BOB = Authenticator("IB alice"), Authenticator("IB bob, phone B", digits=8, period=60)
LOCKED = Unavailable("The keychain is locked.", "Unlock it.", "unlock-vault")


@dataclass
class Clocks:
    """Wall and steady clock of a PC; `sleep` lets time pass for both."""

    wall: float = AT
    steady: float = 1000.0

    def sleep(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds


@dataclass
class MadeUpCodes:
    """A CodeSource that answers at once, or, while `holds_back`, when `answer_all` is called."""

    clocks: Clocks
    kept: list[Authenticator] = field(default_factory=list)
    trouble: Unavailable | None = None
    holds_back: bool = False
    asked: list[str] = field(default_factory=list)
    waiting: list[Callable[[], None]] = field(default_factory=list)

    def list(self, answer: Answer[tuple[Authenticator, ...]]) -> None:
        self._answer("list", lambda: answer(self.trouble or tuple(self.kept)))

    def code(self, name: str, answer: Answer[Code]) -> None:
        def made() -> Code:
            period = next(one.period for one in self.kept if one.name == name)
            start = step_start(self.clocks.wall, period)
            turn = int(start // period) % 2 == int(AT // period) % 2
            digits = (FAKE, FAKE_NEXT) if turn else (FAKE_NEXT, FAKE)
            return Code(*digits, ends=start + period, period=period)

        self._answer(f"code {name}", lambda: answer(self.trouble or made()))

    def begin(self, text: Secret, answer: Answer[Draft]) -> None:
        said = text.reveal()
        wrong = Unavailable("The seed is cut short: letters are missing.", "Copy the whole of it.")
        self._answer("begin", lambda: answer(wrong if "bad" in said else Draft(ALICE, text)))

    def begin_picture(self, path: str, answer: Answer[Draft]) -> None:
        none = Unavailable("No QR code was found in this picture.", "Take a larger screenshot.")
        self._answer(f"picture {path}", lambda: answer(none if "bad" in path else Draft(BOB, Secret("x"))))

    def verify(
        self, draft: Draft, typed: str, name: str, replacing: bool, answer: Answer[Authenticator]
    ) -> None:
        def verdict() -> Authenticator | Unavailable:
            if typed != FAKE:
                return Unavailable(
                    "This is not the code of now. Nothing was kept.", "Type the code that is shown."
                )
            if any(one.name == name for one in self.kept) and not replacing:
                return Unavailable(
                    f"There is an authenticator called {name} already, and it stays.", "", TAKEN
                )
            one = Authenticator(name, draft.authenticator.algorithm, draft.authenticator.digits)
            self.kept = [*(other for other in self.kept if other.name != name), one]
            return one

        self._answer(f"verify {name}{' replacing' if replacing else ''}", lambda: answer(verdict()))

    def forget(self, name: str, answer: Answer[None]) -> None:
        self.kept = [one for one in self.kept if one.name != name]
        self._answer(f"forget {name}", lambda: answer(None))

    def answer_all(self) -> None:
        """Give every answer that was held back."""
        waiting, self.waiting = self.waiting, []
        for give in waiting:
            give()

    def _answer(self, asked: str, give: Callable[[], None]) -> None:
        self.asked.append(asked)
        if self.holds_back:
            self.waiting.append(give)
        else:
            give()
