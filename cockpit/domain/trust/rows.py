"""Every line of the device-trust list, worst first."""

from __future__ import annotations

from cockpit.domain.catalogue import Playing
from cockpit.domain.facts import FactsView
from cockpit.domain.plan import Plan
from cockpit.domain.trust.api_door import api_door, read_only_box
from cockpit.domain.trust.devices import device_rows
from cockpit.domain.trust.factors import factor_rows
from cockpit.domain.trust.gateway import gateway_certificate, gateway_door
from cockpit.domain.trust.recovery import recovery_rows
from cockpit.domain.trust.row import TrustRow
from cockpit.domain.trust.this_pc import remote_desktop, this_pc


def trust_rows(facts: FactsView, plan: Plan, catalogue: Playing, now: float) -> tuple[TrustRow, ...]:
    """Return a line for all that proves who you are or limits it: worst first, of equals in a fixed order.

    `now` in UTC epoch seconds. A line without evidence is unknown, and its `detail` says what was not seen.
    """
    rows: list[TrustRow] = []
    if plan.portal is not None:
        rows.append(gateway_door(facts, plan, plan.portal, now))
        rows.append(gateway_certificate(facts, plan, plan.portal, now))
    rows += [api_door(facts, plan, socket, now) for socket in plan.sockets]
    rows += factor_rows(facts, plan, catalogue, now)
    rows.append(this_pc(facts, plan, now))
    rows.append(remote_desktop(facts, plan, now))
    rows += device_rows(facts, plan, now)
    rows += [read_only_box(facts, plan, socket, now) for socket in plan.sockets]
    rows += recovery_rows(facts, plan, catalogue, now)
    return worst_first(rows)


def worst_first(rows: list[TrustRow]) -> tuple[TrustRow, ...]:
    """Sort lines for reading; the order among equals stays."""
    return tuple(sorted(rows, key=lambda row: row.level.rank, reverse=True))
