"""What the newest statement says of an account: its age, what changed since the one before, margin class, company."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from cockpit.domain import kinds
from cockpit.domain.catalogue import Entity, Playing, RegionalRule
from cockpit.domain.evidence import Observation, Seen
from cockpit.domain.gates.world import FactsView

UNKNOWN_MARGIN = "Unknown"


class StatementChange(Struct, frozen=True):
    """Permissions that came and went between two statements, and since when the newest list has held (UTC seconds)."""

    gained: tuple[str, ...]
    lost: tuple[str, ...]
    since: float

    def __bool__(self) -> bool:
        return bool(self.gained or self.lost)


class AccountCard(Struct, frozen=True):
    """What differs for an account: whom it is with, and how it is margined.

    `entity` is the catalogue's row, None when the broker's word for it is not known here; `code` is that word.
    """

    account: str
    code: Seen[str] | None
    entity: Entity | None
    rules: tuple[RegionalRule, ...]
    margin: str
    margin_source: Seen[str] | Seen[tuple[str, ...]] | None
    statement_of: float | None
    statement_seen: Seen[tuple[str, ...]] | None


def previous_permissions(facts: FactsView, coming: Iterable[Observation]) -> list[Observation]:
    """Return what must be remembered before `coming` is folded: the list that a new statement is about to replace.

    Call it with the facts of before and hand both to the desk; the same list again replaces nothing.
    """
    kept = []
    for seen in coming:
        if seen.fact != kinds.PERMISSIONS.name:
            continue
        before = facts.look(kinds.PERMISSIONS, seen.subject)
        if before is not None and before.at < seen.at and before.value != seen.value:
            kept.append(
                kinds.PERMISSIONS_BEFORE.seen(
                    seen.subject, before.value, seen.at, before.provenance, before.note
                )
            )
    return kept


def change_of(facts: FactsView, account: str) -> StatementChange | None:
    """Return what changed with the newest list of permissions; None when there is nothing to compare."""
    subject = f"account/{account}"
    now, before = facts.look(kinds.PERMISSIONS, subject), facts.look(kinds.PERMISSIONS_BEFORE, subject)
    if now is None or before is None:
        return None
    gained = tuple(word for word in now.value if word not in before.value)
    lost = tuple(word for word in before.value if word not in now.value)
    return StatementChange(gained, lost, now.since)


def account_card(facts: FactsView, catalogue: Playing, account: str) -> AccountCard:
    """Gather what is known of an account, fresh or not: every part carries when it was seen."""
    subject = f"account/{account}"
    code = facts.look(kinds.ENTITY, subject)
    entity = catalogue.entity(code.value) if code is not None else None
    rules = (
        tuple(rule for rule in catalogue.rules.values() if entity.key in rule.entities)
        if entity is not None
        else ()
    )
    capabilities = facts.look(kinds.CAPABILITIES, subject)
    trading_type = facts.look(kinds.TRADING_TYPE, subject)
    margin, source = _margin(capabilities, trading_type)
    made = facts.look(kinds.STATEMENT_OF, subject)
    return AccountCard(
        account,
        code,
        entity,
        rules,
        margin,
        source,
        made.value if made is not None else None,
        facts.look(kinds.PERMISSIONS, subject),
    )


def _margin(
    capabilities: Seen[tuple[str, ...]] | None, trading_type: Seen[str] | None
) -> tuple[str, Seen[str] | Seen[tuple[str, ...]] | None]:
    """Say cash, Reg T or portfolio margin: the newer of the gateway's code and the statement's words."""
    if trading_type is not None and (capabilities is None or trading_type.at >= capabilities.at):
        word = _of_code(trading_type.value)
        if word or capabilities is None:
            return word or UNKNOWN_MARGIN, trading_type
    if capabilities is None:
        return UNKNOWN_MARGIN, None
    words = {word.casefold().strip() for word in capabilities.value}
    for name, said in (
        ("portfolio margin", "Portfolio margin"),
        ("margin", "Reg T margin"),
        ("cash", "Cash"),
    ):
        if name in words:
            return said, capabilities
    return UNKNOWN_MARGIN, capabilities


def _of_code(code: str) -> str:
    """Read the broker's margin class; the list is not published, so only its plain parts are trusted."""
    plain = code.upper()
    if plain.startswith("PM"):
        return "Portfolio margin"
    if "CASH" in plain:
        return "Cash"
    if "MRGN" in plain or "MARGIN" in plain:
        return "Reg T margin"
    return ""
