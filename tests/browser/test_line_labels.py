"""Names at the ends of lines: as near as can be, never over one another, and panels where there is room."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, Route
from scipy.optimize import minimize

MODULE = Path(__file__).resolve().parents[2] / "dashboard" / "browser" / "line_labels.js"


@pytest.fixture
def module(page: Page) -> Callable[..., Any]:
    """``module(expression, *values)``: what it comes to; ``labels`` is the module, ``given`` the values."""

    def answer(route: Route) -> None:
        is_script = route.request.url.endswith(".js")
        text = MODULE.read_text(encoding="utf-8") if is_script else "<!doctype html>"
        route.fulfill(body=text, content_type="text/javascript" if is_script else "text/html")

    page.route("http://lab.test/**", answer)
    page.goto("http://lab.test/")

    def run(expression: str, *given: Any) -> Any:
        module = "const labels = await import('http://lab.test/line_labels.js')"
        return page.evaluate(f"async given => {{ {module}; return {expression} }}", list(given))

    return run


def test_names_stand_as_near_as_can_be_and_apart(module: Callable[..., Any]) -> None:
    for seed in range(3):
        wanted = np.sort(np.random.default_rng(seed).uniform(0, 300, 12))
        found = module("labels.spread(given[0], 17, 300)", wanted.tolist())
        apart = [{"type": "ineq", "fun": lambda y, at=at: y[at + 1] - y[at] - 17} for at in range(11)]
        distance = partial(squares, wanted)
        best = minimize(distance, wanted, bounds=[(0, 300)] * 12, constraints=apart)
        assert distance(np.array(found)) == pytest.approx(best.fun, rel=1e-3)
        assert all(lower - upper >= 17 - 1e-9 for upper, lower in pairwise(found))


def squares(wanted: np.ndarray, placed: np.ndarray) -> float:
    return float(((placed - wanted) ** 2).sum())


def test_what_is_apart_already_stays(module: Callable[..., Any]) -> None:
    assert module("labels.spread(given[0], 17, 300)", [0, 50, 299]) == [0, 50, 299]
    assert module("labels.spread([], 17, 300)") == []


def figure(lines: int) -> dict[str, Any]:
    data = [
        {
            "x": [0, 1, 2],
            "y": [2.0, 0.3, 0.1],
            "meta": {"label": f"line <{number}>", "color": "#123456"},
            **axes,
        }
        for number in range(lines)
        for axes in ({}, {"xaxis": "x2", "yaxis": "y2"})
    ]
    axes = {"xaxis": {}, "yaxis": {}, "xaxis2": {}, "yaxis2": {"range": [0, 1]}}
    return {"data": data, "layout": {**axes, "meta": {"panels": ["Loss", "Accuracy"]}}}


ARRANGED = "labels.arranged(given[0], { width: given[1], height: 430 }, text => 7 * text.length, '#fff')"


def test_panels_stand_beside_each_other_where_there_is_room_and_hold_all_names(
    module: Callable[..., Any],
) -> None:
    for width, lines in ((1100, 3), (1100, 32), (500, 3), (340, 3), (340, 32)):
        is_arranged(module, width, lines)


def is_arranged(module: Callable[..., Any], width: int, lines: int) -> None:
    made = module(ARRANGED, figure(lines), width)
    layout, height = made["layout"], made["height"]
    (left, right), (upper, lower) = (
        [layout[name]["domain"] for name in names] for names in (("xaxis", "xaxis2"), ("yaxis", "yaxis2"))
    )
    if width == 1100:
        assert left[1] < right[0]
        assert height >= 430
    else:
        assert left == right == [0, 1]
        assert lower[1] < upper[0]
        assert height > 430
    margin = layout["margin"]
    tall = (height - margin["t"] - margin["b"]) * (upper[1] - upper[0])
    assert tall >= 17 * (lines - 1)
    names = [note for note in layout["annotations"] if note.get("showarrow") is not False]
    assert len(names) == 2 * lines
    for axis in ("y", "y2"):
        placed = sorted(note["ay"] for note in names if note["yref"] == axis)
        assert all(below - above >= 17 - 1e-6 for above, below in pairwise(placed))
    assert all("<" not in note["text"] for note in names)


def test_a_name_that_is_too_long_is_cut_and_a_line_without_points_has_none(
    module: Callable[..., Any],
) -> None:
    made = figure(1)
    for trace in made["data"]:
        trace["meta"]["label"] = "a very long name " * 9
    made["data"].append({"x": [], "y": [], "meta": {"label": "none", "color": "#123456"}})
    notes = module(ARRANGED, made, 340)["layout"]["annotations"]
    texts = [note["text"] for note in notes if note.get("showarrow") is not False]
    assert len(texts) == 2
    assert all(text.endswith("…") and 7 * len(text) <= 0.4 * 340 for text in texts)
