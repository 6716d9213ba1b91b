"""How it learns: what the page writes holds, stage by stage."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from page_lab import LEARNER, Lab
from streamlit.testing.v1 import AppTest

from core.dataset.mnist import load_mnist
from core.reading import shipped
from core.settings import DEFAULT, Settings
from core.study.overfitting import SEEDS, WITHOUT, experiments
from core.theory.epochs import Replayed
from core.theory.landscape import axis
from core.theory.projections import Projection, Projections
from core.theory.two_questions import Learnt, looks
from dashboard.app_pages.learning import downhill, knowing, two_questions
from dashboard.frame import resources


@pytest.fixture
def works(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> list[Callable[..., Any]]:
    """A worker that does at once what it is asked; and what it was asked."""
    asked: list[Callable[..., Any]] = []

    def compute(function: Callable[..., Any], *arguments: Any, timeout: float = 60) -> Any:
        assert timeout > 0
        asked.append(function)
        return function(*arguments)

    monkeypatch.setattr(resources.engine(), "compute", compute)
    return asked


def formulas(app: AppTest) -> str:
    return "\n".join(element.value.strip("$\n ") for element in app.latex)


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in [*app.main.markdown, *app.main.caption])


def at(app: AppTest, stage: str) -> AppTest:
    (slider,) = [item for item in app.select_slider if item.label == "Where the step is"]
    slider.set_value(stage).run()
    assert not app.exception
    assert not app.main.error
    return app


def test_the_batch_is_the_next_one_that_training_would_draw(lab: Lab) -> None:
    app = lab.open("learning")
    assert "= 1719" in formulas(app)
    assert "Step **1** of 1,719" in said(app)
    settings = shipped.load().settings
    order = np.random.default_rng([settings.training.seed, settings.training.epochs]).permutation(55_000)
    assert order[0] != 0
    probabilities = shipped.load().network.probabilities(load_mnist().train_images[5_000:][order[:32]])
    labels = load_mnist().train_labels[5_000:][order[:32]]
    right = int((probabilities.argmax(axis=1) == labels).sum())
    assert f"right for **{right} of 32**" in said(at(app, "output"))
    mean = float(-np.log(probabilities[np.arange(32), labels]).mean())
    written = re.search(r"= (\d+\.\d+)$", formulas(at(app, "loss")))
    assert written is not None
    assert float(written[1]) == pytest.approx(mean, abs=2e-5)


def test_the_chain_rule_and_the_measured_slope_agree_on_the_page(lab: Lab) -> None:
    app = at(lab.open("learning"), "gradient")
    first, *_rest, last = [element.value.rsplit("=", 1)[1].strip("$\n ") for element in app.latex]
    assert first == last


def test_a_step_is_taken_and_the_next_batch_comes(lab: Lab) -> None:
    app = at(lab.open("learning"), "update")
    app.select_slider(key="learning-rate").set_value(10.0).run()
    assert "too long" in said(app)
    app.select_slider(key="learning-rate").set_value(0.01).run()
    assert "falls from" in said(app)
    before = said(app)
    app.button(key="learning-take").click().run()
    assert said(app) != before
    assert "Step **2** of 1,719" in said(at(app, "batch"))
    at(app, "update").button(key="learning-again").click().run()
    assert said(app) == before


@pytest.mark.parametrize(
    "changes",
    [
        {"hidden": ()},
        {"hidden": (12, 12), "activation": "maxout", "loss": "squared-error"},
        {"hidden": (12, 12, 12, 12), "batch_normalization": True, "residual": True},
    ],
    ids=str,
)
def test_every_stage_of_every_kind_of_network(lab: Lab, changes: dict[str, object]) -> None:
    app = lab.open("learning", run=lab.trained(DEFAULT.change(train=100, validation=100, **changes)))
    (slider,) = [item for item in app.select_slider if item.label == "Where the step is"]
    for stage in ("batch", "output", "loss", "gradient", "update"):
        at(app, stage)
    for option in slider.options[1:-4]:
        assert option.startswith("Layer")
    assert "$" not in said(app)


def test_accuracy_has_no_direction_where_the_loss_has_one(lab: Lab) -> None:
    app = lab.open("learning")
    app.session_state["learning-tab"] = "Why an objective"
    app.run()
    (slider,) = app.slider
    assert "no direction. The loss falls to the **" in said(app)
    slider.set_value(slider.max).run()
    assert not app.exception
    assert "falls to the **left**" in said(app)
    slider.set_value(slider.min).run()
    assert "falls to the **right**" in said(app)


def test_the_objective_of_a_network_whose_last_layer_sees_nothing(lab: Lab) -> None:
    run = lab.trained(DEFAULT.change(train=100, validation=100, hidden=()))
    app = lab.open("learning", run=run)
    app.session_state["learning-tab"] = "Why an objective"
    app.run()
    assert not app.exception
    assert not app.main.error


def test_digits_part_from_layer_to_layer_and_own_drawings_are_among_them(
    lab: Lab, works: list[Callable[..., Any]]
) -> None:
    lab.store.drawings.give(LEARNER, load_mnist().train_images[0], 5)
    app = lab.open("learning")
    app.session_state["learning-tab"] = "What layers know"
    app.run()
    assert not works  # nothing is computed before somebody asks
    app.button(key="known").click().run()
    assert not app.exception
    assert [function.__name__ for function in works] == ["projections"]
    pixels = float(re.findall(r"\*\*(\d+\.\d)%\*\* lie", said(app))[0])
    app.select_slider(key="learning-after-3").set_value(3).run()
    answer = float(re.findall(r"\*\*(\d+\.\d)%\*\* lie", said(app))[0])
    assert answer > pixels
    assert "Stars are your own" in said(app)
    assert len(works) == 1  # what was computed once is kept


@pytest.fixture
def trained_three(monkeypatch: pytest.MonkeyPatch) -> dict[str, Learnt]:
    """Three networks as a worker hands them over: two pictures waver, on one of them the number errs."""
    labels = load_mnist().train_labels[:5_000]
    sure = np.eye(10, dtype=np.float32)[labels]
    numbers = labels[:, None].astype(np.float32)
    seven = int(np.flatnonzero(labels == 7)[0])
    sure[seven] = 0
    sure[seven, [1, 7]] = 0.55, 0.45
    numbers[seven] = 4.2
    other = int(np.flatnonzero(labels == 3)[0])
    sure[other] = 0
    sure[other, [3, 8]] = 0.5, 0.5
    right = [0.1] * len(looks())
    learnt = {
        "cross-entropy": Learnt(sure, right),
        "squared-error": Learnt(np.full((5_000, 10), 0.1, np.float32), right),
        "number": Learnt(numbers, right),
    }
    monkeypatch.setattr(two_questions, "learn", lambda _data: learnt)
    two_questions._learnt.cache_clear()
    return learnt


def test_a_one_or_seven_becomes_four(
    lab: Lab, works: list[Callable[..., Any]], trained_three: dict[str, Learnt]
) -> None:
    app = lab.open("learning")
    app.session_state["learning-tab"] = "Which or how much"
    app.run()
    assert not works  # nothing is trained before somebody asks
    app.button(key="questions").click().run()
    assert not app.exception
    # The second of the two that waver is the one between 1 and 7, and it is shown first.
    assert "Which digit? **1** (55%) or **7** (45%). How much? **4.20**, nearest to **4**." in said(app)
    assert "“which” reads **100.0%** right" in said(app)
    assert "On 2 of them" in said(app)
    assert "**1** times" in said(app)
    app.slider(key="questions-place").set_value(1).run()
    assert "nearest to **3**" in said(app)
    app.segmented_control(key="questions-view").set_value("losses").run()
    assert not app.exception
    assert "To the 3 of this picture they give 50% and 10%." in said(app)
    assert len(works) == 1
    two_questions._learnt.cache_clear()


def test_a_slice_is_measured_once_and_optimisers_walk_on_it(
    lab: Lab, works: list[Callable[..., Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    places = axis()
    bowl = [[float(0.1 + a * a + b * b) for a in places] for b in places]
    monkeypatch.setattr(downhill, "measure", lambda *_arguments: bowl)
    app = lab.open("learning")
    app.session_state["learning-tab"] = "Downhill in two dimensions"
    app.run()
    assert not works  # nothing is measured before somebody asks
    app.button(key="slice").click().run()
    assert not app.exception
    assert "lies **1** minimum" in said(app)
    assert "are **0** saddles" in said(app)
    losses = app.table[0].value["Loss"].astype(float)
    assert (losses < 0.1 + 2 * 0.8**2).all()
    app.slider(key="learning-steps").set_value(0).run()
    assert (app.table[0].value["Loss"].astype(float) == 1.38).all()
    first, second = app.main.number_input
    assert (first.value, second.value) == downhill.START
    first.set_value(0.0).run()
    app.main.number_input[1].set_value(-0.5).run()  # by keyboard, what a click does
    assert not app.exception
    assert (app.table[0].value["Loss"].astype(float) == 0.35).all()
    assert len(works) == 1
    app.button(key="another-slice").click().run()
    assert app.button(key="slice")  # another slice is not the one that was kept


@pytest.mark.parametrize("text", ["", "nonsense", "[1, 2]", "{}", "[[1, 2], [3]]", "null"])
def test_a_damaged_slice_is_measured_again(text: str) -> None:
    assert downhill.read_slice(text) is None


def test_a_hundred_layers_are_computed_before_they_are_trained(lab: Lab) -> None:
    app = lab.open("learning")
    app.session_state["learning-tab"] = "Depth"
    app.run()
    assert "0.707^{19} = 0.001381" in formulas(app)
    app.slider(key="learning-depth").set_value(100).run()
    assert not app.exception
    assert "0.707^{99} = 1.256 \\cdot 10^{-15}" in formulas(app)
    measured = re.search(r"leaves \*\*([0-9.e-]+)\*\* of it", said(app))
    assert measured is not None
    assert 1e-17 < float(measured[1]) < 1e-13
    app.button(key="learning-depth-he").click().run()
    wanted = DEFAULT.change(hidden=(100,) * 100, initializer="he")
    assert app.session_state.settings == wanted
    assert [run.settings for run in lab.store.runs.of(LEARNER)] == [wanted]
    assert app.title[0].value == "Train"


def test_the_slider_goes_through_the_runs_epochs(
    lab: Lab, works: list[Callable[..., Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = DEFAULT.change(train=100, validation=100, hidden=(12,))
    asked: list[int] = []

    def made(right: float) -> Projections:
        layer = Projection(np.zeros((100, 2), np.float32), np.zeros((0, 2), np.float32), 0.5, right)
        return Projections([layer] * 3, np.zeros(100, np.uint8))

    def replayed(_settings: Settings, _normalization: Any, _drawings: Any, epochs: int) -> Replayed:
        asked.append(epochs)
        return Replayed([made(0.1 * epoch) for epoch in range(epochs + 1)])

    monkeypatch.setattr(knowing, "projections", lambda *_all: made(0.5))
    monkeypatch.setattr(knowing, "replayed", replayed)
    app = lab.open("learning", run=lab.trained(settings, epochs=2))
    app.session_state["learning-tab"] = "What layers know"
    app.run()
    app.button(key="known").click().run()
    assert not asked
    app.button(key="replay").click().run()
    assert asked == [2]
    (slider,) = app.slider
    assert (slider.min, slider.max, slider.value) == (0, 2, 2)
    assert "**20.0%** lie nearest" in said(app)
    app.slider[0].set_value(0).run()
    assert not app.exception
    assert "**0.0%** lie nearest" in said(app)
    assert asked == [2]


def test_overfitting_is_trained_remedied_and_its_gains_are_told(lab: Lab) -> None:
    app = lab.open("learning")
    app.session_state["learning-tab"] = "Overfitting"
    app.run()
    assert not app.main.table
    app.button(key="overfitting-without").click().run()
    assert [run.settings for run in lab.store.runs.of(LEARNER)[::-1]] == experiments(WITHOUT)
    assert "3 runs are not done yet." in said(app)
    app.button(key="overfitting-dropout").click().run()
    assert len(lab.store.runs.of(LEARNER)) == 2 * SEEDS
    assert not [button for button in app.button if button.key == "overfitting-dropout"]

    for code in (WITHOUT, "dropout"):
        for settings in experiments(code):
            lab.trained(settings, epochs=settings.training.epochs)
    app.run()
    (table,) = app.main.table
    assert list(table.value.index) == ["No remedy", "Dropout: 0.5"]
    assert list(table.value.iloc[1]) == [
        "92.00%",
        "+0.00 (+0.00 … +0.00)",
        "0.010",
        "+0.000 (+0.000 … +0.000)",
    ]
    assert "None of them read more images right with every seed." in said(app)
    app.button(key="overfitting-all").click().run()
    assert app.title[0].value == "Compare"
    assert not app.exception
