"""A lab for page tests: a real store, real pages, and runs as a worker would have left them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from record_lab import share_no_more
from streamlit.testing.v1 import AppTest

from core.architecture.first_weights import draw_weights
from core.dataset.mnist import load_mnist
from core.dataset.normalization import fit
from core.dataset.split import split
from core.record.store import Store
from core.runs.progress import Checkpoint, Point, steps_per_epoch
from core.settings import DEFAULT, Settings
from dashboard.frame import identity, sidebar

APP = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"
COOKIE = "learner-of-the-page-tests-000000"
LEARNER = identity.learner(COOKIE)
WINDOWS = ("continuing", "branching", "change")
"""Beside buttons of Train; a test that wants what they hold finds them opened."""


class Lab:
    """What page tests need: an app on a store of its own, and runs in that store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def open(self, page: str | None = None, **query: str) -> AppTest:
        """The app as a browser with our cookie opens it; ``page`` is a file of app_pages without .py."""
        app = AppTest.from_file(str(APP), default_timeout=30)
        app.session_state["learner"] = LEARNER
        for fold in (*sidebar.FOLDS, "take-home", "decided", *WINDOWS):
            app.session_state[fold] = True
        for key, value in query.items():
            app.query_params[key] = value
        app.run()
        if page is not None:
            app.switch_page(f"app_pages/{page}/page.py").run()
        return app

    def trained(
        self, settings: Settings = DEFAULT, *, epochs: int = 1, end: bool = True, **names: Any
    ) -> str:
        """A run that a worker has trained for itself: points, weights and outcome as one writes them."""
        share_no_more(self.store)
        run = self.store.runs.create(LEARNER, settings.change(epochs=epochs), **names)
        claim = self.store.claims.take(run, "worker of the tests")
        assert claim is not None
        images = split(settings.data, load_mnist()).train.images
        self.store.claims.keep_normalization(claim, fit(settings.data.normalization, images))
        steps = steps_per_epoch(settings.data.train, settings.training.batch_size)
        points = [Point(0, 0.0, 0.1, val_loss=2.4, val_accuracy=0.1)]
        for epoch in range(1, epochs + 1):
            points += [
                Point(steps * epoch - steps // 2, epoch - 0.5, epoch - 0.5, loss=0.5, accuracy=0.8),
                Point(steps * epoch, epoch, epoch, 0.4 / epoch, 0.9, 0.45 / epoch, 0.88, 0.3 / epoch, 0.92),
            ]
        self.store.claims.record(
            claim,
            points,
            Checkpoint(
                steps * epochs, float(epochs), np.zeros((2, 3)), draw_weights(settings.network, seed=0), []
            ),
            None,
        )
        if end:
            self.store.claims.end(claim, "finished")
        return run


def components(app: AppTest, name: str) -> list[dict[str, Any]]:
    """What was sent to every component of a kind on the page."""
    found = [element.proto for element in app.get("bidi_component")]
    shown = [json.loads(proto.json) for proto in found if proto.component_name == name]
    return [data[0] if isinstance(data, list) else data for data in shown]  # see mounting.py
