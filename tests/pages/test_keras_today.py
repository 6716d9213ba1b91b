"""Keras today: what is measured is told as it was measured, and nothing is before somebody asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from page_lab import Lab
from streamlit.testing.v1 import AppTest

from core.export.trees import Branch
from core.theory.keras_today import Here, Ran, Way
from dashboard.app_pages.ideas import file_trees, one_import, same_steps, then_and_now
from dashboard.frame import resources

WAYS = [
    Way(code, 0.5, seconds, 0.365, apart)
    for code, seconds, apart in (
        ("fit-arrays", 0.6, 0.0),
        ("fit-dataset", 0.4, 0.0),
        ("eagerly", 9.0, 0.0),
        ("graph", 0.5, 0.0),
        ("compiled", 0.3, 9e-8),
        ("replicas", 1.5, 9e-8),
    )
]
BRANCHES = [
    Branch(0, "model.keras", "file", size=1234),
    Branch(1, "config.json", "file", size=99),
    Branch(2, "layers", "group"),
    Branch(3, "units", "value", value="300"),
]


@pytest.fixture
def asked(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A worker that answers at once; the names of what it was asked."""
    names: list[str] = []

    def compute(function: Callable[..., Any], *arguments: Any, timeout: float = 60) -> Any:
        assert timeout >= 60
        names.append(function.__name__)
        return function(*arguments)

    def answering(name: str, answer: Callable[..., Any]) -> Callable[..., Any]:
        answer.__name__ = name
        return answer

    monkeypatch.setattr(resources.engine(), "compute", compute)
    monkeypatch.setattr(same_steps, "measure", answering("measure", lambda: WAYS))
    monkeypatch.setattr(
        one_import, "run_program", answering("run", lambda code: Ran(code, "keras.src", "3.15", 1.25))
    )
    monkeypatch.setattr(file_trees, "model_tree", answering("tree", lambda *_all: BRANCHES))
    monkeypatch.setattr(then_and_now, "here", answering("here", lambda: Here("2.21.0", False, True, 0)))
    for kept in (same_steps._measured, one_import._ran, file_trees._branches, then_and_now._here):
        kept.cache_clear()
    return names


def at(lab: Lab, view: str) -> AppTest:
    app = lab.open("ideas")
    app.session_state["ideas-tab"] = "Keras today"
    app.run()
    app.segmented_control(key="keras-view").set_value(view).run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in [*app.main.markdown, *app.main.caption])


def test_six_ways_are_measured_when_somebody_asks_and_again(lab: Lab, asked: list[str]) -> None:
    app = at(lab, "steps")
    assert asked == []
    app.button(key="keras-steps").click().run()
    assert "Quickest: **compiled whole**; slowest: **loop, eagerly**, 30 times as long." in said(app)
    assert "differs by more than 9e-08" in said(app)
    assert "**1.5 s** instead of 0.4 s" in said(app)
    assert app.table[0].value["Loss after"].tolist() == ["0.36500"] * 6
    app.run()
    assert asked == ["measure"]
    app.button(key="keras-steps").click().run()
    assert asked == ["measure", "measure"]


def test_the_program_runs_with_either_line(lab: Lab, asked: list[str]) -> None:
    app = at(lab, "import")
    assert app.code[0].value.startswith("import keras\n")
    app.button(key="keras-run").click().run()
    assert "one library" not in said(app)
    app.segmented_control(key="keras-line").set_value("tf.keras").run()
    assert app.code[0].value.startswith("from tensorflow import keras\n")
    app.button(key="keras-run").click().run()
    assert "one library, two names" in said(app)
    assert asked == ["run", "run"]


def test_a_file_opens_as_deep_as_one_likes(lab: Lab, asked: list[str]) -> None:
    app = at(lab, "files")
    assert asked == []
    app.button(key="keras-open").click().run()
    assert app.code[0].value == "model.keras  1,234 B\n    config.json  99 B\n        layers/"
    app.slider(key="keras-depth").set_value(3).run()
    assert app.code[0].value.endswith("units = 300")
    assert asked == ["tree"]


def test_what_became_of_the_reports_words(lab: Lab, asked: list[str]) -> None:
    app = at(lab, "report")
    sources = app.table[0].value["Source"].tolist()
    assert all(source.startswith("[") and "](https://" in source for source in sources)
    app.button(key="keras-here").click().run()
    assert "TensorFlow 2.21.0 has no `tf.estimator`." in said(app)
    assert "of TPUs it sees 0 here" in said(app)
