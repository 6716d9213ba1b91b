"""Command lines in the language of whoever runs them, what argparse says by itself included."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from core.errors import N_, LabError
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
    N_("invalid %(type)s value: %(value)r"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
)
"""What the lab's command lines make argparse say."""


@contextmanager
def in_the_servers_language() -> Iterator[None]:
    """Let what is printed within the block be in the language of the process's locale.

    argparse takes its words from ``gettext``, which knows compiled files only; the lab's catalogues are none.
    """
    argparse._ = translated  # type: ignore[attr-defined]
    with speaking(of_the_server()):
        yield


def refuse(error: LabError) -> int:
    """Say on standard error what is wrong; returns 1, for the shell."""
    print(sentence(error), file=sys.stderr)
    return 1
