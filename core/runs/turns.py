"""Who is next, and how long it takes: pure functions over the unfinished runs."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Unfinished:
    """A run that waits or trains. ``kind`` is what decides its speed: its network and batch size."""

    id: str
    learner: str
    queued: float
    is_running: bool
    steps_left: int
    kind: object
    seconds_per_step: float | None = None


def fair_order(runs: Sequence[Unfinished], last_start: Mapping[str, float]) -> list[Unfinished]:
    """The waiting runs, next one first: learners take turns.

    Each learner's waiting runs are counted from the number of runs that train for them already. Lower
    counts go first; among equals the learner whose last start is longest ago; then who came first.

    Args:
        runs: all unfinished runs.
        last_start: learner → time at which a run of theirs was last started.
    """
    trains = Counter(run.learner for run in runs if run.is_running)
    ranked = []
    for run in sorted((run for run in runs if not run.is_running), key=lambda run: (run.queued, run.id)):
        key = (trains[run.learner], last_start.get(run.learner, 0.0), run.queued, run.id)
        ranked.append((key, run))
        trains[run.learner] += 1
    return [run for _, run in sorted(ranked, key=lambda pair: pair[0])]


def should_give_way(run_id: str, runs: Sequence[Unfinished], order: Sequence[Unfinished]) -> bool:
    """Whether a training run should let the next waiting one go first: its learner has more that train."""
    trains = Counter(run.learner for run in runs if run.is_running)
    mine = next((trains[run.learner] for run in runs if run.id == run_id), 0)
    return bool(order) and trains[order[0].learner] < mine


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
    speeds: Sequence[tuple[object, float]],
    workers: int,
) -> dict[str, float]:
    """Run → seconds until it is done, waiting included; none when nothing was measured yet.

    Args:
        runs: all unfinished runs. order: the waiting ones, next one first.
        speeds: (kind, seconds per step) of runs that were measured, newest first.
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


def _estimator(
    runs: Sequence[Unfinished], speeds: Sequence[tuple[object, float]]
) -> Callable[[Unfinished], float]:
    """Seconds a run still trains: by its own speed, else by that of its kind, else by the usual one."""
    by_kind: dict[object, list[float]] = defaultdict(list)
    own = [(run.kind, run.seconds_per_step) for run in runs if run.seconds_per_step]
    for kind, speed in [*own, *speeds]:
        by_kind[kind].append(speed)
    typical = {kind: median(values) for kind, values in by_kind.items()}
    usual = median(typical.values())

    def estimate(run: Unfinished) -> float:
        return run.steps_left * (run.seconds_per_step or typical.get(run.kind, usual))

    return estimate
