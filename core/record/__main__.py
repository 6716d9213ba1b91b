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

from core.command_line import between, in_the_servers_language, refuse
from core.errors import LabError
from core.record import removal
from core.record.backup import backup, restore
from core.record.database import Database, DatabaseProblem
from core.record.size import give_back, size
from core.record.store import Store
from core.translation import _, ngettext

MEGABYTE = 1e6
OLDEST = 36_500.0
"""Days that may be asked for: nothing here is a hundred years old."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks; 0 when it was done, 1 when not."""
    with in_the_servers_language():
        asked = _parser().parse_args(arguments)
        try:
            return _do(asked)
        except LabError as error:
            return refuse(error)


def _do(asked: argparse.Namespace) -> int:
    store = Store()
    try:
        return COMMANDS[asked.command](store.database, asked)
    finally:
        store.close()


def _backup(database: Database, asked: argparse.Namespace) -> int:
    written = backup(database, asked.file)
    print(_("Kept in {file}: {megabytes:,.1f} MB.").format(file=asked.file, megabytes=written / MEGABYTE))
    return 0


def _restore(database: Database, asked: argparse.Namespace) -> int:
    rows = restore(database, asked.file, replace=asked.replace)
    print(_("Put back from {file}, in rows:").format(file=asked.file))
    _print_rows(rows)
    return 0


def _size(database: Database, _asked: argparse.Namespace) -> int:
    found = size(database)
    total, written_ahead = found.total / MEGABYTE, found.log / MEGABYTE
    told = _("{name}: {megabytes:,.1f} MB, its log {log:,.1f} MB")
    print(told.format(name=database.shown, megabytes=total, log=written_ahead))
    for table, (rows, taken) in found.tables.items():
        print(f"{table:14}", _in_rows(rows, taken))
    if found.free is not None:
        print(_("Free on its disk: {megabytes:,.0f} MB").format(megabytes=found.free / MEGABYTE))
    return 0


def _in_rows(rows: int, taken: int | None) -> str:
    if taken is None:
        return _("{rows:10,} rows").format(rows=rows)
    return _("{rows:10,} rows {megabytes:10,.1f} MB").format(rows=rows, megabytes=taken / MEGABYTE)


def _clean(database: Database, asked: argparse.Namespace) -> int:
    found = removal.find_old(database, asked.older_than)
    if not found:
        print(_("Nothing is older than {days:g} days.").format(days=asked.older_than))
        return 0
    if not asked.yes:
        _tell_old(found)
        if not _agrees():
            return _nothing()
    gone = removal.remove_old(database, asked.older_than)
    print(_("Removed for good:"))
    _tell_old(gone)
    return _give_back(database)


def _remove(database: Database, asked: argparse.Namespace) -> int:
    found = removal.find(database, asked.kind, asked.id)
    if not asked.yes:
        _tell(found)
        if not _agrees():
            return _nothing()
    gone = removal.remove(database, asked.kind, asked.id)
    print(_("Removed for good:"))
    _tell(gone)
    return _give_back(database)


def _give_back(database: Database) -> int:
    """Give the room of what is gone back to the disk, which needs room itself."""
    try:
        give_back(database)
    except DatabaseProblem as error:
        later = _(
            "It is gone, but its room was not given back to the disk. New runs use it; the next removal "
            "tries to give it back again."
        )
        print(later, file=sys.stderr)
        return refuse(error)
    return 0


COMMANDS = {"backup": _backup, "restore": _restore, "size": _size, "clean": _clean, "remove": _remove}


def _tell(found: removal.Found) -> None:
    """Print what goes, and what stays of it."""
    print(_("Of learner {learner}, in rows:").format(learner=found.learner))
    _print_rows({table: count for table, count in found.rows.items() if count})
    if found.shared:
        print(
            ngettext(
                "Curve and weights of {count} experiment stay, because other runs share them.",
                "Curves and weights of {count} experiments stay, because other runs share them.",
                found.shared,
            )
        )
    if found.copies:
        print(
            ngettext(
                "{count} experiment keeps a copy of a drawing, without its learner.",
                "{count} experiments keep a copy of a drawing, without its learner.",
                found.copies,
            )
        )


def _tell_old(found: removal.Old) -> None:
    print(ngettext("Of {count} learner, in rows:", "Of {count} learners, in rows:", len(found.learners)))
    _print_rows({"runs": found.runs, "drawings": found.drawings})


def _print_rows(rows: dict[str, int]) -> None:
    """Print tables by the names that the database has for them."""
    for table, count in rows.items():
        print(f"  {table}: {count:,}")


def _agrees() -> bool:
    try:
        return input(_("Remove this for good? [y/N] ")).strip().lower() in ("y", "yes")
    except EOFError:  # nobody is there to answer
        return False


def _nothing() -> int:
    print(_("Nothing was removed."))
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m core.record",
        description=_(
            "For whoever runs the lab, also while it runs. The database is that of the lab: "
            "DIGITS_DATABASE_URL, else the SQLite file in .lab. A run's id stands in its link; a drawing's "
            "number is its picture's name in “All as pictures”; what is found names its learner."
        ),
    )
    commands = parser.add_subparsers(dest="command", required=True)
    backing = commands.add_parser("backup", help=_("keep everything in one file, while the lab runs"))
    backing.add_argument("file", type=Path, help=_("a new file"))
    restoring = commands.add_parser("restore", help=_("put a backup back"))
    restoring.add_argument("file", type=Path, help=_("what backup wrote"))
    restoring.add_argument("--replace", action="store_true", help=_("lose what the database holds"))
    commands.add_parser("size", help=_("how much room everything takes"))
    cleaning = commands.add_parser(
        "clean", help=_("remove old runs and drawings for good; starred runs stay")
    )
    cleaning.add_argument(
        "--older-than",
        type=between(float, 0.0, OLDEST),
        required=True,
        metavar="DAYS",
        help=_("how old at least, in days"),
    )
    removing = commands.add_parser("remove", help=_("remove something for good"))
    removing.add_argument("kind", choices=removal.KINDS, help=_("what is removed"))
    removing.add_argument("id", help=_("which one: a drawing's number, a run's id, a learner"))
    for command in (cleaning, removing):
        command.add_argument("--yes", action="store_true", help=_("do not ask first"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
