"""Whether a code that somebody typed proves a seed, and what else it tells: a wrong clock looks unlike a wrong seed."""

from __future__ import annotations

import hmac
from typing import Protocol

from cockpit.domain.otp import Authenticator, Draft
from cockpit.domain.remedy import Remedy
from cockpit.domain.secret import Secret
from cockpit.services.errors import NotPermitted

YEAR_10000 = 253402300800.0
"""UTC epoch seconds from which on nobody computes codes."""

_NEAR = 1  # steps before and after the present one whose codes are accepted
_FAR = 20  # steps within which a refused code is recognised


class CodeMaker(Protocol):
    """Computes codes."""

    def code(self, authenticator: Authenticator, secret: Secret, at: float) -> str:
        """Return the code at `at` (UTC epoch seconds)."""


def prove(maker: CodeMaker, draft: Draft, typed: str, at: float, *, is_clock_known: bool) -> None:
    """Return if `typed` is the code at `at`, one step before or one after. Raises NotPermitted with the reason."""
    typed = "".join(typed.split())
    wanted = draft.authenticator.digits
    if not (typed.isascii() and typed.isdecimal() and len(typed) == wanted):
        raise NotPermitted(
            f"A code of this authenticator has {wanted} digits.",
            Remedy("Type the code that your other app shows now."),
        )
    step = _step_of(maker, draft, typed, at)
    if step is None:
        doubt = "" if is_clock_known else " This PC's clock was not compared with anything."
        raise NotPermitted(
            f"This is not the code of now, nor the one before or after it. Nothing was kept.{doubt}",
            Remedy(
                "Type the code that your other app shows now; if it is refused again, the seed is another one."
            ),
        )
    if abs(step) > _NEAR:
        minutes = abs(step) * draft.authenticator.period / 60
        raise NotPermitted(
            f"This code is {minutes:.0f} min {'old' if step < 0 else 'early'}: the seed is right, but this PC's "
            "clock and the other app's disagree.",
            Remedy("Set this PC's clock by the network, then type the code that is shown now."),
        )


def _step_of(maker: CodeMaker, draft: Draft, typed: str, at: float) -> int | None:
    """Return in which step, counted from the present one, this is the code; the nearest. None: in none of them."""
    for step in (0, *(sign * number for number in range(1, _FAR + 1) for sign in (-1, 1))):
        then = at + step * draft.authenticator.period
        if 0 <= then < YEAR_10000:
            code = maker.code(draft.authenticator, draft.secret, then)
            if hmac.compare_digest(code, typed):
                return step
    return None
