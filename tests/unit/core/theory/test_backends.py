"""The backends of the installed Keras."""

from __future__ import annotations

import pytest

from core.theory.backends import installed_backends


def test_keras_has_the_three_that_train_and_cntk_is_gone() -> None:
    found = installed_backends()
    assert {"jax", "tensorflow", "torch"} <= set(found)
    assert not {"cntk", "theano", "common", "tests"} & set(found)


def test_without_keras_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.theory.backends.find_spec", lambda _name: None)
    assert installed_backends() == []
