"""What a watcher is told of a run: all of it once, then what is new, nothing that is its learner's own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast
from unittest.mock import Mock

import loops
import numpy as np
import pytest
import sqlalchemy as sa
from record_lab import SETTINGS, checkpoint, point, take

from core import limits
from core.cluster.engine import Engine, EngineState
from core.record import tables
from core.record.store import Store
from dashboard.runs import faring
from dashboard.stream.endpoint import is_from_the_lab, read_watch
from dashboard.stream.poller import Poller, Watcher
from dashboard.stream.watched import Known


class _Engine:
    def state(self) -> EngineState:
        return EngineState(2, None)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = Store(f"sqlite:///{(tmp_path / 'lab.sqlite').as_posix()}")
    yield found
    found.close()


def everybody(_run: object) -> bool:
    return True


class Class:
    """A poller, and watchers who have heard what it told them so far."""

    def __init__(self, store: Store, *, looks_by_itself: bool) -> None:
        self.poller = Poller(store, cast(Engine, _Engine()))
        if not looks_by_itself:
            self.poller._task = cast("asyncio.Task[None]", asyncio.get_running_loop().create_future())

    def watch(self, **runs: Known) -> Watcher:
        watcher = Watcher("en")
        self.poller.attach(watcher)
        self.poller.follow(watcher, runs)
        return watcher

    async def hear(self, watcher: Watcher, may_read: Callable[[Any], bool] = everybody) -> dict[str, Any]:
        """What there is to tell after another look."""
        await self.poller._look()
        return dict(json.loads(self.poller.news(watcher, may_read) or "{}"))


def heard(
    store: Store, script: Callable[[Class], Coroutine[Any, Any, None]], *, looks_by_itself: bool = False
) -> None:
    async def run() -> None:
        await script(Class(store, looks_by_itself=looks_by_itself))

    loops.run(run())


def test_a_watcher_hears_all_once_and_then_what_is_new(store: Store) -> None:
    run = store.runs.create("anna", SETTINGS)
    claim = take(store, run)
    store.claims.record(claim, [point(0), point(2)])

    async def script(there: Class) -> None:
        watcher = there.watch(**{run: Known()})
        first = (await there.hear(watcher))[run]
        assert first["points"]["step"] == [0, 2]
        assert first["points"]["val_loss"] == [None, None]
        assert (first["told"]["status"], first["told"]["epochs"]) == ("running", 4)
        assert "Epoch 1 of 4" in first["told"]["text"]
        store.claims.record(claim, [point(10, end=True)], checkpoint(10))
        second = (await there.hear(watcher))[run]
        assert second["points"]["step"] == [10]
        assert second["told"]["epoch"] == 1
        assert await there.hear(watcher) == {}  # nothing new, nothing sent

    heard(store, script)


def test_who_comes_back_hears_what_was_missed_and_no_more(store: Store) -> None:
    run = store.runs.create("anna", SETTINGS)
    store.claims.record(take(store, run), [point(0), point(2), point(4)])

    async def script(there: Class) -> None:
        await there.hear(there.watch(**{run: Known()}))
        news = await there.hear(there.watch(**{run: Known(point=2)}))
        assert news[run]["points"]["step"] == [4]

    heard(store, script)


def test_a_run_that_went_back_is_told_from_where(store: Store) -> None:
    run = store.runs.create("anna", SETTINGS)
    claim = take(store, run)
    store.claims.record(claim, [point(10, end=True)], checkpoint(10))
    store.claims.record(claim, [point(12), point(14)])

    async def script(there: Class) -> None:
        watcher = there.watch(**{run: Known()})
        await there.hear(watcher)
        store.claims.release(claim)
        again = take(store, run, "another worker")
        store.claims.record(again, [point(12)])
        news = (await there.hear(watcher))[run]
        assert news["from"] == 12  # trained again, it is what it was: the same bits
        store.claims.record(again, [point(14), point(16)])
        assert (await there.hear(watcher))[run]["points"]["step"] == [14, 16]
        assert (await there.hear(there.watch(**{run: Known()})))[run]["points"]["step"] == [10, 12, 14, 16]

    heard(store, script)


def test_layers_are_read_for_those_who_ask_for_them(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    run = store.runs.create("anna", SETTINGS)
    layers = np.array([[0.25, np.nan]] * 7, np.float32)
    store.claims.record(take(store, run), [point(0), point(2, layers=layers)])

    async def script(there: Class) -> None:
        curious = await there.hear(there.watch(**{run: Known(layers=True)}))
        assert curious[run]["layers"] == {"step": [2], "epoch": [0.2], "gradient": [[0.25, None]]}
        assert "layers" not in (await there.hear(there.watch(**{run: Known()})))[run]

    heard(store, script)


def test_answers_are_told_to_those_who_ask_for_them(store: Store) -> None:
    run = store.runs.create("anna", SETTINGS)
    claim = take(store, run)
    store.claims.record(claim, [replace(point(0), answers=bytes(72)), point(2)])

    async def script(there: Class) -> None:
        plain = there.watch(**{run: Known()})
        assert "answers" not in (await there.hear(plain))[run]
        curious = there.watch(**{run: Known(answers=True)})
        news = (await there.hear(curious))[run]
        assert news["told"]["answered"]
        assert news["answers"] == {"step": [0], "epoch": [0.0], "answers": ["A" * 96]}
        store.claims.record(claim, [replace(point(4), answers=b"\x07\x64\x64")])
        assert (await there.hear(curious))[run]["answers"] == {
            "step": [4],
            "epoch": [0.4],
            "answers": ["B2Rk"],
        }
        there.poller.follow(plain, {run: Known(point=4, answer=0, answers=True)})  # it has become curious
        assert (await there.hear(plain))[run]["answers"]["step"] == [4]

    heard(store, script)


def test_of_a_run_without_answers_that_is_said(store: Store) -> None:
    run = store.runs.create("anna", SETTINGS)
    store.claims.record(take(store, run), [point(0), point(2)])

    async def script(there: Class) -> None:
        news = (await there.hear(there.watch(**{run: Known(answers=True)})))[run]
        assert "answers" not in news
        assert news["told"]["answered"] is False

    heard(store, script)


def test_numbers_that_json_does_not_know_are_gaps(store: Store) -> None:
    run = store.runs.create("anna", SETTINGS)
    store.claims.record(take(store, run), [replace(point(2), loss=float("inf"), accuracy=1 / 3)])

    async def script(there: Class) -> None:
        points = (await there.hear(there.watch(**{run: Known()})))[run]["points"]
        assert (points["loss"], points["accuracy"]) == ([None], [0.333333])

    heard(store, script)


def test_a_note_is_never_told_and_an_unknown_run_is_gone(store: Store) -> None:
    run = store.runs.create("anna", SETTINGS, name="Anna's")
    store.runs.change(run, learner="anna", note="my secret", starred=True)

    async def script(there: Class) -> None:
        watcher = there.watch(**{run: Known(), "no-such-run": Known()})
        news = await there.hear(watcher)
        assert news["no-such-run"] == {"told": {"gone": True}}
        assert "secret" not in json.dumps(news)
        assert set(news[run]["told"]) == {
            *("status", "stage", "text", "share", "step", "epoch", "epochs", "seconds", "unfinished"),
            *("bar", "cells", "fare"),
            "answered",
        }
        assert await there.hear(there.watch(**{run: Known()}), lambda _run: False) == {}

    heard(store, script)


@pytest.mark.parametrize(
    ("table", "damage"), [("points", {"layers": b"none"}), ("runs", {"settings": "none"})]
)
def test_a_run_that_cannot_be_read_keeps_nobody_elses_from_moving(
    store: Store, table: str, damage: dict[str, object]
) -> None:
    damaged, mine = (store.runs.create("anna", SETTINGS.change(seed=seed)) for seed in range(2))
    claims = [take(store, run) for run in (damaged, mine)]
    store.claims.record(claims[0], [point(0, layers=np.ones((7, 2), np.float32))])

    async def script(there: Class) -> None:
        watcher = there.watch(**{damaged: Known(layers=True), mine: Known()})
        await there.hear(watcher)
        store.claims.record(claims[1], [point(0)])
        assert (await there.hear(watcher))[mine]["points"]["step"] == [0]
        store.claims.record(claims[1], [point(2)])
        assert (await there.hear(watcher))[mine]["points"]["step"] == [2]

    with store.database.writing() as connection:
        connection.execute(
            sa.update(tables.metadata.tables[table]).where(_is_of(table, damaged)).values(**damage)
        )
    heard(store, script)


def _is_of(table: str, run: str) -> sa.ColumnElement[bool]:
    columns = tables.metadata.tables[table].c
    return columns.id == run if table == "runs" else columns.trajectory_id == run


def test_a_class_is_told_the_place_of_each_with_as_many_reads_as_one(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [store.runs.create(f"learner-{number}", SETTINGS.change(seed=number)) for number in range(12)]
    looks: list[object] = []
    reading = store.database.reading

    def counted() -> Any:
        looks.append(None)
        return reading()

    monkeypatch.setattr(store.database, "reading", counted)

    async def script(there: Class) -> None:
        watchers = [there.watch(**{run: Known()}) for run in runs]
        for place, watcher in enumerate(watchers, start=1):
            looks.clear()
            news = await there.hear(watcher)
            assert f"number {place}." in news[runs[place - 1]]["told"]["text"]
            assert len(looks) <= 3

    heard(store, script)


def test_nobody_watches_for_ever(store: Store) -> None:
    run = store.runs.create("anna", SETTINGS)

    async def script(there: Class) -> None:
        watcher = there.watch(**{run: Known()})
        await there.hear(watcher)
        there.poller.follow(watcher, {})
        assert there.poller._watched == {}
        there.poller.detach(watcher)
        await asyncio.wait_for(cast("asyncio.Task[None]", there.poller._task), 5)

    heard(store, script, looks_by_itself=True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"watch": []}',
        '{"watch": {"run-1": 5}}',
        '{"watch": {"run-1": {}}}',
        '{"watch": {"run-1": {"after": "x"}}}',
        '{"watch": {"run-1": {"after": 1e999}}}',
        "[" * 5_000,
        json.dumps({"watch": {f"run-{n}": {"after": -1} for n in range(limits.MOST_WATCHED + 1)}}),
        " " * limits.LONGEST_WATCH + '{"watch": {}}',
    ],
)
def test_what_is_no_list_of_runs_is_refused(text: str) -> None:
    assert read_watch(text) is None


def test_a_list_of_runs_is_read_and_names_of_no_run_are_left_out() -> None:
    asked = {
        "run-1": {"after": 7, "answers": 5},
        "run-2": {"after": -1, "layers": 3},
        '"><script>': {"after": 1},
    }
    assert read_watch(json.dumps({"watch": asked})) == {
        "run-1": Known(point=7, answer=5, answers=True),
        "run-2": Known(point=-1, layer=3, layers=True),
    }


@pytest.mark.parametrize(
    ("origin", "is_ours"),
    [(None, True), ("http://lab:8501", True), ("http://elsewhere.example", False), ("null", False)],
)
def test_only_pages_of_the_lab_may_follow_runs(origin: str | None, is_ours: bool) -> None:
    assert is_from_the_lab(origin, "lab:8501") is is_ours


def test_how_a_run_fares_is_told_with_each_epoch_and_read_once_for_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = store.runs.create("anna", SETTINGS)
    claim = take(store, run)
    store.claims.record(claim, [point(0), replace(point(2), loss=0.5)])
    look = Mock(wraps=faring.look)
    monkeypatch.setattr(faring, "look", look)

    async def script(there: Class) -> None:
        watcher = there.watch(**{run: Known()})
        fare = (await there.hear(watcher))[run]["told"]["fare"]
        assert (fare["code"], fare["accuracy"], fare["figure"]) == ("learning", None, "")
        store.claims.record(claim, [replace(point(10, end=True), val_accuracy=0.9)], checkpoint(10))
        told = (await there.hear(watcher))[run]["told"]
        assert (told["fare"]["figure"], told["cells"][1:3]) == ("90.00%", ["1 / 4", "90.00%"])
        assert told["fare"]["when"] == "Validation accuracy after epoch 1"
        await there.hear(watcher)
        assert look.call_count == 2

    heard(store, script)


def test_a_verdict_that_could_not_be_read_is_asked_for_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = store.runs.create("anna", SETTINGS)
    store.claims.record(take(store, run), [point(0), replace(point(2), loss=0.5)])
    tries: list[Callable[..., Any]] = [Mock(side_effect=ValueError("not now")), faring.look]
    monkeypatch.setattr(faring, "look", lambda *given: tries.pop(0)(*given))

    async def script(there: Class) -> None:
        watcher = there.watch(**{run: Known()})
        assert (await there.hear(watcher))[run]["told"]["fare"] is None
        assert (await there.hear(watcher))[run]["told"]["fare"]["code"] == "learning"

    heard(store, script)
