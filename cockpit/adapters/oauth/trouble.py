"""What can go wrong at the Web API: one row for each state, with its sentence, what to do, and when to ask again."""

from __future__ import annotations

from msgspec import Struct

from cockpit.domain.oauth import OAuthState
from cockpit.domain.remedy import Remedy
from cockpit.services.errors import Trouble

_MINUTE = 60.0


class OAuthTrouble(Trouble):
    """There is no session at the Web API, or no answer. `state` says how far it goes; nothing in it is secret.

    `again` is after how many seconds it makes sense to ask for a session once more; 0 at once.
    """

    def __init__(
        self, state: OAuthState, sentence: str, remedy: Remedy | None = None, again: float = 0.0
    ) -> None:
        super().__init__(sentence, remedy)
        self.state = state
        self.again = again


class _Row(Struct, frozen=True):
    """How a state is told. A broker that refuses is not asked again and again: nobody knows where it counts."""

    sentence: str
    cure: str
    again: float


_S = OAuthState
_ROWS = {
    _S.NOT_SET_UP: _Row(
        "No OAuth consumer is set up on this PC.",
        "Name the consumer in the settings, and keep its token, secret, keys and prime under Credentials.",
        0.0,
    ),
    _S.NOT_ACTIVE: _Row(
        "The consumer is not active yet.",
        "Wait; the cockpit looks again by itself, quietly. Nothing has to be made anew.",
        60 * _MINUTE,
    ),
    _S.CONSUMER_REFUSED: _Row(
        "The broker does not know the consumer.",
        "Compare the consumer key with the broker's page. If it is new, say under Credentials when it was made.",
        15 * _MINUTE,
    ),
    _S.TOKEN_LOST: _Row(
        "The broker has lost the access token, or it was replaced.",
        "Make a new access token on the broker's page and keep it with its secret; keys and consumer stay as "
        "they are. It works within minutes.",
        15 * _MINUTE,
    ),
    _S.CLOCK_WRONG: _Row(
        "The broker refuses the time of the request.",
        "Let this PC set its clock from the network, then try again.",
        5 * _MINUTE,
    ),
    _S.SIGNATURE_REFUSED: _Row(
        "The broker refuses the signature, and does not say why.",
        "See that the signature and encryption keys belong to this consumer, and the secret to this token.",
        15 * _MINUTE,
    ),
    _S.NOT_GENUINE: _Row(
        "The answer was made by somebody who does not know the access secret.",
        "See that secret and token were made together; if they were, do not use this network.",
        15 * _MINUTE,
    ),
    _S.REFUSED: _Row(
        "The broker refuses the request.",
        "Look in Client Portal whether this user may use the Web API, and from this network.",
        15 * _MINUTE,
    ),
    _S.OTHER_HOST: _Row(
        "The broker serves this user at another host of its own (410).",
        "Wait for an update of the catalogue: requests are signed for known hosts only.",
        60 * _MINUTE,
    ),
    _S.UNREACHABLE: _Row(
        "The Web API cannot be reached, or not safely.", "Check the network and the VPN.", _MINUTE
    ),
    _S.UNKNOWN_CERTIFICATE: _Row(
        "The address shows a certificate that this desk does not know; nothing was sent.",
        "Compare the fingerprint with the one in the settings.",
        _MINUTE,
    ),
    _S.NO_ANSWER: _Row("The Web API does not answer.", "Wait a minute; check the network.", _MINUTE),
    _S.UNREADABLE: _Row(
        "The Web API gave an answer that cannot be read.",
        "Look whether the network asks for a sign-in of its own.",
        5 * _MINUTE,
    ),
    _S.BACKEND_LOST: _Row(
        "The broker's back end timed out or is being maintained.", "Wait some minutes.", _MINUTE
    ),
    _S.ENDED: _Row(
        "The live session token is not taken any more.",
        "The cockpit asks for a new one. If it happens again and again, another program uses the same consumer.",
        0.0,
    ),
}


def trouble(state: OAuthState, detail: str = "") -> OAuthTrouble:
    """Return the trouble of a state. `detail` is one more sentence, of ours."""
    row = _ROWS[state]
    sentence = f"{row.sentence} {detail}" if detail else row.sentence
    return OAuthTrouble(state, sentence, Remedy(row.cure), row.again)
