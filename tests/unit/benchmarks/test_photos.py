"""The benchmark of photos counts what is read, by kind and by hand, from a folder of labelled pictures."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from sheets import dark_ink, digit, drawn, file

from benchmarks import photos


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "images").mkdir()
    contents = {
        "a.png": (7, "pen", file(dark_ink(digit(7)))),
        "b.jpg": (2, "pen", file(dark_ink(digit(2)), "JPEG")),
        "c.png": (9, "pen", file(dark_ink(digit(4)))),  # a label that is wrong
        "d.png": (1, "printed, light", file(drawn((60, 60), [(30, 10), (30, 50)], pen=5))),
        "e.heic": (3, "broken", b"no picture"),
    }
    rows = ["file,label,kind"]
    for name, (label, kind, data) in contents.items():
        (tmp_path / "images" / name).write_bytes(data)
        rows.append(f'{name},{label},"{kind}"')
    (tmp_path / "labels.csv").write_text("\n".join(rows), encoding="utf-8")
    return tmp_path


def test_the_command_prints_a_table_and_writes_what_was_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["photos", str(folder), "--json", str(folder / "result.json")])
    photos.main()
    assert json.loads((folder / "result.json").read_text(encoding="utf-8")) == {
        "read": 3,
        "count": 5,
        "by_hand": {"read": 2, "count": 4},
        "kinds": {
            "broken": {"read": 0, "count": 1},
            "pen": {"read": 2, "count": 3},
            "printed, light": {"read": 1, "count": 1},
        },
    }
    printed = capsys.readouterr().out
    assert "| pen | 3 | 2 |" in printed
    assert "| written by hand | 4 | 2 |" in printed
    assert "| all | 5 | 3 |" in printed


def test_plain_shrinking_reads_light_strokes_only(folder: Path) -> None:
    light = photos.Picture(file(digit(2, height=280, width=280, size=200, pen=22)), 2, "light")
    assert photos.is_read(light, photos.only_shrunk) != photos.is_read(light, photos.shrunk_and_inverted)
