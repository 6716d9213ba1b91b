"""What the live chart sends to the browser, and what it believes of what comes back."""

from __future__ import annotations

import base64
import copy
import json
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
from foreign import teach_chinese
from streamlit.testing.v1 import AppTest

from core.translation import speaking
from dashboard.browser import live_chart
from dashboard.browser.live_chart import drawn


def show(revision: str | None, clickable: bool) -> None:
    import numpy as np
    import plotly.graph_objects as go
    import streamlit as st

    from dashboard.browser.live_chart import live_chart

    figure = go.Figure(go.Scatter(x=np.array([0.1, 0.2, 0.3]), y=[1.5, np.nan, 2.5], uid="a-run"))
    figure.add_heatmap(z=np.eye(2), x=["ReLU", "tanh"], y=np.array([10, 20]))
    figure.add_heatmap(z=np.eye(2))
    figure.update_layout(title="Loss", uirevision=revision, transition={"duration": 500}, width=10)
    clicked = live_chart(figure, key="chart", height=300, alt="Loss by epoch", clickable=clickable)
    st.session_state["answer"] = clicked


def run(*, revision: str | None = None, clickable: bool = True, clicked: Any = None) -> AppTest:
    app = AppTest.from_function(show, kwargs={"revision": revision, "clickable": clickable})
    if clicked is not None:
        app.session_state["chart"] = {"clicked": clicked}
    app.run()
    assert not app.exception
    return app


def sent(app: AppTest) -> dict[str, Any]:
    return dict(json.loads(app.get("bidi_component")[0].proto.json)[0])


def test_the_language_goes_with_the_chart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    teach_chinese(monkeypatch, tmp_path, {"Show everything": "显示全部"})
    english = sent(run())
    assert (english["language"], english["words"]["Reset axes"]) == ("en", "Show everything")
    with speaking("zh-CN"):
        figures = [drawn(build_nothing), drawn(build_nothing)]
    assert figures[0] is figures[1]
    assert drawn(build_nothing) is not figures[0]


def build_nothing() -> go.Figure:
    return go.Figure()


def test_a_chart_for_all_is_made_once_for_the_same_arguments() -> None:
    made = []

    def build(values: np.ndarray, *, title: str) -> go.Figure:
        made.append(title)
        return go.Figure(go.Scatter(y=values)).update_layout(title=title)

    first = drawn(build, np.arange(3), title="a")
    assert drawn(build, np.arange(3), title="a") is first
    assert drawn(build, np.arange(4), title="a") != first
    assert drawn(build, np.arange(3), title="b")["layout"]["title"] == {"text": "b"}
    assert made == ["a", "a", "b"]


def test_a_chart_for_all_is_not_changed_by_showing_it() -> None:
    figure = drawn(lambda: go.Figure(go.Scatter(x=np.array([0.5, 1.5]), y=[1, 2])).update_layout(width=99))
    before = copy.deepcopy(figure)
    content = live_chart.content(figure, revision="chart")
    assert "width" not in content["layout"]
    assert figure == before


def test_a_uid_is_a_css_class_and_still_tells_traces_apart() -> None:
    names = ["Keras' default", "Keras_ default", "a-b", "a b", "a_b", "ζ", "0"]
    figure = go.Figure([go.Scatter(y=[1], uid=name) for name in names])
    uids = [trace["uid"] for trace in live_chart.content(figure, revision="chart")["data"]]
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", uid) for uid in uids)
    assert len(set(uids)) == len(names)


def test_figure_travels_as_valid_json_in_single_precision() -> None:
    text = run().get("bidi_component")[0].proto.json
    figure = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))[0]["figure"]
    x = figure["data"][0]["x"]
    assert x["dtype"] == "f4"
    assert np.frombuffer(base64.b64decode(x["bdata"]), "<f4") == pytest.approx([0.1, 0.2, 0.3], rel=1e-7)
    assert figure["data"][0]["y"] == [1.5, None, 2.5]  # a gap, never 0
    assert figure["data"][1]["y"]["dtype"] == "i1"
    assert figure["data"][0]["uid"] == "a-run"


def test_browser_decides_theme_size_and_motion() -> None:
    layout = sent(run())["figure"]["layout"]
    assert set(layout) == {"title", "uirevision"}


def test_zoom_is_kept_under_the_key_unless_the_figure_names_another_revision() -> None:
    assert sent(run())["figure"]["layout"]["uirevision"] == "chart"
    assert sent(run(revision="run 7"))["figure"]["layout"]["uirevision"] == "run 7"


@pytest.mark.parametrize(
    ("place", "point"),
    [
        ((0, 2, 2, 7), {"x": 0.3, "y": 2.5, "curve": 0, "at": 7}),
        ((1, 1, 0, 8), {"x": "ReLU", "y": 20, "curve": 1, "at": 8}),
    ],
)
def test_click_gives_the_figures_own_values(place: tuple[int, ...], point: dict[str, Any]) -> None:
    clicked = dict(zip(("curve", "row", "column", "at"), place, strict=True))
    assert run(clicked=clicked).session_state["answer"] == point
    assert run(clicked=clicked, clickable=False).session_state["answer"] is None


@pytest.mark.parametrize(
    "clicked",
    [
        {"curve": 3, "row": 0, "column": 0, "at": 1},
        {"curve": 0, "row": 3, "column": 0, "at": 1},
        {"curve": 0, "row": -1, "column": 0, "at": 1},
        {"curve": 0, "row": 10**40, "column": 0, "at": 1},
        {"curve": 0, "row": 0.5, "column": 0, "at": 1},
        {"curve": 2, "row": 0, "column": 0, "at": 1},  # a trace without x and y
        {"curve": "0", "row": 0, "column": 0, "at": 1},
        {"curve": 0, "row": 0, "column": 0},
        {"curve": 0, "row": 0, "column": 0, "at": "1"},
        {"curve": 0, "row": 0, "column": 0, "at": 1.5},
        {"curve": 0},
        [0, 0, 0],
        "0",
        sys.float_info.max,
    ],
)
def test_place_the_figure_does_not_have_is_no_click(clicked: Any) -> None:
    assert run(clicked=clicked).session_state["answer"] is None
