"""Hostile bytes for everything that reads files, answers and words of others."""

from __future__ import annotations

import re
import tempfile
import unicodedata
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from cockpit.adapters.foreign_text import LONGEST, clean
from cockpit.adapters.portal.answers import (
    PortfolioAccount,
    Tickled,
    UserAccounts,
    Validated,
    classify,
)
from cockpit.adapters.settings.file import dump, parse_settings
from cockpit.adapters.settings.plan import to_plan
from cockpit.adapters.settings.records import Settings
from cockpit.adapters.tws.trading_hours import HoursUnreadable, outlook, read_hours
from cockpit.adapters.tws.whatif import PlainContract, WhatIf, encode
from cockpit.adapters.tws.wire_walker import Doubt, read_what_if
from cockpit.app.simulate import read_scenario
from cockpit.resources import resource
from cockpit.services.errors import Unreadable
from cockpit.simulator.library import usable
from cockpit.simulator.tws.state import World
from cockpit.simulator.wire.requests import Malformed, read_order
from tests.fuzz.mutation import feed_all

ANSWERS: Final = (
    b'{"authenticated":true,"competing":false,"connected":true,"message":"","MAC":"00:00","fail":""}',
    b'{"session":"x","ssoExpires":598000,"collission":false,"userId":1,"iserver":{"authStatus":{"authenticated":true}}}',
    b'{"USER_ID":1,"USER_NAME":"u","RESULT":true,"AUTH_TIME":1,"EXPIRES":597000,"CLIENT_APP":"WEB"}',
    b'{"accounts":["U1234821","U7654321"],"aliases":{"U1234821":"U1234821"},"selectedAccount":"U1234821"}',
    b'[{"id":"U1234821","accountId":"U1234821","ibEntity":"IBLLC-US","currency":"USD","type":"INDIVIDUAL"}]',
    b'{"error":"Bad Request: no bridge","statusCode":400}',
    b'{"error":"half a pair: \\ud83c, a whole one: \\ud83c\\udca1"}',
    b"Access Denied",
    b"<html><body>maintenance</body></html>",
    b"",
)
HOURS: Final = (
    b"20261123:0930-20261123:1600;20261124:CLOSED",
    b"20261123:1800-20261124:1700;20261124:1800-20261125:1700",
    b"20261101:0000-20261101:2400",
    b"20261123:1600-20261123:0930",
    b"20261123:0930-1200,1300-1600;20261124:CLOSED",
    b"",
)
ZONES: Final = ("US/Eastern", "America/New_York", "Europe/London", "EST (Eastern Standard Time)")
WORDS: Final = (
    b"Order rejected - reason:No trading permissions.<br>Call us.",
    "Größe \u202eevil\u202c \u200b e\u0301\u0301\u0301\u0301".encode(),
    b"A" * 3000,
)


def gateway_answers(cases: int, seed: int) -> dict[str, int]:
    """Bend answers of the gateway: each is read whole, or refused as unreadable."""

    def feed(content: bytes) -> bool:
        answer = classify((200, 400, 401, 404, 500, 302)[len(content) % 6], content, "/sso/Login")
        for kind in (Tickled, Validated, UserAccounts):
            try:
                answer.read(kind)
            except Unreadable:
                continue
        answer.read(tuple[PortfolioAccount, ...])
        return True

    return feed_all(feed, ANSWERS, cases, seed, (Unreadable,))


def settings_files(cases: int, seed: int) -> dict[str, int]:
    """Bend settings files: what is read is a plan, can be written, and then reads back without a complaint."""
    good = dump(Settings()).encode()
    corpus = (good, good[: len(good) // 2], *(part for part in good.split(b"\n\n") if part.strip()))

    def feed(content: bytes) -> bool:
        settings, complaints = parse_settings(content, "settings.toml")
        assert all(complaint.sentence() for complaint in complaints), "a complaint without words"
        to_plan(settings, (), is_demo=False)
        assert parse_settings(dump(settings).encode(), "settings.toml") == (settings, []), (
            "not written as read"
        )
        return not complaints

    return feed_all(feed, corpus, cases, seed)


def scenario_files(cases: int, seed: int) -> dict[str, int]:
    """Bend scenario files: each gives a desk that could be served, and a word about what was left out."""
    corpus = tuple(path.read_bytes() for path in sorted(resource("scenarios").glob("*.toml")))
    now = World(read_scenario("calm-morning")[0]).now()

    def feed(content: bytes) -> bool:
        file.write_bytes(content)
        scenario, complaints = read_scenario(str(file))
        served, problems = usable(scenario, now)
        assert served.accounts, "a desk without an account"
        return not complaints and not problems

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bent.toml"
        return feed_all(feed, corpus, cases, seed)


def trading_hours(cases: int, seed: int) -> dict[str, int]:
    """Bend opening hours and zones: periods come in order and apart, or the whole list is refused."""

    def feed(content: bytes) -> bool:
        text = content.decode("utf-8", "replace")
        zone = ZONES[len(content) % len(ZONES)] if len(content) % 5 else text[-20:]
        periods = read_hours(text, zone)
        assert all(one.start < one.end for one in periods), "an empty period"
        for first, last in re.findall(r"(\d{8}:\d{4})-(\d{8}:\d{4})", text):
            assert first <= last or last.endswith("2400"), "a range that ends before it begins was taken"
        ends = [one.end for one in periods]
        assert all(end < after.start for end, after in zip(ends, periods[1:], strict=False)), "periods touch"
        seen = outlook(periods, 1_795_521_600.0)
        assert seen.open_until >= 0, "a negative time"
        return True

    return feed_all(feed, HOURS, cases, seed, (HoursUnreadable,))


def foreign_texts(cases: int, seed: int) -> dict[str, int]:
    """Bend texts of others: what is shown is short, printable, composed, and cleaned only once."""

    def feed(content: bytes) -> bool:
        text = content.decode("utf-8", "surrogateescape")
        shown = clean(text)
        assert len(shown) <= LONGEST, "too long"
        assert shown.isprintable(), "not printable"
        assert unicodedata.is_normalized("NFC", shown), "not composed"
        assert clean(shown) == shown, "cleaned twice, it changes"
        assert bool(shown) == bool(text), "made empty"
        return shown == text

    return feed_all(feed, WORDS, cases, seed)


def walked_bytes(cases: int, seed: int) -> dict[str, int]:
    """Bend finished what-ifs byte by byte: the walker refuses them, or another reader finds a what-if as well."""
    contract = PlainContract(265598, "AAPL", local_symbol="AAPL", trading_class="NMS")
    order = WhatIf(7, contract, limit_price=226.5)
    orders = (order, replace(order, order_type="MKT", limit_price=None), replace(order, account="U1234821"))
    corpus = tuple(encode(one, 178)[4:] for one in orders)

    def feed(body: bytes) -> bool:
        read_what_if(body, 178)
        try:
            placed = read_order(tuple(body.decode("utf-8", "replace").split("\0")[:-1]), 178)
        except Malformed:
            raise AssertionError("another reader cannot read what the walker lets through") from None
        assert placed.what_if, "a live order"
        return True

    return feed_all(feed, corpus, cases, seed, (Doubt,))
