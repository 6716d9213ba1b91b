from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest

from core.runs.turns import Speed, Unfinished, assign, fair_order, finish_times, payer, should_give_way


def waiting(
    name: Any, queued: Any, steps: int = 100, kind: str = "a", speed: Any = None, work: float = 1.0
) -> Any:
    """It waits for the learners whose letters begin its name: "a1" for a, "ab1" for a and b."""
    return Unfinished(name, dict.fromkeys(name.rstrip("0123456789"), queued), None, steps, kind, work, speed)


def running(name: Any, queued: Any, steps: int = 100, kind: str = "a", speed: Any = None) -> Any:
    """It trains for the same, and the turn counts for the first of them."""
    return replace(waiting(name, queued, steps, kind, speed), charged=name[0])


def names(runs: Any) -> Any:
    return [run.id for run in runs]


def test_nobody_waits() -> None:
    assert fair_order([], {}) == []
    assert fair_order([running("a1", 1)], {}) == []


def test_one_learners_runs_go_in_the_order_they_came() -> None:
    assert names(fair_order([waiting("a2", 2), waiting("a1", 1), waiting("a3", 3)], {})) == ["a1", "a2", "a3"]


def test_learners_take_turns_however_many_runs_they_have() -> None:
    runs = [*(waiting(f"a{index}", index) for index in range(4)), waiting("b1", 10), waiting("c1", 11)]
    assert names(fair_order(runs, {})) == ["a0", "b1", "c1", "a1", "a2", "a3"]


def test_who_trains_already_waits_until_others_do() -> None:
    runs = [running("a0", 0), waiting("a1", 1), waiting("a2", 2), waiting("b1", 3), waiting("b2", 4)]
    assert names(fair_order(runs, {})) == ["b1", "a1", "b2", "a2"]


def test_among_equals_who_was_served_longest_ago_goes_first() -> None:
    runs = [waiting("a1", 1), waiting("b1", 2), waiting("c1", 3)]
    assert names(fair_order(runs, {"a": 200.0, "b": 100.0})) == ["c1", "b1", "a1"]


def test_with_one_worker_learners_alternate_whoever_came_first() -> None:
    queue = [
        *(waiting(f"a{index}", index) for index in range(3)),
        *(waiting(f"b{index}", 10) for index in range(3)),
    ]
    served: list[str] = []
    last: dict[str, float] = {}
    for clock in itertools.count(1):
        if not queue:
            break
        run = fair_order(queue, last)[0]
        queue.remove(run)
        last[next(iter(run.queued))] = float(clock)
        served.append(run.id)
    assert served == ["a0", "b0", "a1", "b1", "a2", "b2"]


def test_the_order_does_not_depend_on_how_the_runs_are_listed() -> None:
    runs = [running("a0", 0), waiting("a1", 1), waiting("b1", 3), waiting("b2", 4), waiting("c1", 5)]
    orders = {tuple(names(fair_order(order, {}))) for order in itertools.permutations(runs)}
    assert orders == {("b1", "c1", "a1", "b2")}


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([running("a1", 0)], False),
        ([running("a1", 0), waiting("a2", 1)], False),
        ([running("a1", 0), waiting("b1", 1)], True),
        ([running("a1", 0), running("b1", 0), waiting("b2", 1)], False),
        ([running("a1", 0), running("a2", 0), running("b1", 0), waiting("b2", 1)], True),
        ([waiting("b1", 1)], False),  # the run is not there any more
    ],
)
def test_a_run_gives_way_only_to_a_learner_with_fewer(runs: Any, expected: bool) -> None:
    assert should_give_way("a1", runs, fair_order(runs, {})) is expected


def test_what_several_want_stands_where_the_next_of_them_stands() -> None:
    runs = [waiting("a1", 1), waiting("abc1", 2), waiting("d1", 3)]
    assert names(fair_order(runs, {"a": 5.0, "b": 9.0, "c": 1.0, "d": 2.0})) == ["abc1", "d1", "a1"]
    assert payer("abc1", runs, {"a": 5.0, "b": 9.0, "c": 1.0}) == "c"
    assert payer("abc1", [*runs, running("c2", 0)], {"a": 5.0, "b": 9.0, "c": 1.0}) == "a"
    assert payer("gone", runs, {}) is None


def test_a_turn_for_several_counts_for_one() -> None:
    runs = [waiting("ab1", 1), waiting("a2", 2), waiting("b2", 3), waiting("c1", 4)]
    assert names(fair_order(runs, {})) == ["ab1", "b2", "c1", "a2"]
    runs = [running("ab1", 1), waiting("a2", 2), waiting("b2", 3)]
    assert names(fair_order(runs, {})) == ["b2", "a2"]


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([running("ab1", 0), waiting("c1", 1)], True),
        ([running("ab1", 0), waiting("b2", 1)], True),  # it trains for a
        ([running("ab1", 0), waiting("a2", 1)], False),
        ([running("ab1", 0), running("c1", 0), waiting("bc2", 1)], True),
        ([running("ab1", 0), running("c1", 0), waiting("ac2", 1)], False),
    ],
)
def test_what_trains_for_several_gives_way_as_if_it_were_for_the_one_it_counts_for(
    runs: Any, expected: bool
) -> None:
    assert should_give_way("ab1", runs, fair_order(runs, {})) is expected


def left(name: Any, runs: Any, speeds: Any = (), workers: int = 1) -> Any:
    return finish_times(runs, fair_order(runs, {}), speeds, workers).get(name)


def test_a_running_run_is_timed_by_its_own_speed() -> None:
    assert left("a1", [running("a1", 0, 200, speed=0.01)], [Speed("a", 1.0, 9.0)]) == pytest.approx(2.0)


def test_a_waiting_run_waits_for_those_before_it() -> None:
    runs = [running("a1", 0, 200, speed=0.01), waiting("b1", 1, 100), waiting("c1", 2, 300)]
    assert left("b1", runs) == pytest.approx(2 + 1)
    assert left("c1", runs) == pytest.approx(2 + 1 + 3)
    assert left("b1", runs, workers=2) == pytest.approx(1)
    assert left("c1", runs, workers=2) == pytest.approx(1 + 3)


def test_an_unmeasured_run_is_timed_by_its_kind_else_by_whose_work_is_most_like_its_own() -> None:
    speeds = [Speed("a", 1.0, 0.01), Speed("a", 1.0, 0.03), Speed("b", 8.0, 0.08)]
    assert left("x", [waiting("x", 0, 100, "a")], speeds) == pytest.approx(2.0)
    assert left("x", [waiting("x", 0, 100, "b", work=8.0)], speeds) == pytest.approx(8.0)
    assert left("x", [waiting("x", 0, 100, "b", work=4.0)], speeds) == pytest.approx(4.0)  # on fewer images
    assert left("x", [waiting("x", 0, 100, "new", work=2.0)], speeds) == pytest.approx(4.0)  # as a, twice
    assert left("x", [waiting("x", 0, 100, "new", work=16.0)], speeds) == pytest.approx(16.0)  # as b, twice


def test_what_nobody_knows_is_not_made_up() -> None:
    assert left("x", [waiting("x", 0)]) is None
    assert left("x", [waiting("x", 0)], [Speed("a", 1.0, 1.0)], workers=0) is None
    assert left("gone", [waiting("x", 0)], [Speed("a", 1.0, 1.0)]) is None


@pytest.mark.parametrize(
    ("queue", "free", "last", "expected"),
    [
        ([], {"v", "w"}, {}, {}),
        (["a"], set(), {"a": "w"}, {}),
        (["a", "b", "c"], {"v", "w"}, {}, {"a": "v", "b": "w"}),
        (["a", "b"], {"v", "w"}, {"a": "w"}, {"a": "w", "b": "v"}),
        (["a", "b"], {"v", "w"}, {"b": "v"}, {"a": "w", "b": "v"}),
        (["a", "b"], {"v", "w"}, {"a": "w", "b": "w"}, {"a": "w", "b": "v"}),
        (
            ["a", "b"],
            {"w"},
            {"b": "w"},
            {"a": "w"},
        ),  # whose turn it is decides, not where it would be quicker
        (["a"], {"v", "w"}, {"a": "gone"}, {"a": "v"}),
    ],
)
def test_a_run_goes_where_it_is_compiled_already_if_its_turn_allows(
    queue: Any, free: Any, last: Any, expected: Any
) -> None:
    assert assign(queue, free, last, {}) == expected


@pytest.mark.parametrize(
    ("queue", "free", "last", "able", "expected"),
    [
        (["a"], {"v", "w"}, {"a": "v"}, {"a": {"w"}}, {"a": "w"}),
        (["a"], {"v"}, {}, {"a": {"w"}}, {}),  # its kind of worker is busy: it waits
        (["a", "b"], {"v"}, {}, {"a": {"w"}}, {"b": "v"}),  # and keeps no worker from others meanwhile
        (["a", "b"], {"v", "w"}, {}, {"a": {"w"}, "b": {"w"}}, {"a": "w"}),
        (["a"], {"v"}, {}, {}, {"a": "v"}),  # no worker calculates as it did, or it has not begun
    ],
)
def test_a_run_goes_only_where_it_is_calculated_with_alike(
    queue: Any, free: Any, last: Any, able: Any, expected: Any
) -> None:
    assert assign(queue, free, last, able) == expected
