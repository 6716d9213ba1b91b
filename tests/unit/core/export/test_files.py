"""Names of files to take home: harmless on any system, telling in any language."""

import pytest

from core.export.files import file_name
from core.settings import DEFAULT, PRESETS, Settings


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("My best ReLU, 0.01", "digits-my-best-relu-0.01.py"),
        ("20 × 100 sigmoid", "digits-20-x-100-sigmoid.py"),
        ("../../etc/passwd", "digits-etc-passwd.py"),
        ("C:\\con\\..", "digits-c-con.py"),
        ('a"b\r\nSet-Cookie: x', "digits-a-b-set-cookie-x.py"),
        ("数字", "digits-300-100-relu-z-score-sgd-0.01.py"),
        ("", "digits-300-100-relu-z-score-sgd-0.01.py"),
        (None, "digits-300-100-relu-z-score-sgd-0.01.py"),
    ],
)
def test_file_names_are_harmless(name: str | None, expected: str) -> None:
    assert file_name(name, DEFAULT, ".py") == expected


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (PRESETS["twenty-layer"], "digits-20x100-relu-z-score-sgd-0.01.csv"),
        (DEFAULT.change(hidden=(), seed=3), "digits-softmax-z-score-sgd-0.01-seed-3.csv"),
        (DEFAULT.change(learning_rate=0.0123456789), "digits-300-100-relu-z-score-sgd-0.0123456789.csv"),
        (
            DEFAULT.change(activation="leaky-relu", normalization="none"),
            "digits-300-100-leaky-relu-none-sgd-0.01.csv",
        ),
    ],
)
def test_a_run_without_a_name_has_its_files_named_by_the_codes_of_its_settings(
    settings: Settings, expected: str
) -> None:
    assert file_name(None, settings, ".csv") == expected


def test_file_names_stay_short() -> None:
    assert len(file_name("x" * 5_000, DEFAULT, ".keras")) < 80
