"""The database as a whole: many processes and threads at once."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa
from record_lab import SETTINGS, checkpoint, point, seeded, take

from core.record import tables
from core.record.claims import Claim
from core.record.store import Store


def test_another_process_finds_everything(lab: Store, url: str) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    other = Store(lab.url)
    assert other.runs.get(run_id).settings == SETTINGS
    other.runs.stop(run_id, learner="anna")
    other.close()
    assert lab.runs.get(run_id).status == "stopped"


def test_who_reads_sees_one_state_though_others_write(lab: Store) -> None:
    lab.runs.create("anna", SETTINGS)
    count = sa.select(sa.func.count()).select_from(tables.runs)
    with lab.database.reading() as connection:
        before = connection.execute(count).scalar_one()
        lab.runs.create("ben", SETTINGS)
        assert connection.execute(count).scalar_one() == before
    with lab.database.reading() as connection:
        assert connection.execute(count).scalar_one() == before + 1


def test_many_may_open_an_empty_database_at_once(url: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(lambda _index: Store(url), range(8)))
    run_id = opened[0].runs.create("anna", SETTINGS)
    assert all(store.runs.get(run_id).status == "waiting" for store in opened)
    for each in opened:
        each.close()


def test_thirty_pages_and_four_workers_do_not_lock_each_other_out(lab: Store) -> None:
    """A moment of a class's load: pages poll and click, workers record."""
    runs = [lab.runs.create(f"learner {index}", seeded(index)) for index in range(30)]
    claimed = [take(lab, run_id) for run_id in runs[:4]]
    end = time.monotonic() + 0.2
    slowest = []

    def work(claim: Claim) -> None:
        step = 0
        while time.monotonic() < end:
            step += 1
            lab.claims.record(claim, [point(step)], checkpoint(step))

    def watch(run_id: str, learner: str) -> None:
        while time.monotonic() < end:
            begun = time.monotonic()
            lab.runs.get(run_id)
            lab.curves.points(run_id)
            lab.runs.change(run_id, learner=learner, note="seen")
            slowest.append(time.monotonic() - begun)
            time.sleep(0.05)

    with ThreadPoolExecutor(34) as pool:
        jobs = [pool.submit(work, claim) for claim in claimed]
        jobs += [pool.submit(watch, run, f"learner {index}") for index, run in enumerate(runs)]
        for job in jobs:
            job.result()
    assert max(slowest) < 5
    for claim in claimed:
        steps = lab.curves.points(claim.trajectory_id)["step"].tolist()
        assert steps == list(range(1, len(steps) + 1))


def test_readers_do_not_wait_for_a_writer(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    written, may_end = threading.Event(), threading.Event()

    def write() -> None:
        with lab.database.writing() as connection:
            connection.execute(sa.update(tables.runs).values(note="half-way"))
            written.set()
            may_end.wait(5)

    writer = threading.Thread(target=write)
    writer.start()
    written.wait(5)
    begun = time.monotonic()
    assert lab.runs.get(run_id, learner="anna").note == ""  # what is not committed is not seen
    assert time.monotonic() - begun < 1
    may_end.set()
    writer.join()
    assert lab.runs.get(run_id, learner="anna").note == "half-way"
