"""What all sessions share: made once, bounded by memory, and out of reach of any browser's message."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st

from core.record.store import Store
from core.settings import DEFAULT, DataSettings
from dashboard.frame import resources
from dashboard.frame.sharing import ENTRY, MEGABYTE, Once, shared


def test_it_is_made_once_however_many_ask_at_the_same_time() -> None:
    made: list[object] = []

    def make() -> object:
        time.sleep(0.02)
        made.append(object())
        return made[-1]

    thing = Once(make)
    threads = [threading.Thread(target=thing) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [thing()]


def test_a_failed_start_is_tried_again() -> None:
    tries = iter([False, True])

    def make() -> str:
        if not next(tries):
            raise OSError("the database is down")
        return "it is up"

    thing = Once(make)
    with pytest.raises(OSError, match="down"):
        thing()
    assert thing() == thing() == "it is up"


class FakeEngine:
    """Counts what would start a cluster each."""

    started = 0

    def __init__(self, store: Store, *, greeting: str | None) -> None:
        assert greeting is None
        self.store = store

    def start(self) -> None:
        FakeEngine.started += 1


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Store and engine of a server that has just been started."""
    monkeypatch.setenv("DIGITS_DATABASE_URL", f"sqlite:///{(tmp_path / 'lab.sqlite').as_posix()}")
    monkeypatch.setattr(resources, "Engine", FakeEngine)
    monkeypatch.setattr(FakeEngine, "started", 0)
    for once in (resources.store, resources.engine):
        monkeypatch.setattr(once, "_made", [])
    yield
    resources.store().close()


@pytest.mark.usefixtures("fresh")
def test_a_browser_that_clears_the_caches_starts_no_second_engine() -> None:
    store, engine = resources.store(), resources.engine()
    for _message in range(3):  # what Streamlit does when a browser says "clear_cache"
        st.cache_data.clear()
        st.cache_resource.clear()
    assert resources.store() is store
    assert resources.engine() is engine
    assert FakeEngine.started == 1


def test_the_results_asked_for_last_are_kept_within_the_bound() -> None:
    computed: list[int] = []

    @shared(1, size=lambda result: len(result))
    def result(number: int) -> bytes:
        computed.append(number)
        return bytes(MEGABYTE // 4 - ENTRY)

    for number in (1, 2, 3, 4, 1, 5, 1):
        result(number)
    assert computed == [1, 2, 3, 4, 5]  # the fifth took the place of the second
    result(2)
    assert computed[-1] == 2


def test_a_result_larger_than_the_bound_is_given_and_not_kept() -> None:
    computed: list[int] = []

    @shared(1, size=lambda result: result)
    def result(number: int) -> int:
        computed.append(number)
        return 2 * MEGABYTE

    assert result(1) == result(1) == 2 * MEGABYTE
    assert computed == [1, 1]


def test_the_same_is_computed_once_for_all_who_wait_for_it() -> None:
    computed: list[int] = []

    @shared(1, size=lambda _result: 1)
    def result(number: int) -> int:
        time.sleep(0.02)
        computed.append(number)
        return number

    threads = [threading.Thread(target=result, args=(7,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert computed == [7]


def split_of(seed: int) -> DataSettings:
    return replace(DEFAULT.data, split="random", split_seed=seed, train=2_000, validation=500)


def test_a_class_of_split_seeds_evicts_nobodys() -> None:
    found = [resources.gallery(split_of(seed)) for seed in range(12)]
    assert all(resources.gallery(split_of(seed)) is found[seed] for seed in range(12))


def test_a_browser_that_names_seed_after_seed_does_not_grow_memory() -> None:
    whole = replace(split_of(0), train=55_000, validation=5_000)
    one = resources.gallery(whole)
    assert one.nbytes >= sum(table.nbytes for table in one.distances.values()) + 60_000 * 8
    for seed in range(1, 40):
        resources.gallery(replace(whole, split_seed=seed))
    assert resources.gallery(whole) is not one


def test_looking_for_similar_images_copies_none_of_them() -> None:
    found = resources.neighbors(replace(split_of(0), train=55_000, validation=5_000))
    assert found.nbytes < MEGABYTE
