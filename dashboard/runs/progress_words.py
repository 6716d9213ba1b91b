"""How far a run is, in a line; and what must change until a page that shows it is drawn anew."""

from __future__ import annotations

from core.cluster.engine import EngineState
from core.runs.run import Run
from dashboard.language import _, numbers, translated
from dashboard.language.joining import facts, sentences
from dashboard.runs import wording


def share(run: Run) -> float:
    """How much of the run is done, 0 to 1."""
    return min(1.0, run.step / (run.epochs * run.steps_per_epoch))


def line(run: Run, state: EngineState, seconds_left: float | None) -> str:
    """How far the run is; while it waits, its place in the line.

    Args:
        state: of the engine that trains it.
        seconds_left: until an unfinished run is done, waiting included; None where nothing is known.
    """
    if run.is_compiling and run.message is not None:
        return translated(run.message.template)
    if run.status != "waiting":
        return _progress(run, seconds_left)
    return _waiting(run, seconds_left) if state.workers else _("Waiting: the workers are starting.")


def short(run: Run) -> list[str]:
    """State, epoch and accuracy, for a slim line; where there is little room, the last says most."""
    told = [
        wording.status_name(run.status),
        _("Epoch {now} of {epochs}").format(now=_current_epoch(run), epochs=run.epochs),
    ]
    if run.val_accuracy is not None:
        told.append(_("validation {accuracy:.2%}").format(accuracy=run.val_accuracy))
    return told


def _current_epoch(run: Run) -> int:
    return min(run.epochs, run.epochs_done + run.unfinished)


def stage(run: Run, state: EngineState) -> str:
    """What the page shows of a run beside its line and its points, as a text that only has to be compared.

    Where it changes, buttons come and go, there is a first point or a first network, or something is to be
    said: then the page runs again. Nothing else makes it.
    """
    problem = run.message or (state.problem if run.status == "waiting" else None)
    facts_of_it = (
        run.status,
        run.step > 0,
        run.epochs_done > 0,
        run.has_weights,
        run.epochs,
        len(run.arithmetic),
        str(problem or ""),
    )
    return repr(facts_of_it)


def _waiting(run: Run, seconds_left: float | None) -> str:
    """The place in the line, and how long it takes."""
    place = _("Waiting in line: number {position}.").format(position=run.position or 1)
    if seconds_left is None:
        return place
    return sentences(place, _("About {time} until it is done.").format(time=numbers.duration(seconds_left)))


def _progress(run: Run, seconds_left: float | None) -> str:
    """Epoch, speed, time left or how it ended, and the newest validation accuracy."""
    told = [_("Epoch {now} of {epochs}").format(now=_current_epoch(run), epochs=run.epochs)]
    if run.step:
        seconds = run.seconds * run.steps_per_epoch / run.step
        told.append(_("{seconds:.2g} s an epoch").format(seconds=seconds))
    if run.status != "running":
        told.append(wording.status_name(run.status))
    elif seconds_left is not None:
        told.append(_("about {time} left").format(time=numbers.duration(seconds_left)))
    if run.val_accuracy is not None:
        told.append(_("validation {accuracy:.2%}").format(accuracy=run.val_accuracy))
    return facts(told)
