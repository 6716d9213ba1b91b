"""The programs that a learner is shown run, and tell the truth."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout
from typing import Any

import keras
import tensorflow as tf

from core.theory.keras_today import _HERE, program


def printed(source: str) -> Any:
    with redirect_stdout(io.StringIO()) as text:
        exec(compile(source, "program", "exec"), {})
    return json.loads(text.getvalue())


def test_keras_and_tf_keras_come_to_the_same() -> None:
    one, other = printed(program("keras")), printed(program("tf.keras"))
    assert one["module"] != other["module"]
    assert {name: one[name] for name in ("layer", "version", "loss")} == {
        name: other[name] for name in ("layer", "version", "loss")
    }
    assert one["version"] == keras.__version__
    assert 0.5 < one["loss"] < 2


def test_what_is_installed_here() -> None:
    found = printed(_HERE)
    assert found["version"] == tf.__version__
    assert found["estimator"] is False  # removed in 2.16
