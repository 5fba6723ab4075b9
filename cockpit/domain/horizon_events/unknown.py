"""What is missing from the line because nobody has seen or said it: an empty place is not an all-clear."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from cockpit.domain import kinds
from cockpit.domain.calendar import venue_name
from cockpit.domain.catalogue import Playing
from cockpit.domain.facts import FactsView
from cockpit.domain.horizon_events.data import IDLE_RULE, YEARLY_RULE, YEARLY_SUBJECT
from cockpit.domain.horizon_events.hours import unknown_hours
from cockpit.domain.plan import Plan
from cockpit.domain.register import CredentialKind

NO_VENUE = "a flow without a venue"


class Missing(Struct, frozen=True):
    """A clock that may run unseen: its name, and what would make it known. `action` can be offered for it."""

    key: str
    title: str
    cure: str
    action: str = ""


def missing_clocks(facts: FactsView, plan: Plan, catalogue: Playing, now: float) -> tuple[Missing, ...]:
    """Return the clocks that ought to be on the line and are not."""
    return tuple(_missing(facts, plan, catalogue, now))


def _missing(facts: FactsView, plan: Plan, catalogue: Playing, now: float) -> Iterator[Missing]:
    for venue in unknown_hours(facts, plan, now):
        cure = "The calendar does not know them" if venue else "Name it in the playbook"
        yield Missing(
            f"hours/{venue}",
            f"hours of {venue_name(venue) or NO_VENUE}",
            f"{cure}: until then collisions there are not marked.",
        )
    if not plan.restart_at:
        yield Missing("restart", "restart of TWS", "Name its time in the settings.", "open-settings")
    if plan.portal is not None and facts.look(kinds.SSO_ENDS, "gateway") is None:
        yield Missing("sso", "end of the Client Portal sign-in", "The gateway tells it once it is signed in.")
    if facts.look(kinds.OPENED_AT, "mobile") is None:
        yield Missing("mobile", "access of IBKR Mobile", "Say when it was opened.", "attest-mobile")
    if not catalogue.windows:
        yield Missing("windows", "server resets", "The catalogue has no windows.")
    if IDLE_RULE in catalogue.data_rules:
        for credential in plan.register.credentials:
            used = facts.look(kinds.USED, f"credential/{credential.name}")
            if credential.kind is CredentialKind.USERNAME and used is None:
                yield Missing(
                    f"idle/{credential.name}",
                    f"last sign-in of {credential.name}",
                    "Say in Credentials when it was last used.",
                )
    if YEARLY_RULE in catalogue.data_rules and facts.look(kinds.LOOKED_AFTER, YEARLY_SUBJECT) is None:
        yield Missing("non-professional", "yearly non-professional form", "Say when it was last answered.")
