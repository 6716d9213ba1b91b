"""Early stopping and the best weights: a run's own, whoever shares its curve."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from record_lab import NORMALIZATION, SETTINGS, checkpoint, point, snapshot, take

from core.record.claims import Claim
from core.record.store import Store
from core.settings import Settings

LOSSES = (0.5, 0.3, 0.4, 0.45)
"""The second of four epochs is the best."""
BEST = SETTINGS.change(keep_best=True)
IMPATIENT = SETTINGS.change(patience=1)


def an_epoch(lab: Store, claim: Claim, epoch: int) -> bool:
    """Record an epoch, from 1, with its loss; weights hold its number. Returns whether to go on."""
    end = replace(point(10 * epoch, end=True), val_loss=LOSSES[epoch - 1])
    return lab.claims.record(claim, [end], checkpoint(10 * epoch, epoch), snapshot(10 * epoch))


def train(lab: Store, run_id: str, epochs: int, since: int = 0) -> Claim:
    claim = take(lab, run_id)
    lab.claims.keep_normalization(claim, NORMALIZATION)
    for epoch in range(since + 1, epochs + 1):
        if not an_epoch(lab, claim, epoch) and epoch < epochs:
            lab.claims.end(claim, "stopped")
            return claim
    lab.claims.end(claim, "finished")
    return claim


def shown(lab: Store, run_id: str) -> float:
    weights = lab.curves.weights(run_id)
    assert weights is not None
    return float(weights["dense_1/kernel"][0, 0])


def ask(lab: Store, settings: Settings, learner: str = "anna") -> str:
    return lab.runs.create(learner, settings)


def test_the_best_weights_are_shown_while_it_moves_and_when_it_is_done(lab: Store) -> None:
    run_id = ask(lab, BEST)
    claim = take(lab, run_id)
    seen = []
    for epoch in range(1, 5):
        an_epoch(lab, claim, epoch)
        seen.append((shown(lab, run_id), lab.runs.get(run_id).weights_epoch))
    lab.claims.end(claim, "finished")
    assert seen == [(1, 1), (2, 2), (2, 2), (2, 2)]
    run = lab.runs.get(run_id)
    assert (run.status, run.step, run.shown_step, run.weights_epoch) == ("finished", 40, 20, 2)
    assert shown(lab, run_id) == 2


def test_who_keeps_the_last_shows_the_last(lab: Store) -> None:
    run_id = ask(lab, SETTINGS)
    train(lab, run_id, 4)
    run = lab.runs.get(run_id)
    assert (shown(lab, run_id), run.shown_step, run.weights_epoch) == (4, None, 4)


def test_both_share_one_training_and_the_weights_that_are_missing_are_trained_again(lab: Store) -> None:
    first = ask(lab, SETTINGS)
    train(lab, first, 4)
    second = ask(lab, BEST, "ben")
    run = lab.runs.get(second)
    assert (run.status, run.again, run.step) == ("waiting", True, 40)
    claim = take(lab, first)
    assert (claim.again, claim.epochs) == (True, 2)
    assert lab.claims.checkpoint(claim) is None  # nobody kept anything before the second epoch
    an_epoch(lab, claim, 1)
    an_epoch(lab, claim, 2)
    lab.claims.end(claim, "finished")
    run = lab.runs.get(second)
    assert (run.status, run.epochs_done, run.weights_epoch) == ("finished", 4, 2)
    assert (shown(lab, second), shown(lab, first)) == (2, 4)
    assert len(lab.curves.points(second)) == 4  # each epoch's end once


def test_who_joins_late_waits_on_for_the_best_when_the_training_is_done(lab: Store) -> None:
    first = ask(lab, SETTINGS)
    claim = take(lab, first)
    for epoch in (1, 2, 3):
        an_epoch(lab, claim, epoch)
    second = ask(lab, BEST, "ben")
    an_epoch(lab, claim, 4)
    lab.claims.end(claim, "finished")
    assert lab.runs.get(first).status == "finished"
    assert (lab.runs.get(second).status, lab.runs.get(second).again) == ("waiting", True)
    again = take(lab, first)
    assert (again.again, again.epochs) == (True, 2)


def test_a_run_without_patience_left_ends_there_and_others_go_on(lab: Store) -> None:
    patient, impatient = ask(lab, SETTINGS), ask(lab, IMPATIENT, "ben")
    claim = take(lab, patient)
    for epoch in (1, 2, 3):
        assert an_epoch(lab, claim, epoch)
    run = lab.runs.get(impatient)
    assert (run.status, run.epochs, run.epochs_done) == ("finished", 3, 3)
    assert run.settings.training.epochs == 4
    an_epoch(lab, claim, 4)
    lab.claims.end(claim, "finished")
    assert lab.runs.get(patient).epochs_done == 4
    assert len(lab.curves.points(impatient)) == 3


def test_alone_it_ends_the_training(lab: Store) -> None:
    run_id = ask(lab, IMPATIENT)
    claim = take(lab, run_id)
    assert an_epoch(lab, claim, 1)
    assert an_epoch(lab, claim, 2)
    assert not an_epoch(lab, claim, 3)
    lab.claims.end(claim, "stopped")
    assert (lab.runs.get(run_id).status, lab.runs.get(run_id).epochs_done) == ("finished", 3)
    lab.runs.extend(run_id, 10, learner="anna")
    assert (lab.runs.get(run_id).status, lab.runs.get(run_id).epochs) == ("waiting", 10)
    claim = take(lab, run_id)
    assert not an_epoch(lab, claim, 4)  # another one in vain
    assert lab.runs.get(run_id).epochs == 4


def test_where_the_curve_is_known_it_ends_at_once_where_it_would_have(lab: Store) -> None:
    train(lab, ask(lab, SETTINGS), 4)
    second = ask(lab, SETTINGS.change(patience=1, keep_best=True), "ben")
    run = lab.runs.get(second)
    assert (run.epochs, run.step, run.again) == (3, 30, True)  # its best weights are still to come
    third = ask(lab, SETTINGS.change(patience=2), "carla")
    assert (lab.runs.get(third).status, lab.runs.get(third).epochs) == ("finished", 4)


def test_a_stop_shows_the_best_of_what_is_kept(lab: Store) -> None:
    run_id = ask(lab, BEST)
    claim = take(lab, run_id)
    for epoch in (1, 2, 3):
        an_epoch(lab, claim, epoch)
    lab.runs.stop(run_id, learner="anna")
    lab.claims.record(claim, [], checkpoint(34, 9.0))
    lab.claims.end(claim, "stopped")
    run = lab.runs.get(run_id)
    assert (run.status, run.step, run.weights_epoch, shown(lab, run_id)) == ("stopped", 34, 2, 2)
    lab.runs.extend(run_id, 4, learner="anna")
    on = lab.claims.checkpoint(take(lab, run_id))
    assert on is not None
    assert on.step == 34  # it goes on from the last weights, not from the best
    np.testing.assert_array_equal(on.weights["dense_1/kernel"], 9.0)
