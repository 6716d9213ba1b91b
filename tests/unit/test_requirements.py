"""What is imported is required, what is required is pinned, and the lock names no place it came from."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("core", "dashboard", "benchmarks", "tests")
PACKAGE_OF = {"PIL": "pillow", "sklearn": "scikit-learn", "yaml": "PyYAML"}
"""Where a package is called otherwise than the module it holds."""
TAKEN_IF_THERE = {"jax", "torch"}
"""What a benchmark compares with, where somebody installed it."""
USED_OTHERWISE = {
    "streamlit-drawable-canvas",  # its browser side is mounted by name
    "pytest-xdist",  # pytest finds it by itself
    "uvloop",  # uvicorn does
    "ruff",
    "mypy",
    "pandas-stubs",
    "types-cachetools",
}
"""Tools, and parts that are called by name: nothing imports them."""


def plain(name: str) -> str:
    """A package's name as indexes compare it: "Jinja2" → "jinja2", "a_b" → "a-b"."""
    return re.sub(r"[-_.]+", "-", name).lower()


def names_in(text: str) -> dict[str, str]:
    """Package → the version it is pinned to, or "", of every line that is no comment."""
    lines = re.findall(r"^([A-Za-z0-9._-]+)(?:\[\w+\])?(?:==([^\s;]+))?(?:\s|$)", text, re.MULTILINE)
    return {plain(name): version for name, version in lines}


def modules_in(source: str) -> Iterator[str]:
    """The top name of every absolute import, wherever it stands."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (alias.name.split(".")[0] for alias in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module.split(".")[0]


@cache
def foreign_modules(folder: str) -> dict[str, Path]:
    """Every module from outside this project and Python itself → one file of the folder that imports it."""
    own = {*FOLDERS, *(file.stem for file in (ROOT / "tests").rglob("*.py"))}
    files = (ROOT / folder).rglob("*.py")
    found = {name: file for file in files for name in modules_in(file.read_text(encoding="utf-8"))}
    return {name: file for name, file in found.items() if name not in own | sys.stdlib_module_names}


REQUIRED = names_in((ROOT / "requirements.in").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.txt").read_text(encoding="utf-8")
PINNED = names_in(LOCK)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_import_is_required(folder: str) -> None:
    for module, file in foreign_modules(folder).items():
        package = plain(PACKAGE_OF.get(module, module))
        assert package in REQUIRED.keys() | TAKEN_IF_THERE, (
            f"{file} imports {module}: name it in requirements.in"
        )


def test_nothing_is_required_that_nobody_uses() -> None:
    modules = {module for folder in FOLDERS for module in foreign_modules(folder)}
    used = {plain(PACKAGE_OF.get(module, module)) for module in modules}
    assert REQUIRED.keys() - used == USED_OTHERWISE


def test_everything_required_is_pinned() -> None:
    assert all(PINNED.get(name) for name in REQUIRED)
    assert all(PINNED.values())


def test_a_version_asked_for_is_the_one_pinned() -> None:
    assert all(PINNED[name] == version for name, version in REQUIRED.items() if version)


def test_the_lock_is_made_by_the_command_at_its_top() -> None:
    command = LOCK.splitlines()[1].removeprefix("#").split()
    assert command[:3] == ["uv", "pip", "compile"]
    assert {"--universal", "--python-version", "3.11", "requirements.in", "requirements.txt"} <= {*command}


def test_the_lock_serves_windows_too() -> None:
    assert "sys_platform == 'win32'" in LOCK


def test_the_lock_names_no_place() -> None:
    assert not re.search(r"--(extra-)?index-url|--find-links|https?:|file:| @ ", LOCK)


@pytest.mark.parametrize("name", ["requirements.in", "README.md"])
def test_systems_without_tensorflow_are_named(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for system in ("Intel", "Windows on ARM", "Alpine"):
        assert system in text


def test_lines_are_read_as_pip_reads_them() -> None:
    text = (
        "# a==1\nJinja2   # why\npsycopg[binary]\nb_c==2.0 ; sys_platform == 'win32'  # via d\n    # via e\n"
    )
    assert names_in(text) == {"jinja2": "", "psycopg": "", "b-c": "2.0"}


def test_imports_are_found_in_functions_and_relative_ones_are_not() -> None:
    source = "import a.b, c\nfrom d.e import f\nfrom . import g\ndef h():\n    import i\n"
    assert list(modules_in(source)) == ["a", "c", "d", "i"]
