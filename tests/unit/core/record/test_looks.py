"""Looks at the sealed test set."""

import pytest
from record_lab import SETTINGS, checkpoint, point, take

from core.record.store import Store
from core.runs.run import NotYourRun, UnknownRun


def test_looks_at_the_test_set_are_counted_and_kept(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    assert lab.looks.of_run(run_id, learner="anna") == []
    lab.claims.record(take(lab, run_id), [point(10, end=True)], checkpoint(10))
    assert lab.looks.add(run_id, {"wrong": 244, "confusion": [[1, 2]]}, learner="anna") == 1
    assert lab.looks.add(run_id, {"wrong": 240}, learner="anna") == 2
    looks = lab.looks.of_run(run_id, learner="anna")
    assert [look.evaluation["wrong"] for look in looks] == [244, 240]
    assert looks[0].step == 10
    with pytest.raises(UnknownRun):
        lab.looks.add("nothing", {}, learner="anna")


def test_nobody_opens_the_test_set_with_another_s_run(lab: Store) -> None:
    """Else whoever got a link would see it at the owner's cost, and see it uncounted."""
    run_id = lab.runs.create("anna", SETTINGS)
    with pytest.raises(NotYourRun, match="another learner"):
        lab.looks.add(run_id, {"wrong": 244}, learner="ben")
    assert lab.looks.of_run(run_id, learner="anna") == []
    assert (lab.looks.count("anna"), lab.looks.count("ben")) == (0, 0)


def test_the_looks_of_a_learner_come_together_with_those_of_hidden_runs(lab: Store) -> None:
    first, second, third = (lab.runs.create("anna", SETTINGS) for _ in range(3))
    theirs = lab.runs.create("ben", SETTINGS)
    for run_id, wrong in ((second, 1), (first, 2), (second, 3)):
        lab.looks.add(run_id, {"wrong": wrong}, learner="anna")
    lab.looks.add(theirs, {"wrong": 4}, learner="ben")
    lab.runs.change(second, learner="anna", hidden=True)
    found = lab.looks.of_learner("anna")
    seen = {run_id: [look.evaluation["wrong"] for look in looks] for run_id, looks in found.items()}
    assert seen == {first: [2], second: [1, 3]}
    assert third not in found
    assert (lab.looks.count("anna"), lab.looks.count("ben"), lab.looks.count("nobody")) == (3, 1, 0)
