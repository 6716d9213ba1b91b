"""The charts of an exam and of one reading: what they hold, and that rare mistakes can be seen."""

import numpy as np
import plotly.graph_objects as go
import pytest

from core.reading.evaluation import wilson
from core.reading.trained_network import UnitTrace
from dashboard.reading import answer_charts, exam_charts


def counts() -> np.ndarray:
    matrix = np.diag(np.arange(900, 1000, 10))
    matrix[4, 9] = 12
    return matrix


def test_the_diagonal_does_not_outshine_the_mistakes() -> None:
    chart = exam_charts.confusion(counts())
    mistakes, right, numbers = chart.data
    assert np.nanmax(mistakes.z) == 12
    assert np.isnan(np.diagonal(mistakes.z)).all()
    assert right.z[0][0] == 900
    assert right.colorscale[0][1] == right.colorscale[1][1]
    assert len(numbers.text) == 11  # no zeros
    assert numbers.hoverinfo == "skip"  # a click goes to the cell below


def test_a_clicked_cell_is_the_true_digit_and_the_answer() -> None:
    mistakes = exam_charts.confusion(counts()).data[0]
    assert (mistakes.y[4], mistakes.x[9]) == ("4", "9")
    assert mistakes.z[4][9] == 12


def test_the_chosen_cell_is_framed() -> None:
    (shape,) = exam_charts.confusion(counts(), (4, 9)).layout.shapes
    assert (shape.x0, shape.x1, shape.y0, shape.y1) == (8.5, 9.5, 3.5, 4.5)
    assert not exam_charts.confusion(counts()).layout.shapes


def test_each_digit_s_share_comes_with_its_interval() -> None:
    matrix = counts()
    matrix[7] = 0  # no image of a 7 was asked
    (trace,) = exam_charts.by_digit(matrix).data
    assert list(trace.x) == [str(digit) for digit in range(10) if digit != 7]
    share = 940 / 952
    assert trace.y[4] == pytest.approx(share)
    low, high = wilson(940, 952)
    assert trace.error_y.array[4] == pytest.approx(high - share)
    assert trace.error_y.arrayminus[4] == pytest.approx(share - low)


def test_nothing_asked_is_an_empty_titled_chart() -> None:
    (trace,) = exam_charts.by_digit(np.zeros((10, 10), int)).data
    assert len(trace.y) == 0


def test_intervals_stand_in_the_given_order() -> None:
    chart = exam_charts.intervals([("Test", 0.97, 0.96, 0.98), ("Validation", 0.975, 0.97, 0.98)])
    assert list(chart.data[0].y) == ["Test", "Validation"]
    assert chart.layout.yaxis.range[0] > chart.layout.yaxis.range[1]  # the first on top


@pytest.mark.parametrize("units", [1, 10, 25, 26, 300, 1000])
def test_every_unit_has_its_cell_and_the_chosen_one_is_framed(units: int) -> None:
    output = np.arange(units, dtype=np.float32) - 3
    chart = answer_charts.units(output, units - 1)
    cells = np.asarray(chart.data[0].z)
    width = answer_charts.columns(units)
    assert cells.shape[1] == width
    assert cells[divmod(units - 1, width)] == units - 4
    assert np.isfinite(cells).sum() == units
    shape = chart.layout.shapes[0]
    assert (shape.y0 + 0.5, shape.x0 + 0.5) == divmod(units - 1, width)


def test_a_units_pictures_are_inputs_weights_and_products_with_one_framed() -> None:
    inputs, weights = np.random.default_rng(0).normal(size=(2, 784)).astype(np.float32)
    products = inputs * weights
    parts = UnitTrace(inputs, weights, products, 0.0, float(products.sum()))
    chart = answer_charts.products_of_pixels(parts, 28 * 3 + 5)
    np.testing.assert_array_equal(chart.data[2].z, products.reshape(28, 28))
    assert len(chart.data) == 3
    assert {(shape.x0 + 0.5, shape.y0 + 0.5) for shape in chart.layout.shapes} == {(5, 3)}
    assert len({shape.xref for shape in chart.layout.shapes}) == 3


@pytest.mark.parametrize(
    "chart",
    [
        answer_charts.saliency(np.zeros((28, 28), np.uint8), np.zeros((28, 28))),
        answer_charts.units(np.zeros(10), 0),
    ],
)
def test_zero_lies_in_the_middle_of_the_colours_even_when_all_is_zero(chart: go.Figure) -> None:
    trace = chart.data[0]
    assert trace.zmin == -trace.zmax
    assert trace.zmax > 0
