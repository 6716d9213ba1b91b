"""What learners do with runs, kept alike by SQLite and by PostgreSQL."""

import re
import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from record_lab import SETTINGS, checkpoint, point, seeded, take

from core import limits
from core.record import runs, tables, trajectories
from core.record.checks import InvalidRecord
from core.record.store import Store
from core.runs.origin import Origin
from core.runs.progress import Point
from core.runs.run import TooManyRuns, UnknownRun


def test_a_new_run_waits_and_has_no_name_until_its_learner_chooses_one(lab: Store) -> None:
    run = lab.runs.get(lab.runs.create("anna", SETTINGS))
    assert (run.status, run.position, run.step, run.epochs_done) == ("waiting", 1, 0, 0)
    assert run.name is None
    assert (run.settings, run.epochs, run.steps_per_epoch) == (SETTINGS, 4, 10)
    assert (run.val_accuracy, run.normalization, run.message) == (None, None, None)
    assert abs(run.created.timestamp() - time.time()) < 5
    assert run.unfinished


def test_ids_are_short_safe_in_a_url_and_never_the_same(lab: Store) -> None:
    ids = {lab.runs.create(f"learner {index}", SETTINGS) for index in range(20)}
    assert len(ids) == 20
    assert all(re.fullmatch("[0-9a-f]{16}", run_id) for run_id in ids)


@pytest.mark.parametrize("run_id", ["", "nothing", "'; DROP TABLE runs; --", "x" * 5000, "é\u2028"])
def test_an_unknown_run_is_said_in_words(lab: Store, run_id: str) -> None:
    for ask in (
        lab.runs.get,
        lambda name: lab.runs.stop(name, learner="anna"),
        lambda name: lab.runs.extend(name, 3, learner="anna"),
        lambda name: lab.runs.change(name, learner="anna", note=""),
    ):
        with pytest.raises(UnknownRun, match="Check the link"):
            ask(run_id)


def test_learners_see_their_own_runs_newest_first_and_hidden_ones_on_request(lab: Store) -> None:
    first, second = lab.runs.create("anna", SETTINGS), lab.runs.create("anna", SETTINGS)
    lab.runs.create("ben", SETTINGS)
    assert [run.id for run in lab.runs.of("anna")] == [second, first]
    lab.runs.change(first, learner="anna", hidden=True)
    assert [run.id for run in lab.runs.of("anna")] == [second]
    assert [run.id for run in lab.runs.of("anna", hidden=True)] == [second, first]
    assert lab.runs.of("nobody") == []


def test_name_note_and_star_change_one_by_one(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS, name="Mine", origin=Origin("sweep", "a"))
    lab.runs.change(run_id, learner="anna", note="better? 是")
    lab.runs.change(run_id, learner="anna", starred=True)
    run = lab.runs.get(run_id, learner="anna")
    assert (run.name, run.note, run.starred, run.hidden, run.origin) == (
        "Mine",
        "better? 是",
        True,
        False,
        Origin("sweep", "a"),
    )
    lab.runs.change(run_id, learner="anna", name="  ", note="")
    run = lab.runs.get(run_id, learner="anna")
    assert (run.name, run.note) == (None, "")


@pytest.mark.parametrize("change", [{"name": "x" * 121}, {"note": "x" * 4001}, {"note": "a\0b"}, {"name": 7}])
def test_what_cannot_be_kept_is_refused(lab: Store, change: dict[str, Any]) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    with pytest.raises(InvalidRecord):
        lab.runs.change(run_id, learner="anna", **change)
    assert lab.runs.get(run_id).name is None


def test_a_learner_may_have_so_many_unfinished_runs_and_no_more(
    lab: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_UNFINISHED_RUNS", 3)
    ids = [lab.runs.create("anna", SETTINGS) for _ in range(3)]
    with pytest.raises(TooManyRuns, match="3 unfinished"):
        lab.runs.create("anna", SETTINGS)
    lab.runs.create("ben", SETTINGS)
    lab.runs.stop(ids[0], learner="anna")
    lab.runs.create("anna", SETTINGS)
    with pytest.raises(TooManyRuns):
        lab.runs.extend(ids[0], 9, learner="anna")
    assert lab.runs.get(ids[0]).status == "stopped"


def test_a_crowd_of_greedy_learners_leaves_room_for_a_first_run(
    lab: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_UNFINISHED_IN_ALL", 3)
    monkeypatch.setattr(limits, "MOST_FIRST_RUNS", 4)
    for learner in ("anna", "ben", "ben"):
        lab.runs.create(learner, SETTINGS)
    with pytest.raises(TooManyRuns, match="3 runs of all learners"):
        lab.runs.create("ben", SETTINGS)
    first = lab.runs.create("cleo", SETTINGS)
    with pytest.raises(TooManyRuns, match="4 runs of all learners"):
        lab.runs.create("dora", SETTINGS)
    lab.runs.stop(first, learner="cleo")
    lab.runs.create("dora", SETTINGS)


def test_the_twin_of_an_experiment_is_one_that_need_not_be_trained_again(
    lab: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    duel = Origin.new("duel")
    run_id = lab.runs.create("anna", SETTINGS)
    of_a_duel = lab.runs.create("anna", SETTINGS, origin=duel)
    found, dueling = lab.runs.twin("anna", SETTINGS), lab.runs.twin("anna", SETTINGS, "duel")
    assert found is not None
    assert dueling is not None
    assert (found.id, dueling.id, dueling.origin) == (run_id, of_a_duel, duel)
    assert lab.runs.twin("anna", SETTINGS.change(seed=1)) is None
    assert lab.runs.twin("ben", SETTINGS) is None
    lab.runs.stop(run_id, learner="anna")
    assert lab.runs.twin("anna", SETTINGS) is not None  # pressed again within the moment
    monkeypatch.setattr(runs, "SAME_CLICK", 0.0)
    assert lab.runs.twin("anna", SETTINGS) is None


def test_a_run_tells_its_progress(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    claim = take(lab, run_id)
    lab.claims.record(claim, [Point(0, 0.0, 0.0, val_loss=2.3, val_accuracy=0.95)])
    assert lab.runs.get(run_id).val_accuracy is None  # chance is no success
    lab.claims.record(claim, [point(10, end=True)], checkpoint(10))
    worse = Point(20, 2.0, 0.2, 1.0, 0.7, 1.0, 0.7, 0.4, 0.8)
    lab.claims.record(claim, [point(15), worse], checkpoint(20))
    run = lab.runs.get(run_id)
    assert (run.step, run.epochs_done, run.seconds) == (20, 2, 0.2)
    assert (run.val_loss, run.val_accuracy) == (0.4, 0.8)


def test_a_waiting_run_stops_at_once_and_leaves_the_queue(lab: Store) -> None:
    first, second = lab.runs.create("anna", SETTINGS), lab.runs.create("ben", seeded(1))
    lab.runs.stop(first, learner="anna")
    assert (lab.runs.get(first).status, lab.runs.get(first).position) == ("stopped", None)
    assert lab.queue.waiting() == [second]
    assert lab.claims.take(first, "worker") is None


def test_stop_changes_nothing_about_a_run_that_ended(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    lab.claims.end(take(lab, run_id), "finished")
    lab.runs.stop(run_id, learner="anna")
    assert lab.runs.get(run_id).status == "finished"


def test_a_finished_run_goes_on_for_more_epochs(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    claim = take(lab, run_id)
    lab.claims.record(claim, [point(40, end=True)], checkpoint(40))
    lab.claims.end(claim, "finished")
    lab.runs.extend(run_id, 6, learner="anna")
    assert (lab.runs.get(run_id).status, lab.runs.get(run_id).epochs) == ("waiting", 6)
    assert take(lab, run_id).epochs == 6
    kept = lab.curves.checkpoint(run_id)
    assert kept is not None
    assert kept.step == 40


def test_a_tab_that_saw_less_shortens_nothing(lab: Store) -> None:
    """It asks for some more than the four epochs it shows, while another tab went on with the run."""
    run_id = lab.runs.create("anna", SETTINGS)
    claim = take(lab, run_id)
    lab.claims.record(claim, [point(40, end=True)], checkpoint(40))
    lab.claims.end(claim, "finished")
    lab.runs.extend(run_id, 9, learner="anna")
    claim = take(lab, run_id)
    lab.runs.extend(run_id, 5, learner="anna")
    assert lab.runs.get(run_id).epochs == 9
    for step in (50, 60, 70, 80, 90):
        lab.claims.record(claim, [point(step, end=True)], checkpoint(step))
    lab.claims.end(claim, "finished")
    lab.runs.extend(run_id, 5, learner="anna")
    run = lab.runs.get(run_id)
    assert (run.status, run.epochs, run.step, run.again) == ("finished", 9, 90, False)


def test_a_stopped_run_may_go_on_for_less_than_it_once_wanted(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS.change(epochs=9))
    claim = take(lab, run_id)
    lab.claims.record(claim, [point(10, end=True)], checkpoint(10))
    lab.runs.stop(run_id, learner="anna")
    lab.claims.end(claim, "stopped")
    lab.runs.extend(run_id, 3, learner="anna")
    assert lab.runs.get(run_id).epochs == 3


@pytest.mark.parametrize("steer", ["stop", "extend"])
def test_what_another_did_before_the_lock_is_seen(
    lab: Store, steer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a server waits for the lock, another gives the run a trajectory of its own."""
    run_id = lab.runs.create("anna", SETTINGS)
    claim = take(lab, run_id)
    lab.claims.record(claim, [point(10, end=True)], checkpoint(10))
    lab.claims.release(claim)
    shared, lock = lab.runs.get(run_id).trajectory, trajectories.locked

    def locked(connection: Any, trajectory: str) -> Any:
        monkeypatch.undo()
        trajectories.split_off(connection, trajectory, [run_id])
        return lock(connection, trajectory)

    monkeypatch.setattr(trajectories, "locked", locked)
    if steer == "stop":
        lab.runs.stop(run_id, learner="anna")
    else:
        with lab.database.writing() as connection:
            trajectories.change(connection, shared, message="of the others")
        lab.runs.extend(run_id, 6, learner="anna")
        with lab.database.reading() as connection:
            others = sa.select(tables.trajectories.c.message).where(tables.trajectories.c.id == shared)
            assert connection.execute(others).scalar_one() == "of the others"
    run = lab.runs.get(run_id)
    assert (run.trajectory == shared, run.step) == (False, 0)
    assert (run.status, run.epochs) == (("stopped", 4) if steer == "stop" else ("waiting", 6))


@pytest.mark.parametrize("epochs", [0, -1, 1001, 2.5, True, "5", None])
def test_epochs_out_of_range_are_refused(lab: Store, epochs: Any) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    with pytest.raises(InvalidRecord, match="whole number"):
        lab.runs.extend(run_id, epochs, learner="anna")


def test_a_run_with_the_classs_handwriting_keeps_the_drawings_it_began_with(lab: Store) -> None:
    image = np.full((28, 28), 9, np.uint8)
    number = lab.drawings.give("anna", image, 7)
    run_id = lab.runs.create("anna", SETTINGS.change(handwriting=True))
    plain = lab.runs.create("anna", SETTINGS)
    lab.drawings.take_back("anna", number)
    extra = take(lab, run_id).extra
    assert extra is not None
    images, labels = extra
    np.testing.assert_array_equal(images, image[None])
    assert (labels.tolist(), lab.runs.get(run_id).steps_per_epoch) == ([7], 11)
    assert take(lab, plain, "worker").extra is None


def test_several_runs_are_read_at_once_without_what_is_their_learners_own(lab: Store) -> None:
    mine, other = lab.runs.create("anna", SETTINGS), lab.runs.create("ben", SETTINGS)
    lab.runs.change(mine, learner="anna", note="secret", starred=True, hidden=True)
    found = lab.runs.some([mine, other, "no-such-run"])
    assert found == {run: replace(lab.runs.get(run), position=None) for run in (mine, other)}
    assert (found[mine].note, found[mine].starred, found[mine].hidden) == ("", False, False)
    assert lab.runs.some([]) == {}


def test_a_statement_is_as_long_for_many_watched_runs_as_for_some(lab: Store) -> None:
    """PostgreSQL takes 65,535 values in a statement, SQLite 32,766 unless it was built otherwise."""
    mine = lab.runs.create("anna", SETTINGS)
    sizes: list[int] = []

    def measured(*given: Any) -> None:
        sizes.append(len(given[3]))

    sa.event.listen(sa.Engine, "before_cursor_execute", measured)
    try:
        assert set(lab.runs.some([*(f"unknown-{number}" for number in range(1_000)), mine])) == {mine}
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", measured)
    assert max(sizes) <= 250
