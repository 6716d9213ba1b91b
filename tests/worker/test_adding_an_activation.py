"""CONTRIBUTING's trial: one row more, and nothing else, puts an activation everywhere."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOOKED_FOR = (
    "test_function_and_derivative_agree_with_keras_and_autodiff",
    "test_nothing_overflows_and_the_dtype_stays",
    "test_the_plan_is_kerass_own_summary",
    "test_activation_curves_are_function_and_slope",
    "test_every_activation_is_shown_as_this_networks",
    "test_an_activation_is_found_on_every_page_that_shows_activations",
    "test_an_activation_is_found_in_the_networks_summary_and_source",
    "test_an_activation_can_be_swept",
)
FILES = (
    "tests/worker/core/choices/test_activations.py",
    "tests/worker/core/network/test_model.py",
    "tests/unit/dashboard/app_pages/test_charts.py",
    "tests/pages/test_lessons.py",
    "tests/pages/test_choices.py",
)


def test_one_row_is_all_that_an_activation_takes() -> None:
    """All tests that go through the table, in a process of its own whose table has the row of mish."""
    wanted = "mish or stand_in_links or unknown_code"  # the last two must not mind one more
    command = [sys.executable, "-m", "pytest", "-p", "trial_activation", "-k", wanted, "-v", *FILES]
    folders = os.pathsep.join([str(ROOT), str(ROOT / "tests" / "helpers")])
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": folders},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=600,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    for name in LOOKED_FOR:
        passed = [line for line in done.stdout.splitlines() if f"::{name}[" in line and "PASSED" in line]
        assert passed, name
