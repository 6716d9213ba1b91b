"""PostgreSQL keeps every promise that SQLite keeps: the unit tests of the record, on a server."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

UNIT = Path(__file__).resolve().parents[3] / "unit" / "core" / "record"


def _load(file: Path) -> ModuleType:
    name = f"on_postgresql_{file.stem}"
    pytest.register_assert_rewrite(name)
    specification = importlib.util.spec_from_file_location(name, file)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


for _file in sorted(UNIT.glob("test_*.py")):
    if _file.name != "test_database.py":  # of SQLite's files only
        globals().update(
            {name: value for name, value in vars(_load(_file)).items() if name.startswith("test_")}
        )


def test_all_of_them_are_here() -> None:
    found = [name for name in globals() if name.startswith("test_")]
    written = sum(
        file.read_text(encoding="utf-8").count("\ndef test_")
        for file in UNIT.glob("test_*.py")
        if file.name != "test_database.py"
    )
    assert len(found) == written + 1
