"""The Test page: sealed, opened on purpose, counted."""

import numpy as np
import pytest
from page_lab import LEARNER, Lab
from reading_lab import STEPS, texts, trained

from core.dataset.mnist import load_mnist
from core.reading import exam, shipped
from core.reading.evaluation import next_accuracy, wilson
from core.runs.progress import Checkpoint, Point
from core.settings import DEFAULT
from dashboard.app_pages.exam import envelope


def test_a_run_that_diverged_is_not_examined(lab: Lab) -> None:
    assert "No trained network yet" in texts(lab.open("exam", run=trained(lab, outcome="diverged")))


def test_without_a_run_the_test_page_says_what_to_do(lab: Lab) -> None:
    app = lab.open("exam")
    assert not app.exception
    assert "No trained network yet" in texts(app)
    assert "open-envelope" not in [button.key for button in app.main.button]
    assert "validation digits right. The test set stays sealed." in texts(app)
    assert not app.info


def test_the_test_set_stays_sealed_until_it_is_opened(lab: Lab) -> None:
    run = trained(lab)
    app = lab.open("exam", run=run)
    assert not app.exception
    assert not app.main.metric
    assert "You have not opened it yet." in texts(app)
    assert lab.store.looks.of_run(run, learner=LEARNER) == []


def test_opening_shows_test_beside_validation_with_counts_and_the_reach_of_luck(lab: Lab) -> None:
    run = trained(lab)
    app = lab.open("exam", run=run)
    app.button(key="open-envelope").click().run()
    assert not app.exception
    (look,) = lab.store.looks.of_run(run, learner=LEARNER)
    wrong = look.evaluation["wrong"]
    assert 100 < wrong < 350
    assert app.main.metric[0].value == f"{1 - wrong / 10_000:.2%}"
    assert app.main.metric[1].value == "97.58%"
    said = texts(app)
    assert f"{wrong} wrong of 10,000" in said
    assert "121 wrong of 5,000" in said
    low, high = wilson(10_000 - wrong, 10_000)
    assert (
        f"lies between **{low:.2%}** and **{high:.2%}**: in 19 of 20 exams such an interval holds it" in said
    )
    low, high = next_accuracy(10_000 - wrong, 10_000, 10_000)
    assert f"in 19 of 20 cases it would come out between {low:.2%} and {high:.2%}." in said
    assert "after epoch 2" in said
    assert "the last whole one" not in said
    assert "the mean over the last epoch's training images was 99.06%" in said
    mnist = load_mnist()
    own = shipped.load().network.probabilities(mnist.train_images[5_000:10_000]).argmax(axis=1)
    right = float((own == mnist.train_labels[5_000:10_000]).mean())
    assert f"Of 5,000 of its training images these weights read {right:.2%} right." in said
    assert f"**Test loss {look.evaluation['loss']:.4f}**, validation loss 0.0800." in said
    assert "after 10 epochs, a test loss of 0.0756 and a test accuracy of 97.56%" in said
    assert "that is not the result" in said
    assert "Always answering 1 would score 11.35%." in said
    assert "You have opened it once." in said


def test_an_exam_between_two_epochs_says_which_weights_were_validated(lab: Lab) -> None:
    run = trained(lab, outcome="stopped", extra_steps=STEPS // 2)
    app = lab.open("exam", run=run)
    app.button(key="open-envelope").click().run()
    said = "the last weights, after epoch 2.5. Validated: those after epoch 2, the last whole one."
    assert said in texts(app)


def test_an_opened_exam_is_kept_not_taken_again(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    run = trained(lab)
    app = lab.open("exam", run=run)
    app.button(key="open-envelope").click().run()
    before = [item.value for item in app.main.metric]
    monkeypatch.setattr(
        "core.reading.trained_network.TrainedNetwork.scores", None
    )  # whoever computes again, fails
    again = lab.open("exam", run=run)
    assert not again.exception
    assert [item.value for item in again.main.metric] == before
    assert len(lab.store.looks.of_run(run, learner=LEARNER)) == 1


def test_a_double_click_opens_the_envelope_once(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """The browser sends the second click before the button is gone: it asks for the same once more."""
    run = lab.store.runs.get(trained(lab), learner=LEARNER)
    monkeypatch.setattr("dashboard.frame.session.learner", lambda: LEARNER)
    envelope.examine(run)
    envelope.examine(run)
    assert lab.store.looks.count(LEARNER) == 1


def test_the_counter_grows_over_all_runs_and_becomes_plainer(lab: Lab) -> None:
    for seed in range(5):
        app = lab.open("exam", run=trained(lab, DEFAULT.change(seed=seed)))
        app.button(key="open-envelope").click().run()
    assert "You have opened it 5 times." in texts(app)
    assert "second validation set" in texts(app)


def test_only_what_the_report_published_stands_beside_the_figures(lab: Lab) -> None:
    """A network of another kind has nothing to be held against."""
    app = lab.open("exam", run=trained(lab, DEFAULT.change(learning_rate=0.02)))
    app.button(key="open-envelope").click().run()
    assert "Test loss" in texts(app)
    assert "lab report" not in texts(app)


def test_an_exam_kept_by_an_older_lab_says_nothing_of_training_images(lab: Lab) -> None:
    run = trained(lab)
    lab.open("exam", run=run).button(key="open-envelope").click().run()
    kept = lab.store.looks.of_run(run, learner=LEARNER)[0].evaluation
    del kept["on_training"]
    assert exam.Exam.from_json(kept).on_training is None


def test_a_chosen_cell_shows_its_images_and_an_empty_one_says_so(lab: Lab) -> None:
    run = trained(lab)
    app = lab.open("exam", run=run)
    app.button(key="open-envelope").click().run()
    kept = exam.Exam.from_json(lab.store.looks.of_run(run, learner=LEARNER)[0].evaluation)
    cells = [box for box in app.main.selectbox if box.label in ("True digit", "Answer")]
    cells[0].select(4)
    cells[1].select(9)
    app.run()
    assert f"{kept.result.confusion[4, 9]} images of a 4 taken for a 9." in texts(app)
    none = np.argwhere(kept.result.confusion == 0)[0]
    cells = [box for box in app.main.selectbox if box.label in ("True digit", "Answer")]
    cells[0].select(int(none[0]))
    cells[1].select(int(none[1]))
    app.run()
    assert f"No {none[0]} was taken for a {none[1]}." in texts(app)


@pytest.mark.parametrize("tab", ["Surest mistakes", "Digit by digit"])
def test_every_tab_of_an_exam_opens(lab: Lab, tab: str) -> None:
    app = lab.open("exam", run=trained(lab))
    app.session_state["test-tab"] = tab
    app.button(key="open-envelope").click().run()
    assert not app.exception


def test_a_damaged_exam_is_said_in_words_and_can_be_taken_again(lab: Lab) -> None:
    run = trained(lab)
    lab.store.looks.add(run, {"accuracy": "high"}, learner=LEARNER)
    app = lab.open("exam", run=run)
    assert not app.exception
    assert "cannot be read" in app.main.error[0].value
    app.button(key="open-envelope").click().run()
    assert len(app.main.metric) == 2


def test_more_training_seals_the_test_set_again(lab: Lab) -> None:
    run = trained(lab)
    lab.open("exam", run=run).button(key="open-envelope").click().run()
    lab.store.runs.extend(run, 3, learner=LEARNER)
    claim = lab.store.claims.take(run, "worker of the tests")
    assert claim is not None
    weights = shipped.load().network.weights
    point = Point(STEPS * 3, 3.0, 3.0, 0.1, 0.99, 0.1, 0.99, 0.08, 0.976)
    lab.store.claims.record(claim, [point], Checkpoint(STEPS * 3, 3.0, np.zeros((2, 3)), weights, []), None)
    lab.store.claims.end(claim, "finished")
    app = lab.open("exam", run=run)
    assert "You opened it after epoch 2." in texts(app)
    assert app.button(key="open-envelope")
