"""Trading permissions: what the playbook needs, what an account holds, and the gap between them, on which evidence."""

from __future__ import annotations

import math
from collections.abc import Iterator

from msgspec import Struct

from cockpit.domain import kinds
from cockpit.domain.catalogue import Permission, Playing
from cockpit.domain.evidence import Provenance, Seen
from cockpit.domain.gates.world import FactsView
from cockpit.domain.level import Level
from cockpit.domain.plan import Flow, Plan, Ticket

_GATEWAY = "gateway/contract/"
_NEVER = -math.inf


class Witness(Struct, frozen=True):
    """One word on whether a permission is held: who says so, when, and until when it counts (UTC epoch seconds).

    `is_sure` is false for a no that has not been seen to be true: alone it makes the answer unknown, not blocked.
    """

    says: bool
    source: str
    provenance: Provenance
    at: float
    until: float
    is_sure: bool = True

    def is_fresh(self, now: float) -> bool:
        """Whether it still counts at `now`."""
        return now <= self.until


class Need(Struct, frozen=True):
    """A ticket that needs a permission: its key, its words on screen, and the instruments of that security type."""

    ticket: str
    words: str
    instruments: tuple[str, ...]


class Holding(Struct, frozen=True):
    """A permission of one account: needed by whom, held or not, and on which evidence, best first.

    `decisive` is the witness that gives the level; None when there is none. `row` is what is published; None for a
    word of the statement, or a product, that the catalogue does not know. `requested_at` in UTC epoch seconds.
    """

    account: str
    key: str
    title: str
    level: Level
    sentence: str
    needs: tuple[Need, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    decisive: Witness | None = None
    row: Permission | None = None
    requested_at: float | None = None

    @property
    def is_gap(self) -> bool:
        """Whether the playbook needs it and nothing proves that it is held."""
        return bool(self.needs) and self.level is not Level.READY


def weigh(witnesses: tuple[Witness, ...], now: float) -> tuple[Level, str, Witness | None]:
    """Weigh the evidence on one permission: its level, why, and the witness that decides.

    Measured beats said. A measured no is overcome only by a newer measured yes, however old the no has become: so
    neither time nor the trader's word alone can close a gap that was measured.
    """
    measured = [one for one in witnesses if one.provenance is Provenance.MEASURED]
    said = [one for one in witnesses if one.provenance is Provenance.ATTESTED and one.is_fresh(now)]
    no = max((one for one in measured if not one.says), key=_at, default=None)
    yes = max((one for one in measured if one.says and one.is_fresh(now)), key=_at, default=None)
    if yes is not None and (no is None or yes.at > no.at):
        return Level.READY, f"Held: {yes.source}.", yes
    if no is not None and no.is_fresh(now):
        agree = [one for one in (*measured, *said) if one is not no and not one.says and one.is_fresh(now)]
        if no.is_sure or agree:
            return Level.BLOCKED, f"Not held: {no.source}.", no
        return Level.UNKNOWN, f"Perhaps not held: {no.source} says no, and nothing confirms it yet.", no
    if no is not None:
        return Level.UNKNOWN, f"Not held when last measured: {no.source}.", no
    word = max(said, key=_at, default=None)
    if word is not None:
        held = "Held" if word.says else "Not held"
        return (Level.READY if word.says else Level.BLOCKED), f"{held}: {word.source}.", word
    last = max(witnesses, key=_at, default=None)
    if last is not None:
        return Level.UNKNOWN, "Seen once, too long ago to count.", last
    return Level.UNKNOWN, "Nothing seen yet: fetch a statement, or sign in at the gateway.", None


def _at(witness: Witness) -> float:
    return witness.at


def accounts_of(facts: FactsView, plan: Plan) -> tuple[str, ...]:
    """Return every account that the desk expects, sees or has a statement of, the expected ones first."""
    found: list[str] = []
    for socket in plan.sockets:
        found += socket.accounts
        seen = facts.look(kinds.ACCOUNTS, socket.subject)
        found += seen.value if seen is not None else ()
    if plan.portal is not None:
        found += plan.portal.accounts
        seen = facts.look(kinds.PORTAL_ACCOUNTS, plan.portal.subject)
        found += seen.value if seen is not None else ()
    found += [ticket.account for flow in plan.flows for ticket in flow.tickets if ticket.account]
    found += [subject.removeprefix("account/") for subject in facts.subjects(kinds.PERMISSIONS, "account/")]
    return tuple(dict.fromkeys(found))


def permission_for(catalogue: Playing, security_type: str) -> Permission | None:
    """Return the permission that unlocks a security type such as FOP: the first row that a statement can name."""
    rows = [row for row in catalogue.permissions.values() if security_type in row.products]
    return next((row for row in rows if row.statement_words), rows[0] if rows else None)


def holdings(facts: FactsView, plan: Plan, catalogue: Playing, now: float) -> tuple[Holding, ...]:
    """Return the permissions of every account: what the playbook needs, worst first, then what else is held."""
    accounts = accounts_of(facts, plan)
    found = [one for account in accounts for one in _of_account(facts, plan, catalogue, account, now)]
    return tuple(
        sorted(
            found,
            key=lambda one: (
                not one.needs,
                -one.level.rank if one.needs else 0,
                accounts.index(one.account),
                one.title.lower(),
            ),
        )
    )


def _of_account(
    facts: FactsView, plan: Plan, catalogue: Playing, account: str, now: float
) -> Iterator[Holding]:
    needed = _needs(facts, plan, account)
    rows = {security_type: permission_for(catalogue, security_type) for security_type in needed}
    shown: set[str] = set()
    for security_type, needs in needed.items():
        row = rows[security_type]
        if row is None:
            sentence = f"The catalogue names no permission for {security_type}."
            yield Holding(account, f"product/{security_type}", security_type, Level.UNKNOWN, sentence, needs)
        elif row.key not in shown:
            alike = _alike(catalogue, row)
            shown.update(one.key for one in alike)
            every = [need for one, found in needed.items() if rows[one] is row for need in found]
            yield _holding(facts, account, row, tuple(every), now, is_one_of=len(alike))
    for row in catalogue.permissions.values():
        is_held = any(one.says for one in _witnesses(facts, account, row, ()))
        if row.key not in shown and (is_held or _requested(facts, account, row) is not None):
            alike = _alike(catalogue, row)
            shown.update(one.key for one in alike)
            yield _holding(facts, account, row, (), now, is_one_of=len(alike))
    yield from _words_without_row(facts, catalogue, account, now)


def _alike(catalogue: Playing, row: Permission) -> tuple[Permission, ...]:
    """Return the rows that a statement cannot tell from `row`, such as the four option levels."""
    return tuple(
        one
        for one in catalogue.permissions.values()
        if one is row
        or (
            one.products == row.products
            and bool(row.statement_words)
            and one.statement_words == row.statement_words
        )
    )


def _holding(
    facts: FactsView, account: str, row: Permission, needs: tuple[Need, ...], now: float, *, is_one_of: int
) -> Holding:
    """Weigh one permission. What several instruments need is as good as the worst of them.

    `is_one_of` counts the rows that a statement cannot tell apart: above one they are shown by the statement's word.
    """
    instruments = tuple(dict.fromkeys(key for need in needs for key in need.instruments))
    every = tuple(dict.fromkeys(_witnesses(facts, account, row, instruments)))
    found = [
        weigh(tuple(_witnesses(facts, account, row, (instrument,))), now) for instrument in instruments
    ] or [weigh(every, now)]
    level, sentence, decisive = max(found, key=lambda one: one[0].rank)
    title = row.title
    if is_one_of > 1 and row.statement_words:
        title = row.statement_words[0]
        sentence += " No source says which level." if level is Level.READY else ""
    return Holding(
        account,
        row.key,
        title,
        level,
        sentence,
        needs,
        tuple(sorted(every, key=lambda one: (one.provenance is not Provenance.MEASURED, -one.at))),
        decisive,
        row,
        _requested(facts, account, row),
    )


def _requested(facts: FactsView, account: str, row: Permission) -> float | None:
    """Return when the trader requested it, UTC epoch seconds; None when that was never said or taken back."""
    seen = facts.look(kinds.REQUESTED_ON, f"attested/permission/{account}/{row.key}")
    return seen.value if seen is not None and seen.value > 0 else None


def _words_without_row(facts: FactsView, catalogue: Playing, account: str, now: float) -> Iterator[Holding]:
    seen = facts.look(kinds.PERMISSIONS, f"account/{account}")
    if seen is None:
        return
    for word in seen.value:
        if not any(_names(row, word) for row in catalogue.permissions.values()):
            witness = _statement(facts, account, seen, says=True)
            level, sentence, decisive = weigh((witness,), now)
            yield Holding(
                account, f"word/{word}", word, level, sentence, witnesses=(witness,), decisive=decisive
            )


def _needs(facts: FactsView, plan: Plan, account: str) -> dict[str, tuple[Need, ...]]:
    """Return what the tickets of an account need, by security type."""
    found: dict[str, list[Need]] = {}
    for flow in plan.flows:
        for ticket in flow.tickets:
            if (ticket.account or _account_of(facts, plan, flow)) not in (account, ""):
                continue
            by_type: dict[str, list[str]] = {}
            for key in dict.fromkeys((ticket.instrument, *(leg.instrument for leg in ticket.legs))):
                instrument = plan.instrument(key)
                # Of a combination only the legs count, and an index itself is not traded.
                if instrument is not None and instrument.sec_type not in ("BAG", "IND"):
                    by_type.setdefault(instrument.sec_type, []).append(key)
            for security_type, keys in by_type.items():
                need = Need(ticket.key, words_of(ticket), tuple(keys))
                found.setdefault(security_type, []).append(need)
    return {security_type: tuple(needs) for security_type, needs in found.items()}


def words_of(ticket: Ticket) -> str:
    """Say a ticket in short: as it was typed, or `BUY 2 ES LMT`."""
    if ticket.text:
        return ticket.text
    return f"{ticket.action} {ticket.quantity:g} {ticket.instrument} {ticket.order_type}"


def _account_of(facts: FactsView, plan: Plan, flow: Flow) -> str:
    """Return the account that a ticket without one would go to: the first of its flow's socket; "" when not known."""
    socket = plan.socket_of(flow)
    if socket is None:
        return ""
    seen = facts.look(kinds.ACCOUNTS, socket.subject)
    known = socket.accounts or (seen.value if seen is not None else ())
    return known[0] if known else ""


def _witnesses(
    facts: FactsView, account: str, row: Permission, instruments: tuple[str, ...]
) -> Iterator[Witness]:
    for instrument in instruments:
        yield from _gateway(facts, account, instrument)
    listed = facts.look(kinds.PERMISSIONS, f"account/{account}")
    if listed is not None and row.statement_words:
        says = any(_names(row, word) for word in listed.value)
        yield _statement(facts, account, listed, says=says)
    said = facts.look(kinds.SAID_HELD, f"attested/permission/{account}/{row.key}")
    if said is not None:
        yield _witness(said, "you said so", says=said.value, provenance=Provenance.ATTESTED)


def _gateway(facts: FactsView, account: str, instrument: str) -> Iterator[Witness]:
    subject = f"{_GATEWAY}{instrument}"
    users = facts.look(kinds.PORTAL_ACCOUNTS, "gateway")
    is_his = None if users is None else account in users.value  # None: not known whose the gateway's user is
    permitted = facts.look(kinds.PERMITTED, subject)
    if permitted is not None and (is_his or (is_his is None and not permitted.value)):
        source = f"the gateway's user, asked for {instrument} (field 7768)"
        # Its no was never recorded on a live account (fact sheet of the Web API, section 5).
        yield _witness(permitted, source, says=permitted.value, is_sure=permitted.value)
    for place in (subject, f"{subject}/buy", f"{subject}/sell"):
        tradable = facts.look(kinds.RULE_ACCOUNTS, place)
        if tradable is not None and (account in tradable.value or is_his is not False):
            source = f"the accounts that may trade {instrument} (contract rules)"
            yield _witness(tradable, source, says=account in tradable.value)


def _statement(facts: FactsView, account: str, seen: Seen[tuple[str, ...]], *, says: bool) -> Witness:
    """Take the statement's word as of when it was made: it is a day old when it is fetched."""
    made = facts.look(kinds.STATEMENT_OF, f"account/{account}")
    found = _witness(seen, "the statement lists it" if says else "the statement does not list it", says=says)
    if made is None:
        return found
    return Witness(says, found.source, found.provenance, min(made.value, found.at), found.until)


def _witness(
    seen: Seen[bool] | Seen[tuple[str, ...]],
    source: str,
    *,
    says: bool,
    provenance: Provenance = Provenance.MEASURED,
    is_sure: bool = True,
) -> Witness:
    until = _NEVER if seen.is_from_before else seen.at + seen.fresh_for
    return Witness(says, source, provenance, seen.at, until, is_sure)


def _names(row: Permission, word: str) -> bool:
    """Whether a word of the statement names the permission, with or without a country: `Stocks (United States)`."""
    given = word.casefold().strip()
    return any(
        given == name.casefold() or given.startswith(f"{name.casefold()} (") for name in row.statement_words
    )
