"""Real workers train what several want once, and every run ends with the bits of one that trained alone."""

from __future__ import annotations

from typing import Any

from worker_lab import LONG, Lab, wait_for

from core.settings import Settings


def test_learners_share_a_training_that_a_killed_worker_does_not_disturb(lab: Lab, undisturbed: Any) -> None:
    alone = {epochs: lab.train(LONG.change(epochs=epochs)) for epochs in (2, 4)}
    first = lab.submit(LONG, "anna")
    four = lab.engine.submit("ben", LONG.change(epochs=4))
    lab.wait_for_epochs(first, 1)
    later = lab.engine.submit("cleo", LONG)
    assert lab.store.runs.get(later).epochs_done >= 1
    worker = lab.worker_process(first)
    worker.kill()
    worker.wait(10)
    for run_id in (first, four, later):
        lab.finish(run_id)
    lab.check_same_training(first, undisturbed)
    lab.check_same_training(later, undisturbed)
    lab.check_same_training(four, alone[4])
    two = lab.engine.submit("dora", LONG.change(epochs=2))
    assert lab.store.runs.get(two).epochs_done == 2
    lab.finish(two)  # its weights are trained again
    lab.check_same_training(two, alone[2])
    lab.check_same_training(first, undisturbed)
    at_once = lab.store.runs.create("emil", LONG)
    assert lab.store.runs.get(at_once).status == "finished"
    assert lab.weights(at_once) == lab.weights(undisturbed)


def test_stop_in_the_first_epoch_disturbs_nobody_else(lab: Lab) -> None:
    settings = Settings().change(epochs=1, optimizer="adam")
    expected = lab.train(settings)
    anna, ben = lab.submit(settings, "anna"), lab.engine.submit("ben", settings)
    wait_for(lambda: lab.store.runs.get(ben).step > 0, "the first point")
    lab.engine.stop(anna, learner="anna")
    wait_for(lambda: lab.store.runs.get(anna).status == "stopped", "the stop")
    lab.finish(ben)
    lab.check_same_training(ben, expected)
    stopped = lab.store.runs.get(anna)
    assert 0 < stopped.step < stopped.steps_per_epoch
    assert stopped.has_weights
    assert lab.weights(anna) != lab.weights(expected)
