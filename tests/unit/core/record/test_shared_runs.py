"""Runs of the same experiment are trained once, and each stays its learner's own."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import sqlalchemy as sa
from record_lab import NORMALIZATION, SETTINGS, checkpoint, let_the_lease_run_out, point, snapshot, take

from core.errors import LabError
from core.record import removal, tables
from core.record.claims import Claim
from core.record.store import Store
from core.runs.arithmetic import Arithmetic, Stretch
from core.runs.progress import Point
from core.runs.run import Run

WIDE = Arithmetic(1, "2.21.0", "3.15.1", "AVX-512", "0123456789ab")
NARROW = Arithmetic(1, "2.21.0", "3.15.1", "AVX2", "ba9876543210")


def count(lab: Store, table: sa.Table) -> int:
    with lab.database.reading() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def weights_at(lab: Store) -> list[int]:
    with lab.database.reading() as connection:
        return sorted(connection.execute(sa.select(tables.checkpoints.c.step)).scalars())


def train(lab: Store, claim: Claim, *epochs: int) -> bool:
    """Record whole epochs, of ten steps each; what the last record answered."""
    goes_on = True
    for epoch in epochs:
        end = 10 * epoch
        goes_on = lab.claims.record(
            claim, [point(end - 5), point(end, end=True)], checkpoint(end, epoch), snapshot(end)
        )
    return goes_on


def steps(lab: Store, run_id: str) -> list[int]:
    return [int(step) for step in lab.curves.points(run_id)["step"]]


def weight(lab: Store, run_id: str) -> float | None:
    """The epoch whose weights a run has, as ``train`` writes them."""
    weights = lab.curves.weights(run_id)
    return None if weights is None else float(weights["dense_1/kernel"][0, 0])


def standing(run: Run) -> tuple[str, int, int]:
    return run.status, run.step, run.epochs_done


def test_two_learners_runs_of_the_same_experiment_are_trained_once(lab: Store) -> None:
    anna, ben = lab.runs.create("anna", SETTINGS), lab.runs.create("ben", SETTINGS.change(split_seed=9))
    assert lab.queue.waiting() == [anna]
    assert [lab.runs.get(run).position for run in (anna, ben)] == [1, 1]
    claim = take(lab, anna)
    lab.claims.keep_normalization(claim, NORMALIZATION)
    assert train(lab, claim, 1, 2)
    assert steps(lab, anna) == steps(lab, ben) == [5, 10, 15, 20]
    assert [standing(lab.runs.get(run)) for run in (anna, ben)] == [("running", 20, 2)] * 2
    train(lab, claim, 3, 4)
    lab.claims.end(claim, "finished")
    for run in map(lab.runs.get, (anna, ben)):
        assert standing(run) == ("finished", 40, 4)
        assert (run.val_accuracy, run.seconds, run.normalization) == (0.9, 0.4, NORMALIZATION)
    assert weight(lab, anna) == weight(lab, ben) == 4
    assert count(lab, tables.points) == 8
    assert weights_at(lab) == [40]


def test_pictures_stay_at_some_epochs_and_where_weights_are(lab: Store) -> None:
    anna, ben = lab.runs.create("anna", SETTINGS.change(epochs=7)), lab.runs.create("ben", SETTINGS)
    claim = take(lab, anna)
    lab.claims.record(claim, [Point(0, 0.0, 0.0)], None, snapshot(0))
    train(lab, claim, 1, 2, 3)
    assert lab.curves.picture_steps(anna) == [0, 10, 20, 30]
    train(lab, claim, 4, 5, 6, 7)
    assert lab.curves.snapshot_steps(anna) == [0, 10, 20, 30, 40, 50, 60, 70]
    assert lab.curves.picture_steps(anna) == [0, 10, 20, 40, 50, 70]
    assert lab.curves.picture_steps(ben) == [0, 10, 20, 40]
    assert lab.curves.pictures(anna, 30) is lab.curves.pictures(ben, 50) is None


def test_weights_that_are_made_again_come_with_their_pictures(lab: Store) -> None:
    anna = lab.runs.create("anna", SETTINGS)
    claim = take(lab, anna)
    train(lab, claim, 1, 2, 3, 4)
    lab.claims.end(claim, "finished")
    ben = lab.runs.create("ben", SETTINGS.change(epochs=3))
    assert lab.curves.picture_steps(ben) == [10, 20]
    again = take(lab, anna)
    assert again.again
    train(lab, again, 1, 2, 3)
    lab.claims.end(again, "finished")
    assert (weight(lab, ben), lab.curves.picture_steps(ben)) == (3, [10, 20, 30])
    assert lab.curves.snapshot_steps(ben) == [10, 20, 30]


def test_who_comes_later_sees_the_curve_so_far_and_moves_with_it(lab: Store) -> None:
    claim = take(lab, lab.runs.create("anna", SETTINGS))
    train(lab, claim, 1)
    ben = lab.runs.create("ben", SETTINGS)
    assert steps(lab, ben) == [5, 10]
    assert standing(lab.runs.get(ben)) == ("running", 10, 1)
    train(lab, claim, 2)
    assert steps(lab, ben) == [5, 10, 15, 20]


def test_who_comes_when_all_is_done_has_it_at_once(lab: Store) -> None:
    claim = take(lab, lab.runs.create("anna", SETTINGS))
    train(lab, claim, 1, 2, 3, 4)
    lab.claims.end(claim, "finished")
    ben = lab.runs.create("ben", SETTINGS)
    assert standing(lab.runs.get(ben)) == ("finished", 40, 4)
    assert weight(lab, ben) == 4
    assert lab.queue.waiting() == []


def test_fewer_epochs_are_a_part_of_it_and_more_go_on(lab: Store) -> None:
    anna = lab.runs.create("anna", SETTINGS)
    ben = lab.runs.create("ben", SETTINGS.change(epochs=2))
    claim = take(lab, anna)
    assert claim.epochs == 4
    assert train(lab, claim, 1, 2, 3)
    assert standing(lab.runs.get(ben)) == ("finished", 20, 2)
    assert steps(lab, ben) == [5, 10, 15, 20]
    assert lab.curves.snapshot_steps(ben) == [10, 20]
    assert weight(lab, ben) == 2
    train(lab, claim, 4)
    lab.claims.end(claim, "finished")
    assert weights_at(lab) == [20, 40]
    cleo = lab.runs.create("cleo", SETTINGS.change(epochs=5))
    assert standing(lab.runs.get(cleo)) == ("waiting", 40, 4)
    claim = take(lab, anna)
    begin = lab.claims.checkpoint(claim)
    assert begin is not None
    assert (claim.epochs, begin.step) == (5, 40)
    train(lab, claim, 5)
    lab.claims.end(claim, "finished")
    assert [weight(lab, run) for run in (anna, ben, cleo)] == [4, 2, 5]
    assert steps(lab, anna)[-1] == 40


def test_weights_that_nobody_kept_are_trained_again_and_nothing_else(lab: Store) -> None:
    anna = lab.runs.create("anna", SETTINGS)
    claim = take(lab, anna)
    train(lab, claim, 1, 2, 3, 4)
    lab.claims.end(claim, "finished")
    ben = lab.runs.create("ben", SETTINGS.change(epochs=3))
    run = lab.runs.get(ben)
    assert (standing(run), run.again, run.has_weights, run.val_accuracy) == (
        ("waiting", 30, 3),
        True,
        False,
        0.9,
    )
    assert weight(lab, ben) is None
    assert steps(lab, ben) == [5, 10, 15, 20, 25, 30]
    claim = take(lab, anna)
    assert (claim.epochs, claim.again, lab.claims.checkpoint(claim)) == (3, True, None)
    assert train(lab, claim, 1, 2, 3)
    assert count(lab, tables.points) == 8
    lab.claims.end(claim, "finished")
    run = lab.runs.get(ben)
    assert (standing(run), run.again, run.has_weights, run.seconds) == (("finished", 30, 3), False, True, 0.3)
    assert (weight(lab, ben), weight(lab, anna)) == (3, 4)
    assert lab.queue.waiting() == []
    assert lab.runs.get(anna).step == 40


def test_weights_on_the_way_are_trained_from_the_nearest_that_are_kept(lab: Store) -> None:
    anna = lab.runs.create("anna", SETTINGS)
    lab.runs.create("ben", SETTINGS.change(epochs=1))
    claim = take(lab, anna)
    train(lab, claim, 1, 2, 3)
    lab.runs.create("cleo", SETTINGS.change(epochs=2))
    assert lab.queue.should_give_way(claim)  # she waits for a piece that this claim has passed
    lab.claims.release(claim)
    claim = take(lab, anna)
    begin = lab.claims.checkpoint(claim)
    assert begin is not None
    assert (claim.epochs, claim.again, begin.step) == (2, True, 10)
    assert not lab.queue.should_give_way(claim)
    train(lab, claim, 2)
    lab.claims.end(claim, "finished")
    claim = take(lab, anna)
    begin = lab.claims.checkpoint(claim)
    assert begin is not None
    assert (claim.epochs, claim.again, begin.step) == (4, False, 30)
    assert steps(lab, anna)[-1] == 30


def test_a_worker_that_dies_on_the_way_back_changes_nothing(lab: Store) -> None:
    anna = lab.runs.create("anna", SETTINGS)
    claim = take(lab, anna)
    train(lab, claim, 1, 2, 3, 4)
    lab.claims.end(claim, "finished")
    lab.runs.create("ben", SETTINGS.change(epochs=3))
    train(lab, take(lab, anna), 1)
    let_the_lease_run_out(lab, anna)
    again = lab.claims.checkpoint(take(lab, anna))
    assert again is not None
    assert again.step == 10
    assert (standing(lab.runs.get(anna)), weight(lab, anna)) == (("finished", 40, 4), 4)
    assert count(lab, tables.points) == 8


def test_stop_ends_a_run_at_its_last_whole_epoch_while_others_want_more(lab: Store) -> None:
    anna, ben = lab.runs.create("anna", SETTINGS), lab.runs.create("ben", SETTINGS)
    claim = take(lab, anna)
    train(lab, claim, 1, 2)
    lab.claims.record(claim, [point(23)])
    lab.runs.stop(anna, learner="anna")
    assert standing(lab.runs.get(anna)) == ("stopped", 20, 2)
    assert train(lab, claim, 3, 4)  # the worker goes on
    lab.claims.end(claim, "finished")
    assert standing(lab.runs.get(ben)) == ("finished", 40, 4)
    assert (weight(lab, anna), steps(lab, anna)[-1]) == (2, 20)


def test_stop_in_the_first_epoch_keeps_what_was_learnt_and_others_go_on(lab: Store) -> None:
    anna, ben = lab.runs.create("anna", SETTINGS), lab.runs.create("ben", SETTINGS)
    claim = take(lab, anna)
    lab.claims.record(claim, [point(5)])
    lab.runs.stop(anna, learner="anna")
    assert lab.runs.get(anna).status == "stopping"
    assert not lab.claims.record(claim, [])
    lab.claims.record(claim, [], checkpoint(7, 0.7))
    lab.claims.end(claim, "stopped")
    assert standing(lab.runs.get(anna)) == ("stopped", 7, 0)
    assert lab.runs.get(ben).status == "waiting"
    claim = take(lab, anna)
    begin = lab.claims.checkpoint(claim)
    assert begin is not None
    assert begin.step == 7
    lab.claims.record(claim, [point(10, end=True)], checkpoint(10, 1))
    train(lab, claim, 2, 3, 4)
    assert weight(lab, anna) == pytest.approx(0.7)
    assert weights_at(lab) == [7, 40]


def test_stop_of_the_last_who_wants_more_ends_the_training_where_it_is(lab: Store) -> None:
    anna, ben = lab.runs.create("anna", SETTINGS), lab.runs.create("ben", SETTINGS)
    claim = take(lab, anna)
    train(lab, claim, 1, 2)
    lab.runs.stop(anna, learner="anna")
    lab.runs.stop(ben, learner="ben")
    assert not lab.claims.record(claim, [point(25)])
    lab.claims.record(claim, [], checkpoint(27, 2.7))
    lab.claims.end(claim, "stopped")
    assert standing(lab.runs.get(anna)) == ("stopped", 20, 2)
    assert standing(lab.runs.get(ben)) == ("stopped", 27, 2)
    assert weight(lab, ben) == pytest.approx(2.7)


def test_when_those_who_wanted_more_stop_nothing_is_trained_beyond_the_others(lab: Store) -> None:
    anna = lab.runs.create("anna", SETTINGS)
    lab.runs.create("ben", SETTINGS.change(epochs=2))
    claim = take(lab, anna)
    train(lab, claim, 1)
    lab.runs.stop(anna, learner="anna")
    assert not train(lab, claim, 2)
    lab.claims.end(claim, "stopped")
    assert lab.queue.waiting() == []


def test_nothing_goes_on_for_those_who_want_something_else(lab: Store) -> None:
    anna = lab.runs.create("anna", SETTINGS)
    claim = take(lab, anna)
    train(lab, claim, 1, 2)
    ben = lab.runs.create("ben", SETTINGS.change(epochs=1))  # wants weights that were not kept
    lab.runs.stop(anna, learner="anna")
    assert not lab.claims.record(claim, [])
    lab.claims.end(claim, "stopped")
    claim = take(lab, anna)
    assert claim.again
    lab.runs.extend(anna, 4, learner="anna")
    assert lab.claims.record(claim, [])
    lab.runs.stop(ben, learner="ben")  # nothing of it is kept yet: the worker must hear of it
    assert not lab.claims.record(claim, [], checkpoint(6, 0.6))
    lab.claims.end(claim, "stopped")
    assert standing(lab.runs.get(ben)) == ("stopped", 6, 0)
    assert weight(lab, ben) == pytest.approx(0.6)
    claim = take(lab, anna)
    assert (claim.epochs, claim.again) == (4, False)


def test_a_stopped_run_that_is_continued_has_what_others_trained_meanwhile(lab: Store) -> None:
    anna = lab.runs.create("anna", SETTINGS)
    lab.runs.create("ben", SETTINGS)
    claim = take(lab, anna)
    train(lab, claim, 1)
    lab.runs.stop(anna, learner="anna")
    train(lab, claim, 2, 3)
    lab.runs.extend(anna, 4, learner="anna")
    assert standing(lab.runs.get(anna)) == ("running", 30, 3)
    train(lab, claim, 4)
    lab.claims.end(claim, "finished")
    assert standing(lab.runs.get(anna)) == ("finished", 40, 4)


def test_a_stop_that_no_worker_heard_is_settled_by_the_next(lab: Store) -> None:
    anna, ben = lab.runs.create("anna", SETTINGS), lab.runs.create("ben", SETTINGS)
    claim = take(lab, anna)
    lab.claims.record(claim, [point(5)])
    lab.runs.stop(anna, learner="anna")
    let_the_lease_run_out(lab, anna)
    assert lab.runs.get(anna).status == "stopped"
    assert take(lab, anna).epochs == 4
    assert standing(lab.runs.get(anna)) == ("stopped", 0, 0)
    assert lab.runs.get(ben).status == "running"


def test_what_diverged_has_diverged_for_all_and_is_not_tried_again(lab: Store) -> None:
    anna, ben = lab.runs.create("anna", SETTINGS), lab.runs.create("ben", SETTINGS.change(epochs=1))
    claim = take(lab, anna)
    train(lab, claim, 1)
    lab.claims.record(claim, [point(15)])
    lab.claims.end(claim, "diverged", LabError("The loss is no number."))
    late, early = lab.runs.create("cleo", SETTINGS), lab.runs.create("dora", SETTINGS.change(epochs=1))
    for run_id in (anna, late):
        run = lab.runs.get(run_id)
        assert (standing(run), str(run.message)) == (("diverged", 15, 1), "The loss is no number.")
    for run_id in (ben, early):
        assert (standing(lab.runs.get(run_id)), lab.runs.get(run_id).message) == (("finished", 10, 1), None)
    assert lab.queue.waiting() == []
    lab.runs.extend(anna, 4, learner="anna")  # whoever insists may try
    assert lab.queue.waiting() == [anna]


@pytest.mark.parametrize("outcome", ["diverged", "failed"])
def test_who_goes_on_takes_nothing_from_those_who_ended(lab: Store, outcome: str) -> None:
    anna, ben = lab.runs.create("anna", SETTINGS), lab.runs.create("ben", SETTINGS)
    claim = take(lab, anna)
    train(lab, claim, 1)
    lab.claims.record(claim, [point(15), point(16)], None, snapshot(16))
    lab.claims.end(claim, outcome, LabError("The loss is no number."))

    def shown() -> tuple[object, ...]:
        run = lab.runs.get(ben)
        return (
            standing(run),
            str(run.message),
            steps(lab, ben),
            weight(lab, ben),
            lab.curves.snapshot_steps(ben),
        )

    before = shown()
    assert steps(lab, ben)[-2:] == [15, 16]
    lab.runs.extend(anna, 4, learner="anna")
    again = take(lab, anna)
    lab.claims.record(again, [point(11)], checkpoint(11, 7), snapshot(11))
    lab.runs.stop(anna, learner="anna")
    lab.claims.end(again, "stopped")
    assert shown() == before
    assert (steps(lab, anna)[-1], weight(lab, anna)) == (11, 7)
    lab.runs.extend(ben, 4, learner="ben")  # and may go on from where it was
    assert lab.queue.waiting() != []


def test_what_failed_failed_for_those_who_wanted_it_and_may_be_tried_again(lab: Store) -> None:
    anna, ben = lab.runs.create("anna", SETTINGS), lab.runs.create("ben", SETTINGS)
    claim = take(lab, anna)
    train(lab, claim, 1)
    lab.claims.end(claim, "failed", LabError("No memory."))
    assert [lab.runs.get(run).status for run in (anna, ben)] == ["failed"] * 2
    cleo = lab.runs.create("cleo", SETTINGS)
    assert standing(lab.runs.get(cleo)) == ("waiting", 10, 1)
    train(lab, take(lab, anna), 2, 3)
    assert weight(lab, anna) == 1  # what it has stays


def test_a_second_arithmetic_ends_the_sharing(lab: Store) -> None:
    anna = lab.runs.create("anna", SETTINGS)
    claim = lab.claims.take(anna, "wide", arithmetic=WIDE)
    assert claim is not None
    train(lab, claim, 1)
    lab.claims.release(claim)
    assert lab.claims.take(anna, "narrow", arithmetic=NARROW) is not None
    ben = lab.runs.create("ben", SETTINGS)
    assert steps(lab, ben) == []
    assert lab.queue.waiting() == [ben]
    assert lab.runs.get(anna).arithmetic == (Stretch(0, WIDE), Stretch(10, NARROW))


def test_a_run_that_ended_before_tells_nothing_of_a_later_arithmetic(lab: Store) -> None:
    anna, ben = lab.runs.create("anna", SETTINGS), lab.runs.create("ben", SETTINGS.change(epochs=1))
    claim = lab.claims.take(anna, "wide", arithmetic=WIDE)
    assert claim is not None
    train(lab, claim, 1)
    lab.claims.release(claim)
    assert lab.claims.take(anna, "narrow", arithmetic=NARROW) is not None
    assert lab.runs.get(ben).arithmetic == (Stretch(0, WIDE),)


def test_weights_are_trained_again_only_as_they_were_or_else_for_themselves(lab: Store) -> None:
    anna = lab.runs.create("anna", SETTINGS)
    claim = lab.claims.take(anna, "wide", arithmetic=WIDE)
    assert claim is not None
    train(lab, claim, 1, 2, 3, 4)
    lab.claims.end(claim, "finished")
    ben = lab.runs.create("ben", SETTINGS.change(epochs=3))
    assert lab.claims.take(anna, "narrow", arithmetic=NARROW) is None
    (own,) = lab.queue.waiting()
    assert own not in (anna, ben)
    assert (standing(lab.runs.get(ben)), steps(lab, ben)) == (("waiting", 0, 0), [])
    claim = lab.claims.take(own, "narrow", arithmetic=NARROW)
    assert claim is not None
    train(lab, claim, 1)
    assert lab.runs.get(ben).arithmetic == (Stretch(0, NARROW),)
    assert (weight(lab, anna), steps(lab, anna)[-1]) == (4, 40)


def test_drawings_are_part_of_the_experiment(lab: Store) -> None:
    ours = SETTINGS.change(handwriting=True)
    anna = lab.runs.create("anna", ours)  # nobody has drawn yet
    lab.runs.create("ben", SETTINGS)
    assert lab.queue.waiting() == [anna]
    lab.drawings.give("anna", np.full((28, 28), 9, np.uint8), 7)
    cleo = lab.runs.create("cleo", ours)
    dora = lab.runs.create("dora", ours)
    assert lab.queue.waiting() == [anna, cleo]
    assert lab.runs.drawings(dora) == lab.runs.drawings(cleo) != lab.runs.drawings(anna)


def test_at_the_same_moment_thirty_begin_one(lab: Store) -> None:
    with ThreadPoolExecutor(30) as pool:
        made = list(pool.map(lambda index: lab.runs.create(f"learner {index}", SETTINGS), range(30)))
    assert len(set(made)) == 30
    assert count(lab, tables.trajectories) == 1
    assert {lab.runs.get(run).together for run in made} == {30}
    (only,) = lab.queue.waiting()
    claim = take(lab, only)
    train(lab, claim, 1, 2, 3, 4)
    lab.claims.end(claim, "finished")
    assert {standing(lab.runs.get(run)) for run in made} == {("finished", 40, 4)}


def test_how_many_learners_it_is_trained_for(lab: Store) -> None:
    anna, ben = lab.runs.create("anna", SETTINGS), lab.runs.create("ben", SETTINGS)
    second = lab.runs.create("anna", SETTINGS.change(epochs=1))
    assert lab.runs.get(anna).together == 2
    claim = take(lab, anna)
    train(lab, claim, 1)
    lab.runs.stop(ben, learner="ben")
    assert lab.runs.get(anna).together == 1  # just now
    assert [lab.runs.get(run).together for run in (second, ben)] == [2, 2]  # in all


def test_a_turn_counts_for_who_has_waited_longest(lab: Store) -> None:
    other = take(lab, lab.runs.create("anna", SETTINGS.change(seed=1)))
    lab.claims.release(other)
    shared = lab.runs.create("anna", SETTINGS)
    lab.runs.create("ben", SETTINGS)
    take(lab, shared)
    with lab.database.reading() as connection:
        table = tables.trajectories
        charged = connection.execute(sa.select(table.c.charged).where(table.c.id == shared)).scalar_one()
    assert charged == "ben"


def test_time_left_is_the_runs_own(lab: Store) -> None:
    anna, ben = lab.runs.create("anna", SETTINGS), lab.runs.create("ben", SETTINGS.change(epochs=2))
    train(lab, take(lab, anna), 1)
    assert lab.queue.seconds_left(anna, 1) == pytest.approx(0.3)
    assert lab.queue.seconds_left(ben, 1) == pytest.approx(0.1)


def test_what_was_trained_goes_with_the_last_run(lab: Store) -> None:
    anna, ben = lab.runs.create("anna", SETTINGS), lab.runs.create("ben", SETTINGS)
    claim = take(lab, anna)
    train(lab, claim, 1)
    gone = removal.remove(lab.database, "run", anna)
    assert (gone.learner, gone.rows["runs"], gone.shared, gone.copies) == ("anna", 1, 1, 0)
    assert train(lab, claim, 2)
    assert steps(lab, ben)[-1] == 20
    assert removal.remove(lab.database, "run", ben).shared == 0
    assert {
        count(lab, tables.metadata.tables[name]) for name in ("trajectories", "points", "checkpoints")
    } == {0}


def test_deletion_says_where_copies_of_a_drawing_stay(lab: Store) -> None:
    number = lab.drawings.give("anna", np.full((28, 28), 9, np.uint8), 7)
    lab.runs.create("ben", SETTINGS.change(handwriting=True))
    gone = removal.remove(lab.database, "drawing", str(number))
    assert gone.copies == 1
    again = lab.drawings.give("anna", np.full((28, 28), 8, np.uint8), 7)
    assert removal.remove(lab.database, "drawing", str(again)).copies == 0
