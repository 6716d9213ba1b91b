"""A drawing is read once: not again for another part of the page, nor on the way back to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from page_lab import Lab
from reading_lab import texts
from streamlit.testing.v1 import AppTest

from core.drawing import mnist_style, strokes
from core.reading.rejection import Detector
from core.reading.trained_network import TrainedNetwork
from dashboard.browser.drawing_pad import KEY
from dashboard.frame import resources

SEVEN = [["M", 52, 51], ["L", 203, 55], ["L", 104, 251]]
TINY = [["M", 100, 100], ["L", 112, 100], ["L", 104, 119]]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each costly step of a reading was taken; nothing of earlier tests is remembered."""
    resources.drawn.cache_clear()
    resources.opinion.cache_clear()
    counted: Counter[str] = Counter()
    count(monkeypatch, counted, strokes, "rasterize")
    count(monkeypatch, counted, mnist_style, "read")
    count(monkeypatch, counted, mnist_style, "manner")
    count(monkeypatch, counted, Detector, "opinion")
    count(monkeypatch, counted, TrainedNetwork, "probabilities")
    return counted


def count(monkeypatch: pytest.MonkeyPatch, counted: Counter[str], owner: Any, name: str) -> None:
    real: Callable[..., Any] = getattr(owner, name)

    def counting(*args: Any, **kwargs: Any) -> Any:
        counted[name] += 1
        return real(*args, **kwargs)

    monkeypatch.setattr(owner, name, counting)


def draw(app: AppTest, path: list[Any], width: float = 18) -> AppTest:
    raw = {"objects": [{"type": "Path", "path": path, "strokeWidth": width}]}
    app.session_state[KEY] = {"drawing": {"raw": raw, "data": None}}
    return app.run()


def test_a_stroke_is_read_once_for_all_parts_of_the_page(lab: Lab, calls: Counter[str]) -> None:
    app = lab.open("draw")
    calls.clear()
    assert "# 7" in texts(draw(app, SEVEN))
    assert calls == {"read": 1, "opinion": 1, "probabilities": 1}


def test_a_drawing_that_was_read_is_not_read_again(lab: Lab, calls: Counter[str]) -> None:
    app = draw(lab.open("draw"), SEVEN)
    calls.clear()
    app.switch_page("app_pages/start/page.py").run()
    app.switch_page("app_pages/draw/page.py").run()
    assert "# 7" in texts(app)
    assert "# 7" in texts(lab.open("draw"))  # a reload
    assert set(calls) == {"probabilities"}


def test_the_canvas_is_drawn_again_only_for_who_looks_closer(lab: Lab, calls: Counter[str]) -> None:
    app = draw(lab.open("draw"), SEVEN)
    calls.clear()
    app.session_state["closer"] = True
    app.session_state["closer-tab"] = "Three ways to shrink"
    assert "two to three pixels wide" in texts(app.run())
    assert calls["rasterize"] == 1
    assert not calls["read"]


def test_a_blot_that_is_read_with_a_narrower_pen_gets_an_answer(lab: Lab) -> None:
    """How it was drawn cannot be told, and asking for it ended the page."""
    app = draw(lab.open("draw"), TINY, width=40)
    assert not app.exception
    assert not app.main.error
    assert "# –" not in texts(app)


def test_what_is_remembered_of_drawings_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    reads: Counter[str] = Counter()
    count(monkeypatch, reads, strokes, "drawn")
    resources.drawn.cache_clear()
    points = tuple(("L", 100.0 + place % 2, 250.0) for place in range(4_000))
    long = [(strokes.Stroke(18, (("M", 50, float(top)), *points)),) for top in range(12)]
    for lines in (*long, long[-1], long[0]):
        resources.drawn(lines)
    assert reads["drawn"] == len(long) + 1  # the last is remembered, and the first made room
    resources.drawn.cache_clear()
