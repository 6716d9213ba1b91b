"""The same promises, kept by SQLite and by PostgreSQL."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import psycopg
import pytest
import sqlalchemy as sa

from core.dataset.normalization import fit
from core.errors import LabError
from core.record import claims, runs, tables
from core.record.checks import InvalidRecord
from core.record.claims import ClaimLost
from core.record.curves import POINT_COLUMNS
from core.record.database import DatabaseUnreachable
from core.record.drawings import TooManyDrawings
from core.record.store import Store, UnknownVersion
from core.runs.progress import LAYER_MEASURES, Checkpoint, Point, Snapshot
from core.runs.run import TooManyRuns, UnknownRun
from core.settings import Settings

SETTINGS = Settings().change(train=320, epochs=4)  # 10 steps an epoch
GENERATOR = np.random.default_rng(0)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/lab/digits.sqlite"
    return request.getfixturevalue("empty_postgres_url")


@pytest.fixture
def lab(url):
    opened = Store(url)
    yield opened
    opened.close()


def point(step, *, end=False, layers=None):
    return Point(
        step, step / 10, step / 100, 1.5, 0.5, 1.4, 0.6, 0.3 if end else None, 0.9 if end else None, layers
    )


def checkpoint(step, value=1.0):
    weights = {"dense_1/kernel": np.full((784, 3), value, np.float32)}
    return Checkpoint(step, step / 100, np.zeros((2, 3)), weights, [np.array(step)])


def snapshot(step):
    return Snapshot(step, np.full((2, 42), step, np.int32), np.zeros((3, 28, 28), np.int8), 0.01)


def let_the_lease_run_out(lab, run_id):
    with lab.database.writing() as connection:
        connection.execute(sa.update(tables.runs).where(tables.runs.c.id == run_id).values(lease_until=0.0))


# What pages see


def test_a_new_run_waits_with_a_name_made_from_its_settings(lab):
    run = lab.runs.get(lab.runs.create("anna", SETTINGS))
    assert (run.status, run.position, run.step, run.epochs_done) == ("waiting", 1, 0, 0)
    assert run.name == "300-100 ReLU, z-score, SGD 0.01, 320 images"
    assert (run.settings, run.epochs, run.steps_per_epoch) == (SETTINGS, 4, 10)
    assert (run.val_accuracy, run.normalization, run.message) == (None, None, None)
    assert abs(run.created.timestamp() - time.time()) < 5
    assert run.unfinished


def test_ids_are_short_safe_in_a_url_and_never_the_same(lab):
    ids = {lab.runs.create(f"learner {index}", SETTINGS) for index in range(20)}
    assert len(ids) == 20
    assert all(len(run_id) == 12 and run_id.replace("-", "").replace("_", "").isalnum() for run_id in ids)


@pytest.mark.parametrize("run_id", ["", "nothing", "'; DROP TABLE runs; --", "x" * 5000, "é\u2028"])
def test_an_unknown_run_is_said_in_words(lab, run_id):
    for ask in (
        lab.runs.get,
        lab.runs.stop,
        lambda name: lab.runs.extend(name, 3),
        lambda name: lab.runs.change(name, note=""),
    ):
        with pytest.raises(UnknownRun, match="Check the link"):
            ask(run_id)


def test_learners_see_their_own_runs_newest_first_and_hidden_ones_on_request(lab):
    first, second = lab.runs.create("anna", SETTINGS), lab.runs.create("anna", SETTINGS)
    lab.runs.create("ben", SETTINGS)
    assert [run.id for run in lab.runs.of("anna")] == [second, first]
    lab.runs.change(first, hidden=True)
    assert [run.id for run in lab.runs.of("anna")] == [second]
    assert [run.id for run in lab.runs.of("anna", hidden=True)] == [second, first]
    assert lab.runs.of("nobody") == []


def test_name_note_and_star_change_one_by_one(lab):
    run_id = lab.runs.create("anna", SETTINGS, name="Mine", group="sweep")
    lab.runs.change(run_id, note="better? 是")
    lab.runs.change(run_id, starred=True)
    run = lab.runs.get(run_id)
    assert (run.name, run.note, run.starred, run.hidden, run.group) == (
        "Mine",
        "better? 是",
        True,
        False,
        "sweep",
    )
    lab.runs.change(run_id, name="  ", note="")
    assert (lab.runs.get(run_id).name, lab.runs.get(run_id).note) == (
        "300-100 ReLU, z-score, SGD 0.01, 320 images",
        "",
    )


@pytest.mark.parametrize("change", [{"name": "x" * 121}, {"note": "x" * 4001}, {"note": "a\0b"}, {"name": 7}])
def test_what_cannot_be_kept_is_refused(lab, change):
    run_id = lab.runs.create("anna", SETTINGS)
    with pytest.raises(InvalidRecord):
        lab.runs.change(run_id, **change)
    assert lab.runs.get(run_id).name == "300-100 ReLU, z-score, SGD 0.01, 320 images"


def test_a_learner_may_have_so_many_unfinished_runs_and_no_more(lab, monkeypatch):
    monkeypatch.setattr(runs, "MOST_UNFINISHED_RUNS", 3)
    ids = [lab.runs.create("anna", SETTINGS) for _ in range(3)]
    with pytest.raises(TooManyRuns, match="3 unfinished"):
        lab.runs.create("anna", SETTINGS)
    lab.runs.create("ben", SETTINGS)
    lab.runs.stop(ids[0])
    lab.runs.create("anna", SETTINGS)
    with pytest.raises(TooManyRuns):
        lab.runs.extend(ids[0], 9)
    assert lab.runs.get(ids[0]).status == "stopped"


# The curve


def test_points_come_back_in_order_with_nan_only_where_nothing_was_measured(lab):
    run_id = lab.runs.create("anna", SETTINGS)
    assert lab.curves.points(run_id).empty
    assert list(lab.curves.points(run_id)) == list(POINT_COLUMNS)
    claim = lab.claims.take(run_id, "worker")
    lab.claims.record(claim, [Point(0, 0.0, 0.0, val_loss=2.3, val_accuracy=0.1), point(5)])
    lab.claims.record(claim, [point(10, end=True)], checkpoint(10))
    frame = lab.curves.points(run_id)
    assert frame["step"].tolist() == [0, 5, 10]
    assert frame["loss"].isna().tolist() == [True, False, False]
    assert frame["val_accuracy"].isna().tolist() == [False, True, False]
    assert lab.curves.points(run_id, after_step=5)["step"].tolist() == [10]
    assert [str(kind) for kind in frame.dtypes] == ["int64"] + ["float64"] * 8


def test_infinite_and_missing_numbers_stay_what_they_are(lab):
    run_id = lab.runs.create("anna", SETTINGS)
    claim = lab.claims.take(run_id, "worker")
    lab.claims.record(claim, [Point(1, 0.1, 0.1, float("inf"), np.float32(0.25), None)])
    frame = lab.curves.points(run_id)
    assert frame["loss"][0] == float("inf")
    assert frame["accuracy"][0] == 0.25
    assert np.isnan(frame["epoch_loss"][0])


def test_a_run_tells_its_progress(lab):
    run_id = lab.runs.create("anna", SETTINGS)
    claim = lab.claims.take(run_id, "worker")
    lab.claims.record(claim, [Point(0, 0.0, 0.0, val_loss=2.3, val_accuracy=0.95)])
    assert lab.runs.get(run_id).best_val_accuracy is None  # chance is no success
    lab.claims.record(claim, [point(10, end=True)], checkpoint(10))
    worse = Point(20, 2.0, 0.2, 1.0, 0.7, 1.0, 0.7, 0.4, 0.8)
    lab.claims.record(claim, [point(15), worse], checkpoint(20))
    run = lab.runs.get(run_id)
    assert (run.step, run.epochs_done, run.seconds) == (20, 2, 0.2)
    assert (run.val_loss, run.val_accuracy, run.best_val_accuracy) == (0.4, 0.8, 0.9)


def test_layers_and_snapshots_come_back(lab):
    run_id = lab.runs.create("anna", SETTINGS)
    claim = lab.claims.take(run_id, "worker")
    assert list(lab.curves.layers(run_id)) == ["step", "epoch", "layer", *LAYER_MEASURES]
    layers = GENERATOR.normal(size=(len(LAYER_MEASURES), 3)).astype(np.float32)
    layers[2, 1] = np.nan
    lab.claims.record(claim, [point(5, layers=layers), point(7)], None, snapshot(0))
    lab.claims.record(claim, [], None, snapshot(10))
    frame = lab.curves.layers(run_id)
    assert frame["layer"].tolist() == [1, 2, 3]
    np.testing.assert_array_equal(frame[list(LAYER_MEASURES)].to_numpy(np.float32), layers.T)
    assert lab.curves.snapshot_steps(run_id) == [0, 10]
    np.testing.assert_array_equal(lab.curves.snapshot(run_id, 10).histogram, snapshot(10).histogram)
    assert lab.curves.snapshot(run_id, 5) is None


def test_weights_are_those_of_the_last_checkpoint(lab):
    run_id = lab.runs.create("anna", SETTINGS)
    assert lab.curves.weights(run_id) is None
    claim = lab.claims.take(run_id, "worker")
    lab.claims.record(claim, [point(10, end=True)], checkpoint(10, 1.0))
    lab.claims.record(claim, [point(20, end=True)], checkpoint(20, 2.0))
    assert (
        lab.curves.weights(run_id)["dense_1/kernel"].tobytes() == np.full((784, 3), 2, np.float32).tobytes()
    )


def test_the_normalization_travels_with_the_run(lab):
    run_id = lab.runs.create("anna", SETTINGS)
    claim = lab.claims.take(run_id, "worker")
    fitted = fit("z-score", GENERATOR.integers(0, 256, (50, 28, 28)).astype(np.uint8))
    lab.claims.keep_normalization(claim, fitted)
    assert lab.runs.get(run_id).normalization == fitted


# Claims


def test_only_one_of_many_workers_gets_a_run(lab):
    run_id = lab.runs.create("anna", SETTINGS)
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda index: lab.claims.take(run_id, f"worker {index}"), range(8)))
    assert sum(claim is not None for claim in taken) == 1
    assert lab.runs.get(run_id).status == "running"
    assert lab.queue.waiting() == []


def test_when_the_lease_runs_out_the_run_waits_and_goes_on_from_its_checkpoint(lab):
    run_id = lab.runs.create("anna", SETTINGS)
    first = lab.claims.take(run_id, "first")
    lab.claims.record(first, [point(5), point(10, end=True)], checkpoint(10), snapshot(10))
    lab.claims.record(first, [point(15), point(20, end=False)], None, snapshot(20))
    let_the_lease_run_out(lab, run_id)
    assert (lab.runs.get(run_id).status, lab.runs.get(run_id).position) == ("waiting", 1)
    second = lab.claims.take(run_id, "second")
    assert lab.curves.checkpoint(run_id).step == 10
    assert lab.curves.points(run_id)["step"].tolist() == [5, 10]
    assert lab.curves.snapshot_steps(run_id) == [10]
    assert (lab.runs.get(run_id).step, lab.runs.get(run_id).seconds) == (10, 0.1)
    lab.claims.record(second, [point(15), point(20, end=True)], checkpoint(20), snapshot(20))
    assert lab.curves.points(run_id)["step"].tolist() == [5, 10, 15, 20]


def test_without_a_checkpoint_a_run_begins_again_at_the_fresh_network(lab):
    run_id = lab.runs.create("anna", SETTINGS)
    lab.claims.record(lab.claims.take(run_id, "first"), [Point(0, 0.0, 0.0), point(5)], None, snapshot(0))
    let_the_lease_run_out(lab, run_id)
    claim = lab.claims.take(run_id, "second")
    assert lab.curves.checkpoint(run_id) is None
    assert lab.curves.points(run_id).empty
    assert lab.curves.snapshot_steps(run_id) == []
    lab.claims.record(claim, [Point(0, 0.0, 0.0)])


def test_a_worker_that_only_slept_can_write_nothing_more(lab):
    run_id = lab.runs.create("anna", SETTINGS)
    sleeper = lab.claims.take(run_id, "sleeper")
    let_the_lease_run_out(lab, run_id)
    other = lab.claims.take(run_id, "other")
    for write in (
        lambda: lab.claims.record(sleeper, [point(5)]),
        lambda: lab.claims.record(sleeper, [], checkpoint(10)),
        lambda: lab.claims.record(sleeper, [], None, snapshot(10)),
        lambda: lab.claims.record(sleeper, []),
        lambda: lab.claims.renew(sleeper),
        lambda: lab.claims.release(sleeper),
        lambda: lab.claims.end(sleeper, "finished"),
        lambda: lab.claims.keep_normalization(sleeper, fit("none", np.zeros((1, 28, 28), np.uint8))),
    ):
        with pytest.raises(ClaimLost):
            write()
    assert lab.curves.points(run_id).empty
    assert lab.curves.weights(run_id) is None
    assert lab.runs.get(run_id).status == "running"
    assert lab.claims.record(other, [point(5)])


def test_the_same_task_may_take_its_run_over_before_the_lease_runs_out(lab):
    run_id = lab.runs.create("anna", SETTINGS)
    assert lab.claims.take(run_id, "first", task="a")
    assert lab.claims.take(run_id, "second", task="b") is None
    assert lab.claims.take(run_id, "second") is None
    assert lab.claims.take(run_id, "second", task="a").token == 2


def test_a_claim_without_a_task_is_not_taken_over(lab):
    run_id = lab.runs.create("anna", SETTINGS)
    assert lab.claims.take(run_id, "first")
    assert lab.claims.take(run_id, "second") is None
    assert lab.claims.take(run_id, "third", task="a") is None


def test_a_claim_known_to_be_lost_is_free_at_once(lab):
    run_id = lab.runs.create("anna", SETTINGS)
    lab.claims.take(run_id, "first", task="a")
    lab.claims.free(run_id, "b")
    assert lab.runs.get(run_id).status == "running"
    lab.claims.free(run_id, "a")
    assert lab.runs.get(run_id).status == "waiting"


def test_signs_of_life_keep_a_claim(lab, monkeypatch):
    monkeypatch.setattr(claims, "LEASE", 0.4)
    run_id = lab.runs.create("anna", SETTINGS)
    claim = lab.claims.take(run_id, "worker")
    for _ in range(4):
        time.sleep(0.2)
        assert lab.claims.renew(claim)
        assert lab.runs.get(run_id).status == "running"
    time.sleep(0.5)
    assert lab.runs.get(run_id).status == "waiting"
    assert lab.claims.renew(claim)  # nobody else came: the worker may go on
    assert lab.runs.get(run_id).status == "running"


def test_a_record_is_kept_whole_or_not_at_all(lab):
    run_id = lab.runs.create("anna", SETTINGS)
    claim = lab.claims.take(run_id, "worker")
    lab.claims.record(claim, [point(10, end=True)], checkpoint(10, 1.0))
    with pytest.raises(sa.exc.IntegrityError):  # the second point stands there already
        lab.claims.record(claim, [point(15), point(10)], checkpoint(20, 2.0), snapshot(20))
    assert lab.curves.points(run_id)["step"].tolist() == [10]
    assert lab.curves.checkpoint(run_id).step == 10
    assert lab.curves.snapshot_steps(run_id) == []
    assert lab.runs.get(run_id).step == 10


def test_a_run_whose_workers_die_again_and_again_is_given_up_in_words(lab):
    run_id = lab.runs.create("anna", SETTINGS)
    for _ in range(claims.ATTEMPTS):
        assert lab.claims.take(run_id, "worker", task="a")
    assert lab.claims.take(run_id, "worker", task="a") is None
    run = lab.runs.get(run_id)
    assert run.status == "failed"
    assert f"died {claims.ATTEMPTS} times" in str(run.message)


def test_deaths_with_progress_between_them_never_give_a_run_up(lab):
    run_id = lab.runs.create("anna", SETTINGS)
    for index in range(1, 3 * claims.ATTEMPTS):
        claim = lab.claims.take(run_id, "worker", task="a")
        if index % 3 == 0:
            lab.claims.record(claim, [], checkpoint(index))
    assert lab.runs.get(run_id).status == "running"


def test_giving_a_run_back_is_no_death(lab):
    run_id = lab.runs.create("anna", SETTINGS)
    for _ in range(3 * claims.ATTEMPTS):
        lab.claims.release(lab.claims.take(run_id, "worker"))
    assert lab.runs.get(run_id).status == "waiting"


# How runs end


@pytest.mark.parametrize("outcome", ["finished", "diverged", "failed"])
def test_an_ended_run_says_how_and_why_and_is_nobodys(lab, outcome):
    run_id = lab.runs.create("anna", SETTINGS)
    claim = lab.claims.take(run_id, "worker")
    lab.claims.end(claim, outcome, LabError("The loss is {loss:.3g} at {place}.", loss=1e30, place="step 4"))
    run = lab.runs.get(run_id)
    assert (run.status, run.position, run.unfinished) == (outcome, None, False)
    assert (str(run.message), run.message.template) == (
        "The loss is 1e+30 at step 4.",
        "The loss is {loss:.3g} at {place}.",
    )
    assert lab.claims.take(run_id, "other") is None
    with pytest.raises(ClaimLost):
        lab.claims.record(claim, [point(5)])


def test_an_outcome_nobody_knows_is_refused(lab):
    claim = lab.claims.take(lab.runs.create("anna", SETTINGS), "worker")
    with pytest.raises(ValueError, match="expected one of"):
        lab.claims.end(claim, "vanished")


def test_stop_reaches_the_worker_with_its_next_word(lab):
    run_id = lab.runs.create("anna", SETTINGS)
    claim = lab.claims.take(run_id, "worker")
    assert lab.claims.record(claim, []) is True
    lab.runs.stop(run_id)
    assert lab.runs.get(run_id).status == "stopping"
    assert lab.claims.record(claim, []) is False
    assert lab.claims.record(claim, [point(5)], checkpoint(5)) is False
    lab.claims.end(claim, "stopped")
    assert lab.runs.get(run_id).status == "stopped"
    assert lab.curves.weights(run_id) is not None


def test_a_waiting_run_stops_at_once_and_leaves_the_queue(lab):
    first, second = lab.runs.create("anna", SETTINGS), lab.runs.create("ben", SETTINGS)
    lab.runs.stop(first)
    assert (lab.runs.get(first).status, lab.runs.get(first).position) == ("stopped", None)
    assert lab.queue.waiting() == [second]
    assert lab.claims.take(first, "worker") is None


def test_a_stop_that_its_worker_did_not_live_to_see_is_still_a_stop(lab):
    run_id = lab.runs.create("anna", SETTINGS)
    lab.claims.take(run_id, "worker")
    lab.runs.stop(run_id)
    let_the_lease_run_out(lab, run_id)
    assert lab.runs.get(run_id).status == "stopped"
    assert lab.queue.waiting() == []


def test_stop_changes_nothing_about_a_run_that_ended(lab):
    run_id = lab.runs.create("anna", SETTINGS)
    lab.claims.end(lab.claims.take(run_id, "worker"), "finished")
    lab.runs.stop(run_id)
    assert lab.runs.get(run_id).status == "finished"


def test_a_finished_run_goes_on_for_more_epochs(lab):
    run_id = lab.runs.create("anna", SETTINGS)
    claim = lab.claims.take(run_id, "worker")
    lab.claims.record(claim, [point(40, end=True)], checkpoint(40))
    lab.claims.end(claim, "finished")
    lab.runs.extend(run_id, 6)
    assert (lab.runs.get(run_id).status, lab.runs.get(run_id).epochs) == ("waiting", 6)
    assert lab.claims.take(run_id, "worker").epochs == 6
    assert lab.curves.checkpoint(run_id).step == 40


def test_epochs_that_come_while_a_run_ends_are_not_forgotten(lab):
    run_id = lab.runs.create("anna", SETTINGS)
    claim = lab.claims.take(run_id, "worker")
    lab.runs.extend(run_id, 8)
    lab.claims.end(claim, "finished")
    assert lab.runs.get(run_id).status == "waiting"
    assert lab.claims.take(run_id, "worker").epochs == 8


def test_going_on_right_after_stop_is_no_stop(lab):
    run_id = lab.runs.create("anna", SETTINGS)
    claim = lab.claims.take(run_id, "worker")
    lab.runs.stop(run_id)
    assert lab.claims.record(claim, []) is False
    lab.runs.extend(run_id, 4)
    lab.claims.end(claim, "stopped")
    assert lab.runs.get(run_id).status == "waiting"


@pytest.mark.parametrize("epochs", [0, -1, 1001, 2.5, True, "5", None])
def test_epochs_out_of_range_are_refused(lab, epochs):
    run_id = lab.runs.create("anna", SETTINGS)
    with pytest.raises(InvalidRecord, match="whole number"):
        lab.runs.extend(run_id, epochs)


def test_a_released_run_waits_again(lab):
    run_id = lab.runs.create("anna", SETTINGS)
    claim = lab.claims.take(run_id, "worker")
    lab.claims.record(claim, [point(10, end=True)], checkpoint(10))
    lab.claims.release(claim, LabError("The disk is full."))
    assert (lab.runs.get(run_id).status, str(lab.runs.get(run_id).message)) == (
        "waiting",
        "The disk is full.",
    )
    assert lab.curves.points(run_id)["step"].tolist() == [10]


# The queue


def test_learners_take_turns(lab):
    many = [lab.runs.create("anna", SETTINGS) for _ in range(4)]
    one = lab.runs.create("ben", SETTINGS)
    assert lab.queue.waiting() == [many[0], one, *many[1:]]
    lab.claims.take(many[0], "worker")
    assert lab.queue.waiting() == [one, *many[1:]]
    assert lab.runs.get(one).position == 1
    assert [run.position for run in lab.runs.of("anna")] == [4, 3, 2, None]


def test_time_left_is_unknown_until_something_was_measured(lab):
    run_id = lab.runs.create("anna", SETTINGS)
    assert lab.queue.seconds_left(run_id, 2) is None
    claim = lab.claims.take(run_id, "worker")
    lab.claims.record(claim, [point(10, end=True)], checkpoint(10))
    assert lab.queue.seconds_left(run_id, 1) == pytest.approx(0.3)
    waiting = lab.runs.create("ben", SETTINGS)
    assert lab.queue.seconds_left(waiting, 1) == pytest.approx(0.7)
    assert lab.queue.seconds_left(waiting, 2) == pytest.approx(0.4)


def test_a_run_gives_way_to_a_learner_for_whom_nothing_trains(lab):
    claim = lab.claims.take(lab.runs.create("anna", SETTINGS), "worker")
    lab.runs.create("anna", SETTINGS)
    assert not lab.queue.should_give_way(claim)
    lab.runs.create("ben", SETTINGS)
    assert lab.queue.should_give_way(claim)


# Test set, documents, drawings


def test_looks_at_the_test_set_are_counted_and_kept(lab):
    run_id = lab.runs.create("anna", SETTINGS)
    assert lab.looks.of_run(run_id) == []
    lab.claims.record(lab.claims.take(run_id, "worker"), [point(10, end=True)], checkpoint(10))
    assert lab.looks.add(run_id, {"wrong": 244, "confusion": [[1, 2]]}) == 1
    assert lab.looks.add(run_id, {"wrong": 240}) == 2
    looks = lab.looks.of_run(run_id)
    assert [look.evaluation["wrong"] for look in looks] == [244, 240]
    assert looks[0].step == 10
    with pytest.raises(UnknownRun):
        lab.looks.add("nothing", {})


def test_documents_belong_to_one_learner_and_are_replaced(lab):
    assert lab.documents.get("anna", "drawing") is None
    lab.documents.save("anna", "drawing", json.dumps({"objects": []}))
    lab.documents.save("ben", "drawing", "his")
    lab.documents.save("anna", "drawing", "é 一")
    assert (lab.documents.get("anna", "drawing"), lab.documents.get("ben", "drawing")) == ("é 一", "his")
    with pytest.raises(InvalidRecord):
        lab.documents.save("anna", "drawing", "x" * 1_000_001)


def test_drawings_are_the_classs_and_only_their_learner_takes_them_back(lab):
    image = GENERATOR.integers(0, 256, (28, 28)).astype(np.uint8)
    number = lab.drawings.give("anna", image, 7, '{"objects": []}')
    lab.drawings.give("ben", image // 2, np.int64(0))
    first, second = lab.drawings.all()
    np.testing.assert_array_equal(first.image, image)
    assert (first.id, first.learner, first.label, first.strokes) == (number, "anna", 7, '{"objects": []}')
    assert [drawing.label for drawing in lab.drawings.of("ben")] == [0]
    assert not lab.drawings.take_back("ben", number)
    assert lab.drawings.take_back("anna", number)
    assert [drawing.id for drawing in lab.drawings.all()] == [second.id]


@pytest.mark.parametrize(
    ("image", "label"),
    [
        (np.zeros((28, 27), np.uint8), 1),
        (np.zeros((28, 28), np.float32), 1),
        ([[0] * 28] * 28, 1),
        (np.zeros((28, 28), np.uint8), 10),
        (np.zeros((28, 28), np.uint8), -1),
        (np.zeros((28, 28), np.uint8), True),
        (np.zeros((28, 28), np.uint8), "1"),
    ],
)
def test_what_is_no_drawing_is_refused(lab, image, label):
    with pytest.raises(InvalidRecord):
        lab.drawings.give("anna", image, label)
    assert lab.drawings.all() == []


def test_a_learner_may_give_so_many_drawings(lab, monkeypatch):
    monkeypatch.setattr("core.record.drawings.MOST_DRAWINGS", 2)
    image = np.ones((28, 28), np.uint8)
    lab.drawings.give("anna", image, 1)
    lab.drawings.give("anna", image, 1)
    with pytest.raises(TooManyDrawings):
        lab.drawings.give("anna", image, 1)


def test_a_run_with_the_classs_handwriting_keeps_the_drawings_it_began_with(lab):
    image = np.full((28, 28), 9, np.uint8)
    number = lab.drawings.give("anna", image, 7)
    run_id = lab.runs.create("anna", SETTINGS.change(handwriting=True))
    plain = lab.runs.create("anna", SETTINGS)
    lab.drawings.take_back("anna", number)
    images, labels = lab.claims.take(run_id, "worker").extra
    np.testing.assert_array_equal(images, image[None])
    assert (labels.tolist(), lab.runs.get(run_id).steps_per_epoch) == ([7], 11)
    assert lab.claims.take(plain, "worker").extra is None


# The database itself


def test_another_process_finds_everything(lab, url):
    run_id = lab.runs.create("anna", SETTINGS)
    other = Store(lab.url)
    assert other.runs.get(run_id).settings == SETTINGS
    other.runs.stop(run_id)
    other.close()
    assert lab.runs.get(run_id).status == "stopped"


def test_a_database_of_another_version_is_refused_and_left_alone(lab):
    run_id = lab.runs.create("anna", SETTINGS)
    with lab.database.writing() as connection:
        connection.execute(sa.update(tables.versions).values(version=99))
    with pytest.raises(UnknownVersion, match="99 instead of 1"):
        Store(lab.url)
    assert lab.runs.get(run_id).status == "waiting"


def break_connections(url):
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        )


def test_a_server_that_drops_its_connections_is_reached_again(empty_postgres_url):
    lab = Store(empty_postgres_url)
    run_id = lab.runs.create("anna", SETTINGS)
    break_connections(empty_postgres_url)
    assert lab.runs.get(run_id).status == "waiting"
    lab.close()


def test_a_connection_that_breaks_within_a_transaction_is_named_and_nothing_is_half_done(empty_postgres_url):
    lab = Store(empty_postgres_url)
    run_id = lab.runs.create("anna", SETTINGS)

    def write():
        with lab.database.writing() as writing:
            writing.execute(sa.update(tables.runs).values(note="half-way"))
            break_connections(empty_postgres_url)
            writing.execute(sa.update(tables.runs).values(note="done"))

    with pytest.raises(DatabaseUnreachable):
        write()
    assert lab.runs.get(run_id).note == ""
    lab.close()


def test_many_may_open_an_empty_database_at_once(url):
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(lambda _index: Store(url), range(8)))
    run_id = opened[0].runs.create("anna", SETTINGS)
    assert all(store.runs.get(run_id).status == "waiting" for store in opened)
    for each in opened:
        each.close()


def test_thirty_pages_and_four_workers_do_not_lock_each_other_out(lab):
    """Half a second of a class's load: pages poll and click, workers record."""
    runs = [lab.runs.create(f"learner {index}", SETTINGS) for index in range(30)]
    claimed = [lab.claims.take(run_id, "worker") for run_id in runs[:4]]
    end = time.monotonic() + 0.5
    slowest = []

    def work(claim):
        step = 0
        while time.monotonic() < end:
            step += 1
            lab.claims.record(claim, [point(step)], checkpoint(step))

    def watch(run_id):
        while time.monotonic() < end:
            begun = time.monotonic()
            lab.runs.get(run_id)
            lab.curves.points(run_id)
            lab.runs.change(run_id, note="seen")
            slowest.append(time.monotonic() - begun)
            time.sleep(0.05)

    with ThreadPoolExecutor(34) as pool:
        jobs = [pool.submit(work, claim) for claim in claimed] + [pool.submit(watch, run) for run in runs]
        for job in jobs:
            job.result()
    assert max(slowest) < 5
    for claim in claimed:
        steps = lab.curves.points(claim.run_id)["step"].tolist()
        assert steps == list(range(1, len(steps) + 1))


def test_readers_do_not_wait_for_a_writer(lab):
    run_id = lab.runs.create("anna", SETTINGS)
    written, may_end = threading.Event(), threading.Event()

    def write():
        with lab.database.writing() as connection:
            connection.execute(sa.update(tables.runs).values(note="half-way"))
            written.set()
            may_end.wait(5)

    writer = threading.Thread(target=write)
    writer.start()
    written.wait(5)
    begun = time.monotonic()
    assert lab.runs.get(run_id).note == ""  # what is not committed is not seen
    assert time.monotonic() - begun < 1
    may_end.set()
    writer.join()
    assert lab.runs.get(run_id).note == "half-way"
