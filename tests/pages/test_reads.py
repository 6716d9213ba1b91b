"""What one look at a page costs: it must not grow with a learner's runs, and nothing is made twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa
from page_lab import LEARNER, WINDOWS, Lab, components
from PIL.Image import Image
from record_lab import checkpoint, take
from streamlit import dataframe_util
from streamlit.delta_generator import DeltaGenerator
from streamlit.testing.v1 import AppTest

from core.runs.progress import Point
from core.settings import DEFAULT
from core.translation import speaking
from dashboard.frame import resources, sidebar


@contextmanager
def statements(lab: Lab) -> Iterator[list[str]]:
    """Every SELECT sent to the database inside the block."""
    sent: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.extend([statement] * statement.startswith("SELECT"))

    engine = lab.store.database._engine
    sa.event.listen(engine, "before_cursor_execute", listen)
    try:
        yield sent
    finally:
        sa.event.remove(engine, "before_cursor_execute", listen)


def reads_of_a_rerun(lab: Lab, app: AppTest) -> list[str]:
    app.run()  # curves of ended runs are read once and kept
    with statements(lab) as sent:
        app.run()
    assert not app.exception
    return sent


@pytest.mark.parametrize("page", ["compare", "exam", "train"])
def test_twenty_runs_are_read_with_as_many_statements_as_three(lab: Lab, page: str) -> None:
    for rate in range(1, 4):
        lab.store.looks.add(
            lab.trained(DEFAULT.change(train=1000, learning_rate=rate / 1000)),
            {"accuracy": 0.9},
            learner=LEARNER,
        )
    app = lab.open(page)
    few = reads_of_a_rerun(lab, app)
    for rate in range(4, 21):
        lab.store.looks.add(
            lab.trained(DEFAULT.change(train=1000, learning_rate=rate / 1000)),
            {"accuracy": 0.9},
            learner=LEARNER,
        )
    assert len(lab.store.runs.of(LEARNER)) == 20
    many = reads_of_a_rerun(lab, app)
    assert len(many) == len(few) <= 9, many


def times_called(monkeypatch: pytest.MonkeyPatch, owner: object, method: str) -> list[str]:
    """Grows by one whenever this function of a class or module is called from now on."""
    calls: list[str] = []
    real = getattr(owner, method)

    def counted(*arguments: Any, **options: Any) -> Any:
        calls.append(method)
        return real(*arguments, **options)

    monkeypatch.setattr(owner, method, counted)
    return calls


def test_of_an_ended_run_no_table_and_no_picture_is_made_again_nor_looked_for(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = lab.open("train", run=lab.trained(epochs=3))
    made = ((pd.DataFrame, "__init__"), (Image, "save"), (dataframe_util, "determine_data_format"))
    calls = [times_called(monkeypatch, *each) for each in made]
    sent = reads_of_a_rerun(lab, app)
    assert len(sent) == 2, sent  # the learner's runs, and their names
    assert [len(each) for each in calls] == [0, 0, 0]


def test_what_windows_hold_is_made_when_they_are_opened_and_stays_as_it_was_left(lab: Lab) -> None:
    app = lab.open("digits", run=lab.trained(epochs=2))
    kept = ("continue", "more-epochs", "branch-rate", "change-0")

    def shown() -> set[str]:
        return {key for key in kept if key in app.session_state}

    for key in WINDOWS:
        app.session_state[key] = False
    app.switch_page("app_pages/train/page.py").run()
    assert shown() == set()
    app.session_state["continuing"] = True
    app.run()
    assert shown() == {"continue", "more-epochs"}
    app.number_input(key="more-epochs").set_value(7).run()
    app.session_state["continuing"] = False
    app.run()
    assert app.number_input(key="more-epochs").value == 7


def test_what_is_kept_of_a_curve_ends_with_its_next_point(lab: Lab) -> None:
    run = lab.store.runs.create(LEARNER, DEFAULT)
    claim = take(lab.store, run)

    def told(app: AppTest) -> str:
        return str(components(app, "live_chart")[0]["told"])

    app = lab.open("train", run=run)
    assert told(app) == ""
    lab.store.claims.record(claim, [Point(0, 0.0, 0.0, val_loss=2.4, val_accuracy=0.1)])
    assert "after 0 epochs" in told(app.run())
    for epoch in (1, 2):
        end = Point(1_719 * epoch, epoch, epoch, 0.4, 0.9, 0.4, 0.9, 0.3 / epoch, 0.92)
        lab.store.claims.record(claim, [end], checkpoint(end.step))
        assert f" in {epoch} epochs" in told(app.run())
        assert f"after epoch {epoch}" in components(app, "run_fare")[0]["told"]["when"]
    with speaking("zh-CN"):
        assert "验证准确率" in told(lab.open("train", run=run, lang="zh-CN"))


def test_a_learner_s_runs_are_read_once_for_all_hints_that_may_have_been_tried(lab: Lab) -> None:
    settings = DEFAULT.change(train=1_000)
    run = lab.store.runs.create(LEARNER, settings)
    claim = take(lab.store, run)
    losses = (0.3, 0.2, 0.25, 0.3, 0.4, 0.5)
    ends = [
        Point(32 * epoch, epoch, epoch, 0.3 / epoch, 0.99, 0.3 / epoch, 0.99, loss, 0.9)
        for epoch, loss in enumerate(losses, start=1)
    ]
    lab.store.claims.record(claim, ends, checkpoint(ends[-1].step))
    lab.store.claims.end(claim, "finished")
    app = lab.open("train", run=run)
    tries = [button for button in app.main.button if str(button.key).startswith("try-overfitting")]
    assert len(tries) == 2
    with statements(lab) as sent:
        app.run()
    whole = [statement for statement in sent if "runs.learner = ?" in statement and "runs.note" in statement]
    assert len(whole) == 1, whole


def test_an_ended_run_is_drawn_with_few_parts(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rerun costs what its parts cost; what is folded away has none."""
    app = lab.open("digits", run=lab.trained(epochs=3))
    for key in (*sidebar.FOLDS, "take-home", *WINDOWS):
        app.session_state[key] = False
    app.switch_page("app_pages/train/page.py").run()
    elements, blocks = (times_called(monkeypatch, DeltaGenerator, name) for name in ("_enqueue", "_block"))
    app.run()
    assert not app.exception
    assert len(elements) + len(blocks) <= 50


def test_what_is_known_of_a_training_is_known_of_each_run_of_it(lab: Lab) -> None:
    first = lab.store.runs.get(lab.trained(DEFAULT.change(train=1_000)))
    lab.open("train", run=first.id)
    again = lab.store.runs.create(LEARNER, first.settings)
    assert lab.store.runs.get(again).trajectory == first.trajectory
    with statements(lab) as sent:
        lab.open("train", run=again)
    assert not [statement for statement in sent if statement.startswith("SELECT points.")], sent


def test_a_run_that_ended_is_never_shown_what_came_after_it(lab: Lab) -> None:
    """What moves may be read a moment late: then more is there than the run had when it was asked for."""
    settings = DEFAULT.change(train=1_000, epochs=1)
    ended = lab.store.runs.create(LEARNER, settings)
    moving = lab.store.runs.create("another learner", settings, epochs=2)
    claim = take(lab.store, ended)
    end = Point(32, 1.0, 1.0, 0.5, 0.8, 0.5, 0.8, 0.4, 0.9)
    lab.store.claims.record(claim, [end], checkpoint(end.step))
    before = lab.store.runs.get(moving)
    lab.store.claims.record(claim, [Point(40, 1.25, 1.2, loss=0.4, accuracy=0.8)])
    assert resources.points(before)["step"].tolist() == [32, 40]
    run = lab.store.runs.get(ended)
    assert (run.status, run.step, run.trajectory) == ("finished", 32, before.trajectory)
    assert resources.points(run)["step"].tolist() == [32]


def test_two_trainings_are_never_taken_for_one(lab: Lab) -> None:
    runs = [lab.store.runs.get(lab.trained(DEFAULT.change(train=1_000, seed=seed))) for seed in (1, 2)]
    assert runs[0].step == runs[1].step
    assert runs[0].trajectory != runs[1].trajectory
    assert resources.points(runs[0]) is not resources.points(runs[1])
    assert resources.trained_network(runs[0]) is not resources.trained_network(runs[1])
