"""A branch begins with what its parent recorded, and leaves the parent alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from record_lab import NORMALIZATION, SETTINGS, checkpoint, point, snapshot, take

from core.record.store import Store
from core.runs.branch import begins_as, branched, parting
from core.runs.identity import identity
from core.runs.origin import Origin
from core.settings import InvalidSetting, Settings


def trained(lab: Store, settings: Settings = SETTINGS, epochs: int = 4) -> str:
    run_id = lab.runs.create("anna", settings)
    claim = take(lab, run_id)
    lab.claims.keep_normalization(claim, NORMALIZATION)
    lab.claims.record(claim, [point(0)], None, snapshot(0))
    for epoch in range(1, epochs + 1):
        end = replace(point(10 * epoch, end=True), val_loss=abs(epoch - 2.5) + epoch / 100)
        lab.claims.record(claim, [end], checkpoint(10 * epoch, epoch), snapshot(10 * epoch))
    lab.claims.end(claim, "finished")
    return run_id


def branch(lab: Store, run_id: str, rate: float, more: int, learner: str = "anna") -> str:
    run = lab.runs.get(run_id)
    settings = branched(run, rate, more)
    epochs = run.weights_epoch + more
    return lab.runs.create(learner, settings, origin=Origin("branch", run_id), epochs=epochs)


def test_it_goes_on_from_its_parents_weights_and_shows_its_parents_curve(lab: Store) -> None:
    parent = trained(lab)
    run = lab.runs.get(branch(lab, parent, 0.001, 3))
    assert run.settings == SETTINGS.change(rate_changes=((4, 0.001),), epochs=7)
    assert (run.status, run.epochs, run.epochs_done, run.step) == ("waiting", 7, 4, 40)
    assert run.origin == Origin("branch", parent)
    assert (run.val_loss, run.normalization) == (lab.runs.get(parent).val_loss, NORMALIZATION)
    assert lab.curves.points(run.id).equals(lab.curves.points(parent))
    assert lab.curves.snapshot_steps(run.id) == [0, 10, 20, 30, 40]
    begin = lab.claims.checkpoint(take(lab, run.id))
    assert begin is not None
    assert begin.step == 40


def test_its_parent_stays_as_it_is_whatever_becomes_of_the_branch(lab: Store) -> None:
    parent = trained(lab)
    before, curve = lab.runs.get(parent), lab.curves.points(parent)
    child = branch(lab, parent, 0.001, 1)
    claim = take(lab, child)
    lab.claims.record(claim, [point(50, end=True)], checkpoint(50, 9.0), snapshot(50))
    lab.claims.end(claim, "finished")
    assert lab.runs.get(child).status == "finished"
    assert lab.runs.get(parent) == before
    assert lab.curves.points(parent).equals(curve)


def test_from_the_best_weights_where_they_are_kept(lab: Store) -> None:
    parent = trained(lab, SETTINGS.change(keep_best=True))
    assert lab.runs.get(parent).weights_epoch == 2
    run = lab.runs.get(branch(lab, parent, 0.001, 3))
    assert (run.epochs, run.epochs_done, run.settings.training.rate_changes) == (5, 2, ((2, 0.001),))
    assert len(lab.curves.points(run.id)) == 3


def test_a_class_that_branches_alike_trains_once(lab: Store) -> None:
    parent = trained(lab)
    first, second = branch(lab, parent, 0.001, 3), branch(lab, parent, 0.001, 3, "ben")
    assert lab.runs.get(first).together == 2
    assert lab.queue.waiting() == [first]
    assert lab.runs.get(second).step == 40


def test_without_its_parents_weights_it_trains_from_the_beginning(lab: Store) -> None:
    settings = SETTINGS.change(rate_changes=((3, 0.001),))
    run_id = lab.runs.create("anna", settings, origin=Origin("branch", trained(lab)))
    assert (lab.runs.get(run_id).status, lab.runs.get(run_id).step) == ("waiting", 0)
    other = lab.runs.create(
        "anna", settings.change(seed=1, rate_changes=((4, 0.1),)), origin=Origin("branch", run_id)
    )
    assert lab.runs.get(other).step == 0
    assert lab.runs.get(lab.runs.create("ben", settings, origin=Origin("branch", "gone"))).step == 0


def test_its_experiment_is_told_by_its_settings_alone(lab: Store) -> None:
    run = lab.runs.get(trained(lab))
    settings = branched(run, 0.001, 3)
    assert Settings.from_query(settings.to_query()) == (settings, [])
    assert identity(settings) != identity(branched(run, 0.002, 3))
    assert begins_as(settings, run.settings)
    assert not begins_as(settings, run.settings.change(seed=1))
    assert not begins_as(run.settings, run.settings)
    assert (parting(settings), parting(run.settings)) == (4, 0)
    again = branched(replace(run, settings=settings, step=60), 0.1, 1)
    assert again.training.rate_changes == ((4, 0.001), (6, 0.1))
    assert begins_as(again, settings)
    with pytest.raises(InvalidSetting):
        branched(run, 1_000.0, 1)


def test_a_cosine_keeps_the_epochs_that_it_was_made_for(lab: Store) -> None:
    parent = trained(lab, SETTINGS.change(schedule="cosine"))
    run = lab.runs.get(branch(lab, parent, 0.001, 3))
    assert (run.settings.training.epochs, run.epochs, run.step) == (SETTINGS.training.epochs, 7, 40)
