"""For whoever runs the lab: ``python -m core.record remove drawing|run|learner ID [--yes]``.

The database is that of the lab: DIGITS_DATABASE_URL, else the SQLite file in ``.lab/``. A run's id stands in
its link; a drawing's number is its picture's name in "All as pictures"; what is found names its learner.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from core.errors import LabError
from core.record import removal
from core.record.store import Store


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks; 0 when it was done, 1 when not."""
    asked = _parser().parse_args(arguments)
    try:
        store = Store()
    except LabError as error:
        return _say(error)
    try:
        found = removal.find(store.database, asked.kind, asked.id)
        if not (asked.yes or _agrees(f"Remove for good: {found}? [y/N] ")):
            print("Nothing was removed.")
            return 1
        print(f"Removed: {removal.remove(store.database, asked.kind, asked.id)}")
        return 0
    except LabError as error:
        return _say(error)
    finally:
        store.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core.record", description=__doc__)
    command = parser.add_subparsers(required=True).add_parser("remove", help="remove something for good")
    command.add_argument("kind", choices=removal.KINDS)
    command.add_argument("id")
    command.add_argument("--yes", action="store_true", help="do not ask first")
    return parser


def _agrees(question: str) -> bool:
    try:
        return input(question).strip().lower() in ("y", "yes")
    except EOFError:  # nobody is there to answer
        return False


def _say(error: LabError) -> int:
    print(error, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
