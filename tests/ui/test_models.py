"""The two models obey Qt's rules, and show exactly what they were given, whatever came before."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy

from cockpit.domain.level import Level
from cockpit.ui.checklist.lines import Kind, Line
from cockpit.ui.checklist.model import ChecklistModel
from cockpit.ui.glyphs import Glyph
from cockpit.ui.record_model import LEVEL_ROLE, Column, RecordModel

Pair = tuple[str, str]
# Says what is wrong as a Qt warning, and a Qt warning fails the test.
STRICT = QAbstractItemModelTester.FailureReportingMode.Warning

pairs = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from(["x", "<b>y</b>"])), unique_by=lambda p: p[0]
)


def pair_model() -> RecordModel[Pair]:
    columns: tuple[Column[Pair], ...] = (
        Column("Key", lambda pair: pair[0], lambda pair: Level.READY, lambda pair: pair[1]),
        Column("Value", lambda pair: pair[1]),
    )
    return RecordModel(columns, lambda pair: pair[0])


@given(st.lists(pairs, min_size=1, max_size=5))
def test_the_table_shows_the_last_records_it_was_given(history: list[list[Pair]]) -> None:
    model = pair_model()
    tester = QAbstractItemModelTester(model, STRICT)
    for records in history:
        model.show(records)
    shown = [(model.index(row, 0).data(), model.index(row, 1).data()) for row in range(model.rowCount())]
    assert shown == history[-1]
    tester.deleteLater()


def test_only_changed_rows_are_announced() -> None:
    model = pair_model()
    model.show([("a", "1"), ("b", "2")])
    changed, reset = QSignalSpy(model.dataChanged), QSignalSpy(model.modelReset)
    model.show([("a", "1"), ("b", "3")])
    assert (changed.count(), reset.count()) == (1, 0)
    assert changed.at(0)[0].row() == 1


def test_the_table_escapes_its_tooltips_and_names_its_columns() -> None:
    model = pair_model()
    model.show([("a", "<img src=x>")])
    index = model.index(0, 0)
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "<qt>&lt;img src=x&gt;</qt>"
    assert index.data(LEVEL_ROLE) == Level.READY
    assert model.headerData(1, Qt.Orientation.Horizontal) == "Value"
    assert model.data(QModelIndex()) is None


def make_line(key: str, text: str, children: tuple[Line, ...] = (), kind: Kind = Kind.RESULT) -> Line:
    return Line(kind, key, Glyph.READY, Level.READY, f"{key} {text}", text, children=children)


def lanes() -> st.SearchStrategy[tuple[Line, ...]]:
    child = st.builds(make_line, st.sampled_from("pqrstuv"), st.sampled_from(["one", "two"]))
    children = st.lists(child, max_size=5, unique_by=lambda line: line.key).map(tuple)
    lane = st.builds(
        make_line, st.sampled_from("ABC"), st.sampled_from(["x", "y"]), children, st.just(Kind.LANE)
    )
    return st.lists(lane, max_size=3, unique_by=lambda line: line.key).map(tuple)


@settings(max_examples=40)
@given(st.lists(lanes(), min_size=1, max_size=6))
def test_the_tree_shows_the_last_lines_it_was_given(history: list[tuple[Line, ...]]) -> None:
    model = ChecklistModel()
    tester = QAbstractItemModelTester(model, STRICT)
    for shown in history:
        model.show(shown)
    seen = []
    for row in range(model.rowCount()):
        lane = model.index(row, 0)
        seen.append(
            (lane.data(), [model.index(place, 0, lane).data() for place in range(model.rowCount(lane))])
        )
    assert seen == [(lane.title, [line.title for line in lane.children]) for lane in history[-1]]
    tester.deleteLater()


@settings(max_examples=40)
@given(st.lists(st.lists(st.sampled_from("pqrstuv"), unique=True, max_size=6), min_size=2, max_size=8))
def test_lines_may_come_go_and_change_places_below_a_lane_that_stays(history: list[list[str]]) -> None:
    model = ChecklistModel()
    tester = QAbstractItemModelTester(model, STRICT)
    reset = QSignalSpy(model.modelReset)
    for keys in history:
        model.show((make_line("A", "x", tuple(make_line(key, "y") for key in keys), Kind.LANE),))
    lane = model.index(0, 0)
    shown = [model.index(place, 0, lane).data() for place in range(model.rowCount(lane))]
    assert shown == [f"{key} y" for key in history[-1]]
    assert reset.count() == 1
    tester.deleteLater()


def test_a_line_that_comes_in_leaves_the_others_where_they_are() -> None:
    model = ChecklistModel()
    one, two, three = (make_line(key, "x") for key in "pqr")
    model.show((make_line("A", "x", (one, three), Kind.LANE),))
    kept = model.find("r")
    inserted, reset = QSignalSpy(model.rowsInserted), QSignalSpy(model.modelReset)
    model.show((make_line("A", "x", (one, two, three), Kind.LANE),))
    assert (inserted.count(), reset.count()) == (1, 0)
    assert kept.isValid()
    assert model.find("r").row() == 2
