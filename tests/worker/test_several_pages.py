"""Several page processes: what begins on one moves on the other; one that is killed takes nothing along."""

from __future__ import annotations

import asyncio
import json
import re
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import loops
import psutil
from websockets.asyncio.client import ClientConnection

from benchmarks.protocol import Learner, Record, learner_of, live_stream, serving, stream
from core.record.store import Store

Found = TypeVar("Found")
PATIENCE = 90.0


def wait_for(look: Callable[[], Found], what: str) -> Found:
    """What ``look`` finds, once it finds something."""
    deadline = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < deadline, f"no {what} within {PATIENCE} s"
        time.sleep(0.2)
    return found


def page_processes(command: psutil.Process) -> dict[int, psutil.Process]:
    """Port → page process."""
    found = {}
    for child in command.children():
        with suppress(psutil.Error):
            if port := re.search(r"--server\.port=(\d+)", " ".join(child.cmdline())):
                found[int(port[1])] = child
    return found


def answers(url: str) -> bool:
    with suppress(OSError):
        return bool(urllib.request.urlopen(f"{url}/_stcore/health", timeout=2).read() == b"ok")
    return False


async def follow(live: ClientConnection, run: str, enough: Callable[[dict[str, Any]], bool]) -> list[int]:
    """Steps of the points that come until what is told of the run is enough."""
    await live.send(json.dumps({"watch": {run: {"after": -1}}}))
    steps: list[int] = []
    async with asyncio.timeout(PATIENCE):
        while True:
            news = json.loads(await live.recv()).get(run, {})
            steps += news.get("points", {}).get("step", [])
            if enough(news.get("told", {})):
                return steps


async def train_and_kill(url: str, store: Store, pages: dict[int, psutil.Process]) -> list[int]:
    """Train on one process, watch on the other, kill the first; the steps that were seen."""
    async with stream(url, 1) as socket:
        learner = Learner({"train": 5_000, "epochs": 30, "hidden": "100"}, socket, Record())
        await learner.open("")
        await learner.open("network")
        await learner.press("Train")
        (run,) = store.runs.of(learner_of(1))
        home = next(port for port, page in pages.items() if is_connected(page))
        other = next(port for port in pages if port != home)
        async with live_stream(f"http://127.0.0.1:{other}", 2) as live:
            seen = await follow(live, run.id, lambda told: told.get("epoch", 0) >= 1)
            pages[home].kill()
            assert seen == sorted(set(seen))
            return await follow(live, run.id, lambda told: told.get("unfinished") is False)


def is_connected(page: psutil.Process) -> bool:
    """Whether a browser's stream ends here: of the connections that it took, one lasts."""
    port = int(re.search(r"--server\.port=(\d+)", " ".join(page.cmdline()))[1])  # type: ignore[index]
    return any(
        each.status == psutil.CONN_ESTABLISHED and each.laddr.port == port for each in page.net_connections()
    )


def are_new(now: dict[int, psutil.Process], before: dict[int, psutil.Process]) -> bool:
    """Whether as many page processes answer as before, and not the same ones."""
    is_changed = {page.pid for page in now.values()} != {page.pid for page in before.values()}
    return len(now) == len(before) and is_changed and all(answers(f"http://127.0.0.1:{port}") for port in now)


def test_a_run_begun_on_one_moves_on_the_other_and_outlives_the_one(tmp_path: Path) -> None:
    with serving(tmp_path, pages=2) as (url, store, _memory):
        (command,) = (
            each for each in psutil.Process().children() if "dashboard.serve" in " ".join(each.cmdline())
        )
        pages = wait_for(lambda: page_processes(command), "page processes")
        assert len(pages) == 2
        loops.run(train_and_kill(url, store, pages))

        (run,) = store.runs.of(learner_of(1))
        assert (run.status, run.epochs_done) == ("finished", 30)
        steps = store.curves.points(run.id)["step"].tolist()
        assert steps == sorted(set(steps))  # trained once
        wait_for(lambda: are_new(page_processes(command), pages), "page process in the place of the first")
        family = [*command.children(recursive=True)]
        command.terminate()
        _gone, alive = psutil.wait_procs([command, *family], timeout=15)
        assert alive == []
