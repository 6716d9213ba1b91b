"""What a learner takes home of a run, as files: the model, the notebook, the curve.

The page's process may import this room: only ``model_file``, for workers, imports Keras when it is called.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

import numpy.typing as npt
import pandas as pd

from core.choices.parameters import parameter
from core.dataset.normalization import Normalization
from core.errors import N_
from core.export import trees
from core.export.comments import Say
from core.export.keras_source import CELLS, sections
from core.export.pictures import pictures
from core.settings import Settings, write_hidden

MODEL_FORMATS: Mapping[str, str] = {
    "keras": ".keras",
    "saved-model": "-saved-model.zip",
    "hdf5": ".h5",
    "json": "-json.zip",
}
"""The model's file formats and how their files' names end."""

NOTEBOOK_FORMAT = {"nbformat": 4, "nbformat_minor": 5}
_LONGEST_NAME = 60


def model_file(
    settings: Settings,
    weights: Mapping[str, npt.NDArray[Any]],
    normalization: Normalization,
    file_format: str,
) -> bytes:
    """The trained model as one file that takes raw images; for a worker's process, because it needs Keras.

    Args:
        settings: the run's; its network was built from them, and a Keras file is compiled as they say.
        weights: all variables by "layer/variable".
        normalization: becomes the first layer: images (n, 28, 28) come in with pixels from 0 to 255.
        file_format: a key of ``MODEL_FORMATS``.

    Raises WrongWeights.
    """
    from core.network import model_files

    return model_files.write(settings, weights, normalization, file_format)


def model_tree(
    settings: Settings,
    weights: Mapping[str, npt.NDArray[Any]],
    normalization: Normalization,
    file_format: str,
) -> list[trees.Branch]:
    """What lies in the file that ``model_file`` makes of the same; for a worker's process, too."""
    content = model_file(settings, weights, normalization, file_format)
    return trees.read(content, f"model{MODEL_FORMATS[file_format]}")


def notebook(settings: Settings, say: Say = str, *, epochs: int | None = None) -> str:
    """The experiment of ``keras_source`` as a Jupyter notebook, one part a cell, and its pictures.

    ``say`` and ``epochs`` as there.
    """
    title = say(N_("Handwritten digits: {codes}")).format(codes=", ".join(_codes(settings)))
    cells = [_cell("markdown", 0, f"# {title}")]
    parts, drawn = sections(settings, say, epochs=epochs), pictures(settings, say)
    for place, (heading, code) in zip(CELLS, parts.items(), strict=True):
        cells.append(_cell("markdown", len(cells), f"## {heading}"))
        cells.append(_cell("code", len(cells), code.strip("\n")))
        for picture in drawn.get(place, ()):
            cells.append(_cell("code", len(cells), picture.strip("\n")))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return json.dumps({"cells": cells, "metadata": metadata, **NOTEBOOK_FORMAT}, indent=1, ensure_ascii=False)


def _cell(kind: str, number: int, text: str) -> dict[str, Any]:
    empty: dict[str, Any] = {"execution_count": None, "outputs": []} if kind == "code" else {}
    lines = text.splitlines(keepends=True)
    return {"cell_type": kind, "id": f"cell-{number}", "metadata": {}, "source": lines, **empty}


def curve_csv(points: pd.DataFrame) -> str:
    """A run's curve, as ``Curves.points`` gives it, as comma-separated values; empty where not measured."""
    return points.to_csv(index=False, lineterminator="\n")


def file_name(run_name: str | None, settings: Settings, ending: str) -> str:
    """A name for a file that any system can keep: "digits-300-100-relu-z-score-sgd-0.01.py".

    Only letters, digits, dots and hyphens are left.

    Args:
        run_name: what the learner called the run. Without a name, or with one that has no such letter, the
            file is named by the codes of the settings.
    """
    words = _words(run_name or "") or _words(" ".join(_codes(settings)))
    return "-".join(["digits", *words])[:_LONGEST_NAME].rstrip("-.") + ending


def _words(text: str) -> list[str]:
    """The words of a text in small ASCII letters and digits; numbers may have a point."""
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("×", "x"))
    return re.findall(r"[a-z0-9]+(?:\.[0-9]+)?", decomposed.encode("ascii", "ignore").decode("ascii"))


def _codes(settings: Settings) -> list[str]:
    """What people change most, as codes: the same in every language."""
    network, training = settings.network, settings.training
    shape = f"{write_hidden(network.hidden)} {network.activation}" if network.hidden else "softmax"
    seed = [f"seed {training.seed}"] if training.seed else []
    rate = parameter("learning_rate").write(training.learning_rate)
    return [shape, settings.data.normalization, f"{training.optimizer} {rate}", *seed]
