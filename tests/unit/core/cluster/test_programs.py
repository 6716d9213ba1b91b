from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from core.cluster.programs import SharedPrograms, keep_newest


def test_the_folder_is_new_private_and_gone_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_XLA_FLAGS", "--one_of_somebody_elses")
    programs = SharedPrograms()
    first, *ours = os.environ["TF_XLA_FLAGS"].split()
    assert first == "--one_of_somebody_elses"
    assert ours == [
        f"--tf_xla_persistent_cache_directory={programs.folder}",
        "--tf_xla_persistent_cache_device_types=",
    ]
    assert not list(programs.folder.iterdir())
    if sys.platform != "win32":
        assert stat.S_IMODE(programs.folder.stat().st_mode) == 0o700
    (programs.folder / "program").write_bytes(b"1")
    programs.close()
    assert not programs.folder.exists()


def test_the_oldest_go_when_there_are_too_many(tmp_path: Path) -> None:
    for age in range(5):
        file = tmp_path / str(age)
        file.write_bytes(b"1234567890")
        os.utime(file, (1_000 - age, 1_000 - age))
    keep_newest(tmp_path, 50)
    assert len(list(tmp_path.iterdir())) == 5
    keep_newest(tmp_path, 29)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["0", "1"]
    keep_newest(tmp_path / "gone", 1)
