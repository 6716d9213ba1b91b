"""Train says for how many learners it trains, and one click trains with a seed of one's own."""

import pytest
from page_lab import LEARNER, Lab

from core.record import runs
from core.settings import DEFAULT
from dashboard.app_pages.train.together import SEEDS

OTHER = "somebody-else-in-the-class"


def said(lab: Lab, run_id: str) -> str:
    return " ".join(caption.value for caption in lab.open("train", run=run_id).main.caption)


def test_alone_nothing_is_said(lab: Lab) -> None:
    mine = lab.store.runs.create(LEARNER, DEFAULT)
    lab.store.runs.create(LEARNER, DEFAULT.change(epochs=2))
    app = lab.open("train", run=mine)
    assert "learners" not in said(lab, mine)
    assert "own-seed" not in {button.key for button in app.main.button}


def test_it_says_for_how_many_it_trains(lab: Lab) -> None:
    mine = lab.store.runs.create(LEARNER, DEFAULT)
    for number in range(2):
        lab.store.runs.create(f"{OTHER}-{number}", DEFAULT)
    assert "is trained for 3 learners at once" in said(lab, mine)
    lab.store.runs.stop(mine, learner=LEARNER)
    assert "was trained once for 3 learners" in said(lab, mine)


def test_stop_says_what_it_keeps(lab: Lab) -> None:
    mine = lab.store.runs.create(LEARNER, DEFAULT)
    assert lab.open("train", run=mine).button(key="stop").help == "Keeps what the network has learnt so far."
    lab.store.runs.create(OTHER, DEFAULT)
    assert "at its last whole epoch" in lab.open("train", run=mine).button(key="stop").help


def test_one_click_trains_with_another_seed(lab: Lab) -> None:
    lab.store.runs.create(OTHER, DEFAULT)
    app = lab.open("train", run=lab.store.runs.create(LEARNER, DEFAULT.change(epochs=3)))
    app.button(key="own-seed").click().run()
    assert not app.exception
    newest, former = lab.store.runs.of(LEARNER)
    assert 1 <= newest.settings.training.seed <= SEEDS
    assert newest.settings.change(seed=0) == former.settings
    assert (newest.together, former.unfinished) == (1, True)
    assert app.query_params["run"] == newest.id
    assert app.query_params["seed"] == str(newest.settings.training.seed)
    assert "learners" not in said(lab, newest.id)


def test_anothers_run_says_it_too_but_offers_nothing(lab: Lab) -> None:
    theirs = lab.store.runs.create(OTHER, DEFAULT)
    lab.store.runs.create(LEARNER, DEFAULT)
    app = lab.open("train", run=theirs)
    assert "is trained for 2 learners at once" in said(lab, theirs)
    assert "own-seed" not in {button.key for button in app.main.button}


def test_weights_that_are_trained_again_are_explained(lab: Lab) -> None:
    lab.trained(epochs=3)
    mine = lab.store.runs.create(LEARNER, DEFAULT.change(epochs=2))
    app = lab.open("train", run=mine)
    assert "weights after epoch 2 were not kept" in said(lab, mine)
    assert app.button(key="stop")


def test_what_was_trained_before_is_there_at_once_and_that_is_said(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "SAME_CLICK", 0.0)
    lab.trained(epochs=10)
    app = lab.open()
    app.button(key="first-run").click().run()
    assert not app.exception
    newest, _former = lab.store.runs.of(LEARNER)
    assert (newest.status, newest.step) == ("finished", 10 * newest.steps_per_epoch)
    assert "trained before" in app.toast[0].value
