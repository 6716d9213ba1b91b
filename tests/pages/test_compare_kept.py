"""Compare, and what it kept: runs there is no room for, and choices that can no longer be read, are said."""

import json
from typing import Any

import pytest
from page_lab import LEARNER, Lab
from streamlit.testing.v1 import AppTest

from core.settings import DEFAULT
from core.study.sweep import Axis, Sweep
from dashboard.app_pages.compare import kept_sweeps
from dashboard.language.foreign import literal
from dashboard.runs import chosen_runs


def open_sweep(lab: Lab) -> AppTest:
    app = lab.open("compare")
    app.session_state["compare-tab"] = "Sweep"
    return app.run()


def keep_sweep(lab: Lab) -> Sweep:
    sweep = Sweep(DEFAULT.change(train=10_000, epochs=1), Axis("activation", ("relu", "tanh")))
    lab.store.documents.save(LEARNER, kept_sweeps.KIND, json.dumps([sweep.to_json()]))
    return sweep


def choose(lab: Lab, *runs: str) -> None:
    document = json.dumps({run: place for place, run in enumerate(runs)})
    lab.store.documents.save(LEARNER, chosen_runs.KIND, document)


def chosen_ids(lab: Lab) -> list[str]:
    return list(json.loads(lab.store.documents.get(LEARNER, chosen_runs.KIND) or "{}"))


# Runs there is no room for


@pytest.fixture
def eight_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chosen_runs, "MOST_RUNS", 8)


@pytest.mark.usefixtures("eight_at_most")
def test_the_ninth_run_is_not_called_on_the_chart(lab: Lab) -> None:
    eight = [lab.trained(DEFAULT.change(seed=seed)) for seed in range(1, 9)]
    choose(lab, *eight)
    lab.trained(keep_sweep(lab).cell(1))
    app = open_sweep(lab)
    app.button(key="sweep-add").click().run()
    assert not app.exception
    (note,) = app.toast
    assert note.value.startswith("1 run is not on the chart: 8 are")
    assert chosen_ids(lab) == eight


def test_a_run_there_is_room_for_is_called_on_the_chart(lab: Lab) -> None:
    choose(lab)
    run = lab.trained(keep_sweep(lab).cell(1))
    app = open_sweep(lab)
    app.button(key="sweep-add").click().run()
    assert [note.value for note in app.toast] == ["It is on the chart under “Side by side”."]
    assert chosen_ids(lab) == [run]


@pytest.mark.usefixtures("eight_at_most")
def test_missing_runs_that_do_not_fit_are_said(lab: Lab) -> None:
    first, other = DEFAULT, DEFAULT.change(activation="tanh", batch_size=64)
    rest = [DEFAULT.change(seed=seed) for seed in range(1, 7)]
    choose(lab, *[lab.trained(settings) for settings in (first, other, *rest)])
    app = lab.open("compare")
    app.toggle(key="compare-bands").set_value(False).run()
    app.button(key="compare-missing").click().run()
    assert not app.exception
    (note,) = app.toast
    assert note.value.startswith("2 runs are not on the chart: 8 are")


# What can no longer be read


@pytest.mark.parametrize("document", ["nonsense", "[1, 2]", "7"])
def test_a_choice_that_cannot_be_read_is_said_once_and_begins_anew(lab: Lab, document: str) -> None:
    run = lab.trained()
    lab.store.documents.save(LEARNER, chosen_runs.KIND, document)
    app = lab.open("compare")
    assert not app.exception
    (error,) = app.main.error
    assert literal(document) in error.value
    assert chosen_ids(lab) == [run]
    assert not lab.open("compare").main.error


def test_a_sweep_that_cannot_be_read_is_said_and_the_others_are_shown(lab: Lab) -> None:
    sweep = keep_sweep(lab)
    lab.store.documents.save(LEARNER, kept_sweeps.KIND, json.dumps(["nonsense", sweep.to_json()]))
    app = open_sweep(lab)
    assert not app.exception
    assert any("1 earlier sweep can no longer be read" in note.value for note in app.main.caption)
    assert [box for box in app.main.selectbox if box.label == "Cell"]


# Reading


def test_a_rerun_of_the_sweep_tab_reads_the_runs_once(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.trained(keep_sweep(lab).cell(0))
    app = open_sweep(lab)
    reads: list[Any] = []
    read = lab.store.runs.all_of

    def counted(*arguments: Any, **options: Any) -> Any:
        reads.append(arguments)
        return read(*arguments, **options)

    monkeypatch.setattr(lab.store.runs, "all_of", counted)
    app.run()
    assert not app.exception
    assert len(reads) == 1
