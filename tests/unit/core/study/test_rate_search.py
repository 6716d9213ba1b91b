"""The search for a learning rate: short runs of one experiment, and an honest suggestion."""

from dataclasses import replace

import numpy as np
import pytest

from core.runs.progress import steps_per_epoch
from core.settings import DEFAULT, PRESETS, Settings
from core.study.rate_search import RATES, Suggestion, rate_search, search_steps, suggest_rate


@pytest.mark.parametrize(
    ("settings", "images", "epochs"),
    [
        (DEFAULT, 5_120, 1),
        (DEFAULT.change(batch_size=1024), 55_000, 3),
        (DEFAULT.change(batch_size=1), 160, 1),
        (DEFAULT.change(train=640), 640, 8),
        (DEFAULT.change(train=100, batch_size=1024), 100, 160),
    ],
)
def test_a_search_takes_short_runs_of_the_same_experiment(
    settings: Settings, images: int, epochs: int
) -> None:
    cells, refused = rate_search(settings).cells()
    assert not refused
    assert {(cell.data.train, cell.training.epochs) for cell in cells.values()} == {(images, epochs)}
    rates = [cells[row, 0].training.learning_rate for row in range(len(cells))]
    assert rates == sorted(set(rates))
    steps = np.diff(np.log10(rates))
    assert steps == pytest.approx(0.5, abs=0.03)  # half powers of ten
    plain = cells[0, 0].change(learning_rate=0.01, train=settings.data.train, epochs=10)
    assert plain == replace(settings, training=plain.training)


def test_a_deep_network_gets_more_steps_and_a_longer_search_more_still() -> None:
    """S17: the twenty-layer preset was given 160 steps, in which no rate leaves the guess line."""
    deep = PRESETS["twenty-layer"]
    for settings, longer, steps in ((DEFAULT, False, 160), (deep, False, 640), (deep, True, 2_560)):
        base = rate_search(settings, longer=longer).base
        assert search_steps(settings, longer=longer) == steps
        taken = base.training.epochs * steps_per_epoch(base.data.train, base.training.batch_size)
        assert taken == steps


def suggested(losses: dict[float, float]) -> float | None:
    found = suggest_rate(losses, 2.3)
    return None if found is None else found.rate


def test_the_suggestion_is_the_smallest_rate_nearly_as_good_as_the_best() -> None:
    losses = {0.001: 2.2, 0.01: 1.0, 0.1: 0.32, 0.3: 0.30, 1.0: 0.9}
    assert suggest_rate(losses, 2.3) == Suggestion(0.1, 0.32, 0.30, None)
    assert suggested(losses | {0.1: 0.34}) == 0.3


@pytest.mark.parametrize(
    ("losses", "edge"),
    [
        ({0.0001: 0.2, 0.001: 0.2}, "smallest"),
        ({1.0: 0.4, 3.0: 0.2}, "largest"),
        ({0.01: 0.4, 0.3: 0.2}, None),  # larger ones diverged: that is no edge of what was tried
    ],
)
def test_a_suggestion_at_the_edge_of_what_was_tried_says_so(
    losses: dict[float, float], edge: str | None
) -> None:
    found = suggest_rate(losses, 2.3)
    assert found is not None
    assert found.edge == edge
    assert min(RATES) == 0.0001
    assert max(RATES) == 3.0


def test_nothing_is_suggested_where_nothing_is_learnt() -> None:
    assert suggested({0.01: 2.30, 0.1: 2.29}) is None
    assert suggested({}) is None
    assert suggested({0.1: float("nan")}) is None
