"""Depth duel: empty, predicted, decided."""

import json
from collections.abc import Sequence

import numpy as np
import pytest
from page_lab import LEARNER, Lab
from streamlit.testing.v1 import AppTest

from core.runs.origin import Origin
from core.runs.progress import LAYER_MEASURES, Checkpoint, Point, steps_per_epoch
from core.settings import DEFAULT, PRESETS, Settings
from core.study.comparison import differing
from core.study.duel import Prediction
from core.study.rate_search import RATES
from dashboard.app_pages.train import take_home


def test_a_duel_starts_only_after_a_prediction(lab: Lab) -> None:
    app = lab.open("duel")
    assert app.button(key="duel-start").disabled is True
    app.radio(key="duel-winner-depth").set_value(1).run()
    app.slider(key="duel-points").set_value(3.0).run()
    app.button(key="duel-start").click().run()
    assert not app.exception
    runs = lab.store.runs.of(LEARNER)
    assert [run.settings.network.hidden for run in runs] == [(100,) * 20, (300, 100)]
    assert len({run.origin for run in runs}) == 1
    kept = lab.store.documents.get(LEARNER, str(runs[0].origin))
    assert kept is not None
    assert json.loads(kept) == {"winner": 1, "points": 3.0}


def test_a_prediction_is_kept_when_the_language_is_changed(lab: Lab) -> None:
    app = lab.open("duel")
    app.radio(key="duel-winner-depth").set_value(1).run()
    app.session_state["chosen_language"] = "zh-CN"
    app.session_state["duel-winner-depth"] = app.session_state["duel-winner-depth"]  # as the switch does
    app.run()
    assert app.radio(key="duel-winner-depth").value == 1
    assert app.radio(key="duel-winner-depth").options[1] == "隐藏层：20 × 100"
    assert app.button(key="duel-start").disabled is False


def test_the_verdict_holds_the_prediction_against_the_result(lab: Lab) -> None:
    duel = Origin("duel", "of-a-test")
    lab.store.documents.save(LEARNER, str(duel), Prediction(1, 4.0).to_json())
    for settings in PRESETS.values():
        lab.trained(settings, origin=duel)
    app = lab.open("duel")
    assert not app.exception
    texts = " ".join(text.value for text in app.markdown)
    assert [header.value for header in app.main.header] == ["The verdict"]
    assert "You predicted **Hidden layers: 20 × 100** by 4 points." in texts
    assert "**No difference at all**" in texts
    assert "It came out differently." in texts


def test_a_race_shows_runs_whatever_their_ids(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit keeps "__" in a component's key for itself, and runs of former versions may have it."""
    ids = iter(["an__old_one", "another__one"])
    monkeypatch.setattr("core.record.runs.new_id", lambda: next(ids))
    for settings in PRESETS.values():
        lab.trained(settings, origin=Origin("duel", "of-a-test"))
    assert not lab.open("duel").exception


def test_a_prediction_goes_into_the_report_of_its_runs_only(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    duel, told = Origin("duel", "of-a-test"), []
    monkeypatch.setattr(take_home, "show", lambda _run, *, prediction: told.append(prediction))
    lab.store.documents.save(LEARNER, str(duel), Prediction(1, 4.0).to_json())
    runs = [lab.trained(settings, origin=duel) for settings in PRESETS.values()]
    for run in (runs[0], lab.trained()):
        assert not lab.open("train", run=run).exception
    assert told == [
        "Hidden layers: 300-100 against Hidden layers: 20 × 100: "
        "Hidden layers: 20 × 100 wins by 4 percentage points.",
        "",
    ]


def in_duel(
    lab: Lab, settings: Settings, curve: Sequence[float], outcome: str, *, duel: Origin, epochs: int = 3
) -> None:
    """A run of a duel that recorded these validation accuracies and ended so."""
    run = lab.store.runs.create(LEARNER, settings.change(epochs=epochs), origin=duel)
    claim = lab.store.claims.take(run, "worker of the tests")
    assert claim is not None
    if outcome == "stopped":
        lab.store.runs.stop(run, learner=LEARNER)
    steps = steps_per_epoch(settings.data.train, settings.training.batch_size)
    points = [Point(0, 0.0, 0.1, val_loss=2.4, val_accuracy=0.1)]
    points += [
        Point(steps * epoch, epoch, 2.0 * epoch, 0.3, 0.9, 0.3, 0.9, 0.3, accuracy)
        for epoch, accuracy in enumerate(curve, start=1)
    ]
    checkpoint = Checkpoint(steps * len(curve), 1.0, np.zeros((2, 3)), {}, []) if curve else None
    lab.store.claims.record(claim, points, checkpoint, None)
    lab.store.claims.end(claim, outcome)


def verdict_of(lab: Lab, first: tuple[Sequence[float], str], second: tuple[Sequence[float], str]) -> str:
    duel = Origin("duel", "of-a-test")
    lab.store.documents.save(LEARNER, str(duel), Prediction(1, 4.0).to_json())
    for settings, (curve, outcome) in zip(PRESETS.values(), (first, second), strict=True):
        in_duel(lab, settings, curve, outcome, duel=duel)
    app = lab.open("duel")
    assert not app.exception
    return " ".join(text.value for text in [*app.main.markdown, *app.main.caption])


WHOLE = ((0.5, 0.9, 0.95), "finished")


def test_a_duel_says_divergence_first_and_gives_no_points(lab: Lab) -> None:
    """S1: it diverged in its third epoch, was ahead after two, and "won by 4.5 points"."""
    said = verdict_of(lab, WHOLE, ((0.8, 0.97), "diverged"))
    assert said.index("**Hidden layers: 20 × 100 diverged** in epoch 3") < said.index("comes out ahead")
    assert "**Hidden layers: 300-100 comes out ahead** of Hidden layers: 20 × 100" in said
    assert "points more" not in said
    assert "It came out differently." in said


def test_divergence_in_the_first_epoch_is_a_verdict_too(lab: Lab) -> None:
    said = verdict_of(lab, WHOLE, ((), "diverged"))
    assert "diverged** in epoch 1" in said
    assert "**Hidden layers: 300-100 comes out ahead**" in said


def test_a_stopped_side_is_compared_after_the_epoch_that_it_reached(lab: Lab) -> None:
    said = verdict_of(lab, WHOLE, ((0.6,), "stopped"))
    assert "**Hidden layers: 20 × 100 was stopped** after epoch 1." in said
    assert "compared after epoch 1 of 3" in said
    assert "**Hidden layers: 20 × 100 comes out ahead** with 60.00%" in said
    assert "So it came out; the gap is 6.0 points off yours." in said


def test_a_side_that_failed_leaves_the_prediction_open(lab: Lab) -> None:
    said = verdict_of(lab, WHOLE, ((), "failed"))
    assert "**Nothing can be concluded**" in said
    assert "That stays open." in said


def test_one_seed_each_says_what_more_seeds_would_tell(lab: Lab) -> None:
    said = verdict_of(lab, WHOLE, ((0.5, 0.9, 0.99), "finished"))
    assert "**part of this may be luck.** 6 seeds each can tell." in said
    assert "It is not which 5,000 images validate" in said


def test_once_a_duel_is_there_the_form_is_folded_away_and_the_verdict_comes_first(lab: Lab) -> None:
    """W10: the charts opened below the form, and the verdict lay two screens down."""
    duel = Origin("duel", "of-a-test")
    for settings in PRESETS.values():
        lab.trained(settings, origin=duel)
    app = lab.open("duel")
    assert not [button for button in app.button if button.key == "duel-start"]
    said = [text.value for text in app.main.markdown]
    outcome = next(place for place, text in enumerate(said) if text.startswith("**No difference at all**"))
    assert outcome < said.index("**The gradient that reaches each layer**, per weight, in one colour scale")


@pytest.mark.parametrize(
    ("number", "label", "changed"),
    [
        (0, "Initialiser: He normal", {"initializer"}),
        (1, "Activation: ELU", {"activation"}),
        (2, "Batch normalisation: on", {"batch_normalization"}),
        (3, "Skip connections: on", {"residual"}),
        (4, "Optimiser: Adam, Learning rate: 0.001", {"optimizer", "learning_rate"}),
    ],
)
def test_one_click_starts_the_next_duel_of_the_loser_with_one_thing_changed(
    lab: Lab, number: int, label: str, changed: set[str]
) -> None:
    duel = Origin("duel", "of-a-test")
    for settings, curve in zip(PRESETS.values(), ((0.9, 0.95, 0.97), (0.1, 0.11, 0.11)), strict=True):
        in_duel(lab, settings, curve, "finished", duel=duel)
    app = lab.open("duel")
    button = app.button(key=f"free-{number}")
    assert button.label == label
    button.click().run()
    assert not app.exception
    first, second = [run for run in lab.store.runs.of(LEARNER)[::-1] if run.origin != duel]
    assert first.settings == PRESETS["twenty-layer"].change(epochs=3)
    assert set(differing([first.settings, second.settings])) == changed
    assert first.origin == second.origin
    assert app.selectbox(key=f"duel-{first.origin}").value == first.origin  # it is on the screen
    assert lab.store.documents.get(LEARNER, str(first.origin)) is None  # a click is no prediction


def with_layers(
    lab: Lab, settings: Settings, gradients: Sequence[float], accuracy: float, duel: Origin
) -> None:
    """A run of a duel with the microscope's record of its gradients before the first step."""
    run = lab.store.runs.create(LEARNER, settings.change(epochs=1), origin=duel)
    claim = lab.store.claims.take(run, "worker of the tests")
    assert claim is not None
    layers = np.full((len(LAYER_MEASURES), len(gradients)), np.nan, np.float32)
    layers[LAYER_MEASURES.index("gradient_rms")] = gradients
    steps = steps_per_epoch(settings.data.train, settings.training.batch_size)
    points = [
        Point(0, 0.0, 0.1, val_loss=2.4, val_accuracy=0.1, layers=layers),
        Point(steps, 1, 2.0, 0.3, 0.9, 0.3, 0.9, 0.3, accuracy),
    ]
    lab.store.claims.record(claim, points, Checkpoint(steps, 1.0, np.zeros((2, 3)), {}, []), None)
    lab.store.claims.end(claim, "finished")


def test_the_verdict_says_why_from_the_gradients_that_were_recorded(lab: Lab) -> None:
    """W10: the verdict never said why."""
    duel, deep = Origin("duel", "of-a-test"), PRESETS["twenty-layer"]
    with_layers(lab, PRESETS["three-layer"], [2e-3, 3e-3, 1e-2], 0.97, duel)
    with_layers(lab, deep, [1e-9, *[1e-6] * 19, 1e-2], 0.11, duel)
    said = " ".join(text.value for text in lab.open("duel").main.markdown)
    assert "**Why?** What was recorded inside Hidden layers: 20 × 100 and Hidden layers: 300-100:" in said
    assert "reaches layer 1 of Hidden layers: 20 × 100 is 10,000,000 times smaller" in said
    assert "in Hidden layers: 300-100 the weakest is 5 times smaller" in said


# Two optimisers


def choose_optimizers(lab: Lab) -> AppTest:
    app = lab.open("duel")
    return app.selectbox(key="duel-pair").set_value("optimizer").run()


def test_optimisers_meet_each_at_its_usual_rate_and_the_lesson_is_said(lab: Lab) -> None:
    app = choose_optimizers(lab)
    assert app.radio[0].options[:2] == ["SGD at rate 0.01", "Adam at rate 0.001"]
    assert any("one number means two things" in text.value for text in app.caption)
    app.segmented_control(key="duel-rates").set_value("one").run()
    assert any("this is not fair" in text.value for text in app.caption)
    assert app.radio[0].options[:2] == ["Optimiser: SGD", "Optimiser: Adam"]


def test_one_click_finds_the_best_rate_of_each(lab: Lab) -> None:
    app = choose_optimizers(lab)
    app.segmented_control(key="duel-rates").set_value("best").run()
    assert not [button for button in app.button if button.key == "duel-start"]
    app.button(key="duel-best-rates").click().run()
    assert not app.exception
    tried = {
        (run.settings.training.optimizer, run.settings.training.learning_rate)
        for run in lab.store.runs.of(LEARNER)
    }
    assert tried == {(optimizer, rate) for optimizer in ("sgd", "adam") for rate in RATES}
    for run in lab.store.runs.of(LEARNER):
        best = {"sgd": 0.1, "adam": 0.001}[run.settings.training.optimizer]
        claim = lab.store.claims.take(run.id, "worker of the tests")
        assert claim is not None
        loss = 0.5 if run.settings.training.learning_rate == best else 2.3
        end = run.epochs * run.steps_per_epoch
        lab.store.claims.record(
            claim,
            [Point(end, run.epochs, 1.0, loss, 0.5, loss, 0.5, loss, 0.5)],
            Checkpoint(end, 1.0, np.zeros((2, 3)), {}, []),
            None,
        )
        lab.store.claims.end(claim, "finished")
    app.run()
    assert app.radio[0].options[:2] == ["SGD at rate 0.1", "Adam at rate 0.001"]
    assert any("each at a learning rate of its own" in text.value for text in app.markdown)


def test_a_duel_without_room_in_the_queue_does_not_start_in_part(lab: Lab) -> None:
    app = lab.open("duel")
    app.selectbox(key="duel-pair").set_value("rescue").run()
    app.segmented_control(key="duel-seeds").set_value(8).run()
    app.radio[0].set_value(0).run()
    assert not app.button(key="duel-start").disabled  # 32 runs, as many as may wait
    lab.store.runs.create(LEARNER, DEFAULT)
    app.run()
    assert app.button(key="duel-start").disabled
    assert "32 runs" in app.button(key="duel-start").help


def test_somebody_elses_duel_is_not_shown(lab: Lab) -> None:
    for settings in PRESETS.values():
        lab.store.runs.create("another-learner-altogether", settings, origin=Origin("duel", "theirs"))
    app = lab.open("duel")
    assert not any("The gradient that reaches" in text.value for text in app.markdown)
