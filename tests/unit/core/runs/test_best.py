"""Which epoch is the best, and where a run stops early; tests/worker/core/runs asks Keras' callback."""

import pytest

from core.runs.best import best_epoch, ends_early, epochs_in_vain


def test_the_first_of_the_lowest_losses_is_the_best() -> None:
    assert best_epoch([]) is None
    assert best_epoch([0.5]) == 1
    assert best_epoch([0.5, 0.3, 0.3, 0.4]) == 2
    assert epochs_in_vain([0.5, 0.3, 0.3, 0.4]) == 2
    assert epochs_in_vain([]) == 0


@pytest.mark.parametrize(
    ("patience", "after", "end"),
    [(0, 0, None), (1, 0, 3), (2, 0, 6), (3, 0, 7), (4, 0, None), (1, 3, 5), (2, 6, None), (1, 6, 7)],
)
def test_a_run_stops_after_so_many_epochs_in_vain(patience: int, after: int, end: int | None) -> None:
    assert ends_early([0.5, 0.4, 0.6, 0.3, 0.4, 0.4, 0.5], patience, after) == end


def test_who_goes_on_has_patience_anew() -> None:
    """Two epochs in vain, and again two; without going on it would have been over at the first."""
    losses = [0.3, 0.4, 0.4, 0.4, 0.4]
    assert ends_early(losses, 2) == 3
    assert ends_early(losses, 2, after=3) == 5
