"""Who may do what: each public method of each collection, asked by each role, does what the table says.

``ROWS`` names every method. One that is new is in no row and fails here, until somebody has thought about
who may call it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import isfunction, signature
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from record_lab import SETTINGS, checkpoint, point, seeded, snapshot, take

from core.record import rights, tables
from core.record.rights import ALLOWED, NOBODY, Action
from core.record.store import Store
from core.runs.run import NotYourRun

OWNER, OTHER = "anna", "ben"
ROLES = {"owner": (OWNER,), "visitor": (OTHER, NOBODY)}
"""Role → those who ask."""
SECRET = "what I think of it"


@dataclass(frozen=True)
class Scene:
    """A trained and looked-at run of the owner's, and a drawing of theirs."""

    store: Store
    run: str
    drawing: int


Ask = Callable[[Scene, str], Any]

OF_A_RUN: dict[str, tuple[Action, Ask]] = {
    "runs.get": ("read", lambda scene, learner: scene.store.runs.get(scene.run, learner=learner)),
    "runs.drawings": ("export", lambda scene, _: scene.store.runs.drawings(scene.run)),
    "runs.stop": ("steer", lambda scene, learner: scene.store.runs.stop(scene.run, learner=learner)),
    "runs.extend": ("steer", lambda scene, learner: scene.store.runs.extend(scene.run, 9, learner=learner)),
    "runs.change": (
        "rename",
        lambda scene, learner: scene.store.runs.change(scene.run, learner=learner, name="Mine"),
    ),
    "runs.some": ("read", lambda scene, _: scene.store.runs.some([scene.run])),
    "curves.points": ("read", lambda scene, _: scene.store.curves.points(scene.run)),
    "curves.new_points": ("read", lambda scene, _: scene.store.curves.new_points({scene.run: -1})),
    "curves.layers": ("read", lambda scene, _: scene.store.curves.layers(scene.run)),
    "curves.snapshot_steps": ("read", lambda scene, _: scene.store.curves.snapshot_steps(scene.run)),
    "curves.picture_steps": ("read", lambda scene, _: scene.store.curves.picture_steps(scene.run)),
    "curves.histogram": ("read", lambda scene, _: scene.store.curves.histogram(scene.run, 10)),
    "curves.pictures": ("read", lambda scene, _: scene.store.curves.pictures(scene.run, 10)),
    "curves.checkpoint": ("export", lambda scene, _: scene.store.curves.checkpoint(scene.run)),
    "curves.weights": ("export", lambda scene, _: scene.store.curves.weights(scene.run)),
    "queue.seconds_left": ("read", lambda scene, _: scene.store.queue.seconds_left(scene.run, 1)),
    "looks.add": (
        "look",
        lambda scene, learner: scene.store.looks.add(scene.run, {"wrong": 1}, learner=learner),
    ),
    "looks.of_run": ("look", lambda scene, learner: scene.store.looks.of_run(scene.run, learner=learner)),
}
"""Methods that are about one run → what they let somebody do with it."""


def _told_of_damage(scene: Scene, learner: str) -> list[str]:
    """What a learner is told while the run cannot be read."""
    told: list[str] = []
    for settings in ("nonsense", SETTINGS.to_json()):
        with scene.store.database.writing() as connection:
            connection.execute(sa.update(tables.runs).values(settings=settings))
        told += map(str, scene.store.runs.all_of(learner))
    return told


OWN: dict[str, Ask] = {
    "runs.twin": lambda scene, learner: scene.store.runs.twin(learner, SETTINGS),
    "runs.all_of": lambda scene, learner: _told_of_damage(scene, learner),
    "runs.of": lambda scene, learner: scene.store.runs.of(learner, hidden=True),
    "runs.roll": lambda scene, learner: scene.store.runs.roll(learner),
    "looks.of_learner": lambda scene, learner: scene.store.looks.of_learner(learner),
    "looks.count": lambda scene, learner: scene.store.looks.count(learner),
    "documents.get": lambda scene, learner: scene.store.documents.get(learner, "kind"),
    "drawings.of": lambda scene, learner: scene.store.drawings.of(learner),
}
"""Methods that show whoever asks what is theirs, and nothing else."""

MINE: dict[str, Ask] = {
    "runs.create": lambda scene, learner: scene.store.runs.create(learner, seeded(1)),
    "documents.save": lambda scene, learner: scene.store.documents.save(learner, "kind", "of mine"),
    "drawings.give": lambda scene, learner: scene.store.drawings.give(
        learner, np.ones((28, 28), np.uint8), 1
    ),
}
"""Methods that make something new for whoever asks, and leave what is another's alone."""

OF_A_DRAWING = {"drawings.take_back"}
OF_THE_CLASS = {"drawings.all", "drawings.strokes"}
"""What all see alike."""
OF_THE_LAB = {
    *("claims.take", "claims.renew", "claims.record", "claims.keep_normalization", "claims.end"),
    *("claims.hold_up", "claims.hold_up_no_more"),
    *("claims.checkpoint", "claims.release", "claims.free", "queue.waiting", "queue.running", "queue.silent"),
    *("queue.should_give_way", "queue.trained_with", "queue.last_workers", "queue.outlook"),
}
"""What the engine and its workers call, in the name of no learner."""

ROWS = {*OF_A_RUN, *OWN, *MINE, *OF_A_DRAWING, *OF_THE_CLASS, *OF_THE_LAB}


@pytest.fixture
def scene(lab: Store) -> Scene:
    run = lab.runs.create(OWNER, SETTINGS)
    lab.claims.record(take(lab, run), [point(10, end=True)], checkpoint(10), snapshot(10))
    lab.runs.change(run, learner=OWNER, note=SECRET, starred=True, hidden=True)
    lab.looks.add(run, {"wrong": 244}, learner=OWNER)
    lab.documents.save(OWNER, "kind", SECRET)
    return Scene(lab, run, lab.drawings.give(OWNER, np.zeros((28, 28), np.uint8), 7))


def public_methods(store: Store) -> dict[str, Callable[..., Any]]:
    """Every public method of every collection of the store, by "collection.method"."""
    collections = {name: value for name, value in vars(store).items() if name != "database"}
    return {
        f"{name}.{method}": function
        for name, collection in collections.items()
        for method, function in vars(type(collection)).items()
        if isfunction(function) and not method.startswith("_")
    }


def test_every_method_is_in_one_row(lab: Store) -> None:
    assert set(public_methods(lab)) == ROWS
    rows = [*OF_A_RUN, *OWN, *MINE, *OF_A_DRAWING, *OF_THE_CLASS, *OF_THE_LAB]
    assert len(rows) == len(ROWS)


def test_whoever_is_not_allowed_everything_is_asked_for(lab: Store) -> None:
    """A method behind an action that not all may do takes who asks, without a default."""
    for name, (action, _ask) in OF_A_RUN.items():
        parameters = signature(public_methods(lab)[name]).parameters
        if len(ALLOWED[action]) < len(ROLES):
            assert parameters["learner"].default is parameters["learner"].empty, name


@pytest.mark.parametrize("name", OF_A_RUN)
@pytest.mark.parametrize(("role", "learner"), [(role, who) for role, names in ROLES.items() for who in names])
def test_a_run_obeys_the_table(scene: Scene, name: str, role: rights.Role, learner: str) -> None:
    action, ask = OF_A_RUN[name]
    before = scene.store.runs.get(scene.run, learner=OWNER)
    if role in ALLOWED[action]:
        ask(scene, learner)
        return
    with pytest.raises(NotYourRun, match="another learner"):
        ask(scene, learner)
    assert scene.store.runs.get(scene.run, learner=OWNER) == before
    assert scene.store.looks.count(OWNER) == 1


@pytest.mark.parametrize("learner", ROLES["visitor"])
@pytest.mark.parametrize("change", [{"note": "mine"}, {"name": "mine"}, {"starred": False}, {}])
def test_how_a_run_is_kept_is_its_learners(scene: Scene, learner: str, change: dict[str, Any]) -> None:
    with pytest.raises(NotYourRun):
        scene.store.runs.change(scene.run, learner=learner, **change)
    assert scene.store.runs.get(scene.run, learner=OWNER).note == SECRET


@pytest.mark.parametrize("learner", ROLES["visitor"])
def test_a_visitor_sees_no_note_in_a_run(scene: Scene, learner: str) -> None:
    seen = scene.store.runs.get(scene.run, learner=learner)
    assert SECRET not in repr(seen)
    assert (seen.note, seen.starred, seen.hidden) == ("", False, False)
    assert seen == scene.store.runs.get(scene.run)
    own = scene.store.runs.get(scene.run, learner=OWNER)
    assert (own.note, own.starred, own.hidden) == (SECRET, True, True)
    assert own.for_visitors() == seen


@pytest.mark.parametrize("name", OWN)
def test_lists_are_each_learners_own(scene: Scene, name: str) -> None:
    assert OWN[name](scene, OWNER)
    for learner in ROLES["visitor"]:
        assert not OWN[name](scene, learner)


@pytest.mark.parametrize("name", MINE)
def test_what_is_made_leaves_what_is_anothers_alone(scene: Scene, name: str) -> None:
    before = {each: ask(scene, OWNER) for each, ask in OWN.items() if each != "drawings.of"}
    MINE[name](scene, OTHER)
    assert {each: ask(scene, OWNER) for each, ask in OWN.items() if each != "drawings.of"} == before
    assert [drawing.id for drawing in scene.store.drawings.of(OWNER)] == [scene.drawing]


def test_only_its_learner_takes_a_drawing_back(scene: Scene) -> None:
    assert ALLOWED["delete"] == {"owner"}
    for learner in ROLES["visitor"]:
        assert not scene.store.drawings.take_back(learner, scene.drawing)
    assert scene.store.drawings.take_back(OWNER, scene.drawing)


def test_nobody_is_nobodys_owner() -> None:
    assert rights.role(NOBODY, NOBODY) == "visitor"
    assert {rights.role(OWNER, learner) for learner in (OTHER, NOBODY)} == {"visitor"}
    assert rights.role(OWNER, OWNER) == "owner"
