"""The lessons' charts show the numbers they were given, in the one palette, and nothing else."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from core.choices.activations import ACTIVATIONS
from core.dataset.normalization import Normalization, PixelNumbers, fit
from core.settings import NORMALIZATIONS, NetworkSettings
from core.theory import one_answer
from dashboard.app_pages.activations import charts as activations
from dashboard.app_pages.digits import charts as digits
from dashboard.app_pages.ideas import charts as ideas
from dashboard.app_pages.network import charts as network
from dashboard.app_pages.normalization import charts as normalization
from dashboard.look import style

ROOT = Path(__file__).resolve().parents[4]
RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.integers(0, 256, (20, 28, 28), dtype=np.uint8)


def _texts(chart: go.Figure) -> list[str]:
    return [annotation.text for annotation in chart.layout.annotations]


def test_bars_of_the_parts_add_up() -> None:
    sizes = {"train": 1_000, "validation": 500, "test": 10_000, "unused": 58_500}
    chart = digits.parts(sizes)
    ends = [bar.base[0] + bar.x[0] for bar in chart.data]
    assert [bar.x[0] for bar in chart.data] == list(sizes.values())
    assert [bar.base[0] for bar in chart.data] == [0, *ends[:-1]]
    assert ends[-1] == 70_000
    assert [bar.marker.color for bar in chart.data] == [style.PART_COLORS[name] for name in sizes]


@pytest.mark.parametrize("share", [True, False])
def test_counts_draw_one_bar_a_part_and_digit(share: bool) -> None:
    table = pd.DataFrame(
        [(part, digit, digit + 1, (digit + 1) / 55) for part in ("train", "test") for digit in range(10)],
        columns=["part", "digit", "count", "share"],
    )
    chart = digits.counts(table, share=share)
    assert [bar.name for bar in chart.data] == ["Training", "Test"]
    expected = table.loc[table["part"] == "train", "share" if share else "count"]
    np.testing.assert_allclose(chart.data[0].y, expected)


def test_pixel_histogram_is_a_share_of_all_pixels() -> None:
    counts = np.bincount(IMAGES.ravel(), minlength=256)
    chart = digits.pixel_histogram(counts, log=True)
    assert sum(chart.data[0].y) == pytest.approx(1)
    assert chart.layout.yaxis.type == "log"
    assert digits.pixel_histogram(counts, log=False).layout.yaxis.type is None
    assert not any(digits.pixel_histogram(np.zeros(256, np.int64), log=False).data[0].y)


def test_numbers_show_the_pixel_values_row_0_on_top() -> None:
    chart = digits.numbers(IMAGES[0])
    np.testing.assert_array_equal(chart.data[0].z, IMAGES[0])
    assert chart.layout.yaxis.autorange == "reversed"


@pytest.mark.parametrize("method", NORMALIZATIONS)
def test_before_and_after_have_equal_heights_at_moved_places(method: Any) -> None:
    fitted = fit(method, IMAGES)
    before, after = normalization.before_and_after(np.bincount(IMAGES.ravel(), minlength=256), fitted).data
    np.testing.assert_array_equal(before.y, after.y)
    np.testing.assert_array_equal(after.x, fitted.table)


@pytest.mark.parametrize("method", NORMALIZATIONS)
def test_a_scaled_digit_carries_its_scale(method: Any) -> None:
    fitted = fit(method, IMAGES)
    chart = normalization.digit(fitted.transform(IMAGES[0]), fitted)
    ends = (fitted.describe().minimum, fitted.describe().maximum)
    assert (chart.data[0].zmin, chart.data[0].zmax) == ends
    assert tuple(chart.data[0].colorbar.tickvals) == ends


def test_a_scale_without_any_width_is_still_drawn() -> None:
    flat = Normalization("none", 0.0, 1.0, 1, PixelNumbers(0, 0, 0, 0))
    assert len(normalization.digit(np.zeros((28, 28), np.float32), flat).data) == 1


@pytest.mark.parametrize(("lowest", "highest"), [(0, 255), (-0.42, 2.82), (-1, 0), (-1, 1), (0, 0)])
def test_signed_scale_keeps_0_light(lowest: Any, highest: float) -> None:
    scale = style.signed_scale(lowest, highest)
    assert scale[0][0] == 0
    assert scale[-1][0] == 1
    ends = {lowest: scale[0][1], highest: scale[-1][1]}
    if 0 in ends:
        assert ends[0] == "rgb(244,244,242)"


def _luminance(color: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = np.array([int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_data_colours_stand_out_from_both_grounds(theme: str) -> None:
    config = tomllib.loads((ROOT / "dashboard" / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    ground = _luminance(config["theme"][theme]["backgroundColor"])
    lines = [*style.RUN_COLORS, *(style.choice_line(ACTIVATIONS, code) for code in ACTIVATIONS)]
    colors = {style.ACCENT, style.NEUTRAL, style.WARNING, *style.PART_COLORS.values()}
    layers = {style.layer_color(layer, 20) for layer in range(1, 20)}
    for color in colors | layers | {line.color for line in lines}:
        darker, lighter = sorted((_luminance(color), ground))
        assert (lighter + 0.05) / (darker + 0.05) >= 3, color


def test_every_choice_has_its_own_look_by_its_place() -> None:
    codes = [f"choice-{place}" for place in range(24)]
    looks = [style.choice_line(codes, code) for code in codes]
    assert len(set(looks)) == 24
    assert tuple(looks[:8]) == style.RUN_COLORS
    with pytest.raises(ValueError, match="mish"):
        style.choice_line(codes, "mish")


def test_lines_that_lie_on_each_other_have_different_dashes() -> None:
    """To the right of 0 these five are one line."""
    together = ("relu", "leaky-relu", "elu", "maxout", "linear")
    assert len({style.choice_line(ACTIVATIONS, code).dash for code in together}) == 5


def test_run_colours_differ() -> None:
    assert len(set(style.RUN_COLORS)) == len({line.color for line in style.RUN_COLORS}) == 8


@pytest.mark.parametrize("code", ACTIVATIONS)
def test_activation_curves_are_function_and_slope(code: Any) -> None:
    chart = activations.curves([code], 0.5)
    function, function_dot, slope, slope_dot = chart.data
    activation, x = ACTIVATIONS[code], np.array(function.x)
    np.testing.assert_allclose(function.y, activation.curve(x))
    np.testing.assert_allclose(slope.y, activation.slope(x))
    assert function.line.color == slope.line.color == style.choice_line(ACTIVATIONS, code).color
    assert function_dot.y[0] == pytest.approx(float(activation.curve(np.array([0.5]))[0]))
    assert slope_dot.x[0] == 0.5


def test_product_of_slopes_is_a_power() -> None:
    (line,) = activations.product_of_slopes(["sigmoid"], 0.0, 20).data
    np.testing.assert_allclose(line.y, 0.25 ** np.arange(101))


def test_a_slope_of_0_ends_its_line() -> None:
    (line,) = activations.product_of_slopes(["relu"], -1.0, 20).data
    assert line.y[0] == 1
    assert np.isnan(line.y[1:]).all()


def test_the_chosen_initialiser_stands_out() -> None:
    table = pd.DataFrame(
        [(name, layer, 1.0 / layer) for name in ("glorot", "he", "lecun") for layer in (1, 2)],
        columns=["initializer", "layer", "gradient"],
    )
    chart = activations.first_weights(table, "gradient", "Gradient", "he")
    assert [trace.name for trace in chart.data if trace.line.width == 4] == ["He normal (chosen)"]


def test_a_signal_of_0_ends_its_line() -> None:
    table = pd.DataFrame({"initializer": "he", "layer": [1, 2], "strength": [0.0, 0.0]})
    assert np.isnan(activations.first_weights(table, "strength", "", "he").data[0].y).all()


@pytest.mark.parametrize("hidden", [(), (300, 100), (100,) * 20, (100,) * 50, tuple(range(12, 52))])
@pytest.mark.parametrize(
    "options", [{}, {"residual": True}, {"activation": "maxout", "batch_normalization": True}]
)
def test_schematic_draws_a_block_a_layer(hidden: Any, options: Any) -> None:
    settings = NetworkSettings(hidden=hidden, **options)
    chart = network.schematic(settings)
    blocks = [trace.text for trace in chart.data if trace.text.endswith("units")]
    assert blocks == [f"{width:,} units" for width in (784, *hidden, 10)]
    assert len(chart.data) == 2 * len(blocks) - 1  # and the weights between them


def test_schematic_of_the_report() -> None:
    chart = network.schematic(NetworkSettings())
    assert _texts(chart) == [
        "<b>784</b><br>pixels",
        "<b>300</b><br>ReLU",
        "<b>100</b><br>ReLU",
        "<b>10</b><br>softmax",
    ]
    assert "784 × 300 + 300 = 235,500" in chart.data[0].text


def test_many_equal_layers_share_a_label() -> None:
    assert "<b>20 × 100</b><br>ReLU" in _texts(network.schematic(NetworkSettings(hidden=(100,) * 20)))


def test_skip_connections_are_arcs_between_the_right_blocks() -> None:
    chart = network.schematic(NetworkSettings(hidden=(50, 50, 50, 50), residual=True))
    (arc,) = chart.layout.shapes  # the first pair's input is 784 wide: nothing to add there
    assert arc.path.startswith("M 2,")
    assert " 4," in arc.path
    assert not network.schematic(NetworkSettings(hidden=(50,) * 4)).layout.shapes


def test_loss_dots_lie_on_their_curves() -> None:
    chart = ideas.loss_curves(0.3)
    dots = [trace for trace in chart.data if trace.mode == "markers"]
    at = np.array(0.3)
    expected = (
        one_answer.loss("cross-entropy", at),
        one_answer.push("cross-entropy", at),
        one_answer.loss("squared-error", at),
        one_answer.push("squared-error", at),
    )
    assert [dot.y[0] for dot in dots] == pytest.approx([float(value) for value in expected])


def test_probabilities_mark_the_right_digit() -> None:
    (bars,) = ideas.probabilities(np.full(10, 0.1), 7).data
    assert [place for place, color in enumerate(bars.marker.color) if color == style.ACCENT] == [7]


@pytest.mark.parametrize("steps", [1, 30])
def test_a_walk_shows_its_start_and_every_step(steps: int) -> None:
    walk = ideas.walk(0.1, steps).data[1]
    assert len(walk.x) == steps + 1
    assert walk.marker.color[0] == style.WARNING
