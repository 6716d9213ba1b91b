"""The same experiment from other seeds: which runs repeat it, and which are still to be trained."""

from __future__ import annotations

from collections.abc import Sequence

from core.runs.run import Run
from core.settings import Settings
from core.study.comparison import SEEDS, family, seeds_to_add


def repeats_of(run: Run, runs: Sequence[Run]) -> tuple[Run, ...]:
    """The run and all with a curve that differ from it only in the seed, but those that broke off.

    Each seed counts once, by the run that came farthest: the same seed again is no other luck.
    """
    same = [other for other in _same_but_seed(run, runs) if other.step]
    whole = [other for other in [run, *same] if other.status not in ("diverged", "failed")]
    by_seed: dict[int, Run] = {}
    for other in sorted(whole, key=lambda other: other.step, reverse=True):
        by_seed.setdefault(other.settings.training.seed, other)
    return tuple(by_seed.values()) or (run,)


def repeats_to_run(run: Run, runs: Sequence[Run], wanted: int = SEEDS) -> list[Settings]:
    """The run's experiment with the seeds missing of so many, for as many epochs as the run has come.

    A run that diverged counts: its seed has had its say.
    """
    epochs = run.epochs if run.unfinished else run.epochs_done
    if not epochs:
        return []
    usable = [
        other
        for other in _same_but_seed(run, runs)
        if other.epochs_done >= epochs
        or other.status == "diverged"
        or (other.unfinished and other.epochs >= epochs)
    ]
    used = {other.settings.training.seed for other in usable}
    return run.settings.allowed(*({"seed": seed, "epochs": epochs} for seed in seeds_to_add(used, wanted)))


def _same_but_seed(run: Run, runs: Sequence[Run]) -> list[Run]:
    wanted = family(run.settings)
    return [other for other in runs if family(other.settings) == wanted]
