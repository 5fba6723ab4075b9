"""The troubles the world can cause. A bug of ours is none of them and is not caught.

Trouble
├── DoorTrouble          a session could not be opened (carries what the door did)
│   └── Stranger         another program owns the port
├── NoAnswer             a request ran into its named time-out
├── ConnectionEnded      the session was there and is gone
├── Refused              the broker answered with an error code
├── StatementTrouble     no Flex statement came (carries the state that this leaves)
├── NotPermitted         the program itself refuses: budget, missing confirmation, guard
├── Unreadable           an answer came that cannot be read
├── VaultTrouble         the keychain is missing, locked, denied or slow
└── JournalTrouble       the store cannot be used
"""

from __future__ import annotations

from cockpit.domain.flex import FlexState
from cockpit.domain.kinds import Door
from cockpit.domain.remedy import Remedy


class Trouble(Exception):
    """Something outside went wrong. `sentence` is for the trader, `remedy` says what to do."""

    def __init__(self, sentence: str, remedy: Remedy | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.remedy = remedy


class DoorTrouble(Trouble):
    """A session could not be opened; `door` says what the door did."""

    def __init__(self, door: Door, sentence: str, remedy: Remedy | None = None) -> None:
        super().__init__(sentence, remedy)
        self.door = door


class Stranger(DoorTrouble):
    """The port belongs to a program that the desk does not expect."""


class NoAnswer(Trouble):
    """No answer within `seconds`."""

    def __init__(self, sentence: str, seconds: float, remedy: Remedy | None = None) -> None:
        super().__init__(sentence, remedy)
        self.seconds = seconds


class ConnectionEnded(Trouble):
    """The connection is gone."""


class Refused(Trouble):
    """The broker refused with a code; its own text is foreign and only quoted."""

    def __init__(self, code: int, quote: str, sentence: str, remedy: Remedy | None = None) -> None:
        super().__init__(sentence, remedy)
        self.code = code
        self.quote = quote


class StatementTrouble(Trouble):
    """No Flex statement came. `code` is the broker's, 0 when it gave none; its own text is foreign and only quoted."""

    def __init__(
        self,
        state: FlexState,
        sentence: str,
        remedy: Remedy | None = None,
        code: int = 0,
        quote: str = "",
    ) -> None:
        super().__init__(sentence, remedy)
        self.state = state
        self.code = code
        self.quote = quote


class NotPermitted(Trouble):
    """The program refuses to do it."""


class Unreadable(Trouble):
    """An answer that cannot be read; it is dropped whole."""


class VaultTrouble(Trouble):
    """The keychain cannot be used now. `reason` is one word: missing, unsafe, locked, denied, slow, gone, long."""

    def __init__(self, reason: str, sentence: str, remedy: Remedy | None = None) -> None:
        super().__init__(sentence, remedy)
        self.reason = reason


class JournalTrouble(Trouble):
    """The journal cannot be written or read; the program goes on without memory."""
