"""The map of a sweep: what a click on it means."""

from typing import Any

import plotly.graph_objects as go
import pytest

from core.settings import DEFAULT
from core.study.sweep import Axis, Sweep
from core.translation import speaking
from dashboard.app_pages.compare import sweep_map
from dashboard.app_pages.compare.sweep_charts import Cell
from dashboard.browser import clicks
from dashboard.browser.live_chart import ClickedPoint
from dashboard.frame import session

SWEEP = Sweep(DEFAULT, Axis("normalization", ("none", "z-score")))
CELLS = {(0, 0): Cell(0.9, "90%"), (1, 0): Cell(0.95, "95%")}


def test_what_was_clicked_is_no_new_click_in_another_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """The chart still has the click then; a cell that was chosen since must not be left for it."""
    kept: dict[str, Any] = {}
    reruns: list[str] = []
    monkeypatch.setattr(session, "kept", lambda key, default=None: kept.get(key, default))
    monkeypatch.setattr(session, "keep", kept.__setitem__)
    monkeypatch.setattr("streamlit.rerun", lambda scope: reruns.append(scope))

    def first_cell_clicked(figure: go.Figure, **_look: Any) -> ClickedPoint:
        trace: Any = figure.data[0]
        return ClickedPoint(x=trace.x[0], y=trace.y[0], curve=0, at=1)

    monkeypatch.setattr(sweep_map, "live_chart", first_cell_clicked)
    sweep_map.show(SWEEP, CELLS, "sweep", (1, 0))
    assert (clicks.current("sweep", None), reruns) == ((0, 0), ["fragment"])
    clicks.choose("sweep", (1, 0), shown=(0, 0))  # by the widget
    with speaking("zh-CN"):
        sweep_map.show(SWEEP, CELLS, "sweep", (1, 0))
    assert (clicks.current("sweep", None), reruns) == ((1, 0), ["fragment"])
