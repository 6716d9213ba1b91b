"""Who is next, and how long it takes: pure functions over what is unfinished."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log
from statistics import median
from typing import NamedTuple


@dataclass(frozen=True)
class Unfinished:
    """What waits or trains, for one learner or for several who want the same.

    Attributes:
        queued: who wants it → when they joined the line.
        charged: for whom the turn counts that it has just now; None where it waits.
        kind, work: what decides its speed, and how much a step has to do (``core.runs.speed``).
    """

    id: str
    queued: Mapping[str, float]
    charged: str | None
    steps_left: int
    kind: Hashable
    work: float
    seconds_per_step: float | None = None

    @property
    def is_running(self) -> bool:
        """Whether it trains."""
        return self.charged is not None


class Speed(NamedTuple):
    """What was measured of a run: its kind, its work and seconds per step."""

    kind: Hashable
    work: float
    seconds: float


def fair_order(runs: Sequence[Unfinished], last_start: Mapping[str, float]) -> list[Unfinished]:
    """What waits, next one first: learners take turns.

    All that waits for a learner is counted from the number of what trains for them already. Lower counts go
    first; among equals the learner whose last start is longest ago; then who came first. What several
    learners want stands where it would for the one of them who is next, and counts for nobody else.

    Args:
        runs: all that is unfinished.
        last_start: learner → time at which something was last started for them.
    """
    trains = _trains(runs)
    ranked = []
    waiting = [run for run in runs if not run.is_running]
    for run in sorted(waiting, key=lambda run: (min(run.queued.values()), run.id)):
        learner = _next_of(run, trains, last_start)
        ranked.append(((*_rank(run, learner, trains, last_start), run.id), run))
        trains[learner] += 1
    return [run for _, run in sorted(ranked, key=lambda pair: pair[0])]


def payer(run_id: str, runs: Sequence[Unfinished], last_start: Mapping[str, float]) -> str | None:
    """For whom the next turn of what waits counts: who of those that want it has waited longest."""
    run = next((run for run in runs if run.id == run_id and run.queued), None)
    return _next_of(run, _trains(runs), last_start) if run else None


def should_give_way(run_id: str, runs: Sequence[Unfinished], order: Sequence[Unfinished]) -> bool:
    """Whether what trains should let the next one go first: it waits for a learner for whom less trains."""
    trains = _trains(runs)
    mine = next((trains[run.charged] for run in runs if run.id == run_id and run.charged), 0)
    return bool(order) and min(trains[learner] for learner in order[0].queued) < mine


def _trains(runs: Sequence[Unfinished]) -> Counter[str]:
    """Learner → how much trains that counts for them."""
    return Counter(run.charged for run in runs if run.charged is not None)


def _next_of(run: Unfinished, trains: Mapping[str, int], last_start: Mapping[str, float]) -> str:
    return min(run.queued, key=lambda learner: (*_rank(run, learner, trains, last_start), learner))


def _rank(
    run: Unfinished, learner: str, trains: Mapping[str, int], last_start: Mapping[str, float]
) -> tuple[int, float, float]:
    return trains.get(learner, 0), last_start.get(learner, 0.0), run.queued[learner]


def assign(
    queue: Sequence[str],
    free: Collection[str],
    last: Mapping[str, str],
    able: Mapping[str, Collection[str]],
) -> dict[str, str]:
    """Waiting runs → the free workers they go to, as many as there are.

    Whose turn it is decides first; among those, a run goes to the worker that had it last if it can, because
    there it need not be compiled again.

    Args:
        queue: waiting runs, next one first. free: workers. last: run → the worker that had it last.
        able: run → the workers, free or not, that may go on with it; a run that is not here goes anywhere.
    """
    homes = {last[run] for run in queue if run in last}
    found: dict[str, str] = {}
    for run in queue:
        options = set(able.get(run, free)).intersection(free).difference(found.values())
        if options:  # at home, else where no other one is
            found[run] = min(options, key=lambda each: (each != last.get(run), each in homes, each))
    return found


def finish_times(
    runs: Sequence[Unfinished],
    order: Sequence[Unfinished],
    speeds: Sequence[Speed],
    workers: int,
) -> dict[str, float]:
    """Run → seconds until it is done, waiting included; none when nothing was measured yet.

    Args:
        runs: all unfinished runs. order: the waiting ones, next one first.
        speeds: of runs that were measured.
        workers: how many runs can train at once.
    """
    if not workers or not (speeds or any(run.seconds_per_step for run in runs)):
        return {}
    estimate = _estimator(runs, speeds)
    free_at = [estimate(run) for run in runs if run.is_running]
    finish = {run.id: time for run, time in zip((r for r in runs if r.is_running), free_at, strict=True)}
    free_at += [0.0] * (workers - len(free_at))
    heapq.heapify(free_at)
    for run in order:
        finish[run.id] = heapq.heappop(free_at) + estimate(run)
        heapq.heappush(free_at, finish[run.id])
    return finish


def part_times(
    parts: Mapping[str, tuple[str, int]],
    runs: Sequence[Unfinished],
    order: Sequence[Unfinished],
    speeds: Sequence[Speed],
    workers: int,
) -> dict[str, float]:
    """Part → seconds until it is done, as ``finish_times`` tells of the whole.

    Args:
        parts: name → id of what it is a part of, and the steps that are left until the part is done.
    """
    finish = finish_times(runs, order, speeds, workers)
    if not finish:
        return {}
    estimate = _estimator(runs, speeds)
    rest = {
        (run.id, left): estimate(replace(run, steps_left=run.steps_left - left))
        for run in runs
        for left in {steps for whole, steps in parts.values() if whole == run.id}
    }
    return {name: finish[part[0]] - rest[part] for name, part in parts.items() if part[0] in finish}


def _estimator(runs: Sequence[Unfinished], speeds: Sequence[Speed]) -> Callable[[Unfinished], float]:
    """Seconds a run still trains: by its own speed; else by what its work took others of its kind, else those
    whose work was most like its own.
    """
    by_kind: dict[Hashable, list[Speed]] = defaultdict(list)
    own = [Speed(run.kind, run.work, run.seconds_per_step) for run in runs if run.seconds_per_step]
    for speed in [*own, *speeds]:
        by_kind[speed.kind].append(speed)
    usual = {kind: median(speed.seconds / speed.work for speed in those) for kind, those in by_kind.items()}
    works = {kind: median(speed.work for speed in those) for kind, those in by_kind.items()}

    def estimate(run: Unfinished) -> float:
        if run.seconds_per_step:
            return run.steps_left * run.seconds_per_step
        near = (
            run.kind if run.kind in usual else min(works, key=lambda kind: abs(log(works[kind] / run.work)))
        )
        return run.steps_left * run.work * usual[near]

    return estimate
