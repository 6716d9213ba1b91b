"""The rules of the house, each as a function from the project's files to what breaks it.

A rule reads every import and every name; it runs nothing. ``sources`` gives the files of the project; a test
plants a violation by adding a file of its own to them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]

Sources = Mapping[str, str]
"""Path from the project's root, such as "core/settings.py" → the file's text."""

CORE_FLOORS = {
    "errors": 0,
    "limits": 0,
    "translation": 1,
    "logs": 2,
    "command_line": 2,
    "choices": 1,
    "settings": 2,
    "dataset": 3,
    "architecture": 3,
    "drawing": 3,
    "runs": 4,
    "reading": 4,
    "hints": 5,
    "study": 5,
    "theory": 5,
    "network": 5,
    "export": 6,
    "record": 6,
    "cluster": 7,
}
"""A wing of core → its floor; it imports lower floors only."""

DASHBOARD_FLOORS = {
    "language": 0,
    "look": 0,
    "frame": 1,
    "browser": 2,
    "runs": 3,
    "reading": 4,
    "stream": 4,
    "app_pages": 5,
    "engine_start": 5,
    "gates": 4,
    "greeting": 2,
    "styled": 5,
    "server": 6,
    "visit": 6,
    "app": 7,
    "splitter": 2,
    "page_server": 2,
    "serve": 3,
}
"""A wing of the dashboard → its floor; it imports lower floors only."""

SCREEN = ("streamlit", "plotly", "dashboard")
TENSORFLOW = ("tensorflow", "keras", "jax", "torch")
DATABASE = ("sqlalchemy", "alembic")
DASK = ("distributed", "dask")

TENSORFLOW_IN_FUNCTIONS = ("core/cluster/worker.py", "core/export/files.py")
"""Outside ``core/network`` only these may import from it what needs TensorFlow, when a function is called."""


def sources(*tops: str) -> dict[str, str]:
    """All Python files of these folders; of core and dashboard where none is named."""
    files = (file for top in tops or ("core", "dashboard") for file in (ROOT / top).rglob("*.py"))
    return {file.relative_to(ROOT).as_posix(): file.read_text(encoding="utf-8") for file in sorted(files)}


def lower_floors_only(found: Sources) -> list[str]:
    """Rules 1 and 4: an arrow goes downward only, in core and in the dashboard."""
    broken = []
    for path, text in found.items():
        top = path.split("/", 1)[0]
        floors = CORE_FLOORS if top == "core" else DASHBOARD_FLOORS
        wing = _wing(path)
        if wing == "":  # core/__init__.py, which imports nothing of the project
            continue
        if wing not in floors:
            broken.append(f"{path} stands in no wing of {top}")
            continue
        for name in _imported(text):
            other = _wing_of_module(name, top)
            if other not in ("", wing) and floors.get(other, 99) >= floors[wing]:
                broken.append(f"{path} imports {name}, which is no lower floor")
    return broken


def core_knows_no_screen(found: Sources) -> list[str]:
    """Core imports neither Streamlit nor Plotly nor the dashboard."""
    return _importing(found, SCREEN, lambda path: path.startswith("core/"))


def tensorflow_only_in_network(found: Sources) -> list[str]:
    """Rule 2: TensorFlow and Keras only in ``core/network``; from outside in functions only."""
    broken = _importing(found, TENSORFLOW, lambda path: not path.startswith("core/network/"))
    for path, text in found.items():
        if path.startswith("core/network/"):
            continue
        late = path in TENSORFLOW_IN_FUNCTIONS
        for name in _imported(text, at_import=late):
            if name.startswith("core.network.") and name != "core.network.build":
                broken.append(f"{path} imports {name}, which imports TensorFlow")
    return broken


def sqlalchemy_only_in_record(found: Sources) -> list[str]:
    """Rule 3: SQLAlchemy and Alembic only in ``core/record``."""
    return _importing(found, DATABASE, lambda path: not path.startswith("core/record/"))


def dask_only_in_cluster(found: Sources) -> list[str]:
    """Rule 3: Dask only in ``core/cluster``."""
    return _importing(found, DASK, lambda path: not path.startswith("core/cluster/"))


def no_page_imports_another(found: Sources) -> list[str]:
    """Rule 5: what two pages need lives below them."""
    broken = []
    for path, text in found.items():
        parts = PurePosixPath(path).parts
        if parts[:2] != ("dashboard", "app_pages") or len(parts) < 4:
            continue
        for name in _imported(text):
            module = name.split(".")
            if module[:2] == ["dashboard", "app_pages"] and len(module) > 2 and module[2] != parts[2]:
                broken.append(f"{path} imports {name}, another page")
    return broken


def charts_are_pure(found: Sources) -> list[str]:
    """Rule 6: a chart is a table in and a figure out; ``look`` knows no screen."""
    forbidden = ("streamlit", "dashboard.frame", "core.record", "core.cluster")
    return _importing(
        found,
        forbidden,
        lambda path: (
            path.startswith("dashboard/")
            and (path.endswith("charts.py") or path.startswith("dashboard/look/"))
        ),
    )


def session_and_url_in_one_file(found: Sources) -> list[str]:
    """Rule 7: only ``frame/session.py`` touches the session's state and the URL."""
    return [
        f"{path} says {word}"
        for path, text in found.items()
        if path != "dashboard/frame/session.py"
        for node in ast.walk(_parsed(text))
        if isinstance(node, ast.Attribute) and (word := node.attr) in ("session_state", "query_params")
    ]


def tests_mirror_the_wings(folders: list[str], found: Sources) -> list[str]:
    """Rule 9: a folder of tests is named like the folder it tests.

    Args:
        folders: folders under ``tests/unit`` or ``tests/worker`` that hold tests, such as "core/dataset".
    """
    known = {PurePosixPath(path).parent.as_posix() for path in found} | {"benchmarks", "docs", "."}
    return [f"{folder} mirrors no folder" for folder in folders if folder not in known]


def unit_tests_know_no_tensorflow(found: Sources) -> list[str]:
    """Unit tests take milliseconds: what needs TensorFlow, which takes seconds to import, is in ``worker``.

    Args:
        found: the files of ``tests/unit``.
    """
    heavy = (*TENSORFLOW, "core.network")
    return _importing(found, heavy, lambda path: path.startswith("tests/unit/"))


def _importing(found: Sources, forbidden: tuple[str, ...], concerns: object) -> list[str]:
    assert callable(concerns)
    return [
        f"{path} imports {name}"
        for path, text in found.items()
        if concerns(path)
        for name in sorted(_imported(text))
        if any(name == each or name.startswith(f"{each}.") for each in forbidden)
    ]


def _wing(path: str) -> str:
    """ "core/dataset/split.py" → "dataset"; "core/settings.py" → "settings"; "core/__init__.py" → ""."""
    name = path.split("/")[1].removesuffix(".py")
    return "" if name == "__init__" else name


def _wing_of_module(name: str, top: str) -> str:
    parts = name.split(".")
    return parts[1] if parts[0] == top and len(parts) > 1 and parts[1].islower() else ""


@cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


def _imported(text: str, *, at_import: bool = False) -> set[str]:
    """Dotted names of every import, wherever it stands; ``at_import``: without those inside functions."""
    names: set[str] = set()
    for node in _nodes(_parsed(text), at_import):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def _nodes(tree: ast.AST, at_import: bool) -> Iterator[ast.AST]:
    """All nodes; ``at_import``: only what runs when the module is imported, annotations' imports left out."""
    for node in ast.iter_child_nodes(tree):
        if at_import and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        yield node
        yield from _nodes(node, at_import)
