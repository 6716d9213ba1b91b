"""Runs with every remedy at once end with the bits of one that nobody killed, stopped or shared."""

from __future__ import annotations

from typing import Any

from worker_lab import Lab, wait_for

from core.settings import Settings

WITH_ALL = Settings().change(
    **{"train": 4_000, "validation": 500, "hidden": (16, 16), "optimizer": "adam", "learning_rate": 0.03},
    **{"dropout": 0.2, "l2": 0.0005, "label_smoothing": 0.1, "shift": 2.0, "turn": 10.0, "thickness": 0.5},
    **{"schedule": "cosine", "warm_up": 0.5, "epochs": 10},
)
"""Such a rate is too high until the cosine has fallen: the validation loss goes up and down."""


def check_same(lab: Lab, run_id: str, undisturbed: str) -> None:
    """Same curve, same end, and the same weights of the same epoch, bit for bit."""
    lab.check_same_training(run_id, undisturbed)
    mine, expected = lab.store.runs.get(run_id), lab.store.runs.get(undisturbed)
    assert (mine.epochs, mine.weights_epoch) == (expected.epochs, expected.weights_epoch)


def kill_its_worker(lab: Lab, run_id: str) -> None:
    worker = lab.worker_process(run_id)
    worker.kill()
    worker.wait(10)


def test_a_killed_worker_disturbs_neither_chance_nor_patience_nor_the_best_weights(lab: Lab) -> None:
    settings = WITH_ALL.change(train=10_000, learning_rate=0.1, batch_normalization=True)
    settings = settings.change(patience=2, keep_best=True)
    undisturbed = lab.train(settings)
    run = lab.store.runs.get(undisturbed)
    assert 0 < run.weights_epoch < run.epochs < settings.training.epochs  # it ended early, past its best
    run_id = lab.submit(settings)
    lab.wait_for_epochs(run_id, run.weights_epoch)
    kill_its_worker(lab, run_id)
    lab.finish(run_id)
    check_same(lab, run_id, undisturbed)


def test_one_may_stop_early_and_another_go_on_through_a_kill_and_a_stop(lab: Lab) -> None:
    impatient: Any = WITH_ALL.change(patience=1, keep_best=True)
    alone = {each: lab.train(each) for each in (WITH_ALL, impatient)}
    early = lab.store.runs.get(alone[impatient])
    assert 0 < early.weights_epoch < early.epochs < WITH_ALL.training.epochs
    anna, ben = lab.submit(WITH_ALL, "anna"), lab.engine.submit("ben", impatient)
    lab.wait_for_epochs(anna, 1)
    kill_its_worker(lab, anna)
    lab.finish(ben)
    lab.wait_for_epochs(anna, early.epochs + 1)
    lab.engine.stop(anna, learner="anna")
    wait_for(lambda: lab.store.runs.get(anna).status == "stopped", "the stop")
    lab.engine.resume(anna, WITH_ALL.training.epochs, learner="anna")
    lab.finish(anna)
    check_same(lab, anna, alone[WITH_ALL])
    check_same(lab, ben, alone[impatient])
