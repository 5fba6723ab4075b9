"""The manual's page on settings says what the program reads."""

from __future__ import annotations

import textwrap
from pathlib import Path

from cockpit.adapters.settings.file import parse_settings
from cockpit.adapters.settings.manual import manual_tables

PAGE = Path(__file__).parents[2] / "docs" / "manual" / "settings.md"


def test_the_tables_of_the_manual_are_those_of_the_program() -> None:
    assert PAGE.read_text(encoding="utf-8").endswith(manual_tables())


def test_the_example_of_the_manual_is_read_without_complaint() -> None:
    page = PAGE.read_text(encoding="utf-8")
    example = page[page.index("    [desk]") : page.index("## Every setting")]
    settings, complaints = parse_settings(textwrap.dedent(example).encode(), "example.toml")
    assert complaints == []
    assert [flow.key for flow in settings.flows] == ["leg"]
    assert settings.tickets[0].price == 12.5
