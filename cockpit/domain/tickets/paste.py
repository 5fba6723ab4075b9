"""Tickets out of a spreadsheet: a row each, by columns with a heading or as one line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cockpit.domain.tickets.known import Known, order_types, plain
from cockpit.domain.tickets.prices import numbers_of
from cockpit.domain.tickets.reader import Parsed, parse
from cockpit.domain.tickets.words import Problem

MOST_ROWS = 500
_DELIMITERS = "\t;,"
_COLUMNS = {
    "side": ("SIDE", "ACTION", "BUY/SELL", "B/S"),
    "quantity": ("QUANTITY", "QTY", "SIZE", "AMOUNT"),
    "symbol": ("SYMBOL", "CONTRACT", "INSTRUMENT", "TICKER"),
    "type": ("TYPE", "ORDER TYPE", "ORDERTYPE"),
    "price": ("PRICE", "LIMIT", "LMT PRICE", "LIMIT PRICE"),
    "stop": ("STOP", "TRIGGER", "STOP PRICE", "AUX PRICE"),
    "trail": ("TRAIL", "TRAILING AMOUNT", "TRAIL AMOUNT"),
    "limit_offset": ("OFFSET", "LIMIT OFFSET"),
    "tif": ("TIF", "TIME IN FORCE"),
    "until": ("UNTIL", "GOOD TILL", "GOOD TILL DATE"),
    "outside": ("OUTSIDE", "OUTSIDE HOURS", "OUTSIDE RTH"),
    "cash": ("CASH", "IN CASH"),
    "algo": ("ALGO", "ALGORITHM"),
    "account": ("ACCOUNT",),
    "on": ("EXCHANGE", "VENUE"),
    "in": ("CURRENCY",),
    "class": ("TRADING CLASS", "CLASS"),
    "times": ("MULTIPLIER",),
    "text": ("TICKET", "ORDER", "TEXT"),
}
_BY_HEADING = {heading: column for column, headings in _COLUMNS.items() for heading in headings}
_YES = frozenset({"YES", "Y", "TRUE", "1", "X"})
_NO = frozenset({"NO", "N", "FALSE", "0", ""})
_LEAST_HEADINGS = 2


def paste(text: str, known: Known) -> tuple[Parsed, ...]:
    """Read every row that is not empty into a ticket without a key; a row that cannot be read keeps its text.

    Columns stand between tabs, semicolons or commas, in any order below a heading. Without a heading a row is one
    line, or its cells in the order of a line. An instrument that a row brings is known to the rows after it. Of more
    than `MOST_ROWS` rows the rest is one problem. Raises nothing.
    """
    rows = [row for row in text.splitlines() if row.strip()]
    delimiter, columns = _heading(rows[0]) if rows else ("", ())
    if columns:
        rows = rows[1:]
    found = []
    for row in rows[:MOST_ROWS]:
        read = _row(row, delimiter, columns, known)
        new = tuple(one for one in read.instruments if known.named(one.key) is None)
        known = Known(known.catalogue, known.instruments + new, known.accounts, known.today)
        found.append(read)
    if len(rows) > MOST_ROWS:
        rest = "\n".join(rows[MOST_ROWS:])
        reason = f"{len(rows) - MOST_ROWS} rows too many: {MOST_ROWS} are read at once."
        found.append(Parsed(rest, problem=Problem("", 0, 0, len(rest), reason)))
    return tuple(found)


def _heading(row: str) -> tuple[str, tuple[str, ...]]:
    """Return the delimiter and the columns that a heading names; no columns when the row is none."""
    for delimiter in _DELIMITERS:
        cells = [plain(cell) for cell in _cells(row, delimiter)]
        columns = tuple(_BY_HEADING.get(cell, "") for cell in cells)
        if sum(map(bool, columns)) >= _LEAST_HEADINGS:
            return delimiter, columns
    only = _BY_HEADING.get(plain(row), "")
    return ("", ("text",)) if only == "text" else ("", ())


def _cells(row: str, delimiter: str) -> list[str]:
    return [cell.strip().strip('"').strip() for cell in row.split(delimiter)] if delimiter else [row.strip()]


def _row(row: str, delimiter: str, columns: Sequence[str], known: Known) -> Parsed:
    if columns:
        return parse(_line(_cells(row, delimiter), columns, known), known)
    whole = parse(row.strip(), known)
    used = next((one for one in _DELIMITERS if one in row), "")
    if whole.ticket is not None or not used:
        return whole
    cells = [cell for cell in _cells(row, used) if cell]
    apart = parse(" ".join(cells), known)
    # The comma of 1,000 in a typed line makes fewer cells than there are words.
    return apart if apart.ticket is not None or len(cells) > len(row.split()) else whole


def _line(cells: Sequence[str], columns: Sequence[str], known: Known) -> str:
    """Write the cells of a row as a line. A cell without heading goes to the end, where it is complained about."""
    said: dict[str, str] = {}
    rest: list[str] = []
    for number, cell in enumerate(cells):
        column = columns[number] if number < len(columns) else ""
        if cell and column and column not in said:
            said[column] = cell
        elif cell:
            rest.append(cell)
    return " ".join(word for word in (*_words(said, known), *rest) if word)


def _words(said: dict[str, str], known: Known) -> Iterator[str]:
    yield said.get("text", "")
    yield said.get("side", "").upper()
    yield said.get("quantity", "")
    yield said.get("symbol", "")
    yield said.get("type", "")
    yield from _numbers(said, known)
    yield said.get("tif", "")
    yield said.get("until", "")
    yield _mark("outside", said.get("outside", ""))
    yield _mark("cash", said.get("cash", ""))
    for word in ("algo", "account", "on", "in", "class", "times"):
        if word in said:
            yield f"{word} {said[word]}"


def _numbers(said: dict[str, str], known: Known) -> Iterator[str]:
    """Yield the numbers in the order of the order type; those it does not have stay, to be complained about."""
    meant = order_types(known.catalogue).get(plain(said.get("type", "")))
    fields = numbers_of(meant.code) if meant else ()
    given = [field for field in ("stop", "trail", "limit_offset", "price") if field in said]
    if any(field in said for field in fields):
        yield from (said.get(field, "0") for field in fields)
    yield from (said[field] for field in given if field not in fields)


def _mark(word: str, cell: str) -> str:
    """Turn a yes into the word, a no into nothing; anything else stays, to be complained about."""
    if cell.upper() in _YES or cell.lower() == word:
        return word
    return "" if cell.upper() in _NO else cell
