"""Whoever waits for news hears of it, and never sleeps through any."""

from __future__ import annotations

import asyncio

import pytest

from shared.waking import Signal, first_of

SOON = 5.0


async def test_news_while_waiting_wakes() -> None:
    signal = Signal()
    waiting = asyncio.create_task(first_of(signal.next(), seconds=SOON))
    await asyncio.sleep(0)
    signal.notify()
    assert await waiting is True


async def test_news_between_looking_and_waiting_is_not_missed() -> None:
    signal = Signal()
    news = signal.next()
    signal.notify()
    assert await first_of(news, seconds=SOON) is True


async def test_news_is_not_missed_however_often_it_comes() -> None:
    signal = Signal()
    news = signal.next()
    for _ in range(3):
        signal.notify()
    assert await first_of(news, seconds=0.01) is True


async def test_one_who_comes_after_the_news_waits_for_the_next() -> None:
    signal = Signal()
    signal.notify()
    assert await first_of(signal.next(), seconds=0.01) is False


async def test_looking_twice_without_news_is_one_waiting() -> None:
    signal = Signal()
    assert signal.next() is signal.next()


async def test_all_who_wait_are_woken_at_once() -> None:
    signal = Signal()
    waiting = [asyncio.create_task(first_of(signal.next(), seconds=SOON)) for _ in range(20)]
    await asyncio.sleep(0)
    signal.notify()
    assert await asyncio.gather(*waiting) == [True] * 20


async def test_a_reader_that_looks_then_waits_sees_every_change() -> None:
    signal, written, seen = Signal(), 0, 0

    async def read() -> None:
        nonlocal seen
        while seen < 200:
            news = signal.next()
            seen = written
            await asyncio.sleep(0)  # a look takes time: changes fall into it
            if seen == written < 200 or news.is_set():
                assert await first_of(news, seconds=SOON), "slept through a change"

    reading = asyncio.create_task(read())
    for pause in range(200):
        written += 1
        signal.notify()
        await asyncio.sleep(0.001 if pause % 7 == 0 else 0)
    await asyncio.wait_for(reading, SOON)
    assert seen == 200


async def test_the_first_of_several_wakes() -> None:
    quiet, loud = Signal(), Signal()
    news = quiet.next(), loud.next()
    loud.notify()
    assert await first_of(*news, seconds=SOON) is True
    assert not news[0].is_set()


@pytest.mark.parametrize("seconds", [0.0, -1.0, 0.01])
async def test_without_news_the_wait_ends_in_time(seconds: float) -> None:
    async with asyncio.timeout(1):
        assert await first_of(Signal().next(), seconds=seconds) is False


async def test_news_that_came_is_heard_without_any_time_to_wait() -> None:
    signal = Signal()
    news = signal.next()
    signal.notify()
    assert await first_of(news, seconds=0) is True


async def test_no_waiting_is_left_behind() -> None:
    before = asyncio.all_tasks()
    signal = Signal()
    await first_of(signal.next(), Signal().next(), seconds=0.01)
    waiting = asyncio.create_task(first_of(signal.next(), seconds=SOON))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before
