"""What a run is called follows from its settings when it is shown; only a learner's own name is kept."""

import gettext
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from study_lab import run_of

from core import translation
from core.settings import DEFAULT, PRESETS, Settings
from dashboard.language.run_names import distinct_names, run_name, settings_name

RUN = replace(run_of(DEFAULT), name=None, created=datetime(2026, 5, 4, tzinfo=UTC))


def test_a_name_that_was_chosen_is_shown_as_it_is() -> None:
    assert run_name(replace(RUN, name="Mine, 是 <b>")) == "Mine, 是 <b>"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (DEFAULT, "300-100 ReLU"),
        (PRESETS["twenty-layer"], "20 × 100 ReLU"),
        (
            DEFAULT.change(learning_rate=0.0123456789, gradient_clipping=1.23456789),
            "300-100 ReLU, SGD 0.0123456789, clipping 1.23456789",
        ),
        (DEFAULT.change(hidden=(), initializer="he", seed=7), "softmax, seed 7"),
        (DEFAULT.change(optimizer="adam", learning_rate=0.001, seed=3), "300-100 ReLU, Adam, seed 3"),
        (DEFAULT.change(optimizer="adam"), "300-100 ReLU, Adam 0.01"),
        (
            DEFAULT.change(
                initializer="lecun", batch_normalization=True, residual=True, normalization="none", train=1000
            ),
            "300-100 ReLU, LeCun normal init, batch norm, skip, no normalisation, 1,000 images",
        ),
        (
            DEFAULT.change(
                initializer="activation",
                normalization="min-max",
                optimizer="momentum",
                learning_rate=0.3,
                loss="squared-error",
                batch_size=64,
                gradient_clipping=1.5,
            ),
            "300-100 ReLU, fitting init, min-max, momentum 0.3, squared error, batch 64, clipping 1.5",
        ),
    ],
)
def test_a_run_without_a_name_is_named_by_its_settings(settings: Settings, expected: str) -> None:
    assert run_name(replace(RUN, settings=settings)) == expected
    assert settings_name(settings) == expected


def test_the_same_run_is_named_in_the_language_of_whoever_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    words = {"softmax": "Softmax allein", "no normalisation": "ohne Normierung"}

    class German(gettext.NullTranslations):
        def gettext(self, message: str) -> str:
            return words.get(message, message)

    def catalogue(language: str) -> Any:
        return German() if language == "de" else gettext.NullTranslations()

    run = replace(RUN, settings=DEFAULT.change(hidden=(), normalization="none"))
    monkeypatch.setattr(translation, "LANGUAGES", {"en": "English", "de": "Deutsch"})
    monkeypatch.setattr(translation, "_catalogue", catalogue)
    with translation.speaking("de"):
        assert run_name(run) == "Softmax allein, ohne Normierung"
    assert run_name(run) == "softmax, no normalisation"


def test_twins_are_told_apart_by_their_epochs_else_by_their_age() -> None:
    runs = [replace(RUN, id=str(place), name=None, epochs=epochs) for place, epochs in enumerate((10, 3, 10))]
    alone = replace(RUN, id="4", name="mine")
    told = distinct_names([*runs, alone])
    assert told["1"].endswith(", 3 epochs")
    assert told["0"].endswith(", 10 epochs (2)")  # the newest comes first
    assert told["2"].endswith(", 10 epochs (1)")
    assert told["4"] == "mine"
