"""The downloads of a run: offered when there is something, made only when asked for."""

from __future__ import annotations

import io
import pickle
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import streamlit as st
from page_lab import LEARNER, Lab
from reading_lab import trained

from core.architecture.first_weights import draw_weights
from core.export import files
from core.export.keras_source import keras_source
from core.reading.evaluation import evaluate
from core.reading.exam import Exam
from core.runs.progress import Checkpoint, Point
from core.runs.run import UnknownRun
from core.settings import DEFAULT
from dashboard.app_pages.train import take_home
from dashboard.frame import resources

ALWAYS = ["Keras code (.py)", "Notebook (.ipynb)", "Curve (.csv)", "Report (.html)"]
TRAINED = ["Keras (.keras)", "SavedModel (.zip)", "HDF5 (.h5)", "JSON, weights (.zip)"]


def buttons(app: Any) -> Any:
    return {button.proto.label: button.proto for button in app.get("download_button")}


def test_all_downloads_of_a_trained_run_are_offered(lab: Lab) -> None:
    app = lab.open("train", run=lab.trained())
    assert not app.exception
    offered = buttons(app)
    assert list(offered) == [*ALWAYS, *TRAINED]
    assert not any(button.disabled for button in offered.values())


def test_nothing_is_made_before_it_is_asked_for(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_arguments: Any) -> None:
        pytest.fail("made without being asked for")

    for maker in ("write_model", "write_report", "keras_source"):
        monkeypatch.setattr(take_home, maker, never)
    monkeypatch.setattr(files, "notebook", never)
    monkeypatch.setattr(files, "curve_csv", never)
    assert len(buttons(lab.open("train", run=lab.trained()))) == 8


def test_the_network_waits_for_its_first_epoch(lab: Lab) -> None:
    run = lab.store.runs.create("somebody", DEFAULT)
    app = lab.open("train", run=run)
    disabled = {label for label, button in buttons(app).items() if button.disabled}
    assert disabled == set(TRAINED)
    assert any("after its first epoch" in caption.value for caption in app.caption)


def test_the_page_notices_the_first_weights(lab: Lab) -> None:
    settings = DEFAULT.change(train=320, hidden=(5,))
    run = lab.store.runs.create("somebody", settings)
    app = lab.open("train", run=run)
    assert buttons(app)["Keras (.keras)"].disabled
    claim = lab.store.claims.take(run, "worker")
    assert claim is not None
    point = Point(10, 1.0, 1.0, 0.5, 0.8, 0.5, 0.8, 0.4, 0.9)
    lab.store.claims.record(
        claim,
        [point],
        Checkpoint(10, 1.0, np.zeros((2, 3)), draw_weights(settings.network, seed=0), []),
        None,
    )
    app.run()
    assert not buttons(app)["Keras (.keras)"].disabled


def test_code_that_reads_our_handwriting_comes_with_it(lab: Lab) -> None:
    """The file has the name and the parts that the code asks for; later drawings do not join it."""
    drawing = np.arange(784, dtype=np.uint8).reshape(28, 28)
    lab.store.drawings.give("somebody", drawing, 7)
    run = lab.store.runs.create("somebody", DEFAULT.change(handwriting=True))
    lab.store.drawings.give("somebody", drawing, 8)
    assert "Our handwriting (.npz)" in buttons(lab.open("train", run=run))
    assert 'np.load("handwriting.npz")' in keras_source(lab.store.runs.get(run).settings)
    with np.load(io.BytesIO(lab.store.runs.drawings(run))) as file:
        assert file["labels"].tolist() == [7]
        np.testing.assert_array_equal(file["images"], [drawing])


def test_handwriting_without_drawings_is_an_empty_file(lab: Lab) -> None:
    run = lab.store.runs.create("somebody", DEFAULT.change(handwriting=True))
    with np.load(io.BytesIO(lab.store.runs.drawings(run))) as file:
        assert file["images"].shape == (0, 28, 28)
    with pytest.raises(UnknownRun):
        lab.store.runs.drawings("nothing")


def test_report_of_a_stored_run(lab: Lab) -> None:
    run = lab.trained(epochs=2, name="mine & yours")
    answers = np.eye(10, dtype=np.float32)[[0, 1, 2, 3, 4]]
    exam = Exam(evaluate(5 * answers, np.array([0, 1, 2, 3, 9])), answers.argmax(axis=1).astype(np.uint8), ())
    lab.store.looks.add(run, exam.to_json(), learner=LEARNER)
    page = take_home.write_report(lab.store, run, resources.guessing(DEFAULT), "All right.", "en", LEARNER)
    assert "mine &amp; yours" in page
    assert "All right." in page
    assert "1 wrong of 5" in page
    lent = take_home.write_report(lab.store, run, resources.guessing(DEFAULT), "", "en", "visitor")
    assert "wrong of 5" not in lent  # whoever it was lent to sees it sealed
    assert "still sealed" in lent


def test_a_visitors_report_holds_no_note_and_nothing_of_the_test_set(lab: Lab) -> None:
    run = lab.trained(epochs=2)
    lab.store.runs.change(run, learner=LEARNER, note="only for me")
    answers = np.eye(10, dtype=np.float32)[[0, 1, 2, 3, 4]]
    exam = Exam(evaluate(5 * answers, np.array([0, 1, 2, 3, 9])), answers.argmax(axis=1).astype(np.uint8), ())
    lab.store.looks.add(run, exam.to_json(), learner=LEARNER)
    reports = {
        learner: take_home.write_report(lab.store, run, resources.guessing(DEFAULT), "", "en", learner)
        for learner in (LEARNER, "somebody", "")
    }
    for word in ("only for me", "1 wrong of 5"):
        assert [word in report for report in reports.values()] == [True, False, False]


def taken_home(lab: Lab, run: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """What each download of a run gives to whoever opens its page with our cookie, by its label.

    Of a model it is what a worker is given to make it from: a worker knows nothing else.
    """
    written: dict[str, Callable[[], str | bytes]] = {}
    button = st.download_button

    def note(label: str, data: Callable[[], str | bytes], *arguments: Any, **options: Any) -> bool:
        written[label] = data
        return button(label, data, *arguments, **options)

    def as_given(_function: object, *arguments: object) -> bytes:
        return pickle.dumps(arguments)

    monkeypatch.setattr(st, "download_button", note)
    monkeypatch.setattr(resources.engine(), "compute", as_given)
    assert not lab.open("train", run=run).exception
    found = {label: write() for label, write in written.items()}
    return {label: text.encode() if isinstance(text, str) else text for label, text in found.items()}


def unpacked(file: bytes) -> bytes:
    """The same, or what is in it where it is an archive."""
    if not zipfile.is_zipfile(io.BytesIO(file)):
        return file
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return b"".join(
            [archive.comment, *(name.encode() + archive.read(name) for name in archive.namelist())]
        )


@pytest.mark.parametrize("learner", [LEARNER, "somebody"])
def test_no_download_gives_a_visitor_the_note_the_looks_or_the_sealed_results(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, learner: str
) -> None:
    """The same run, opened by its learner and by whoever has the link."""
    lab.store.drawings.give(learner, np.zeros((28, 28), np.uint8), 7)
    run = trained(lab, DEFAULT.change(handwriting=True), learner=learner)
    lab.store.runs.change(run, learner=learner, note="only for me", starred=True)
    right = np.arange(8) % 10
    answers = np.eye(10, dtype=np.float32)[[0, 1, 2, 3, 4, 5, 6, 9]]
    exam = Exam(evaluate(5 * answers, right), answers.argmax(axis=1).astype(np.uint8), ())
    for _look in range(3):
        lab.store.looks.add(run, exam.to_json(), learner=learner)
    files = {label: unpacked(file) for label, file in taken_home(lab, run, monkeypatch).items()}
    assert set(files) == {*ALWAYS, *TRAINED, "Our handwriting (.npz)"}
    secrets = (b"only for me", b"1 wrong of 8", b"looked 3 times", b"87.50%", learner.encode())
    told = {(label, word) for label, file in files.items() for word in secrets if word in file}
    own = {("Report (.html)", word) for word in secrets[:-1]}
    assert told == (own if learner == LEARNER else set())


def test_a_model_without_weights_is_refused_by_name(lab: Lab) -> None:
    run = lab.store.runs.create("somebody", DEFAULT)
    with pytest.raises(take_home.NotTrained, match="no saved weights"):
        take_home.write_model(lab.store, resources.engine(), run, "keras")
