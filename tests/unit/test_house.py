"""Who may import whom: the arrows of the architecture, checked in fresh processes."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("tensorflow", "keras", "jax", "torch")
SCREEN = ("streamlit", "plotly")


def modules(folder: str) -> list[str]:
    files = sorted((ROOT / folder).rglob("*.py"))
    return [".".join(file.relative_to(ROOT).with_suffix("").parts) for file in files]


def imported(file: Path) -> set[str]:
    """Top-level names of every import in a file, wherever it stands."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def tops(file: Path) -> set[str]:
    return {name.split(".")[0] for name in imported(file)}


@pytest.mark.parametrize("file", sorted((ROOT / "core").rglob("*.py")), ids=lambda file: file.stem)
def test_core_knows_no_screen(file: Path) -> None:
    assert not tops(file) & {*SCREEN, "dashboard"}


@pytest.mark.parametrize("file", sorted((ROOT / "dashboard").rglob("*.py")), ids=lambda file: file.stem)
def test_dashboard_names_no_heavy_library(file: Path) -> None:
    assert not tops(file) & set(HEAVY)


@pytest.mark.parametrize("file", sorted((ROOT / "dashboard" / "look").glob("*.py")), ids=lambda f: f.stem)
def test_charts_are_pure(file: Path) -> None:
    names = imported(file)
    assert "streamlit" not in tops(file)
    assert not any(
        name.startswith(("core.record.store", "core.cluster.engine", "dashboard.frame.session"))
        for name in names
    )


def test_only_session_touches_session_state_and_the_url() -> None:
    for file in (ROOT / "dashboard").rglob("*.py"):
        if file.name != "session.py":
            text = file.read_text(encoding="utf-8")
            assert "session_state" not in text, file
            assert "query_params" not in text, file


def test_importing_the_dashboard_imports_no_tensorflow() -> None:
    """In a fresh process: everything a page can import, save the pages themselves, which run at import."""
    names = [name for name in modules("dashboard") if ".app_pages." not in name and name != "dashboard.app"]
    code = (
        "import importlib, sys\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().splitlines()[-1] == "[]"


def test_test_folders_shadow_nothing() -> None:
    assert not list((ROOT / "tests").rglob("__init__.py"))
