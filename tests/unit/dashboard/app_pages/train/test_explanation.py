"""What is said about a run's curves holds for this run."""

from core.settings import Settings
from dashboard.app_pages.train.live_run import explanation

WITH_AVERAGES = Settings().change(batch_normalization=True)


def test_a_gap_alone_is_not_overfitting() -> None:
    said = explanation(Settings())
    assert "validation gets no better, or worse, that is **overfitting**" in said
    assert "moving averages" not in said


def test_batch_normalisation_s_averages_are_named_where_they_are() -> None:
    assert "moving averages" in explanation(WITH_AVERAGES)
    assert "moving averages" not in explanation(WITH_AVERAGES.change(hidden=()))


def test_each_loss_is_explained_by_itself() -> None:
    cross_entropy, squared = explanation(Settings()), explanation(Settings().change(loss="squared-error"))
    assert "logarithm" in cross_entropy
    assert "squared differences" in squared
    assert "logarithm" not in squared
    assert "surprised" not in cross_entropy + squared
