"""The door of a second start on Windows: a named pipe. Only whole messages of raw bytes are read, none pickled."""

from __future__ import annotations

from multiprocessing.connection import Client, Listener


class Pipe:
    """Hears `word` and answers with `answer`; waits `patience` seconds for the other side."""

    def __init__(self, place: str, word: bytes, answer: bytes, patience: float) -> None:
        """Open the pipe. Raises OSError."""
        self._word, self._answer, self._patience = word, answer, patience
        self._listener = Listener(place, "AF_PIPE")

    def hears(self) -> bool:
        """Wait for a knock, answer it, and return whether it was the word."""
        try:
            with self._listener.accept() as caller:
                if not caller.poll(self._patience) or caller.recv_bytes(len(self._word)) != self._word:
                    return False
                caller.send_bytes(self._answer)
                return True
        except (OSError, EOFError):
            return False

    def close(self) -> None:
        """Wait no more."""
        self._listener.close()


def knock_at_pipe(place: str, word: bytes, answer: bytes, patience: float) -> bool:
    """Say the word and return whether the answer came. Raises OSError and EOFError."""
    with Client(place, "AF_PIPE") as pipe:
        pipe.send_bytes(word)
        return pipe.poll(patience) and pipe.recv_bytes(len(answer)) == answer
