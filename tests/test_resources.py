"""The one function that finds what is shipped beside the code."""

from __future__ import annotations

import pytest

from cockpit.resources import resource

pytestmark = pytest.mark.plain


@pytest.mark.parametrize("folder", ["catalogue", "scenarios", "fonts", "icons"])
def test_each_shipped_folder_is_found_and_is_not_empty(folder: str) -> None:
    assert any(resource(folder).iterdir())


def test_a_path_is_made_of_its_parts() -> None:
    assert resource("scenarios", "calm-morning.toml").is_file()


def test_a_name_that_is_not_there_is_a_path_all_the_same() -> None:
    assert not resource("scenarios", "none.toml").exists()
