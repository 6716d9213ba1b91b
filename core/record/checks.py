"""What may be kept at all: texts of a bounded length."""

from __future__ import annotations

from core.errors import N_, LabError


class InvalidRecord(LabError):
    """Something to be kept is not what it should be."""


def check_text(name: str, text: object, longest: int) -> None:
    """Raise InvalidRecord unless ``text`` is a string of at most ``longest`` characters without NUL.

    Args:
        name: what the text is, for the error's words.
    """
    if not isinstance(text, str) or len(text) > longest or "\0" in text:
        received = f"{len(text)} characters" if isinstance(text, str) else type(text).__name__
        raise InvalidRecord(
            N_("The {name} ({received}) cannot be kept. Expected text of at most {longest} characters."),
            name=name,
            received=received,
            longest=longest,
        )
