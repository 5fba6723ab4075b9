"""A pasted link is judged by the whole host: what only looks like the broker's is refused, with the reason."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.doors.hosts import DoorBook, Imitation, OfficialHost
from cockpit.domain.doors.judging import DoorVerdict, judge
from cockpit.domain.doors.likeness import distance, folded
from cockpit.domain.doors.link import LONGEST, read_link

OFFICIAL = DoorVerdict.OFFICIAL
READING = DoorVerdict.NOT_FOR_PASSWORDS
LIKE = DoorVerdict.LOOK_ALIKE
BAD = DoorVerdict.BADLY_WRITTEN
UNKNOWN = DoorVerdict.UNKNOWN
SUFFIXES = (
    "com",
    "net",
    "org",
    "hk",
    "com.hk",
    "co.uk",
    "uk",
    "ie",
    "info",
    "broker",
    "vn",
    "io",
    "github.io",
)


def registered(host: str) -> str:
    """Find what is registered, by a list of suffixes that fits on one line."""
    labels = host.split(".")
    for cut in range(1, len(labels)):
        if ".".join(labels[cut:]) in SUFFIXES:
            return ".".join(labels[cut - 1 :])
    return ""


MAIN = OfficialHost("www-interactivebrokers-com", "www.interactivebrokers.com", "portal", "global", True)
UK = OfficialHost("uk", "www.interactivebrokers.co.uk", "regional site", "United Kingdom", True)
IRELAND = OfficialHost("ie", "www.interactivebrokers.ie", "regional site", "EEA", True)
API = OfficialHost("api", "api.ibkr.com", "Web API", "global")
PLAIN = OfficialHost("plain", "www.ibgdr.com", "recovery site", "global", True, has_https=False)
PAGES = OfficialHost("pages", "interactivebrokers.github.io", "older manual", "global")
BOOK = DoorBook(
    (MAIN, UK, IRELAND, API, PLAIN, PAGES),
    (Imitation("www.royaltrade.net", "2026-05"), Imitation("bctn.fpt.com.vn")),
    registered,
)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://www.interactivebrokers.com", "https://www.interactivebrokers.com/"),
        ("https://www.interactivebrokers.com/", "https://www.interactivebrokers.com/"),
        ("  HTTPS://WWW.InteractiveBrokers.COM/\n", "https://www.interactivebrokers.com/"),
        ("www.interactivebrokers.com", "https://www.interactivebrokers.com/"),
        (
            "www.interactivebrokers.co.uk/en/index.php?f=39138&p=acc",
            "https://www.interactivebrokers.co.uk/en/index.php?f=39138&p=acc",
        ),
        ("https://www.interactivebrokers.com?f=1", "https://www.interactivebrokers.com/?f=1"),
    ],
)
def test_a_host_of_the_broker_is_opened_by_an_address_that_is_built_anew(text: str, address: str) -> None:
    found = judge(text, BOOK)
    assert (found.verdict, found.address) == (OFFICIAL, address)


HOSTILE = {
    "user part": ("https://www.interactivebrokers.com@evil.net/", LIKE, "only a user name"),
    "user part, encoded": ("https://www.interactivebrokers.com%2Flogin@evil.net/", LIKE, "only a user name"),
    "user part before the real host": ("https://me@www.interactivebrokers.com/", BAD, "only a user name"),
    "host in front": ("https://www.interactivebrokers.com.evil.net/", LIKE, "evil.net"),
    "host in front with a hyphen": ("https://www.interactivebrokers.com-login.net/", LIKE, "com-login.net"),
    "name in a longer one": ("https://interactivebrokers-secure.com/", LIKE, "interactivebrokers-secure.com"),
    "name in pieces": ("https://interactive-brokers.net/", LIKE, "name interactivebrokers"),
    "name over two labels": ("https://interactive.brokers.evil.net/", LIKE, "evil.net"),
    "name with an ending that reads on": ("https://interactive.broker/", LIKE, "interactive.broker"),
    "other ending": ("https://www.interactivebrokers.net/", LIKE, ".net"),
    "other ending of the short name": ("https://ibkr.net/", LIKE, ".net"),
    "l for i": ("https://www.lnteractivebrokers.com/", LIKE, "l for i"),
    "zero for o": ("https://www.interactivebr0kers.com/", LIKE, "0 for o"),
    "rn for m, short name": ("https://lbkr.com/", LIKE, "l for i"),
    "swapped": ("https://www.intercativebrokers.com/", LIKE, "one letter"),
    "swapped, short name": ("https://ikbr.com/", LIKE, "two letters swapped"),
    "left out and doubled": ("https://www.interractivebroker.com/", LIKE, "interactivebrokers"),
    "slip below a stranger": ("https://interactivebrokrs.evil.net/", LIKE, "one letter"),
    "Cyrillic letter": ("https://www.interactivebr\u043ekers.com/", LIKE, "www.interactivebrokers.com"),
    "the same, as the internet spells it": (
        "https://www.xn--interactivebrkers-cdo.com/",
        LIKE,
        "www.interactivebrokers.com",
    ),
    "accent": ("https://www.intera\u0107tivebrokers.com/", LIKE, "another alphabet"),
    "wide full stop": ("https://www\uff0einteractivebrokers.com/", BAD, "another alphabet"),
    "invisible letter": ("https://www.interactive\u200bbrokers.com/", LIKE, "cannot be seen"),
    "turned direction": ("https://moc.\u202esrekorbevitcaretni.www/", BAD, "cannot be seen"),
    "tab": ("https://www.interactivebrokers.com\t.evil.net/", LIKE, "evil.net"),
    "blank": ("https://www.interactivebrokers.com .evil.net/", LIKE, "evil.net"),
    "port": ("https://www.interactivebrokers.com:8443/", BAD, "port"),
    "empty port": ("https://www.interactivebrokers.com:/", BAD, "port"),
    "http": ("http://www.interactivebrokers.com/", BAD, "http"),
    "script": ("javascript:location='https://www.interactivebrokers.com'", BAD, "javascript"),
    "data": ("data:text/html,<script>www.interactivebrokers.com</script>", BAD, "data"),
    "file": ("file:///www.interactivebrokers.com/share", BAD, "file"),
    "no scheme, two slashes": ("//www.interactivebrokers.com/", BAD, "https://"),
    "one slash": ("https:/www.interactivebrokers.com/", BAD, "Two slashes"),
    "three slashes": ("https:///www.interactivebrokers.com/", BAD, "Two slashes"),
    "backslashes": ("https:\\\\www.interactivebrokers.com\\", BAD, "Two slashes"),
    "backslash behind the host": ("https://www.interactivebrokers.com\\@evil.net", BAD, "backslash"),
    "backslash before the host": ("https://evil.net\\@www.interactivebrokers.com", BAD, "backslash"),
    "encoded host": ("https://%77ww.interactivebrokers.com/", BAD, "%"),
    "end of text in the host": ("https://www.interactivebrokers.com%00.evil.net/", LIKE, "evil.net"),
    "full stop at the end": ("https://www.interactivebrokers.com./", BAD, "full stop"),
    "no label": ("https://www..interactivebrokers.com/", BAD, "name of the internet"),
    "address in figures": ("https://93.184.216.34/", BAD, "bare network address"),
    "address in one figure": ("https://2130706433/", BAD, "bare network address"),
    "address in hex": ("https://0x7f.0x1/", BAD, "bare network address"),
    "address of version 6": ("https://[::1]/", BAD, "bare network address"),
    "this PC": ("https://localhost/sso/Login", BAD, "this PC"),
    "too long": ("https://www.interactivebrokers.com/" + "a" * LONGEST, BAD, "longer"),
    "met imitating": ("https://royaltrade.net/ib", LIKE, "met imitating the broker (2026-05)"),
    "below one met imitating": ("https://www.bctn.fpt.com.vn/", LIKE, "met imitating"),
    "unlisted host of the broker": ("https://old.interactivebrokers.com/", UNKNOWN, "forgotten"),
    "another's pages beside the broker's": ("https://somebody.github.io/", UNKNOWN, "does not know"),
    "name behind the first slash": ("https://evil.net/www.interactivebrokers.com/", UNKNOWN, "first slash"),
}


@pytest.mark.parametrize(("text", "verdict", "reason"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_link_is_refused_and_the_reason_named(text: str, verdict: DoorVerdict, reason: str) -> None:
    found = judge(text, BOOK)
    assert found.verdict is verdict
    assert reason in found.reason
    assert found.address == ""


def test_a_host_of_the_broker_without_sign_in_is_opened_for_reading_only() -> None:
    found = judge("https://api.ibkr.com/gw/api/v3/api-docs", BOOK)
    assert found.verdict is READING
    assert found.address == "https://api.ibkr.com/gw/api/v3/api-docs"
    assert "password" in found.step


def test_a_host_of_the_broker_without_encryption_is_not_opened() -> None:
    found = judge("https://www.ibgdr.com/", BOOK)
    assert (found.verdict, found.address) == (READING, "")
    assert "no encryption" in found.reason


@pytest.mark.parametrize(
    "rest",
    [
        "/login?next=https://evil.net/",
        "/login?next=https%3A%2F%2Fevil.net",
        "/login?next=https%253A%252F%252Fevil.net",
        "/login?next=%2525252525252f",
        "/login?next=//evil.net",
        "/login?next=\\evil.net",
        "/login#@evil.net",
        "/login?to=javascript:1",
        "//evil.net",
    ],
)
def test_a_link_that_could_lead_on_elsewhere_opens_the_front_page_only(rest: str) -> None:
    found = judge(f"https://www.interactivebrokers.com{rest}", BOOK)
    assert found.address == "https://www.interactivebrokers.com/"
    assert "front page" in found.reason


def test_the_site_of_another_company_is_official_but_said_to_be_another() -> None:
    there = judge("https://www.interactivebrokers.ie/", BOOK, UK)
    assert there.verdict is OFFICIAL
    assert "sign in at www.interactivebrokers.co.uk" in there.reason
    for own in ("https://www.interactivebrokers.co.uk/", "https://www.interactivebrokers.com/"):
        assert "sign in at" not in judge(own, BOOK, UK).reason


def test_clients_sign_in_at_the_site_of_their_company_else_at_the_main_one() -> None:
    assert BOOK.home("www.interactivebrokers.co.uk") is UK
    for site in ("", "api.ibkr.com", "www.ibgdr.com", "evil.net"):
        assert BOOK.home(site) is MAIN


def test_a_known_imitation_is_one_with_everything_below_it_and_nothing_beside_it() -> None:
    assert BOOK.imitation("deep.bctn.fpt.com.vn") is not None
    assert BOOK.imitation("fpt.com.vn") is None
    assert BOOK.imitation("notroyaltrade.net") is None


HOSTS = {row.host for row in BOOK.officials}


@given(st.text(alphabet=string.printable + "\u0430\u043e\u200b\u3002\uff0e\u202e", max_size=60))
def test_whatever_is_pasted_only_hosts_of_the_catalogue_are_ever_opened(text: str) -> None:
    check(text)


@given(
    st.sampled_from(["https://", "http://", "https:", "//", "\\\\", "https:\\\\", ""]),
    st.text(alphabet="@:%\\/?#.[] \tw0xa-\u0430", max_size=6),
    st.sampled_from(sorted(HOSTS)),
    st.text(alphabet="@:%\\/?#.[] \tw0xa-\u0430", max_size=6),
    st.sampled_from(["evil.net", "evil.net/", "@evil.net", ".evil.net", "/evil.net", "?u=//evil.net", ""]),
)
def test_no_signs_around_an_official_host_lead_to_another(
    scheme: str, before: str, host: str, after: str, stranger: str
) -> None:
    check(f"{scheme}{before}{host}{after}{stranger}")


def check(text: str) -> None:
    found = judge(text, BOOK)
    assert found.reason
    assert found.step
    if found.address:
        host, slash, _ = found.address.removeprefix("https://").partition("/")
        assert slash
        assert host in HOSTS
        assert found.official is not None
        assert "evil.net" not in found.address.partition("?")[0].partition(host)[0]
        assert judge(found.address, BOOK).address == found.address


@given(st.sampled_from(["interactivebrokers"]), st.integers(0, 17), st.sampled_from(string.ascii_lowercase))
def test_one_slip_in_the_long_name_is_always_a_look_alike(name: str, place: int, letter: str) -> None:
    for slipped in (
        name[:place] + name[place + 1 :],
        name[:place] + letter + name[place:],
        name[:place] + letter + name[place + 1 :],
    ):
        if slipped != name:
            assert judge(f"https://www.{slipped}.com/", BOOK).verdict is LIKE


@given(st.text("abcil1o0", max_size=8), st.text("abcil1o0", max_size=8))
def test_the_distance_of_two_names_is_the_same_both_ways_and_none_from_itself(one: str, other: str) -> None:
    assert distance(one, one, 9) == 0
    assert distance(one, other, 9) == distance(other, one, 9)
    assert (distance(one, other, 9) == 0) == (one == other)


def test_letters_that_pass_for_each_other_fold_to_one() -> None:
    assert folded("rnodel") == folded("model")
    assert folded("1bkr") == folded("lbkr") == folded("ibkr")


def test_what_cannot_be_seen_is_written_out() -> None:
    assert judge("https://moc.\u202esrekorb/", BOOK).host == "moc.\\u202esrekorb"


@given(st.text(max_size=80))
def test_a_link_without_fault_is_plain_and_has_a_host_of_ascii(text: str) -> None:
    link = read_link(text)
    if not link.fault:
        assert link.host.isascii()
        assert "." in link.host
        assert link.rest[:1] in ("", "/", "?", "#")
        assert link.before_at == ""


def test_the_manual_explains_every_verdict_in_the_programs_own_words() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "manual" / "doors.md").read_text("utf-8")
    assert all(f" {verdict.value} |" in manual for verdict in DoorVerdict)
