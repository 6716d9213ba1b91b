"""What a fresh process has loaded after it imported, or used, a part of the lab."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import house
import pytest
from house import ROOT


def modules(*left_out: str) -> list[str]:
    """Every module of core and dashboard; without pages, which run when imported, and what is left out."""
    paths = [Path(path) for path in house.sources()]
    names = [".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in paths]
    skipped = (*left_out, "dashboard.app", "core.cluster.__main__")
    return [name for name in names if not name.startswith(skipped) and not name.endswith(".page")]


def loaded(names: Iterable[str], suspects: Iterable[str]) -> list[str]:
    """Which of the suspects a fresh process has loaded after it imported these modules."""
    code = (
        "import importlib, json, sys\n"
        f"for name in {list(names)!r}: importlib.import_module(name)\n"
        f"print(json.dumps([name for name in {list(suspects)!r} if name in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    found: list[str] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


IN_A_FRESH_PROCESS = {
    "all of the dashboard and core but the network: no TensorFlow": (("core.network.",), house.TENSORFLOW),
    "all of core: no screen": (("dashboard",), ("streamlit", "plotly")),
    "core without record and cluster: no database": (
        ("dashboard", "core.record", "core.cluster", "core.network."),
        house.DATABASE,
    ),
    "core without cluster: no Dask": (("dashboard", "core.cluster", "core.network."), house.DASK),
}


@pytest.mark.parametrize("case", IN_A_FRESH_PROCESS)
def test_in_a_fresh_process(case: str) -> None:
    left_out, suspects = IN_A_FRESH_PROCESS[case]
    assert loaded(modules(*left_out), suspects) == []


def test_a_fresh_process_notices() -> None:
    assert loaded(["sqlite3"], ["sqlite3", "tensorflow"]) == ["sqlite3"]


def test_comparing_loads_nothing_heavy_into_the_pages_process() -> None:
    study = [name for name in modules() if name.startswith("core.study.")]
    assert {"core.study.verdict", "core.study.gain"} <= set(study)
    assert loaded(study, ("scipy.stats", *house.TENSORFLOW)) == []


def test_what_keeps_page_processes_has_no_use_for_a_screen() -> None:
    assert loaded(["dashboard.serve"], ("streamlit", "plotly", *house.DATABASE)) == []


def test_planning_and_reading_need_no_tensorflow() -> None:
    """In a fresh process, doing what pages do, not only importing."""
    code = """
import sys
import numpy as np
from core import settings
from core.export import keras_source, network_source
from core.reading import trained_network
from core.architecture import plan
from core.dataset import normalization
network = settings.NetworkSettings((20, 20), "maxout", "activation", True, True)
weights = {name: np.zeros(shape) for name, shape in plan.weight_shapes(network).items()}
image = np.zeros((28, 28), np.uint8)
reader = trained_network.TrainedNetwork(network, weights, normalization.fit("none", image[None]))
reader.probabilities(image[None]), reader.trace(image), reader.saliency(image, 3)
plan.layer_table(network)
keras_source.keras_source(settings.DEFAULT), network_source.keras_model_source(network)
print(sorted({"tensorflow", "keras", "jax", "torch", "streamlit", "plotly"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr
