"""What the browser makes of a run's points is what NumPy makes of them."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, Route

from dashboard.runs.curve_charts import filled

MODULE = Path(__file__).resolve().parents[2] / "dashboard" / "browser" / "run_traces.js"
Columns = dict[str, list[float | None]]


@pytest.fixture
def fill(page: Page) -> Callable[..., Any]:
    """``fill(figure, runs)``: the figure as run_traces.js fills it, in a browser without any server."""

    def answer(route: Route) -> None:
        if route.request.url.endswith(".js"):
            route.fulfill(body=MODULE.read_text(encoding="utf-8"), content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html>", content_type="text/html")

    page.route("http://lab.test/**", answer)
    page.goto("http://lab.test/")

    def run(figure: dict[str, Any], runs: dict[str, Any]) -> Any:
        return page.evaluate(
            """async ([figure, runs]) => (await import('http://lab.test/run_traces.js'))
                 .filled(figure, new Map(Object.entries(runs)))""",
            [figure, runs],
        )

    return run


def points(epochs: int, seed: int) -> Columns:
    """Ten points an epoch, of which the last has been validated."""
    random = np.random.default_rng(seed)
    steps = range(1, 10 * epochs + 1)
    ends = [step % 10 == 0 for step in steps]
    return {
        "step": [float(step) for step in steps],
        "epoch": [step / 10 for step in steps],
        "seconds": [step / 50 for step in steps],
        "loss": random.random(len(ends)).tolist(),
        "accuracy": random.random(len(ends)).tolist(),
        **{
            name: [float(random.random()) if end else None for end in ends]
            for name in ("val_loss", "val_accuracy", "epoch_loss", "epoch_accuracy")
        },
    }


def known(columns: Columns, **more: Any) -> dict[str, Any]:
    return {"points": columns, "told": {"unfinished": True}, **more}


def column(columns: Columns, name: str) -> np.ndarray:
    return np.array(columns[name], float)


def trace(how: str, runs: list[str], **rule: object) -> dict[str, Any]:
    return {"uid": "a", **filled(how, runs, **rule)}


def figure(*traces: dict[str, Any], axes: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {"data": list(traces), "layout": {"meta": {"live": axes or []}, "yaxis": {"tickformat": ".1%"}}}


def test_a_line_has_every_point_that_was_measured(fill: Callable[..., Any]) -> None:
    run = points(3, 0)
    made = fill(
        figure(
            trace("line", ["a"], x="seconds", y="loss", where="loss"),
            trace("line", ["a"], x="epoch", y="epoch_loss", where="val_loss"),
            trace("line", ["unknown"], x="epoch", y="loss", where="loss"),
            {"uid": "still", "x": [1], "y": [2]},
        ),
        {"a": known(run)},
    )["data"]
    assert (made[0]["x"], made[0]["y"]) == (run["seconds"], run["loss"])
    assert made[1]["x"] == [1, 2, 3]
    assert made[1]["y"] == [value for value in run["epoch_loss"] if value is not None]
    assert (made[2]["x"], made[2]["y"]) == ([], [])
    assert (made[3]["x"], made[3]["y"]) == ([1], [2])


def test_a_long_run_is_thinned_evenly_and_keeps_its_newest_point(fill: Callable[..., Any]) -> None:
    run = points(170, 1)
    (made,) = fill(figure(trace("line", ["a"], x="epoch", y="loss", where="loss")), {"a": known(run)})["data"]
    assert len(made["x"]) <= 500
    assert made["x"][-1] == 170
    assert np.ptp(np.diff(made["x"])) == pytest.approx(0, abs=1e-9)


def test_mean_and_band_are_over_the_epochs_that_all_have(fill: Callable[..., Any]) -> None:
    runs = {"a": points(4, 2), "b": points(3, 3), "c": points(5, 4)}
    ends = np.array([column(run, "val_accuracy")[9:30:10] for run in runs.values()])
    rule = {"x": "epoch", "y": "val_accuracy"}
    mean, band = fill(
        figure(trace("mean", [*runs], **rule), trace("band", [*runs], **rule)),
        {name: known(run) for name, run in runs.items()},
    )["data"]
    assert mean["x"] == [1, 2, 3]
    assert mean["y"] == pytest.approx(ends.mean(axis=0))
    assert band["x"] == [1, 2, 3, 3, 2, 1]
    assert band["y"] == pytest.approx([*ends.max(axis=0), *ends.min(axis=0)[::-1]])


def test_gradients_are_exponents_on_a_scale_of_whole_powers_of_ten(fill: Callable[..., Any]) -> None:
    rows = [[2e-5, 0.0, None], [3e-4, 5e-3, 0.02]]
    layers = {"step": [1, 2], "epoch": [0.1, 0.2], "gradient": rows}
    other = {"step": [1], "epoch": [0.1], "gradient": [[3.0]]}
    heat = trace("gradient", ["a"], alike=["a", "b"]) | {"y": ["1", "2", "output"], "colorbar": {"len": 0.66}}
    (made,) = fill(figure(heat), {"a": known({}, layers=layers), "b": known({}, layers=other)})["data"]
    assert made["x"] == [0.1, 0.2]
    assert made["z"][0] == pytest.approx(np.log10([2e-5, 3e-4]))
    assert made["z"][1] == pytest.approx([-20, math.log10(5e-3)])
    assert made["z"][2][0] is None
    assert made["customdata"][1] == [0.0, 5e-3]
    assert (made["zmin"], made["zmax"]) == (-20, 1)
    assert made["colorbar"]["len"] == 0.66
    assert made["colorbar"]["tickvals"][0] == -20


def test_axes_follow_what_was_measured(fill: Callable[..., Any]) -> None:
    run = points(3, 5)
    near = np.concatenate([column(run, name)[9::10] for name in ("epoch_loss", "val_loss")])
    best = np.concatenate([column(run, name)[9::10] for name in ("epoch_accuracy", "val_accuracy")])
    axes = [
        {"axis": "yaxis", "how": "loss", "run": "a", "guess": 2.3, "close": True},
        {"axis": "yaxis2", "how": "accuracy", "run": "a", "close": True},
        {"axis": "yaxis3", "how": "loss", "run": "a", "guess": 2.3, "close": False},
        {"axis": "xaxis", "how": "seconds", "run": "a", "whole": 100, "unknown": 10},
        {"axis": "xaxis2", "how": "seconds", "run": "b", "whole": 100, "unknown": 10},
    ]
    layout = fill(figure(axes=axes), {"a": known(run)})["layout"]
    assert layout["yaxis"] == {"tickformat": ".1%", "range": [0, pytest.approx(1.1 * near.max())]}
    assert layout["yaxis2"]["range"] == pytest.approx([max(0, 1 - 1.1 * (1 - best.min())), 1])
    assert layout["yaxis3"]["range"] == pytest.approx([0, 1.15 * 2.3])
    assert layout["xaxis"]["range"] == [0, 2]  # 0.6 s for 30 steps
    assert layout["xaxis2"]["range"] == [0, 10]
    ended = known(run) | {"told": {"unfinished": False}}
    assert fill(figure(axes=axes[3:4]), {"a": ended})["layout"]["xaxis"]["range"] == [0, 0.6]


def test_a_mean_is_smoothed_by_the_points_before_and_stands_at_the_mean_second(
    fill: Callable[..., Any],
) -> None:
    runs = {"a": points(2, 6), "b": points(2, 7)}
    runs["b"]["seconds"] = [2 * value for value in runs["b"]["seconds"] if value is not None]
    rule = {"x": "seconds", "y": "loss"}
    smoothed = trace("mean", [*runs], **rule, smoothing=3)
    (made,) = fill(figure(smoothed), {name: known(run) for name, run in runs.items()})["data"]
    values = np.array([column(run, "loss") for run in runs.values()]).mean(axis=0)
    assert made["y"][0] == pytest.approx(values[0])
    assert made["y"][2:] == pytest.approx(np.convolve(values, np.ones(3) / 3, "valid"))
    assert made["x"] == pytest.approx([1.5 * value for value in runs["a"]["seconds"] if value is not None])


def test_a_close_up_of_several_holds_the_worst_of_the_moving_and_of_the_ended(
    fill: Callable[..., Any],
) -> None:
    runs = {"a": known(points(3, 8)), "b": known(points(2, 9))}
    worst = max(np.nanmax(column(run["points"], "val_loss")) for run in runs.values())
    rule = {"axis": "yaxis", "how": "worst", "measure": "loss", "y": "val_loss", "runs": ["a", "b", "c"]}
    for ended, expected in ((None, worst), (0.0, worst), (7.0, 7.0)):
        layout = fill(figure(axes=[rule | {"worst": ended}]), runs)["layout"]
        assert layout["yaxis"]["range"] == pytest.approx([0, 1.1 * expected])
    nothing = fill(figure(axes=[rule | {"worst": None}]), {})["layout"]
    assert "range" not in nothing["yaxis"]
