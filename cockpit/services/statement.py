"""Statements: fetch one, import one, keep the token for it. Whatever comes of it is shown; nothing is raised."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from cockpit.domain import kinds
from cockpit.domain.evidence import Observation
from cockpit.domain.flex import SUBJECT, FlexState
from cockpit.domain.level import Level
from cockpit.domain.notice import Notice
from cockpit.domain.readiness import Footprint
from cockpit.domain.remedy import Remedy
from cockpit.domain.secret import Secret
from cockpit.domain.statement import previous_permissions
from cockpit.services.desk import Desk
from cockpit.services.errors import (
    NotPermitted,
    StatementTrouble,
    Trouble,
    Unreadable,
    VaultTrouble,
)
from cockpit.services.harm import Harm
from cockpit.services.ports import QUERY, TOKEN, StatementLink, Vault

NOTICE = "flex"
FILE_NOTICE = "flex/file"
ACCESS_NOTICE = "flex/access"
_TITLE = "Flex reports"
_STAYS = "What the last statement said stays, with its age"
_LONGEST = 128  # characters of a token; the broker's are digits, some two dozen


async def fetch_statement(desk: Desk, harm: Harm, link: StatementLink) -> bool:
    """Fetch the newest statement; return whether it came. A failure stays as a fact, with its code, and as a notice."""
    try:
        await harm.permit(Footprint.LIGHT, messages=2)
        said = await link.fetch()
    except NotPermitted as trouble:  # nothing was asked, so nothing is known anew
        desk.tell(_notice(NOTICE, desk, trouble))
        return False
    except Trouble as trouble:
        desk.observe([_state(desk, _state_of(trouble), _why(trouble))])
        desk.tell(_notice(NOTICE, desk, trouble))
        return False
    _take(desk, said)
    desk.observe([_state(desk, FlexState.FETCHED, said[0].note if said else "")])
    desk.untell(NOTICE)
    return True


async def import_statement(desk: Desk, link: StatementLink, path: Path) -> bool:
    """Take a statement from a file; return whether it could be read. How the last fetch went stays as it was."""
    try:
        said = await link.read_file(path)
    except Trouble as trouble:
        desk.tell(_notice(FILE_NOTICE, desk, trouble))
        return False
    _take(desk, said)
    desk.untell(FILE_NOTICE)
    return True


async def keep_flex_access(
    desk: Desk, vault: Vault, learn: Callable[[str], None], token: Secret, query: str
) -> bool:
    """Keep token and query id in the keychain; return whether both are kept.

    When not, the notice says why and whoever asked keeps what was typed. `learn` hides the token in every log.
    """
    typed, number = token.reveal().strip(), query.strip()
    learn(typed)
    try:
        if not (6 <= len(typed) <= _LONGEST and typed.isascii() and typed.isalnum()):
            raise Unreadable(
                "This is not a Flex token: it is one word of digits and letters.",
                Remedy("Copy it from Flex Web Service in Client Portal's settings."),
            )
        if not (number.isascii() and number.isdecimal() and len(number) <= 32):
            raise Unreadable(
                "This is not the id of a Flex query: it is a number of about six digits.",
                Remedy("Look it up in Client Portal, Flex Queries, with the info sign beside the query."),
            )
        await vault.put(TOKEN, typed)
        await vault.put(QUERY, number)
    except Trouble as trouble:
        desk.tell(_notice(ACCESS_NOTICE, desk, trouble, "Nothing you typed is lost"))
        return False
    desk.observe([_state(desk, FlexState.UNTRIED)])
    desk.untell(ACCESS_NOTICE)
    desk.untell(NOTICE)
    return True


def _take(desk: Desk, said: Sequence[Observation]) -> None:
    """Take what a statement says, and before that keep what it is about to replace."""
    desk.observe([*previous_permissions(desk.facts, said), *said])


def _state(desk: Desk, state: FlexState, note: str = "") -> Observation:
    return kinds.FLEX_STATE.seen(SUBJECT, state, desk.now(), note=note)


def _state_of(trouble: Trouble) -> FlexState:
    match trouble:
        case StatementTrouble():
            return trouble.state
        case VaultTrouble():
            return FlexState.KEYCHAIN_SHUT
        case Unreadable():
            return FlexState.UNREADABLE
        case _:
            return FlexState.REFUSED


def _why(trouble: Trouble) -> str:
    if isinstance(trouble, StatementTrouble) and trouble.code:
        return f"code {trouble.code}: {trouble.quote}" if trouble.quote else f"code {trouble.code}"
    return trouble.sentence


def _notice(key: str, desk: Desk, trouble: Trouble, works: str = _STAYS) -> Notice:
    quote = trouble.quote if isinstance(trouble, StatementTrouble) else ""
    return Notice(key, Level.LIMITED, _TITLE, trouble.sentence, desk.now(), works, trouble.remedy, quote)
