"""What a run leaves takes less room: packed numbers, and pictures of first weights only where they tell most.

Weights and histograms stay bit for bit. What the microscope measured keeps 16 binary digits. Pictures keep 15
shades of each colour, at epochs 0, 1, 2, 5, 10, 20, 50 …, where weights are kept, and at a run's last epoch.
Rows are rewritten one at a time; what is freed is used by later runs, or given back by a cleaning. A row that
is damaged stays as it is, and is called so when it is read.
"""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import sqlalchemy as sa
from alembic import op
from numpy.typing import NDArray

revision = "0007"
down_revision = "0006"

OLD_SHADES, SHADES = 127, 15
Arrays = Mapping[str, NDArray[Any]]


def _rows(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *map(sa.column, ("trajectory_id", "step", *columns)))


trajectories = sa.table("trajectories", sa.column("id"), sa.column("steps_per_epoch"))
points = _rows("points", "layers")
checkpoints = _rows("checkpoints", "data")
snapshots = _rows("snapshots", "histogram", "pictures")


def upgrade() -> None:
    """Rewrite points, checkpoints and snapshots."""
    with op.batch_alter_table("snapshots") as table:
        table.alter_column(
            "data", new_column_name="histogram", existing_type=sa.LargeBinary(), existing_nullable=False
        )
        table.add_column(sa.Column("pictures", sa.LargeBinary()))
    for trajectory, step in _ask(_keys(points).where(points.c.layers.is_not(None))):
        _rewrite(points, trajectory, step, "layers", "layers", _pack_measures)
    weights = set(_ask(_keys(checkpoints)))
    for trajectory, step in weights:
        _rewrite(checkpoints, trajectory, step, "data", "data", _pack_checkpoint)
    per_epoch = dict(_ask(sa.select(trajectories)))
    steps = sorted(_ask(_keys(snapshots)))
    last = dict(steps)
    for trajectory, step in steps:
        epoch = step // per_epoch[trajectory]
        if _stays(epoch) or step == last[trajectory] or (trajectory, step) in weights:
            _rewrite(snapshots, trajectory, step, "histogram", "pictures", _pack_pictures)
        _rewrite(snapshots, trajectory, step, "histogram", "histogram", _pack_histogram)


def _stays(epoch: int) -> bool:
    return str(epoch).rstrip("0") in ("", "1", "2", "5")


def _keys(table: sa.TableClause) -> sa.Select[Any]:
    return sa.select(table.c.trajectory_id, table.c.step)


def _ask(wanted: sa.Select[Any]) -> list[Any]:
    return [tuple(row) for row in op.get_bind().execute(wanted)]


def _rewrite(
    table: sa.TableClause, trajectory: str, step: int, old: str, new: str, change: Callable[[bytes], bytes]
) -> None:
    """Change what stands in column ``old`` of a row, and write it into column ``new``."""
    here = (table.c.trajectory_id == trajectory, table.c.step == step)
    ((data,),) = _ask(sa.select(table.c[old]).where(*here))
    try:
        changed = change(bytes(data))
    except Exception:  # of damaged bytes zipfile, tokenize and NumPy each say what they like
        return
    op.get_bind().execute(sa.update(table).where(*here).values({new: changed}))


def _pack_measures(data: bytes) -> bytes:
    return zlib.compress(np.frombuffer(data, np.uint8).reshape(-1, 4)[:, 1:].T.tobytes(), 9)


def _pack_checkpoint(data: bytes) -> bytes:
    return _pack(_read(data))


def _pack_pictures(data: bytes) -> bytes:
    old = _read(data)
    shades = np.rint(old["pictures"] * (SHADES / OLD_SHADES)).astype(np.int8)
    return _pack({"shades": shades, "scale": old["scale"] * (OLD_SHADES / SHADES)})


def _pack_histogram(data: bytes) -> bytes:
    return _pack({"histogram": _read(data)["histogram"]})


def _read(data: bytes) -> Arrays:
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def _pack(arrays: Arrays) -> bytes:
    """As ``core.runs.packed.pack`` wrote when this step was."""
    rows, parts = [], [b"", b"", b"", b"", b""]
    for name, array in arrays.items():
        kind, data = array.dtype.str, array.tobytes()
        rows.append([name, kind, array.shape])
        if kind == "<f4":
            single, double = np.frombuffer(data, np.uint8), np.frombuffer(data, "<u2")
            for part, piece in enumerate((single[3::4], single[2::4], double[::2])):
                parts[part] += piece.tobytes()
        else:
            parts[3 if kind == "|i1" else 4] += data
    parts = [_by_frequency(parts[0]), *parts[1:3], _by_frequency(parts[3]), zlib.compress(parts[4])]
    table = json.dumps([rows, list(map(len, parts))], separators=(",", ":")).encode()
    packed = b"".join([table, *parts])
    return struct.pack("<II", zlib.adler32(packed), len(table)) + packed


def _by_frequency(data: bytes) -> bytes:
    stream = zlib.compressobj(strategy=zlib.Z_HUFFMAN_ONLY)
    return stream.compress(data) + stream.flush()
