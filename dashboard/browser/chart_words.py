"""What a chart shows, told in numbers for those who do not see it: one way of telling for each kind of chart.

``live_chart`` asks here for every figure that is drawn from Python. Charts whose points the browser fills in
tell what ``learning`` makes of the same runs.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.language import _, ngettext, numbers
from dashboard.language.joining import facts, listed, sentences

MOST = 8
"""Lines of a chart that are told one by one; who listens to more loses the thread."""
MOST_BARS = 12
_TAG = re.compile(r"<[^>]*>")

Trace = Mapping[str, Any]


@dataclass(frozen=True)
class Scale:
    """How the values along an axis are told: what they are called, and whether as percentages."""

    title: str
    is_share: bool

    def write(self, value: Any) -> str:
        """One value as a person reads it."""
        if isinstance(value, str):
            return _plain(value)
        return numbers.percent(float(value), 1) if self.is_share else numbers.rounded(float(value))


def told(figure: Mapping[str, Any]) -> str:
    """What the figure's ``data`` and ``layout`` show, in sentences; "" for one whose points come later."""
    layout = figure["layout"]
    shown = [trace for trace in figure["data"] if trace.get("visible", True) is True]
    said = [text for trace in shown if (text := _trace(trace, layout))]
    more = len(said) - MOST
    rest = ngettext("{count} more is drawn.", "{count} more are drawn.", more) if more > 0 else ""
    return sentences(*said[:MOST], rest)


def learning(runs: Iterable[tuple[str, pd.DataFrame]]) -> str:
    """How runs went: their validation figures from the first to the last epoch.

    Args:
        runs: a name, or "" where there is one run only, and its curve with the columns of ``Point``.
    """
    return sentences(*(_learnt(name, points) for name, points in list(runs)[:MOST]))


def confusion(counts: NDArray[np.integer]) -> str:
    """How many were read right, and the commonest mistakes; counts (10, 10), rows are the true digits."""
    mistakes = counts * ~np.eye(len(counts), dtype=bool)
    worst = np.argsort(-mistakes, axis=None, kind="stable")[:3]
    places = [divmod(int(place), len(counts)) for place in worst]
    named = [
        _("{true} taken for {answer}: {count:,}").format(
            true=true, answer=answer, count=mistakes[true, answer]
        )
        for true, answer in places
        if mistakes[true, answer]
    ]
    right = _("{right:,} of {count:,} were read right.").format(right=np.trace(counts), count=counts.sum())
    return sentences(
        right, _("Commonest mistakes: {mistakes}.").format(mistakes=listed(named)) if named else ""
    )


def pairs(values: Iterable[tuple[object, object]]) -> str:
    """Labels with their values: "dense_1: 300, dense_2: 100"."""
    return listed(_("{label}: {value}").format(label=label, value=value) for label, value in values)


def _learnt(name: str, points: pd.DataFrame) -> str:
    epochs, accuracies, losses = (
        points[name].to_numpy(float) for name in ("epoch", "val_accuracy", "val_loss")
    )
    known = np.flatnonzero(~np.isnan(accuracies) & ~np.isnan(losses))  # dropna alone takes ten times all this
    if not len(known):
        return ""
    first, last = known[0], known[-1]
    values = {
        "first": numbers.percent(accuracies[first], 1),
        "last": numbers.percent(accuracies[last], 1),
        "before": numbers.rounded(losses[first]),
        "after": numbers.rounded(losses[last]),
        "epochs": numbers.rounded(epochs[last]),
    }
    if len(known) == 1:
        said = _("Validation accuracy {last}, validation loss {after}, after {epochs} epochs.").format(
            **values
        )
    else:
        said = _(
            "Validation accuracy went from {first} to {last} in {epochs} epochs, validation loss from "
            "{before} to {after}."
        ).format(**values)
    return _("{name}: {said}").format(name=name, said=said) if name else said


def _trace(trace: Trace, layout: Mapping[str, Any]) -> str:
    kind = trace.get("type", "scatter")
    is_decoration = trace.get("hoverinfo") == "skip" and kind != "bar"
    if is_decoration or "live" in (trace.get("meta") or {}):  # the browser fills it in
        return ""
    if kind in ("heatmap", "contour"):
        return _field(trace, layout)
    x, y = _values(trace.get("x")), _values(trace.get("y"))
    if not len(x) or not len(y):
        return ""
    if kind == "bar":
        return _bars(trace, layout, x, y)
    if "lines" in trace.get("mode", "lines") and len(y) > 1 and y.dtype.kind in "fiu":
        return _line(trace, layout, x, y)
    return _points(trace, layout, x, y)


def _line(trace: Trace, layout: Mapping[str, Any], x: NDArray[Any], y: NDArray[Any]) -> str:
    known = np.isfinite(y.astype(float))
    if not known.any():
        return ""
    x, y = x[known], y[known]
    across, up = _scale(trace, layout, "x"), _scale(trace, layout, "y")
    name, place = _name(trace, up), across.title
    ends = {"name": name, "first": up.write(y[0]), "last": up.write(y[-1])}
    where = {"from": across.write(x[0]), "to": across.write(x[-1]), "place": place}
    if ends["first"] == ends["last"] and np.ptp(y) == 0:
        return _("{name}: {first} throughout.").format(**ends)
    if place:
        said = _("{name}: from {first} to {last}; {place} from {from} to {to}.").format(**ends, **where)
    else:
        said = _("{name}: from {first} to {last}.").format(**ends)
    return sentences(said, _turns(x, y, across, up))


def _turns(x: NDArray[Any], y: NDArray[Any], across: Scale, up: Scale) -> str:
    """The highest and the lowest point, where they are not the ends."""
    ends = (up.write(y[0]), up.write(y[-1]))
    said = []
    for template, at in (
        (_("highest {value} at {place}"), y.argmax()),
        (_("lowest {value} at {place}"), y.argmin()),
    ):
        value = up.write(y[at])
        if value not in ends:
            said.append(template.format(value=value, place=across.write(x[at])))
    return _("In between: {said}.").format(said=listed(said)) if said else ""


def _bars(trace: Trace, layout: Mapping[str, Any], x: NDArray[Any], y: NDArray[Any]) -> str:
    along, up = _scale(trace, layout, "x"), _scale(trace, layout, "y")
    if trace.get("orientation") == "h":
        x, y, along, up = y, x, up, along
    name = _name(trace, up)
    if len(y) <= MOST_BARS:
        said = pairs((along.write(label), up.write(value)) for label, value in zip(x, y, strict=True))
        return _("{name}. {said}.").format(name=name, said=said)
    heights = np.nan_to_num(y.astype(float))
    return _("{name}: {count} bars from {from} to {to}; the highest, {high}, at {place}.").format(
        **{"name": name, "count": len(y), "from": along.write(x[0]), "to": along.write(x[-1])},
        high=up.write(heights.max()),
        place=along.write(x[heights.argmax()]),
    )


def _points(trace: Trace, layout: Mapping[str, Any], x: NDArray[Any], y: NDArray[Any]) -> str:
    if "markers" not in trace.get("mode", "markers"):
        return ""
    across, up = _scale(trace, layout, "x"), _scale(trace, layout, "y")
    if y.dtype.kind not in "fiu":  # names stand along the other axis
        across, up, x, y = up, across, y, x
    if len(x) <= MOST_BARS:
        said = pairs((across.write(label), up.write(value)) for label, value in zip(x, y, strict=True))
        return _("{name}. {said}.").format(name=_name(trace, up), said=said)
    count = ngettext("{count} point", "{count} points", len(x))
    ranges = [_range(scale, values) for scale, values in ((across, x), (up, y)) if values.dtype.kind in "fiu"]
    return _("{name}. {said}.").format(name=_name(trace, up), said=facts([count, *ranges]))


def _range(scale: Scale, values: NDArray[Any]) -> str:
    low, high = scale.write(np.nanmin(values)), scale.write(np.nanmax(values))
    if not scale.title:
        return _("from {low} to {high}").format(low=low, high=high)
    return _("{name} from {low} to {high}").format(name=scale.title, low=low, high=high)


def _field(trace: Trace, layout: Mapping[str, Any]) -> str:
    """A heat map or contours: how large, and where they are highest and lowest."""
    z = np.atleast_2d(_values(trace.get("z")).astype(float))
    if not np.isfinite(z).any():
        return ""
    across, up, value = _scale(trace, layout, "x"), _scale(trace, layout, "y"), Scale("", is_share=False)
    x, y = (_ticks(trace.get(axis), size) for axis, size in (("x", z.shape[1]), ("y", z.shape[0])))

    def at(flat: np.intp) -> str:
        row, column = map(int, np.unravel_index(flat, z.shape))
        return listed([across.write(x[column]), up.write(y[row])])

    return _(
        "{rows} rows of {columns}. The highest value, {high}, is at {top}; the lowest, {low}, at {bottom}."
    ).format(
        rows=z.shape[0],
        columns=z.shape[1],
        high=value.write(np.nanmax(z)),
        low=value.write(np.nanmin(z)),
        top=at(np.nanargmax(z)),
        bottom=at(np.nanargmin(z)),
    )


def _ticks(given: Any, size: int) -> Sequence[Any]:
    """What stands along a side of a heat map: what was given, else the number of each row from 1."""
    values = _values(given)
    return [str(value) if isinstance(value, str) else value for value in values.tolist()] or range(
        1, size + 1
    )


def _scale(trace: Trace, layout: Mapping[str, Any], side: str) -> Scale:
    name = str(trace.get(f"{side}axis", side))
    axis = layout.get(f"{side}axis{name[1:]}", {})
    title = axis.get("title", "")
    text = title.get("text", "") if isinstance(title, Mapping) else title
    if not text and side == "y":  # panels have their titles above them
        notes = layout.get("annotations", ())
        place = int(name[1:] or 1) - 1
        text = notes[place].get("text", "") if place < len(notes) else ""
    return Scale(_plain(text or ""), "%" in str(axis.get("tickformat", "")))


def _name(trace: Trace, up: Scale) -> str:
    """What a trace is called: its own name, and what is measured where that is not the name itself."""
    own = _plain(trace.get("name") or "")
    told_apart = facts(part for part in dict.fromkeys((up.title, own)) if part)
    return told_apart or _("Values")


def _plain(text: str) -> str:
    """Without Plotly's tags and escapes."""
    bare = _TAG.sub(" ", str(text))
    return " ".join(re.sub(r"&#(\d+);", lambda sign: chr(int(sign[1])), bare).split())


def _values(given: Any) -> NDArray[Any]:
    """An axis' values as NumPy has them, whichever way Plotly keeps them; (0,) where there are none."""
    if isinstance(given, Mapping):
        flat = np.frombuffer(base64.b64decode(given["bdata"]), dtype=f"<{given['dtype']}")
        shape = str(given.get("shape", "")) or str(len(flat))
        return flat.reshape([int(size) for size in shape.split(",")])
    return np.array([] if given is None else given)
