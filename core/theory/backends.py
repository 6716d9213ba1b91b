"""What the installed Keras runs on, read from its own folder: to import it would bring TensorFlow along."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

NO_BACKEND = ("common", "tests")
"""Folders beside the backends that are none."""


def installed_backends() -> list[str]:
    """The backends that the installed Keras has code for, in alphabetical order."""
    spec = find_spec("keras")
    if spec is None or spec.origin is None:
        return []
    folder = Path(spec.origin).parent / "src" / "backend"
    packages = (path.parent.name for path in folder.glob("*/__init__.py"))
    return sorted(name for name in packages if name not in NO_BACKEND)
