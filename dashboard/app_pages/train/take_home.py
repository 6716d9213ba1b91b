"""Take it home: one run as code, notebook, curve, report and model, made when asked for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import streamlit as st

from core import translation
from core.cluster.engine import Engine
from core.errors import N_, LabError
from core.export import files
from core.export.keras_source import keras_source
from core.export.promise import draws_in_its_steps, prints_the_labs_digits
from core.record import rights
from core.record.store import Store
from core.runs.best import ends_early
from core.runs.run import Run
from core.settings import Settings
from core.study.guessing import Guessing
from dashboard.app_pages.train import report
from dashboard.frame import resources, session
from dashboard.frame.folds import folded
from dashboard.language import _, translated
from dashboard.language.joining import sentences
from dashboard.runs import weights_words
from dashboard.runs.identities import identity

log = logging.getLogger(__name__)


USAGE = """\
model = keras.models.load_model("model.keras")  # or "model.h5"
digits = model.predict(images).argmax(axis=1)  # images (n, 28, 28), pixels 0 to 255: do not divide
"""
"""How a model file is used; the same line is in the file itself."""


class NotTrained(LabError):
    """A run has no weights yet."""


class Download(NamedTuple):
    """A file to take home: its button, its name, and what makes it when the button is pressed."""

    label: str
    hint: str
    file: str
    mime: str
    write: Callable[[], str | bytes]


def show(run: Run, *, prediction: str = "") -> None:
    """Everything of a run that can be downloaded, folded until asked for.

    Args:
        prediction: what the learner expected before the run; stands in the report beside what came out.
    """
    folded(_("Take it home"), lambda: _all(run, prediction), icon=":material/download:", key="take-home")


def _all(run: Run, prediction: str) -> None:
    _buttons(run, [*_experiment(run), *_handwriting(run), _report(run, prediction)])
    about = sentences(weights_words.told(run), _about_models())
    st.caption(about if run.has_weights else _("The network can be taken home after its first epoch."))
    _buttons(run, _model(run), ready=run.has_weights)
    if run.has_weights:
        st.code(USAGE, language="python")


def _about_models() -> str:
    return _(
        "The trained network takes images as they are, with pixels from 0 to 255: the normalisation is "
        "inside, so do not divide them. The .keras and .h5 files and the JSON need Keras 3, which comes with "
        "TensorFlow from 2.16 on; Keras 2 cannot read them. The SavedModel needs TensorFlow only."
    )


def _buttons(run: Run, downloads: Sequence[Download], *, ready: bool = True) -> None:
    with st.container(horizontal=True):  # wraps where the screen is narrow
        for download in downloads:
            st.download_button(
                download.label,
                partial(_logged, download.write),
                download.file,
                download.mime,
                help=download.hint,
                on_click="ignore",
                disabled=not ready,
                key=f"take-home-{run.id}-{download.label}",
            )


def _logged(write: Callable[[], str | bytes]) -> str | bytes:
    """Streamlit says by itself that a download failed; the log says why."""
    try:
        return write()
    except LabError as error:
        log.warning(N_("A download failed: %s"), error)
        raise


def _experiment(run: Run) -> list[Download]:
    store, speech, settings = resources.store(), translation.spoken(), _as_it_went(run)
    return [
        Download(
            _("Keras code (.py)"),
            _about_code(settings),
            files.file_name(run.name, run.settings, ".py"),
            "text/x-python",
            partial(_said, speech, partial(keras_source, epochs=run.epochs), settings),
        ),
        Download(
            _("Notebook (.ipynb)"),
            _(
                "The same code step by step, for Jupyter or Colab, and what the report draws: images, the "
                "curve, the confusion matrix of the validation images."
            ),
            files.file_name(run.name, run.settings, ".ipynb"),
            "application/x-ipynb+json",
            partial(_said, speech, partial(files.notebook, epochs=run.epochs), settings),
        ),
        Download(
            _("Curve (.csv)"),
            _(
                "Every point of the curve, for a spreadsheet; a cell is empty where nothing was measured. "
                "step counts since the start, epoch and seconds tell when; loss and accuracy: means over "
                "the training images since the point before; epoch_loss and epoch_accuracy: since the epoch "
                "began; val_loss and val_accuracy: of all validation images."
            ),
            files.file_name(run.name, run.settings, ".csv"),
            "text/csv",
            lambda: files.curve_csv(store.curves.points(run.id)),
        ),
    ]


def _as_it_went(run: Run) -> Settings:
    """The run's settings; without patience where it was continued after it had ended early."""
    patience = run.settings.training.patience
    if not patience:
        return run.settings
    points = resources.store().curves.points(run.id)
    losses = points.loc[points["step"] > 0, "val_loss"].dropna().tolist()
    first = ends_early(losses, patience)
    return run.settings.as_if(patience=0) if first and first < run.epochs else run.settings


def _about_code(settings: Settings) -> str:
    """What was measured for such settings, and no more."""
    if prints_the_labs_digits(settings):
        return _("Trains the same network on the same split with the same seed, and prints the same numbers.")
    if draws_in_its_steps(settings):
        about = _(
            "Trains the same network on the same split with the same first weights and order of images. What "
            "chance decides within a step, such as what dropout leaves out, Keras draws otherwise: its "
            "numbers differ from these as those of another seed would."
        )
    else:
        about = _(
            "Trains the same network on the same split with the same seed, and prints the same numbers but "
            "for rounding, which grows from epoch to epoch: more with ReLU's kink, with Adam or at a high "
            "rate than with a smooth activation, SGD and a low one."
        )
    if not (settings.training.patience or settings.training.keep_best):
        return about
    ends = _("Which epoch is its best, and where it ends early, may come out otherwise.")
    return sentences(about, ends)


def _said(speech: str, write: Callable[[Settings, Callable[[str], str]], str], settings: Settings) -> str:
    """What ``write`` makes of the settings in this language, from a download's own thread."""
    with translation.speaking(speech):
        return write(settings, translated)


def _handwriting(run: Run) -> list[Download]:
    if not run.settings.data.handwriting:
        return []
    return [
        Download(
            _("Our handwriting (.npz)"),
            _("The drawings of our class that trained too. Keep it beside the code, which reads it."),
            "handwriting.npz",  # the name that the code asks for
            "application/octet-stream",
            partial(resources.store().runs.drawings, run.id),
        )
    ]


def _report(run: Run, prediction: str) -> Download:
    return Download(
        _("Report (.html)"),
        _("One page with settings, split, seed, curves and results. Opens in any browser; prints on A4."),
        files.file_name(run.name, run.settings, ".html"),
        "text/html",
        partial(
            write_report,
            resources.store(),
            run.id,
            resources.guessing(run.settings),
            prediction,
            translation.spoken(),
            session.learner(),
        ),
    )


def _model(run: Run) -> list[Download]:
    words = {
        "keras": (
            "Keras (.keras)",
            _(
                "The format that Keras recommends: architecture, weights, normalisation, loss and optimiser "
                "in one file, ready for predict, evaluate and fit. Loaded by Keras 3."
            ),
        ),
        "saved-model": (
            "SavedModel (.zip)",
            _(
                "TensorFlow's own format, for servers and converters: what the network computes, "
                "normalisation included, without what trains it. Loaded by TensorFlow, no Keras needed."
            ),
        ),
        "hdf5": (
            "HDF5 (.h5)",
            _(
                "Keras' older format: the same as in the .keras file, in a form that HDF5 programs open. "
                "Loaded by Keras 3."
            ),
        ),
        "json": (
            _("JSON, weights (.zip)"),
            _(
                "The architecture as readable text, the weights beside it, normalisation included, without "
                "loss and optimiser. Loaded by Keras 3."
            ),
        ),
    }
    store, engine = resources.store(), resources.engine()
    return [
        Download(
            *words[file_format],
            files.file_name(run.name, run.settings, ending),
            "application/octet-stream",
            partial(write_model, store, engine, run.id, file_format),
        )
        for file_format, ending in files.MODEL_FORMATS.items()
    ]


def write_report(
    store: Store, run_id: str, guess: Guessing, prediction: str, speech: str, learner: str
) -> str:
    """The report of a run in this language, from a download's own thread. Raises UnknownRun, DamagedExam.

    ``learner`` takes it home: of somebody else's run it holds no note, and its test set stays sealed.
    """
    run = store.runs.get(run_id, learner=learner)
    may_look = rights.may("look", run.learner, learner)
    with translation.speaking(speech):
        return report.html(
            run,
            store.curves.points(run_id),
            known=identity(run),
            guessing=guess,
            looks=store.looks.of_run(run_id, learner=learner) if may_look else (),
            prediction=prediction,
        )


def write_model(store: Store, engine: Engine, run_id: str, file_format: str) -> bytes:
    """The trained network as a file; a worker makes it: TensorFlow has no place in the page's process.

    Raises NotTrained, UnknownRun and what the engine raises.
    """
    run, weights = store.runs.get(run_id), store.curves.weights(run_id)
    if weights is None or run.normalization is None:
        raise NotTrained(
            N_("{name} has no saved weights yet. Let it train for an epoch."), name=identity(run).name
        )
    return engine.compute(files.model_file, run.settings, weights, run.normalization, file_format)
