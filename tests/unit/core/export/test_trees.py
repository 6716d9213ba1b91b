"""Model files opened as trees, against files put together by hand."""

from __future__ import annotations

import io
import json
import zipfile

import h5py
import numpy as np
import pytest

from core.export.trees import LONGEST, Branch, read


def test_json_shows_its_objects_as_groups_and_writes_values_out() -> None:
    tree = {
        "name": "digits",
        "shape": [None, 28],
        "layers": [{"units": 300}, {"units": 10}],
        "long": "x" * 99,
    }
    content = json.dumps(tree).encode()
    found = read(content, "model.json")
    assert found[:3] == [
        Branch(0, "model.json", "file", size=len(content)),
        Branch(1, "name", "value", value='"digits"'),
        Branch(1, "shape", "value", value="[null, 28]"),
    ]
    assert found[3:8] == [
        Branch(1, "layers", "group"),
        Branch(2, "1", "group"),
        Branch(3, "units", "value", value="300"),
        Branch(2, "2", "group"),
        Branch(3, "units", "value", value="10"),
    ]
    assert len(found[8].value) == LONGEST
    assert found[8].value.endswith("…")


def test_an_archive_holds_files_that_are_opened_in_turn() -> None:
    weights, archive = io.BytesIO(), io.BytesIO()
    with h5py.File(weights, "w") as file:
        file.attrs["backend"] = "tensorflow"
        file.create_dataset("dense/kernel", data=np.zeros((784, 10), np.float32))
        file.create_dataset("dense/step", data=np.int64(3))
    with zipfile.ZipFile(archive, "w") as file:
        file.mkdir("assets")
        file.writestr("config.json", '{"a": 1}')
        file.writestr("model.weights.h5", weights.getvalue())
        file.writestr("saved_model.pb", b"\x00" * 7)
    found = read(archive.getvalue(), "model.keras")
    assert found[1:] == [
        Branch(1, "config.json", "file", size=8),
        Branch(2, "a", "value", value="1"),
        Branch(1, "model.weights.h5", "file", size=len(weights.getvalue())),
        Branch(2, "@backend", "value", value="tensorflow"),
        Branch(2, "dense", "group"),
        Branch(3, "kernel", "array", value="float32 784 × 10"),
        Branch(3, "step", "array", value="int64 1"),
        Branch(1, "saved_model.pb", "file", size=7),
    ]


@pytest.mark.parametrize("name", ["model.pb", "README.txt", ""])
def test_what_cannot_be_opened_is_a_file_with_its_size(name: str) -> None:
    assert read(b"12345", name) == [Branch(0, name, "file", size=5)]
