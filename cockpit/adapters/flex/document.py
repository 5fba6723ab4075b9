"""The one door for foreign XML: reads a Flex document piece by piece and keeps a few words of it.

Names, addresses and e-mail never become part of anything: only the columns below are picked up. A document type
declaration, and with it every entity and every expansion, ends the reading.
"""

from __future__ import annotations

from xml.parsers import expat

from msgspec import Struct, field

from cockpit.adapters.foreign_text import clean
from cockpit.services.errors import Unreadable

MOST_BYTES = (
    20_000_000  # a statement on accounts alone is some kilobytes; a trader's query may hold trades too
)
_MOST_ACCOUNTS = 500
_LONGEST = 2_000  # characters of one kept value
_PIECE = 65_536

_STATEMENT_COLUMNS = frozenset({"accountId", "toDate", "whenGenerated"})
_ACCOUNT_COLUMNS = frozenset(
    {"accountId", "accountType", "customerType", "accountCapabilities", "tradingPermissions", "ibEntity"}
)
_ANSWER_TEXTS = frozenset({"Status", "ReferenceCode", "ErrorCode", "ErrorMessage"})

ANSWER = "FlexStatementResponse"
REPORT = "FlexQueryResponse"


class AccountRow(Struct, frozen=True):
    """What a statement says of one account, by the names of the broker's columns."""

    statement: dict[str, str]
    columns: dict[str, str]


class Document(Struct, frozen=True):
    """A Flex document: `texts` of a short answer, `accounts` of a report, `statements` counted whatever is in them."""

    root: str
    texts: dict[str, str] = field(default_factory=dict)
    accounts: tuple[AccountRow, ...] = ()
    statements: int = 0


def read_document(content: bytes) -> Document:
    """Read a whole document. Raises Unreadable, with a sentence and never with the document's text."""
    if len(content) > MOST_BYTES:
        raise Unreadable(f"The statement is larger than {MOST_BYTES // 1_000_000} MB.")
    reader = _Reader()
    try:
        for start in range(0, len(content), _PIECE):
            reader.parser.Parse(content[start : start + _PIECE], False)
        reader.parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Unreadable(f"This is not a whole XML document (line {error.lineno}).") from None
    except (ValueError, LookupError):  # so ends an encoding that is declared and does not exist
        raise Unreadable("This XML document is written in an encoding that cannot be read.") from None
    if reader.root not in (ANSWER, REPORT):
        raise Unreadable("This is an XML document, but not one of the Flex service.")
    return Document(reader.root, reader.texts, tuple(reader.accounts), reader.statements)


class _Reader:
    """Listens to the parser. Holds only what is kept, whatever comes by."""

    def __init__(self) -> None:
        self.root = ""
        self.texts: dict[str, str] = {}
        self.accounts: list[AccountRow] = []
        self.statements = 0
        self._statement: dict[str, str] = {}
        self._open = ""  # the element whose text is wanted
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._on_doctype
        self.parser.StartElementHandler = self._on_start
        self.parser.EndElementHandler = self._on_end
        self.parser.CharacterDataHandler = self._on_text

    def _on_doctype(self, *_: object) -> None:
        raise Unreadable("This XML document declares a type of its own, which a Flex document never does.")

    def _on_start(self, name: str, attributes: dict[str, str]) -> None:
        self._open = ""
        if not self.root:
            self.root = name
        elif self.root == ANSWER:
            self._open = name if name in _ANSWER_TEXTS else ""
        elif self.root == REPORT and name == "FlexStatement":
            self.statements += 1
            self._statement = _kept(attributes, _STATEMENT_COLUMNS)
        elif self.root == REPORT and name == "AccountInformation":
            if len(self.accounts) >= _MOST_ACCOUNTS:
                raise Unreadable(f"The statement speaks of more than {_MOST_ACCOUNTS} accounts.")
            self.accounts.append(AccountRow(self._statement, _kept(attributes, _ACCOUNT_COLUMNS)))

    def _on_end(self, _: str) -> None:
        self._open = ""

    def _on_text(self, text: str) -> None:
        if self._open:
            self.texts[self._open] = (self.texts.get(self._open, "") + text)[:_LONGEST]


def _kept(attributes: dict[str, str], columns: frozenset[str]) -> dict[str, str]:
    return {name: clean(attributes[name], _LONGEST) for name in columns & attributes.keys()}
