"""What another version of the lab, or damage, left unreadable is one run with a sentence."""

import json
from typing import Any

import pytest
import sqlalchemy as sa
from record_lab import SETTINGS, checkpoint, point, seeded, take

from core.record import tables
from core.record.store import Store
from core.runs.run import UnreadableRun

UNREADABLE = {
    "settings": ["nonsense", "{}", SETTINGS.to_json().replace('"relu"', '"mish"')],
    "message": ["nonsense", '{"template": "{missing}", "values": {}}'],
    "normalization": ["nonsense"],
    "arithmetic": ["nonsense"],
}
CASES = [(column, text) for column, texts in UNREADABLE.items() for text in texts]


def unreadable(lab: Store, learner: str) -> list[UnreadableRun]:
    """A sentence for each run of this learner that cannot be read."""
    return [told for told in lab.runs.all_of(learner) if isinstance(told, UnreadableRun)]


def write(lab: Store, run_id: str, **columns: Any) -> None:
    """As nobody but another version of the lab would."""
    with lab.database.writing() as connection:
        for table in (tables.runs, tables.trajectories):  # of a run and of what it began
            known = {name: text for name, text in columns.items() if name in table.c}
            if known:
                connection.execute(sa.update(table).where(table.c.id == run_id).values(**known))


@pytest.mark.parametrize(("column", "text"), CASES)
def test_an_unreadable_row_is_no_error_for_others(lab: Store, column: str, text: str) -> None:
    readable, damaged, others = (
        lab.runs.create("anna", SETTINGS),
        *(lab.runs.create(learner, seeded(seed)) for seed, learner in enumerate(("anna", "ben"), start=1)),
    )
    claim = take(lab, damaged)
    lab.claims.record(claim, [point(10, end=True)], checkpoint(10))
    lab.claims.release(claim)
    write(lab, damaged, **{column: text})
    assert [run.id for run in lab.runs.of("anna")] == [readable]
    assert [run.id for run in lab.runs.of("ben")] == [others]
    assert set(lab.queue.waiting()) >= {readable, others}
    assert lab.queue.seconds_left(readable, 1) is not None or column == "settings"
    lab.queue.trained_with()
    [told] = unreadable(lab, "anna")
    assert damaged in str(told)
    assert "left as it is" in str(told)
    assert unreadable(lab, "ben") == []
    with pytest.raises(UnreadableRun):
        lab.runs.get(damaged)
    assert set(lab.runs.some([readable, damaged, others])) == {readable, others}  # who watches hears of these


def test_a_run_whose_settings_cannot_be_read_is_given_to_no_worker(lab: Store) -> None:
    damaged, readable = (lab.runs.create("anna", seeded(seed)) for seed in range(2))
    write(lab, damaged, settings="nonsense")
    assert lab.queue.waiting() == [readable]
    assert lab.runs.get(readable).position == 1


def test_it_can_still_be_stopped_and_hidden(lab: Store) -> None:
    damaged = lab.runs.create("anna", SETTINGS)
    write(lab, damaged, settings="nonsense")
    lab.runs.stop(damaged, learner="anna")
    lab.runs.change(damaged, learner="anna", hidden=True)
    assert len(unreadable(lab, "anna")) == 1


def test_a_lab_with_narrower_limits_opens_an_older_database(lab: Store) -> None:
    """What was trained with more than may be chosen today is shown, and goes on."""
    run_id = lab.runs.create("anna", SETTINGS)
    tree = json.loads(SETTINGS.to_json())
    tree["training"]["epochs"] = 100_000
    tree["network"]["hidden"] = [5_000]
    write(lab, run_id, settings=json.dumps(tree))
    [run] = lab.runs.of("anna")
    assert (run.settings.training.epochs, run.settings.network.hidden) == (100_000, (5_000,))
    assert lab.queue.waiting() == [run_id]
    assert take(lab, run_id).settings == run.settings
