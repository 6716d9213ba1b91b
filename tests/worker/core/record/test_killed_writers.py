"""Processes that are killed while they write."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from record_lab import seeded

from core.record.store import Store


@pytest.mark.skipif(sys.platform == "win32", reason="processes are started from a script here")
def test_a_process_that_is_killed_while_it_writes_leaves_a_whole_database(tmp_path: Path) -> None:
    """What a transaction did not finish is not there."""
    url = f"sqlite:///{tmp_path}/digits.sqlite"
    store = Store(url)
    code = (
        "import sys, itertools, numpy as np\n"
        "from core.record.store import Store\nfrom core.runs.progress import Checkpoint, Point\n"
        "store = Store(sys.argv[1])\nclaim = store.claims.take(sys.argv[2], 'worker')\nprint(flush=True)\n"
        "for step in itertools.count(1):\n"
        "    weights = {'w': np.full(50_000, step, np.float32)}\n"
        "    checkpoint = Checkpoint(step, 1.0, np.zeros((2, 3)), weights, [])\n"
        "    store.claims.record(claim, [Point(step, 1.0, 1.0)], checkpoint)\n"
    )
    run_ids = [store.runs.create(f"learner {index}", seeded(index)) for index in range(3)]
    for index, run_id in enumerate(run_ids):
        writer = subprocess.Popen([sys.executable, "-c", code, url, run_id], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(0.1 + 0.03 * index)
        writer.kill()
        writer.wait()
        writer.stdout.close()
        checkpoint = store.curves.checkpoint(run_id)
        assert checkpoint is not None
        assert store.curves.points(run_id)["step"].tolist() == list(range(1, checkpoint.step + 1))
        assert set(checkpoint.weights["w"].tolist()) == {checkpoint.step}
    with store.database.reading() as connection:
        assert connection.execute(sa.text("PRAGMA integrity_check")).scalar() == "ok"
    store.close()
