"""What workers write, fenced by claims, kept alike by SQLite and by PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from record_lab import NORMALIZATION, SETTINGS, checkpoint, let_the_lease_run_out, point, snapshot, take

from core.errors import LabError
from core.record import claims, tables
from core.record.claims import ClaimLost
from core.record.database import now
from core.record.store import Store
from core.runs.arithmetic import Arithmetic, Stretch
from core.runs.progress import Point
from core.runs.run import CLOCK_STEP, COMPILING, LEASE

GENERATOR = np.random.default_rng(0)


def test_the_normalization_travels_with_the_run(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    claim = take(lab, run_id)
    lab.claims.keep_normalization(claim, NORMALIZATION)
    assert lab.runs.get(run_id).normalization == NORMALIZATION


def test_a_run_compiles_until_its_worker_has_done_so_or_is_gone(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    claim = take(lab, run_id, "first")
    lab.claims.hold_up(claim, COMPILING)
    assert lab.runs.get(run_id).is_compiling
    lab.claims.hold_up_no_more(claim, COMPILING)
    assert (lab.runs.get(run_id).is_compiling, lab.runs.get(run_id).message) == (False, None)
    lab.claims.hold_up(claim, COMPILING)
    let_the_lease_run_out(lab, run_id)
    waiting = lab.runs.get(run_id)
    assert (waiting.status, waiting.is_compiling, waiting.message) == ("waiting", False, None)


def test_that_it_compiles_hides_nothing_worse(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    claim = take(lab, run_id)
    worse = LabError("The disk is full.")
    lab.claims.hold_up(claim, worse)
    for tell in (lab.claims.hold_up, lab.claims.hold_up_no_more):
        tell(claim, COMPILING)
        message = lab.runs.get(run_id).message
        assert message is not None
        assert message.template == worse.template


def test_only_one_of_many_workers_gets_a_run(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda index: lab.claims.take(run_id, f"worker {index}"), range(8)))
    assert sum(claim is not None for claim in taken) == 1
    assert lab.runs.get(run_id).status == "running"
    assert lab.queue.waiting() == []


def test_when_the_lease_runs_out_the_run_waits_and_goes_on_from_its_checkpoint(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    first = take(lab, run_id, "first")
    lab.claims.record(first, [point(5), point(10, end=True)], checkpoint(10), snapshot(10))
    lab.claims.record(first, [point(15), point(20, end=False)], None, snapshot(20))
    let_the_lease_run_out(lab, run_id)
    assert (lab.runs.get(run_id).status, lab.runs.get(run_id).position) == ("waiting", 1)
    second = take(lab, run_id, "second")
    kept = lab.curves.checkpoint(run_id)
    assert kept is not None
    assert kept.step == 10
    assert lab.curves.points(run_id)["step"].tolist() == [5, 10]
    assert lab.curves.snapshot_steps(run_id) == [10]
    assert (lab.runs.get(run_id).step, lab.runs.get(run_id).seconds) == (10, 0.1)
    lab.claims.record(second, [point(15), point(20, end=True)], checkpoint(20), snapshot(20))
    assert lab.curves.points(run_id)["step"].tolist() == [5, 10, 15, 20]


def test_without_a_checkpoint_a_run_begins_again_at_the_fresh_network(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    lab.claims.record(take(lab, run_id, "first"), [Point(0, 0.0, 0.0), point(5)], None, snapshot(0))
    let_the_lease_run_out(lab, run_id)
    claim = take(lab, run_id, "second")
    assert lab.curves.checkpoint(run_id) is None
    assert lab.curves.points(run_id).empty
    assert lab.curves.snapshot_steps(run_id) == []
    lab.claims.record(claim, [Point(0, 0.0, 0.0)])


def test_a_worker_that_only_slept_can_write_nothing_more(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    sleeper = take(lab, run_id, "sleeper")
    let_the_lease_run_out(lab, run_id)
    other = take(lab, run_id, "other")
    for write in (
        lambda: lab.claims.record(sleeper, [point(5)]),
        lambda: lab.claims.record(sleeper, [], checkpoint(10)),
        lambda: lab.claims.record(sleeper, [], None, snapshot(10)),
        lambda: lab.claims.record(sleeper, []),
        lambda: lab.claims.renew(sleeper),
        lambda: lab.claims.release(sleeper),
        lambda: lab.claims.end(sleeper, "finished"),
        lambda: lab.claims.keep_normalization(sleeper, NORMALIZATION),
    ):
        with pytest.raises(ClaimLost):
            write()
    assert lab.curves.points(run_id).empty
    assert lab.curves.weights(run_id) is None
    assert lab.runs.get(run_id).status == "running"
    assert lab.claims.record(other, [point(5)])


def test_the_same_task_may_take_its_run_over_before_the_lease_runs_out(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    assert take(lab, run_id, "first", task="a")
    assert lab.claims.take(run_id, "second", task="b") is None
    assert lab.claims.take(run_id, "second") is None
    assert take(lab, run_id, "second", task="a").token == 2


def test_a_claim_without_a_task_is_not_taken_over(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    assert take(lab, run_id, "first")
    assert lab.claims.take(run_id, "second") is None
    assert lab.claims.take(run_id, "third", task="a") is None


def test_a_claim_known_to_be_lost_is_free_at_once(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    take(lab, run_id, "first", task="a")
    lab.claims.free(run_id, "b")
    assert lab.runs.get(run_id).status == "running"
    lab.claims.free(run_id, "a")
    assert lab.runs.get(run_id).status == "waiting"


def test_signs_of_life_keep_a_claim(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    claim = take(lab, run_id)
    let_the_lease_run_out(lab, run_id)
    assert lab.runs.get(run_id).status == "waiting"
    assert lab.claims.renew(claim)  # nobody else came: the worker may go on
    assert lab.runs.get(run_id).status == "running"
    with lab.database.reading() as connection:
        until, clock = connection.execute(sa.select(tables.trajectories.c.lease_until, now())).one()
    assert LEASE - 1 < until - clock <= LEASE


def test_a_record_is_kept_whole_or_not_at_all(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    claim = take(lab, run_id)
    lab.claims.record(claim, [point(10, end=True)], checkpoint(10, 1.0))
    with pytest.raises(sa.exc.IntegrityError):  # the second point stands there already
        lab.claims.record(claim, [point(15), point(10)], checkpoint(20, 2.0), snapshot(20))
    assert lab.curves.points(run_id)["step"].tolist() == [10]
    kept = lab.curves.checkpoint(run_id)
    assert kept is not None
    assert kept.step == 10
    assert lab.curves.snapshot_steps(run_id) == []
    assert lab.runs.get(run_id).step == 10


def test_a_run_whose_workers_die_again_and_again_is_given_up_in_words(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    for _ in range(claims.ATTEMPTS):
        assert take(lab, run_id, "worker", task="a")
    assert lab.claims.take(run_id, "worker", task="a") is None
    run = lab.runs.get(run_id)
    assert run.status == "failed"
    assert f"died {claims.ATTEMPTS} times" in str(run.message)


def test_after_the_third_death_before_a_step_too_little_memory_is_named_and_it_is_tried_again(
    lab: Store,
) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    told = []
    for _ in range(claims.TELLING + 1):
        claim = take(lab, run_id, "worker", task="a")
        lab.claims.record(claim, [point(0)])  # the fresh network was looked at, which takes less memory
        told.append(str(lab.runs.get(run_id).message))
    assert told[:-1] == ["None"] * claims.TELLING
    assert "died 3 times" in told[-1]
    assert "too little memory" in told[-1]
    lab.claims.record(claim, [point(5)])
    assert lab.runs.get(run_id).message is None


def test_deaths_after_a_step_are_not_called_too_little_memory(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    for _ in range(claims.TELLING + 1):
        claim = take(lab, run_id, "worker", task="a")
        assert lab.runs.get(run_id).message is None
        lab.claims.record(claim, [point(5)])


@pytest.mark.parametrize("ahead", [3_600.0, LEASE + CLOCK_STEP + 1])
def test_a_lease_further_ahead_than_a_lease_is_long_is_not_believed(lab: Store, ahead: float) -> None:
    """The clock was an hour earlier when the server started again: nobody trains this run."""
    run_id = lab.runs.create("anna", SETTINGS)
    dead = take(lab, run_id, "dead")
    with lab.database.writing() as connection:
        connection.execute(sa.update(tables.trajectories).values(lease_until=now() + ahead))
    assert lab.runs.get(run_id).status == "waiting"
    assert lab.queue.running() == {}
    assert lab.queue.waiting() == [run_id]
    assert take(lab, run_id, "living")
    assert lab.queue.running() == {run_id: "living"}
    with pytest.raises(ClaimLost):
        lab.claims.renew(dead)


def test_a_clock_that_is_set_right_by_a_moment_takes_no_run_from_its_worker(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    take(lab, run_id, "living")
    with lab.database.writing() as connection:
        table = tables.trajectories
        connection.execute(sa.update(table).values(lease_until=table.c.lease_until + 0.5))
    assert lab.runs.get(run_id).status == "running"
    assert lab.claims.take(run_id, "another") is None


def test_deaths_with_progress_between_them_never_give_a_run_up(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    for index in range(1, 3 * claims.ATTEMPTS):
        claim = take(lab, run_id, "worker", task="a")
        if index % 3 == 0:
            lab.claims.record(claim, [], checkpoint(index))
    assert lab.runs.get(run_id).status == "running"


def test_an_epochs_end_takes_few_statements_and_they_are_made_once(lab: Store) -> None:
    """Each costs a tenth of a millisecond, and making one anew more than that."""
    settings = SETTINGS.change(epochs=9, patience=8, keep_best=True)
    claim = take(lab, lab.runs.create("anna", settings))
    asked: list[Any] = []
    made: list[Any] = []

    def asks(_connection: object, statement: Any, *_about: object) -> None:
        asked.append(statement)

    sa.event.listen(lab.database._engine, "before_execute", asks)
    for epoch in range(1, 6):
        made += asked
        asked.clear()
        points = [point(10 * epoch - 1), point(10 * epoch, end=True)]
        assert lab.claims.record(claim, points, checkpoint(10 * epoch), snapshot(10 * epoch))
    assert len(asked) <= 12
    assert all(any(statement is each for each in made) for statement in asked)
    asked.clear()
    assert lab.claims.record(claim, [point(31)])
    assert len(asked) == 3


def test_giving_a_run_back_is_no_death(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    for _ in range(3 * claims.ATTEMPTS):
        lab.claims.release(take(lab, run_id))
    assert lab.runs.get(run_id).status == "waiting"


def test_giving_back_after_a_checkpoint_forgives_no_death_to_come(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    claim = take(lab, run_id)
    lab.claims.record(claim, [point(10, end=True)], checkpoint(10))
    lab.claims.release(claim)
    for _ in range(claims.ATTEMPTS):
        assert take(lab, run_id, task="a")
    assert lab.claims.take(run_id, "worker", task="a") is None


@pytest.mark.parametrize("outcome", ["finished", "diverged", "failed"])
def test_an_ended_run_says_how_and_why_and_is_nobodys(lab: Store, outcome: str) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    claim = take(lab, run_id)
    lab.claims.end(claim, outcome, LabError("The loss is {loss:.3g} at {place}.", loss=1e30, place="step 4"))
    run = lab.runs.get(run_id)
    assert (run.status, run.position, run.unfinished) == (outcome, None, False)
    assert run.message is not None
    assert (str(run.message), run.message.template) == (
        "The loss is 1e+30 at step 4.",
        "The loss is {loss:.3g} at {place}.",
    )
    assert lab.claims.take(run_id, "other") is None
    with pytest.raises(ClaimLost):
        lab.claims.record(claim, [point(5)])


def test_an_outcome_nobody_knows_is_refused(lab: Store) -> None:
    claim = take(lab, lab.runs.create("anna", SETTINGS), "worker")
    with pytest.raises(ValueError, match="expected one of"):
        lab.claims.end(claim, "vanished")


def test_stop_reaches_the_worker_with_its_next_word(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    claim = take(lab, run_id)
    assert lab.claims.record(claim, []) is True
    lab.runs.stop(run_id, learner="anna")
    assert lab.runs.get(run_id).status == "stopping"
    assert lab.claims.record(claim, []) is False
    assert lab.claims.record(claim, [point(5)], checkpoint(5)) is False
    lab.claims.end(claim, "stopped")
    assert lab.runs.get(run_id).status == "stopped"
    assert lab.curves.weights(run_id) is not None


def test_a_stop_that_its_worker_did_not_live_to_see_is_still_a_stop(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    take(lab, run_id)
    lab.runs.stop(run_id, learner="anna")
    let_the_lease_run_out(lab, run_id)
    assert lab.runs.get(run_id).status == "stopped"
    assert lab.queue.waiting() == []


def test_epochs_that_come_while_a_run_ends_are_not_forgotten(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    claim = take(lab, run_id)
    lab.runs.extend(run_id, 8, learner="anna")
    lab.claims.end(claim, "finished")
    assert lab.runs.get(run_id).status == "waiting"
    assert take(lab, run_id).epochs == 8


def test_going_on_right_after_stop_is_no_stop(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    claim = take(lab, run_id)
    lab.runs.stop(run_id, learner="anna")
    assert lab.claims.record(claim, []) is False
    lab.runs.extend(run_id, 4, learner="anna")
    lab.claims.end(claim, "stopped")
    assert lab.runs.get(run_id).status == "waiting"


def test_a_released_run_waits_again(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    claim = take(lab, run_id)
    lab.claims.record(claim, [point(10, end=True)], checkpoint(10))
    lab.claims.release(claim, LabError("The disk is full."))
    assert (lab.runs.get(run_id).status, str(lab.runs.get(run_id).message)) == (
        "waiting",
        "The disk is full.",
    )
    assert lab.curves.points(run_id)["step"].tolist() == [10]


WIDE = Arithmetic(1, "2.21.0", "3.15.1", "AVX-512", "0123456789ab")
NARROW = Arithmetic(1, "2.21.0", "3.15.1", "AVX2", "ba9876543210")


def test_a_worker_with_another_arithmetic_leaves_a_begun_run_alone_when_told_so(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    claim = lab.claims.take(run_id, "wide", arithmetic=WIDE, only_same=True)
    assert claim is not None
    lab.claims.record(claim, [point(10, end=True)], checkpoint(10))
    lab.claims.release(claim)
    assert lab.queue.trained_with() == {run_id: WIDE}
    assert lab.claims.take(run_id, "narrow", arithmetic=NARROW, only_same=True) is None
    assert (lab.runs.get(run_id).status, lab.runs.get(run_id).arithmetic) == ("waiting", (Stretch(0, WIDE),))
    assert lab.claims.take(run_id, "wide", arithmetic=WIDE, only_same=True) is not None


def test_a_worker_with_another_arithmetic_that_goes_on_is_recorded_with_its_step(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    claim = lab.claims.take(run_id, "wide", arithmetic=WIDE)
    assert claim is not None
    lab.claims.record(claim, [point(10, end=True), point(15)], checkpoint(10))
    let_the_lease_run_out(lab, run_id)
    assert lab.claims.take(run_id, "narrow", arithmetic=NARROW) is not None
    assert lab.runs.get(run_id).arithmetic == (Stretch(0, WIDE), Stretch(10, NARROW))


def test_a_run_that_nobody_has_trained_yet_takes_any_arithmetic(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    claim = lab.claims.take(run_id, "wide", arithmetic=WIDE)
    assert claim is not None
    lab.claims.release(claim)
    assert lab.queue.trained_with() == {}
    assert lab.claims.take(run_id, "narrow", arithmetic=NARROW, only_same=True) is not None
    assert lab.runs.get(run_id).arithmetic == (Stretch(0, NARROW),)
