"""The table of the portal's paths: method, path, which session it needs, what answers."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct

from cockpit.simulator.portal import reading, trading
from cockpit.simulator.portal.call import Call, Tier
from cockpit.simulator.portal.http import Answer


class Route(Struct, frozen=True):
    """A path behind /v1/api, with the methods it takes."""

    methods: tuple[str, ...]
    pattern: re.Pattern[str]
    tier: Tier
    answer: Callable[[Call], Answer]


def _route(methods: str, pattern: str, tier: Tier, answer: Callable[[Call], Answer]) -> Route:
    return Route(tuple(methods.split()), re.compile(pattern), tier, answer)


_EITHER = "GET POST"  # the broker documents POST; GET works on the wire
_ACCOUNT = r"/iserver/account/([^/]+)"
_CONTRACT = r"/iserver/contract/(\d{1,10})"

ROUTES: tuple[Route, ...] = (
    _route(_EITHER, r"/tickle", Tier.PORTAL, reading.tickle),
    _route(_EITHER, r"/sso/validate", Tier.PORTAL, reading.validate),
    _route(_EITHER, r"/iserver/auth/status", Tier.PORTAL, reading.status),
    _route(_EITHER, r"/iserver/auth/ssodh/init", Tier.PORTAL, reading.begin),
    _route(_EITHER, r"/logout", Tier.PORTAL, reading.log_out),
    _route("GET", r"/portfolio/accounts", Tier.PORTAL, reading.portfolio_accounts),
    _route("GET", r"/portfolio/([^/]+)/meta", Tier.PORTAL, reading.meta),
    _route("GET", r"/portfolio/([^/]+)/summary", Tier.PORTAL, reading.portfolio_summary),
    _route("GET", r"/trsrv/stocks", Tier.PORTAL, reading.stocks),
    _route("GET", r"/trsrv/futures", Tier.PORTAL, reading.futures),
    _route(_EITHER, r"/trsrv/secdef", Tier.PORTAL, reading.definitions),
    _route("GET", r"/fyi/unreadnumber", Tier.PORTAL, reading.unread),
    _route("GET", r"/fyi/notifications", Tier.PORTAL, reading.list_notices),
    _route("GET", r"/fyi/settings", Tier.PORTAL, reading.notice_settings),
    _route("GET", r"/fyi/deliveryoptions", Tier.PORTAL, reading.devices),
    _route("GET", r"/iserver/accounts", Tier.BROKERAGE, reading.user_accounts),
    _route("GET", r"/iserver/account/orders", Tier.BROKERAGE, trading.live_orders),
    _route("GET", rf"{_ACCOUNT}/summary", Tier.BROKERAGE, reading.brokerage_summary),
    _route("POST", rf"{_ACCOUNT}/orders/whatif", Tier.BROKERAGE, trading.what_if),
    _route("POST", rf"{_ACCOUNT}/orders?", Tier.BROKERAGE, trading.place),
    _route("POST", r"/iserver/reply/([^/]+)", Tier.BROKERAGE, trading.reply),
    _route("POST", r"/iserver/questions/suppress", Tier.BROKERAGE, trading.suppress),
    _route("POST", r"/iserver/questions/suppress/reset", Tier.BROKERAGE, trading.suppress_nothing),
    _route(_EITHER, r"/iserver/secdef/search", Tier.BROKERAGE, reading.search),
    _route("GET", rf"{_CONTRACT}/info", Tier.BROKERAGE, reading.info),
    _route("POST", r"/iserver/contract/rules", Tier.BROKERAGE, reading.rules),
    _route("GET", rf"{_CONTRACT}/info-and-rules", Tier.BROKERAGE, reading.info_and_rules),
    _route("GET", rf"{_CONTRACT}/algos", Tier.BROKERAGE, reading.algos),
    _route("GET", r"/iserver/marketdata/snapshot", Tier.BROKERAGE, trading.snapshot),
    _route("POST", r"/iserver/marketdata/unsubscribe", Tier.BROKERAGE, trading.unsubscribe),
    _route("GET", r"/iserver/marketdata/unsubscribeall", Tier.BROKERAGE, trading.unsubscribe_all),
)
