"""The book of the broker's hosts: the shipped catalogue, the public list of suffixes, and no network."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.adapters.catalogue import shipped_catalogue
from cockpit.adapters.doors import door_book, registered_domain
from cockpit.domain.doors.hosts import Imitation, OfficialHost
from cockpit.domain.doors.judging import DoorVerdict, judge

BOOK = door_book()


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.interactivebrokers.com.hk", "interactivebrokers.com.hk"),
        ("interactivebrokers.co.uk", "interactivebrokers.co.uk"),
        ("deep.in.interactivebrokers.github.io", "interactivebrokers.github.io"),
        ("interactivebrokers.gr.com", "interactivebrokers.gr.com"),
        ("com.hk", ""),
        ("localhost", ""),
        ("", ""),
        ("a..b", ""),
    ],
)
def test_the_registered_part_of_a_host_is_found_by_the_public_list(host: str, domain: str) -> None:
    assert registered_domain(host) == domain


@pytest.mark.parametrize(
    "row", [row for row in BOOK.officials if row.takes_passwords], ids=lambda row: row.key
)
def test_every_host_for_passwords_is_judged_official(row: OfficialHost) -> None:
    host = row.host
    found = judge(f"https://{host}/", BOOK)
    assert (found.verdict, found.address) == (DoorVerdict.OFFICIAL, f"https://{host}/")


@pytest.mark.parametrize(
    "row", [row for row in BOOK.officials if not row.takes_passwords], ids=lambda row: row.key
)
def test_every_other_host_of_the_broker_is_not_for_passwords(row: OfficialHost) -> None:
    found = judge(f"https://{row.host}/", BOOK)
    assert found.verdict is DoorVerdict.NOT_FOR_PASSWORDS


@pytest.mark.parametrize("row", BOOK.imitations, ids=lambda row: row.host)
def test_every_imitation_that_was_met_is_refused(row: Imitation) -> None:
    for host in (row.host, f"login.{row.host}"):
        found = judge(f"https://{host}/", BOOK)
        assert (found.verdict, found.address) == (DoorVerdict.LOOK_ALIKE, "")


def test_no_host_of_the_broker_is_one_that_imitates_it() -> None:
    assert not any(BOOK.imitation(row.host) for row in BOOK.officials)


def test_the_gateway_of_this_pc_is_no_page_of_the_broker() -> None:
    assert BOOK.page("localhost-5000") is None
    assert judge("https://localhost:5000/", BOOK).address == ""


def test_every_company_has_a_page_for_signing_in() -> None:
    for row in shipped_catalogue().playing.entities.values():
        home = BOOK.home(row.site)
        assert home is not None
        assert home.takes_passwords
        assert not row.site or home.host == row.site


def test_sources_at_the_broker_are_opened_as_they_stand() -> None:
    playing = shipped_catalogue().playing
    sources = {row.source for row in playing.order_types.values()} | {
        row.source for row in playing.auth.values()
    }
    judged = [judge(source, BOOK) for source in sources]
    opened = {found.address for found in judged if found.address}
    assert len(opened) > 20
    assert opened <= sources


@pytest.mark.parametrize(
    "address",
    [
        "https://www.google.com/",
        "https://www.interactiveone.com/",
        "https://www.tradestation.com/",
        "https://www.brokers.com/",
        "https://www.schwab.com/",
        "https://github.com/erdewit/ib_insync",
    ],
)
def test_an_ordinary_page_is_not_called_a_look_alike(address: str) -> None:
    assert judge(address, BOOK).verdict is DoorVerdict.UNKNOWN


@given(st.text(max_size=60), st.sampled_from(["https://", "", "www."]))
def test_nothing_that_is_pasted_breaks_the_judgement(text: str, start: str) -> None:
    found = judge(start + text, BOOK)
    assert not found.address or BOOK.official(found.address.split("/")[2]) is not None


def test_the_book_needs_no_network() -> None:
    """The list of suffixes is inside the library: nothing is looked up, which an audit hook proves."""
    program = (
        "import sys\n"
        "def refuse(event, args):\n"
        "    if event.startswith('socket.') and event != 'socket.__new__': raise SystemExit(f'network: {event}')\n"
        "sys.addaudithook(refuse)\n"
        "from cockpit.adapters.doors import door_book\n"
        "print(door_book().registered('www.interactivebrokers.com.hk'))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "interactivebrokers.com.hk", done.stderr
