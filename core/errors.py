"""The one family of errors that a learner may meet."""

from __future__ import annotations


def N_(text: str) -> str:  # noqa: N802  (gettext's usual name)
    """Mark an English text for the translators where it stands; it is translated where it is shown."""
    return text


SHORT, LONG = 40, 200
"""Characters that fit a sentence: of something received, and of the reason why something failed."""


def shown(value: object, longest: int = SHORT) -> str:
    """What was received or went wrong, in one line of at most so many characters; "…" says it was cut."""
    line = " ".join(str(value).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


class LabError(Exception):
    """Something a person can mend: what was received, what was expected, what to do.

    A subclass names the case. The text is kept as a template beside its values, so that a page can
    translate the template and fill in the values afterwards; ``str(error)`` is the English sentence.

    Args:
        template: English sentence with ``{placeholders}``.
        values: what stands in the placeholders.
    """

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template.format(**values))
        self.template = template
        self.values = values

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle with the values, so that an error survives the way back from a worker."""
        return _rebuild, (type(self), self.template, self.values)


def _rebuild(kind: type[LabError], template: str, values: dict[str, object]) -> LabError:
    return kind(template, **values)
