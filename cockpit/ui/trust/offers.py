"""What can be said or done about one line: prove it, say that it failed, look after it, edit it, take it away."""

from __future__ import annotations

from enum import StrEnum

from cockpit.domain.register import RecoveryKind, RecoveryPath, Register
from cockpit.services.intents import AcceptWeakness, Intent, SayIssued, SayLookedAfter, SayProven, SayUsed


class Offer(StrEnum):
    """Something the trader can do about a line; the value is what its button says."""

    FIX = "fix"
    PROVEN = "It worked just now"
    FAILED = "It failed"
    LOOKED_AFTER = "I looked, it is there"
    ISSUED = "It was issued just now"
    ISSUED_BACK = "It was not issued"
    USED = "It was used just now"
    ACCEPT = "Accept as it is …"
    TAKE_BACK = "Take the acceptance back"
    EDIT = "Edit …"
    REMOVE = "Remove …"


_ISSUED = (RecoveryKind.TEMPORARY_CODE, RecoveryKind.ONLINE_CARD)


def split(key: str) -> tuple[str, str]:
    """Split the key of a line into what it is and its name: `factor/phone B`."""
    kind, _, name = key.partition("/")
    return kind, name


def offers_of(key: str, register: Register, *, is_issued: bool = False) -> tuple[Offer, ...]:
    """Return what can be said about the line with this key; nothing about what the desk has not registered."""
    kind, name = split(key)
    match kind:
        case "factor" if any(one.name == name for one in register.factors):
            return (Offer.PROVEN, Offer.FAILED, Offer.EDIT, Offer.REMOVE)
        case "device" if any(one.name == name for one in register.devices):
            return (Offer.LOOKED_AFTER, Offer.EDIT, Offer.REMOVE)
        case "recovery":
            path = next((one for one in register.recovery if one.name == name), None)
            return _of_path(path, is_issued=is_issued) if path is not None else ()
        case "credential" if any(one.name == name for one in register.credentials):
            return (Offer.USED, Offer.EDIT, Offer.REMOVE)
        case _:
            return ()


def _of_path(path: RecoveryPath, *, is_issued: bool) -> tuple[Offer, ...]:
    issued: tuple[Offer, ...] = ()
    if path.kind in _ISSUED:
        issued = (Offer.ISSUED_BACK if is_issued else Offer.ISSUED,)
    return (Offer.PROVEN, Offer.FAILED, Offer.LOOKED_AFTER, *issued, Offer.EDIT, Offer.REMOVE)


def word_of_offer(offer: Offer, key: str, now: float) -> Intent | None:
    """Return what the trader says with a button about the line with this key; None for a button that says nothing."""
    match offer:
        case Offer.PROVEN | Offer.FAILED:
            return SayProven(key, has_worked=offer is Offer.PROVEN)
        case Offer.LOOKED_AFTER:
            return SayLookedAfter(key)
        case Offer.ISSUED | Offer.ISSUED_BACK:
            return SayIssued(key, now if offer is Offer.ISSUED else 0.0)
        case Offer.USED:
            return SayUsed(split(key)[1])
        case Offer.TAKE_BACK:
            return AcceptWeakness(key, is_accepted=False)
        case _:
            return None
