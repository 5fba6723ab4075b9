"""Turns of questions whose answers carry no id: late answers are counted off, swallowed ones forgotten in time."""

from __future__ import annotations

import asyncio

import pytest

from cockpit.adapters.tws.questions import Turn
from tests.fakes.virtual_time import run

pytestmark = pytest.mark.plain


def test_an_answer_is_taken_only_after_those_of_questions_that_gave_up() -> None:
    async def story() -> None:
        turn = Turn()
        async with turn.take():
            pass  # gave up: its answer may still come
        async with turn.take():
            pass
        async with turn.take() as third:
            assert [third.is_mine(), third.is_mine(), third.is_mine()] == [False, False, True]

    run(story())


def test_a_swallowed_answer_is_not_waited_for_for_ever() -> None:
    async def story() -> None:
        turn = Turn()
        async with turn.take():
            pass
        await asyncio.sleep(20)
        async with turn.take() as second:
            assert second.is_mine()

    run(story())


def test_questions_wait_for_each_other() -> None:
    async def story() -> None:
        turn, order = Turn(), list[str]()

        async def ask(name: str) -> None:
            async with turn.take() as mine:
                order.append(f"{name} asks")
                await asyncio.sleep(1)
                assert mine.is_mine()
                order.append(f"{name} has it")

        await asyncio.gather(ask("one"), ask("two"))
        assert order == ["one asks", "one has it", "two asks", "two has it"]

    run(story())


def test_a_day_of_questions_without_answers_keeps_nothing() -> None:
    async def story() -> None:
        turn = Turn()
        for _ in range(5000):
            async with turn.take():
                pass
            await asyncio.sleep(20)
        async with turn.take() as last:
            assert last.is_mine(), "only the newest is remembered"

    run(story())
