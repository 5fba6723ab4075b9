"""Edits of the playbook: nothing that was typed is lost, names stay unique, and every step can be taken back."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.plan import Flow
from cockpit.domain.tickets.known import Known
from cockpit.domain.tickets.reader import Parsed, parse
from cockpit.ui.playbook import book as edits
from cockpit.ui.playbook.book import Book, draft_key
from cockpit.ui.playbook.editing import Editing
from tests.ui.playbook_states import CATALOGUE, FLOWS, INSTRUMENTS

BOOK = Book(FLOWS, INSTRUMENTS)


def read(text: str, book: Book = BOOK) -> Parsed:
    return parse(text, Known(CATALOGUE, book.instruments, (), date(2026, 11, 6)))


GOOD, NEW, BAD = read("BUY 1 ESZ26 LMT 5800"), read("BUY 10 AAPL LMT 200"), read("BUY 1 ESZ26 LIMIIT 5800")


def flow(book: Book, key: str = "spx-leg") -> Flow:
    found = book.flow(key)
    assert found is not None
    return found


def test_a_ticket_that_is_read_joins_its_flow_and_brings_its_contract() -> None:
    book = edits.with_parsed(BOOK, "spx-leg", (NEW,))
    assert flow(book).tickets[-1].instrument == "AAPL"
    assert book.instruments[-1].key == "AAPL"


def test_what_cannot_be_read_is_kept_as_a_draft_letter_by_letter() -> None:
    book = edits.with_parsed(BOOK, "margin", (GOOD, BAD))
    assert flow(book, "margin").drafts == (BAD.text,)
    assert len(flow(book, "margin").tickets) == 1


def test_a_corrected_draft_becomes_a_ticket_and_is_no_draft_any_more() -> None:
    book = edits.with_row(BOOK, "spx-leg", draft_key(0), GOOD)
    assert flow(book).drafts == ()
    assert flow(book).tickets[-1].price == 5800.0


def test_a_changed_ticket_keeps_its_key_and_its_place() -> None:
    book = edits.with_row(BOOK, "spx-leg", "spx-1", GOOD)
    assert [ticket.key for ticket in flow(book).tickets] == ["spx-1", "spx-2"]
    assert flow(book).tickets[0].instrument == "ESZ26"


def test_a_change_that_cannot_be_read_leaves_the_ticket_and_becomes_a_draft() -> None:
    book = edits.with_row(BOOK, "spx-leg", "spx-1", BAD)
    assert flow(book).tickets == flow(BOOK).tickets
    assert flow(book).drafts[-1] == BAD.text


def test_contracts_that_nobody_names_any_more_go_and_others_stay() -> None:
    book = edits.without_row(BOOK, "spx-leg", "spx-1")
    assert [one.key for one in book.instruments] == ["ESZ26", "EUR.USD"]
    assert "EUR.USD" in [one.key for one in edits.without_flow(book, "rebalance").instruments]


def test_tickets_move_within_a_flow_and_to_another() -> None:
    down = edits.with_row_moved(BOOK, "spx-leg", "spx-1", 1)
    assert [ticket.key for ticket in flow(down).tickets] == ["spx-2", "spx-1"]
    assert edits.with_row_moved(BOOK, "spx-leg", "spx-1", -1) == BOOK
    there = edits.with_row_in(BOOK, "spx-leg", "spx-2", "margin")
    assert [ticket.key for ticket in flow(there, "margin").tickets] == ["spx-2"]
    drafted = edits.with_row_in(BOOK, "spx-leg", draft_key(0), "margin")
    assert (flow(drafted).drafts, flow(drafted, "margin").drafts) == ((), FLOWS[1].drafts)


def test_a_new_flow_stands_behind_the_task_cards() -> None:
    book, key = edits.with_new_flow(BOOK)
    again, other = edits.with_new_flow(book)
    assert book.flows[: len(FLOWS)] == FLOWS
    assert book.flows[-1].key == key
    assert key != other
    assert len(again.flows) == len(FLOWS) + 2


DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["add", "bad", "change", "delete", "move", "send", "flow", "drop"]),
        st.sampled_from([one.key for one in FLOWS]),
        st.integers(0, 3),
    ),
    max_size=12,
)


def do(book: Book, deed: str, key: str, place: int) -> Book:
    found = book.flow(key)
    rows = (
        [
            *(ticket.key for ticket in found.tickets),
            *(draft_key(number) for number in range(len(found.drafts))),
        ]
        if found
        else []
    )
    row = rows[place] if place < len(rows) else "nothing"
    match deed:
        case "add":
            return edits.with_parsed(book, key, (read(NEW.text, book),))
        case "bad":
            return edits.with_parsed(book, key, (BAD,))
        case "change":
            return edits.with_row(book, key, row, read(GOOD.text, book))
        case "delete":
            return edits.without_row(book, key, row)
        case "move":
            return edits.with_row_moved(book, key, row, place - 1)
        case "send":
            return edits.with_row_in(book, key, row, FLOWS[place].key)
        case "flow":
            return edits.with_flow_moved(book, key, place - 1)
        case _:
            return edits.without_flow(book, key)


@given(DEEDS)
def test_whatever_is_done_keys_stay_unique_and_every_named_contract_is_there(
    deeds: list[tuple[str, str, int]],
) -> None:
    book = BOOK
    for deed in deeds:
        book = do(book, *deed)
    tickets = [ticket.key for one in book.flows for ticket in one.tickets]
    assert len(tickets) == len(set(tickets))
    names = {name for one in book.flows for name in edits.names_of(one)}
    assert names <= {one.key for one in book.instruments}


@given(DEEDS)
def test_every_step_can_be_taken_back_to_the_beginning(deeds: list[tuple[str, str, int]]) -> None:
    editing = Editing()
    editing.show(BOOK)
    before = []
    for deed in deeds:
        start = editing.book
        if editing.change(do(start, *deed), deed[0]) is not None:
            before.append(start)
    while before:
        assert editing.last_done
        editing.undo()
        assert editing.book == before.pop()
    assert editing.undo() is None


def test_a_late_answer_does_not_take_a_newer_edit_from_the_screen() -> None:
    editing = Editing()
    editing.show(BOOK)
    first = edits.without_flow(BOOK, "margin")
    second = edits.without_flow(first, "fx-gap")
    editing.change(first, "one")
    editing.change(second, "two")
    assert not editing.show(first)
    assert editing.book == second
    assert not editing.show(second)
    assert editing.book == second


def test_an_imported_playbook_is_shown_and_can_be_taken_back() -> None:
    editing = Editing()
    editing.show(BOOK)
    other = Book((Flow("x", "Imported"),))
    assert editing.show(other)
    assert editing.book == other
    editing.undo()
    assert editing.book == BOOK


@pytest.mark.parametrize("row", ["nothing", draft_key(7)])
def test_a_row_that_is_gone_changes_nothing(row: str) -> None:
    assert edits.without_row(BOOK, "spx-leg", row) == BOOK
    assert edits.with_row_in(BOOK, "spx-leg", row, "margin") == BOOK
