"""The rules of the house hold, and each of them notices what breaks it."""

from __future__ import annotations

from collections.abc import Callable

import house
import messages
import pytest
from house import ROOT

Rule = Callable[[house.Sources], list[str]]

PLANTED: list[tuple[Rule, str, str]] = [
    (house.lower_floors_only, "core/dataset/planted.py", "from core.record.store import Store"),
    (house.lower_floors_only, "core/dataset/planted.py", "from core.drawing import strokes"),
    (house.lower_floors_only, "core/dataset/planted.py", "def late():\n    import core.cluster.engine"),
    (house.lower_floors_only, "core/planted.py", ""),
    (house.lower_floors_only, "dashboard/look/planted.py", "from dashboard.frame import session"),
    (house.lower_floors_only, "dashboard/browser/planted.py", "from dashboard.runs import live"),
    (house.lower_floors_only, "dashboard/reading/planted.py", "from dashboard import visit"),
    (house.lower_floors_only, "dashboard/planted.py", ""),
    (house.core_knows_no_screen, "core/study/planted.py", "import streamlit as st"),
    (house.core_knows_no_screen, "core/study/planted.py", "from plotly.colors import hex_to_rgb"),
    (house.core_knows_no_screen, "core/study/planted.py", "from dashboard.language import _"),
    (house.tensorflow_only_in_network, "core/reading/planted.py", "import keras"),
    (house.tensorflow_only_in_network, "dashboard/frame/planted.py", "def late():\n    import tensorflow.nn"),
    (
        house.tensorflow_only_in_network,
        "core/export/planted.py",
        "def f():\n    from core.network import model",
    ),
    (house.tensorflow_only_in_network, "core/cluster/worker.py", "from core.network import training"),
    (house.sqlalchemy_only_in_record, "core/study/planted.py", "import sqlalchemy as sa"),
    (house.sqlalchemy_only_in_record, "dashboard/planted.py", "from alembic import command"),
    (house.dask_only_in_cluster, "core/record/planted.py", "from distributed import Client"),
    (
        house.no_page_imports_another,
        "dashboard/app_pages/draw/p.py",
        "from dashboard.app_pages.train import page",
    ),
    (house.charts_are_pure, "dashboard/runs/planted_charts.py", "import streamlit"),
    (house.charts_are_pure, "dashboard/app_pages/draw/charts.py", "from dashboard.frame import resources"),
    (house.charts_are_pure, "dashboard/look/planted.py", "from core.record.store import Store"),
    (house.session_and_url_in_one_file, "dashboard/frame/planted.py", "st.session_state.x = 1"),
    (house.session_and_url_in_one_file, "dashboard/visit.py", "print(st.query_params)"),
    (
        messages.every_text_is_whole,
        "dashboard/runs/planted.py",
        'from dashboard.language import _\ntold = _("a") + _("b")',
    ),
    (messages.every_text_is_whole, "core/study/planted.py", "class Odd(LabError): ...\nraise Odd('a')"),
]
RULES = list(dict.fromkeys(rule for rule, _path, _text in PLANTED))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps(rule: Rule) -> None:
    assert rule(house.sources()) == []


@pytest.mark.parametrize(("rule", "path", "text"), PLANTED)
def test_a_violation_is_noticed(rule: Rule, path: str, text: str) -> None:
    (found,) = rule({path: text})
    assert found.startswith(path)


def test_what_is_allowed_is_not_noticed() -> None:
    allowed = {
        "core/cluster/worker.py": "def run():\n    from core.network import training",
        "core/network/planted.py": "import keras\nfrom core.runs.progress import Point",
        "core/reading/planted.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import keras",
        "dashboard/app_pages/draw/page.py": "from dashboard.app_pages.draw import photo",
        "dashboard/frame/session.py": "import streamlit as st\nst.session_state.x = 1",
    }
    assert [found for rule in RULES for found in rule(allowed)] == []


@pytest.mark.parametrize("speed", ["unit", "worker"])
def test_tests_mirror_the_wings(speed: str) -> None:
    tests = ROOT / "tests" / speed
    folders = sorted({file.parent.relative_to(tests).as_posix() for file in tests.rglob("test_*.py")})
    assert house.tests_mirror_the_wings(folders, house.sources()) == []
    assert house.tests_mirror_the_wings(["core/attic"], house.sources()) == ["core/attic mirrors no folder"]


def test_unit_tests_take_milliseconds() -> None:
    assert house.unit_tests_know_no_tensorflow(house.sources("tests/unit")) == []
    planted = {"tests/unit/planted.py": "import keras", "tests/worker/planted.py": "import keras"}
    assert house.unit_tests_know_no_tensorflow(planted) == ["tests/unit/planted.py imports keras"]


def test_test_folders_shadow_nothing() -> None:
    assert not list((ROOT / "tests").rglob("__init__.py"))
