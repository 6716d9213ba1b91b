"""For whoever runs the lab: ``python -m core.record backup | restore | size | clean | remove``.

The database is that of the lab: DIGITS_DATABASE_URL, else the SQLite file in ``.lab/``. All of it may be done
while the lab runs. A run's id stands in its link; a drawing's number is its picture's name in "All as
pictures"; what is found names its learner.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from core.errors import LabError
from core.record import removal
from core.record.backup import backup, restore
from core.record.database import Database
from core.record.size import give_back, size
from core.record.store import Store

MEGABYTE = 1e6


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks; 0 when it was done, 1 when not."""
    asked = _parser().parse_args(arguments)
    try:
        store = Store()
    except LabError as error:
        return _say(error)
    try:
        return COMMANDS[asked.command](store.database, asked)
    except LabError as error:
        return _say(error)
    finally:
        store.close()


def _backup(database: Database, asked: argparse.Namespace) -> int:
    written = backup(database, asked.file)
    print(f"Kept in {asked.file}: {written / MEGABYTE:,.1f} MB.")
    return 0


def _restore(database: Database, asked: argparse.Namespace) -> int:
    rows = restore(database, asked.file, replace=asked.replace)
    print(f"Put back from {asked.file}: {_listed(rows)}.")
    return 0


def _size(database: Database, _asked: argparse.Namespace) -> int:
    found = size(database)
    print(f"{database.shown}: {found.total / MEGABYTE:,.1f} MB, its log {found.log / MEGABYTE:,.1f} MB")
    for name, (rows, taken) in found.tables.items():
        print(f"{name:14} {rows:10,} rows" + ("" if taken is None else f" {taken / MEGABYTE:10,.1f} MB"))
    if found.free is not None:
        print(f"Free on its disk: {found.free / MEGABYTE:,.0f} MB")
    return 0


def _clean(database: Database, asked: argparse.Namespace) -> int:
    found = removal.find_old(database, asked.older_than)
    if not found:
        print(f"Nothing is older than {asked.older_than:g} days.")
        return 0
    if not (asked.yes or _agrees(f"Remove for good: {found}? [y/N] ")):
        return _nothing()
    return _removed(database, str(removal.remove_old(database, asked.older_than)))


def _remove(database: Database, asked: argparse.Namespace) -> int:
    found = removal.find(database, asked.kind, asked.id)
    if not (asked.yes or _agrees(f"Remove for good: {found}? [y/N] ")):
        return _nothing()
    return _removed(database, str(removal.remove(database, asked.kind, asked.id)))


COMMANDS = {"backup": _backup, "restore": _restore, "size": _size, "clean": _clean, "remove": _remove}


def _removed(database: Database, told: str) -> int:
    give_back(database)
    print(f"Removed: {told}")
    return 0


def _nothing() -> int:
    print("Nothing was removed.")
    return 1


def _listed(rows: dict[str, int]) -> str:
    return ", ".join(f"{name}: {count}" for name, count in rows.items())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core.record", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    backing = commands.add_parser("backup", help="keep everything in one file, while the lab runs")
    backing.add_argument("file", type=Path, help="a new file")
    restoring = commands.add_parser("restore", help="put a backup back")
    restoring.add_argument("file", type=Path)
    restoring.add_argument("--replace", action="store_true", help="lose what the database holds")
    commands.add_parser("size", help="how much room everything takes")
    cleaning = commands.add_parser("clean", help="remove old runs and drawings for good; starred runs stay")
    cleaning.add_argument("--older-than", type=float, required=True, metavar="DAYS")
    removing = commands.add_parser("remove", help="remove something for good")
    removing.add_argument("kind", choices=removal.KINDS)
    removing.add_argument("id")
    for command in (cleaning, removing):
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
