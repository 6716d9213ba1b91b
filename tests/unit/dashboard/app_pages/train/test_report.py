"""The report to hand in: it says what the store says, harms nobody, and needs nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.dataset.normalization import Normalization, PixelNumbers
from core.reading.evaluation import Evaluation, wilson
from core.reading.exam import DamagedExam, Exam
from core.record.looks import Look
from core.runs.arithmetic import Arithmetic, Stretch
from core.runs.progress import Point
from core.runs.run import Run
from core.settings import PRESETS, Settings
from core.study.guessing import Guessing
from dashboard.app_pages.train import report, report_tables
from dashboard.language.run_names import run_name
from dashboard.look import style, svg
from dashboard.runs.identities import Identity

GUESSING = Guessing(loss=np.log(10), accuracy=0.1124, digit=1)
NORMALIZATION = Normalization("z-score", 33.3286, 78.5806, 55_000, PixelNumbers(33.3286, 78.5806, 0.0, 255.0))
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;{{ 7 * 7 }}"


def make_run(settings: Any = PRESETS["three-layer"], *, epochs: int = 10, **changes: Any) -> Any:
    values = {
        "id": "a-run",
        "learner": "secret-cookie-of-a-learner",
        "trajectory": "shared",
        "name": None,
        "created": datetime(2026, 5, 4, 13, 37, tzinfo=UTC),
        "settings": settings,
        "epochs": epochs,
        "status": "finished",
        "message": None,
        "step": 1719 * epochs,
        "steps_per_epoch": 1719,
        "epochs_done": epochs,
        "seconds": 18.25,
        "val_loss": 0.0767,
        "val_accuracy": 0.9758,
        "normalization": NORMALIZATION,
        "note": "",
        "starred": False,
        "hidden": False,
        "origin": None,
        "position": None,
    }
    return Run(**values | changes)


def curve(epochs: int = 10) -> Any:
    """Twelve points an epoch; validation accuracy at the end of epoch n is 0.9 + n / 10000."""
    names = [name for name in Point.__dataclass_fields__ if name != "layers"]
    rows = [dict.fromkeys(names, np.nan) | {"step": 0, "epoch": 0.0, "val_loss": 2.35, "val_accuracy": 0.1}]
    for index in range(1, 12 * epochs + 1):
        row = dict.fromkeys(names, np.nan) | {"step": index, "epoch": index / 12}
        row |= {"loss": 2 / index, "accuracy": 1 - 0.9 / index}
        if index % 12 == 0:
            row |= {"epoch_loss": 0.5, "epoch_accuracy": 0.8}
            row |= {"val_loss": 0.3, "val_accuracy": 0.9 + index / 120_000}
        rows.append(row)
    return pd.DataFrame(rows, columns=names)


def look(step: int = 17_190, wrong: int = 244) -> Any:
    right = 10_000 - wrong
    confusion = np.zeros((10, 10), np.int64)
    confusion[0, :2] = right, wrong
    seen = Evaluation(0.0756, right / 10_000, wrong, 10_000, wilson(right, 10_000), confusion)
    return Look(datetime(2026, 5, 4, tzinfo=UTC), step, Exam(seen, np.zeros(3, np.uint8), ()).to_json())


class Reading(HTMLParser):
    """What a browser would find: elements with their attributes, and the text between them."""

    def __init__(self, page: Any) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: Any, attributes: Any) -> None:
        self.elements.append((tag, dict(attributes)))

    def handle_data(self, data: Any) -> None:
        self.texts.append(data)

    @property
    def text(self) -> Any:
        return " ".join(" ".join(self.texts).split())


def read(run: Any = None, points: Any = None, **options: Any) -> Any:
    run = run or make_run()
    return Reading(written(run, curve(run.epochs) if points is None else points, **options))


def written(run: Any, points: Any, **options: Any) -> str:
    known = Identity(style.RUN_COLORS[2], run_name(run))
    return report.html(run, points, known=known, guessing=GUESSING, **options)


# What it says


def test_report_holds_settings_split_seed_and_normalization() -> None:
    settings = Settings().change(
        split="random", split_seed=77, validation=3_000, seed=4321, learning_rate=0.05
    )
    text = read(make_run(settings)).text
    for part in ("At random", "Seed of the split 77", "3,000", "Seed 4321", "Learning rate 0.05"):
        assert part in text
    assert "(x − 33.3286) / 78.5806" in text
    assert "-0.4241" in text
    assert "2.8209" in text
    assert "2026-05-04 13:37 UTC" in text


def test_report_names_a_remedy_where_there_is_one() -> None:
    assert "Dropout" not in read(make_run(Settings())).text
    text = read(make_run(Settings().change(dropout=0.5, keep_best=True))).text
    assert "Dropout 0.5" in text
    assert "L2" not in text


@pytest.mark.parametrize(
    ("settings", "published"),
    [
        (PRESETS["three-layer"], "97.56%, loss 0.0756"),
        (PRESETS["twenty-layer"], "96.52%, loss 0.1488"),
        (Settings().change(learning_rate=0.05), None),
    ],
)
def test_the_test_loss_stands_beside_what_was_published(settings: Settings, published: str | None) -> None:
    text = read(make_run(settings), looks=[look()]).text
    assert "test loss 0.0756" in text
    if published is None:
        assert "grew from" not in text
    else:
        assert f"the lab report this lab grew from: {published}" in text


@pytest.mark.parametrize(
    ("preset", "arithmetic", "total"),
    [
        ("three-layer", "784 × 300 + 300 = 235,500", "266,610"),
        ("twenty-layer", "19 × (100 × 100 + 100 = 10,100)", "271,410"),
    ],
)
def test_layers_are_added_up(preset: str, arithmetic: str, total: str) -> None:
    text = read(make_run(PRESETS[preset])).text
    assert arithmetic in text
    assert f"{total} parameters in all" in text


def test_another_arithmetic_is_said_with_the_epoch_from_which_on_it_holds() -> None:
    wide = Arithmetic(1, "2.21.0", "3.15.1", "AVX-512", "0123456789ab")
    narrow = Arithmetic(1, "2.21.0", "3.15.1", "AVX2", "ba9876543210")
    mixed = (Stretch(0, wide), Stretch(1719 * 4, narrow))
    assert "From epoch 4 on" in read(make_run(arithmetic=mixed)).text
    assert "AVX2, TensorFlow 2.21.0" in read(make_run(arithmetic=mixed)).text
    assert "AVX" not in read(make_run(arithmetic=mixed[:1])).text


def test_many_different_layers_are_cut_short_but_counted() -> None:
    rows = report_tables.layer_sizes(Settings().change(hidden=tuple(range(40, 80))).network).rows
    assert len(rows) == report_tables.MOST_LAYER_ROWS
    assert rows[-1][1] == "79 × 10 + 10 = 800"
    assert rows[-2][0] == f"… and {41 - len(rows) + 1} more kinds of layer"


def test_sealed_test_set_stays_sealed() -> None:
    text = read().text
    assert "the test set is still sealed" in text
    assert "wrong of" not in text


def test_opened_test_set_is_told_with_its_counts() -> None:
    text = read(looks=[look(wrong=300), look()]).text
    assert "97.56%" in text
    assert "244 wrong of 10,000; true accuracy 97.2% to 97.8% (95% interval)" in text
    assert "looked 2 times" in text
    assert "measured after" not in text


def test_the_runs_line_stands_before_its_name() -> None:
    assert f"background: repeating-linear-gradient(90deg, {style.RUN_COLORS[2].color}" in written(
        make_run(), curve()
    )


def test_a_damaged_look_is_named() -> None:
    with pytest.raises(DamagedExam):
        read(looks=[Look(datetime(2026, 5, 4, tzinfo=UTC), 0, {"accuracy": 1.0})])


def test_a_look_before_the_last_epochs_says_so() -> None:
    assert "measured after epoch 5" in read(looks=[look(step=1719 * 5)]).text


def test_prediction_stands_beside_the_result() -> None:
    text = read(prediction="Ninety-nine!").text
    assert "My prediction: Ninety-nine! What came out: Validation accuracy 97.58% after 10 epochs" in text
    assert "What came out" not in read().text


def test_a_continued_run_tells_its_real_epochs() -> None:
    run = make_run(PRESETS["three-layer"], epochs=200)
    found = read(run)
    assert "Epochs 200" in found.text
    assert "200 of 200 epochs" in found.text


def test_of_many_epochs_some_are_shown_and_the_last_among_them() -> None:
    rows = report_tables.epochs(curve(200)).rows[1:]
    assert len(rows) <= report_tables.MOST_EPOCH_ROWS
    assert rows[-1] == ("200", "0.5000", "0.8000", "0.3000", "0.9200")
    numbers = [int(row[0]) for row in rows]
    assert len(set(np.diff(numbers))) == 1


def test_a_run_that_waits_has_a_report_without_results() -> None:
    run = make_run(
        status="waiting",
        step=0,
        epochs_done=0,
        val_loss=None,
        val_accuracy=None,
        normalization=None,
    )
    found = read(run, curve(10).iloc[:0])
    assert "nan" not in found.text.lower().split()
    assert "not finished yet" in found.text
    assert "Fitted when training begins" in found.text


def test_the_same_experiment_can_be_opened_again() -> None:
    settings = Settings().change(hidden=(100,) * 20, activation="tanh")
    found = read(make_run(settings)).text
    query = found[found.index("?") + 1 :].split()[0]
    assert Settings.from_query(dict(pair.split("=") for pair in query.split("&"))) == (settings, [])


# What it must not do


def test_what_learners_wrote_is_text_and_nothing_else() -> None:
    found = read(make_run(name=HOSTILE, note=HOSTILE), prediction=HOSTILE, looks=[look()])
    tags = {tag for tag, _attributes in found.elements}
    assert not tags & {"script", "img", "iframe", "object", "embed", "form", "base", "link", "a"}
    assert not [name for _tag, attributes in found.elements for name in attributes if name.startswith("on")]
    assert found.text.count(HOSTILE) == 4  # title and heading, note, prediction


def test_it_needs_nothing_from_elsewhere() -> None:
    found = read(looks=[look()])
    names = {name for _tag, attributes in found.elements for name in attributes}
    assert not names & {"src", "href", "srcset", "action", "data"}
    policy = next(a["content"] for tag, a in found.elements if tag == "meta" and "http-equiv" in a)
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"
    assert "url(" not in "".join(found.texts)


def test_it_does_not_tell_whose_run_it_is() -> None:
    assert "secret-cookie" not in written(make_run(), curve())


# Its curves


def polylines(found: Any) -> Any:
    """Points of every line drawn, as float arrays (n, 2) in pixels."""
    drawn = [attributes["points"] for tag, attributes in found.elements if tag == "polyline"]
    return [np.array([pair.split(",") for pair in points.split()], float).reshape(-1, 2) for points in drawn]


def test_curves_go_through_the_measured_points() -> None:
    lines = polylines(read())
    assert [len(line) for line in lines] == [2, 120, 10, 11] * 2  # guessing, within, means, validation
    accuracy = lines[7]
    width, height = svg.WIDTH - svg.LEFT - svg.RIGHT, svg.HEIGHT - svg.TOP - svg.BOTTOM
    epochs = (accuracy[:, 0] - svg.LEFT) / width * 10
    values = 1 - (accuracy[:, 1] - svg.TOP) / height
    np.testing.assert_allclose(epochs, range(11), atol=0.01)
    np.testing.assert_allclose(values, [0.1, *(0.9 + np.arange(1, 11) / 10_000)], atol=0.001)


def test_what_is_not_a_number_is_left_out_and_what_is_too_large_leaves_the_picture() -> None:
    points = curve(2)
    points.loc[3, "loss"] = np.inf
    points.loc[4, "loss"] = np.nan
    points.loc[5, "loss"] = 1e300
    lines = polylines(read(make_run(epochs=2), points))
    assert len(lines[1]) == 22
    assert all(np.isfinite(line).all() and np.abs(line).max() < 5_000 for line in lines)


@pytest.mark.parametrize(
    ("start", "end", "ticks"),
    [
        (0, 10, [0, 2, 4, 6, 8, 10]),
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (0, 2.65, [0, 1, 2]),
        (0, 0.103, [0, 0.05, 0.1]),
        (0, 200, [0, 50, 100, 150, 200]),
        (-0.5, 0.5, [-0.4, -0.2, 0, 0.2, 0.4]),
    ],
)
def test_ticks_are_round_numbers(start: Any, end: float, ticks: Any) -> None:
    assert svg.Scale(start, end).ticks() == pytest.approx(ticks, abs=1e-12)
