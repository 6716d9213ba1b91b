"""Charts told in numbers: each kind, against figures whose numbers are known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from core.translation import speaking
from dashboard.browser import chart_words
from dashboard.look import style


def told(*traces: object, x: str = "epochs", y: str = "accuracy", share: bool = False) -> str:
    chart = style.figure("", x, y)
    chart.add_traces(list(traces))
    if share:
        chart.update_yaxes(tickformat=".0%")
    return chart_words.told(chart.to_dict())


def test_a_line_tells_its_ends_and_where_it_turns() -> None:
    line = go.Scatter(x=[0, 1, 2, 3], y=np.array([0.09, 0.95, 0.99, 0.979]), mode="lines", name="validation")
    said = told(line, share=True)
    assert said == (
        "accuracy · validation: from 9.0% to 97.9%; epochs from 0 to 3. In between: highest 99.0% at 2."
    )


def test_a_line_without_turns_has_none_and_a_gap_is_no_value() -> None:
    said = told(go.Scatter(x=[0, 1, 2], y=[np.nan, 2.5, 1e-7], mode="lines"))
    assert said == "accuracy: from 2.5 to 1.0 × 10⁻⁷; epochs from 1 to 2."


def test_bars_are_told_one_by_one_or_by_their_highest() -> None:
    few = go.Bar(x=[0, 1], y=[5_923, 6_742])
    assert told(few, y="images") == "images. 0: 5,923, 1: 6,742."
    many = go.Bar(x=list(range(20)), y=[*range(19), 100.0])
    assert told(many, y="images") == "images: 20 bars from 0 to 19; the highest, 100, at 19."
    lying = go.Bar(x=[55_000], y=["Training"], orientation="h")
    assert told(lying, x="images", y="") == "images. Training: 55,000."


def test_a_map_tells_its_extremes_and_their_places() -> None:
    field = go.Heatmap(x=["0.01", "0.1"], y=["relu", "tanh"], z=[[0.5, 0.75], [0.25, np.nan]])
    assert "2 rows of 2" in told(field)
    assert "highest value, 0.75, is at 0.1, relu; the lowest, 0.25, at 0.01, tanh" in told(field)


def test_points_with_names_and_many_points() -> None:
    named = go.Scatter(x=np.array([0.97, 0.98]), y=["Test", "Validation"], mode="markers")
    assert told(named, x="Accuracy", y="") == "Accuracy. Test: 0.97, Validation: 0.98."
    cloud = go.Scatter(x=np.arange(50.0), y=np.arange(50.0) ** 2, mode="markers", name="3")
    assert "50 points · epochs from 0 to 49 · accuracy from 0 to 2,401" in told(cloud)


def test_decoration_and_what_the_browser_fills_in_are_not_told() -> None:
    outline = go.Scatter(x=[0, 1], y=[0, 1], mode="lines", hoverinfo="skip")
    later = go.Scatter(x=[], y=[], mode="lines", meta={"live": {"how": "line"}})
    hidden = go.Scatter(x=[0, 1], y=[0, 1], mode="lines", visible="legendonly")
    assert told(outline, later, hidden) == ""
    assert chart_words.told(go.Figure().to_dict()) == ""


def test_of_many_lines_the_first_are_told_and_the_rest_counted() -> None:
    lines = [go.Scatter(x=[0, 1], y=[0, place], mode="lines", name=str(place)) for place in range(1, 21)]
    said = told(*lines)
    assert "· 8: from" in said
    assert "· 9: from" not in said
    assert said.endswith("12 more are drawn.")


def curve(*accuracies: float | None) -> pd.DataFrame:
    rows = [(place, value, None if value is None else 1 - value) for place, value in enumerate(accuracies)]
    return pd.DataFrame(rows, columns=["epoch", "val_accuracy", "val_loss"])


def test_how_a_run_went() -> None:
    said = chart_words.learning([("", curve(0.09, None, 0.979))])
    assert (
        said == "Validation accuracy went from 9.0% to 97.9% in 2 epochs, validation loss from 0.91 to 0.021."
    )
    assert chart_words.learning([("tanh", curve(0.5))]).startswith("tanh: Validation accuracy 50.0%")
    assert chart_words.learning([("", curve())]) == ""


def test_a_confusion_matrix_tells_the_commonest_mistakes() -> None:
    counts = np.diag([10] * 10)
    counts[4, 9] = 3
    counts[7, 2] = 1
    said = chart_words.confusion(counts)
    assert said == "100 of 104 were read right. Commonest mistakes: 4 taken for 9: 3, 7 taken for 2: 1."
    assert "Commonest" not in chart_words.confusion(np.diag([10] * 10))


def test_charts_are_told_in_chinese_too() -> None:
    with speaking("zh-CN"):
        said = chart_words.learning([("", curve(0.09, 0.979))])
    assert "验证准确率从 9.0% 变到 97.9%" in said


@pytest.mark.parametrize("text", ["<b>784</b> <br>pixels", "784 pixels", "&#55;84 pixels"])
def test_names_are_told_without_plotly_s_markup(text: str) -> None:
    assert told(go.Scatter(x=[0, 1], y=[1, 1], mode="lines", name=text), y="") == "784 pixels: 1 throughout."
