"""What an unkind learner costs another: ``python -m benchmarks.abuse [ATTACK …] [--json FILE]``.

For each attack a real server of its own is started on this machine, and nowhere else is anything sent.
Somebody else goes from page to page meanwhile and trains a small network. Each attack ends by itself, after a
number of messages or seconds. "nobody" is the same without an attack.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import re
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from websockets.exceptions import ConnectionClosed

from benchmarks.protocol import Learner, Memory, Record, learner_of, serving, stream, wait_for_workers
from core.errors import LabError
from core.record.store import Store
from core.runs.run import TooManyRuns
from core.settings import DEFAULT

OTHER, GREEDY, OWNER = 0, 100, 900
"""Numbers of the learner who is harmed, of the first of those who harm, and of one who is spied upon."""
SECONDS = 12.0
"""How long the other learner goes from page to page, at least."""
LONGEST_WAIT = 60.0
"""Seconds after which the small run is no longer waited for."""
SMALL = {"train": 1_000, "validation": 1_000, "epochs": 1, "hidden": "30"}
LARGEST = {"hidden": "1000-1000-1000-1000", "batch": 1024, "epochs": 1000, "opt": "adam"}
PAGES = ("digits", "normalization", "compare", "draw", "test", "train")
MARKUP = "![x](http://127.0.0.1:9/x.png)"
NOTE = "a private note of the owner"


@dataclass(frozen=True)
class Lab:
    """The server that is attacked: its address, and its store to look into."""

    url: str
    store: Store


Found = Mapping[str, object]
Attack = Callable[[Lab], Awaitable[Found]]
"""Attacks, and returns what came of it beside what it cost another."""


async def nobody(_lab: Lab) -> Found:
    """No attack."""
    return {}


async def clear_caches(lab: Lab) -> Found:
    """Empty Streamlit's caches for everybody, and Train, so that an engine is asked for."""
    async with stream(lab.url, GREEDY) as socket:
        learner = Learner(SMALL | {"seed": 1}, socket, Record())
        await learner.open("")
        for _message in range(6):
            await learner.clear_caches()
            await learner.open("train")
            await learner.press("Train")
    return {}


async def heavy_drawings(lab: Lab) -> Found:
    """Strokes of a million points on the pad, and as many drawings for the class as are taken.

    These are given through the record, which is where their limits stand.
    """
    image, given, refused = np.full((28, 28), 200, np.uint8), 0, 0
    for number in range(300):
        strokes = "x" * (1_000_000 if number % 2 else 60_000)
        try:
            await asyncio.to_thread(lab.store.drawings.give, learner_of(GREEDY), image, 1, strokes)
            given += 1
        except LabError:
            refused += 1
    answered = 0
    for points in (4_900, 20_000, 1_000_000):
        path = [["M", 10, 10], *[["L", 20, 20]] * points]
        pad = {"objects": [{"type": "Path", "strokeWidth": 18, "path": path}]}
        with suppress(ConnectionClosed):
            async with stream(lab.url, GREEDY) as socket:
                learner = Learner({}, socket, Record())
                await learner.open("")
                await learner.open("draw")
                await learner.draw_raw(pad)
                answered += 1
    return {"drawings_given": given, "drawings_refused": refused, "pads_answered": answered}


async def uploads(lab: Lab) -> Found:
    """120 files of 4.9 MB from two sessions, without a page that asks for any."""
    async with stream(lab.url, GREEDY) as first, stream(lab.url, GREEDY + 1) as second:
        learners = [Learner({}, socket, Record()) for socket in (first, second)]
        for learner in learners:
            await learner.open("")
        answers = [
            await asyncio.to_thread(_upload, lab.url, learners[number % 2].session, 4_900_000)
            for number in range(120)
        ]
    return {"uploads_taken": sum(answer < 300 for answer in answers)}


def _upload(url: str, session: str, size: int) -> int:
    """Send a file as the browser's uploader does; returns the answer's status."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
    try:
        connection.request("GET", "/_stcore/health")
        answer = connection.getresponse()
        answer.read()
        token = re.search(r"_streamlit_xsrf=([^;]+)", answer.getheader("set-cookie") or "")
        xsrf = token[1].strip('"') if token else ""
        body = (
            b'--end\r\nContent-Disposition: form-data; name="file"; filename="x.jpg"\r\n'
            b"Content-Type: image/jpeg\r\n\r\n" + bytes(size) + b"\r\n--end--\r\n"
        )
        headers = {
            "Content-Type": "multipart/form-data; boundary=end",
            "Cookie": f"_streamlit_xsrf={xsrf}",
            "X-Xsrftoken": xsrf,
        }
        connection.request("PUT", f"/_stcore/upload_file/{session}/{uuid.uuid4()}", body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


async def sealed_test_set(lab: Lab) -> Found:
    """Open somebody's test set by a link to the run."""
    run = await _trained(lab, OWNER)
    async with stream(lab.url, GREEDY) as socket:
        learner = Learner({"run": run}, socket, Record())
        await learner.open("")
        await learner.open("test")
        if "Open the envelope" in learner.elements:
            await learner.press("Open the envelope")
    return {"looks_that_count_for_the_owner": lab.store.looks.count(learner_of(OWNER))}


async def private_note(lab: Lab) -> Found:
    """Read somebody's note by a link to the run."""
    run = await _trained(lab, OWNER, note=NOTE)
    async with stream(lab.url, GREEDY) as socket:
        learner = Learner({"run": run}, socket, Record())
        for page in ("", "train", "compare", "inside"):
            await learner.open(page)
    return {"notes_read": sum(NOTE in text for text in learner.texts)}


async def markup(lab: Lab) -> Found:
    """A picture from elsewhere in a run's name and in a link's value."""
    run = await _trained(lab, OWNER, name=MARKUP)
    async with stream(lab.url, GREEDY) as socket:
        learner = Learner({"run": run, "act": MARKUP}, socket, Record())
        for page in ("", "train", "inside", "test"):
            await learner.open(page)
    return {"texts_with_live_markup": sum(MARKUP in text for text in learner.texts)}


async def greedy_runs(lab: Lab) -> Found:
    """Five browsers, the largest network in each."""
    async with AsyncExitStack() as stack:
        for number in range(5):
            socket = await stack.enter_async_context(stream(lab.url, GREEDY + number))
            learner = Learner(LARGEST | {"seed": number}, socket, Record())
            await learner.open("")
            await learner.open("train")
            await learner.press("Train")
    unfinished = lab.store.queue.waiting(), lab.store.queue.running()
    return {"greedy_runs": sum(map(len, unfinished))}


async def crowd_of_runs(lab: Lab) -> Found:
    """Fifty cookies, each with as many runs of the largest network as the record takes."""
    settings = DEFAULT.change(hidden=(1000, 1000, 1000, 1000), batch_size=1024, epochs=1000)
    taken = 0
    for number in range(50):
        with suppress(TooManyRuns):
            while True:
                seeded = settings.change(seed=taken)
                await asyncio.to_thread(lab.store.runs.create, learner_of(GREEDY + number), seeded)
                taken += 1
    return {"greedy_runs": taken}


async def rapid_clicks(lab: Lab) -> Found:
    """Five messages of a press on Train, one right after the other."""
    async with stream(lab.url, GREEDY) as socket:
        learner = Learner(SMALL | {"seed": 3}, socket, Record())
        await learner.open("")
        await learner.open("train")
        for _click in range(4):
            await learner.press_unheard("Train")
        await learner.press("Train")
        await asyncio.sleep(2)
    return {"runs_of_one_click": len(lab.store.runs.of(learner_of(GREEDY)))}


ATTACKS: Mapping[str, Attack] = {
    "nobody": nobody,
    "T1": clear_caches,
    "T2": heavy_drawings,
    "T3": uploads,
    "T4": sealed_test_set,
    "T5": private_note,
    "T6": markup,
    "T7": greedy_runs,
    "T7-crowd": crowd_of_runs,
    "T13": rapid_clicks,
}


async def _trained(lab: Lab, number: int, *, name: str | None = None, note: str = "") -> str:
    """A finished run of a learner, trained by the server's own workers."""
    settings = DEFAULT.change(train=1_000, validation=1_000, epochs=1)
    run = lab.store.runs.create(learner_of(number), settings, name=name)
    lab.store.runs.change(run, learner=learner_of(number), note=note)
    while lab.store.runs.get(run).unfinished:
        await asyncio.sleep(0.2)
    return run


async def _browse(lab: Lab, record: Record, attack: asyncio.Task[Found]) -> None:
    """Somebody else's lesson: page after page, for as long as the attack goes on."""
    async with stream(lab.url, OTHER) as socket:
        learner = Learner(SMALL, socket, record)
        await learner.open("")
        until = time.monotonic() + SECONDS
        while time.monotonic() < until or not attack.done():
            for page in PAGES:
                await learner.open(page)
                await asyncio.sleep(0.2)


async def _start_small(lab: Lab) -> float | None:
    """Seconds until a small run of somebody else starts; None when it does not while it is waited for."""
    settings = DEFAULT.change(train=1_000, validation=1_000, epochs=1, hidden=(30,))
    run, began = lab.store.runs.create(learner_of(OTHER), settings), time.monotonic()
    while time.monotonic() - began < LONGEST_WAIT:
        now = lab.store.runs.get(run)
        if now.status == "running" or not now.unfinished:
            return time.monotonic() - began
        await asyncio.sleep(0.1)
    return None


async def _under(attack: Attack, lab: Lab, memory: Memory) -> dict[str, Any]:
    """Attack, and see what it costs somebody else."""
    record = Record()
    looking = asyncio.create_task(memory.keep_looking())
    attacking = asyncio.ensure_future(attack(lab))
    browsing = asyncio.create_task(_browse(lab, record, attacking))
    found = await attacking
    waited = await _start_small(lab)
    await browsing
    looking.cancel()
    return {
        "rerun_p95_seconds": float(np.percentile(record.latencies, 95)),
        "reruns": len(record.latencies),
        "failed_reruns": len(record.failures),
        "server_megabytes": memory.server,
        "clusters": memory.clusters(),
        "small_run_starts_after_seconds": waited,
        **found,
    }


def measure(name: str) -> dict[str, Any]:
    """One attack on a server of its own."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        serving(Path(folder)) as (url, store, memory),
    ):
        wait_for_workers(store)
        return asyncio.run(_under(ATTACKS[name], Lab(url, store), memory))


def main() -> None:
    """Measure, print, and write the JSON file if one is wanted."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("attacks", nargs="*", help=f"of {', '.join(ATTACKS)}; all if none is named")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if unknown := set(options.attacks) - set(ATTACKS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(ATTACKS)}")
    results = {}
    for name in options.attacks or ATTACKS:
        results[name] = measure(name)
        print(name, (ATTACKS[name].__doc__ or "").splitlines()[0])
        for key, value in results[name].items():
            print(f"  {key:32} {value:.3f}" if isinstance(value, float) else f"  {key:32} {value}")
    if options.json:
        options.json.write_text(json.dumps(results, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
