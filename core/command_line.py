"""Command lines in the language of whoever runs them, what argparse says by itself included."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from core.errors import N_, LabError, shown
from core.translation import of_the_server, sentence, speaking, translated

ARGPARSES = (
    N_("usage: "),
    N_("positional arguments"),
    N_("options"),
    N_("show this help message and exit"),
    N_("%(prog)s: error: %(message)s\n"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("the following arguments are required: %s"),
    N_("unrecognized arguments: %s"),
    N_("expected one argument"),
    N_("ignored explicit argument %r"),
    N_("ambiguous option: %(option)s could match %(matches)s"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
)
"""What the lab's command lines make argparse say."""
WHOLE = N_("received {received}; expected a whole number from {least} to {most}")
ANY = N_("received {received}; expected a number from {least} to {most}")
MOST_PROCESSES, HIGHEST_PORT = 1_000, 65_535
"""More processes are a slip of the finger."""

Number = TypeVar("Number", int, float)


@contextmanager
def in_the_servers_language() -> Iterator[None]:
    """Let what is printed within the block be in the language of the process's locale.

    argparse takes its words from ``gettext``, which knows compiled files only; the lab's catalogues are none.
    """
    argparse._ = translated  # type: ignore[attr-defined]
    with speaking(of_the_server()):
        yield


def between(kind: Callable[[str], Number], least: Number, most: Number) -> Callable[[str], Number]:
    """An argparse type that takes a number from ``least`` to ``most`` and refuses all else in words.

    Args:
        kind: ``int`` or ``float``.
    """

    def read(text: str) -> Number:
        try:
            value = kind(text)
        except ValueError:
            value = None
        if value is None or not least <= value <= most:  # which is not so of NaN either
            told = WHOLE if kind is int else ANY
            raise argparse.ArgumentTypeError(
                translated(told).format(received=shown(text), least=least, most=most)
            )
        return value

    return read


def refuse(error: LabError) -> int:
    """Say on standard error what is wrong; returns 1, for the shell."""
    print(sentence(error), file=sys.stderr)
    return 1
