"""Where a side of a duel stands: one number, the one that the verdict will use."""

from dataclasses import replace

import pytest
from study_lab import run_of

from core.runs.run import Run
from core.settings import DEFAULT
from dashboard.app_pages.duel.race import standing


def side(*accuracies: float | None, status: str = "finished") -> list[Run]:
    return [
        replace(run_of(DEFAULT.change(seed=seed), status=status), val_accuracy=accuracy)
        for seed, accuracy in enumerate(accuracies)
    ]


@pytest.mark.parametrize(
    ("runs", "said"),
    [
        (side(0.9, 0.8), "validation 85.00%, mean of 2 seeds"),
        (side(0.9, None), ""),  # one diverged before its first epoch was over
        ([*side(0.9), *side(0.8, status="running")], "1 of 2 seeds done"),
        ([*side(0.9), replace(side(0.8)[0], epochs_done=2)], ""),  # never a mean over different epochs
    ],
)
def test_a_side_is_told_by_all_its_seeds_after_one_epoch(runs: list[Run], said: str) -> None:
    assert standing(runs) == said
