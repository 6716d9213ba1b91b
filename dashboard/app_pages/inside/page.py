"""Inside: what each layer does while the network learns."""

import math

import pandas as pd
import streamlit as st

from core.architecture.first_weights import initializer_for
from core.choices.activations import ACTIVATIONS
from core.errors import LabError
from core.hints import inside
from core.record.store import Store
from core.runs.run import UNFINISHED, Run
from dashboard.browser.live_chart import live_chart
from dashboard.frame import page, resources
from dashboard.frame.fragments import fragment
from dashboard.frame.tabs import tabs
from dashboard.language import _, names, numbers, translated
from dashboard.language.joining import bulleted
from dashboard.runs import opening, wording
from dashboard.runs import strip_charts as charts

LOGARITHMIC = ("gradient_rms", "update_ratio", "weight_rms")


def measure_names() -> dict[str, str]:
    """What can be drawn as curves."""
    return {
        "gradient_rms": _("Gradient per weight"),
        "update_ratio": _("Size of one step, relative to the weights"),
        "weight_rms": _("Size of the weights"),
        "output_mean": _("Mean output"),
        "output_spread": _("Spread of the outputs"),
        "saturated_share": _("Share of saturated outputs"),
        "dead_share": _("Share of dead units"),
    }


def live(run_id: str, status: str) -> None:
    """The strip and what it says; moves while the run does."""
    store = resources.store()
    try:
        run = store.runs.get(run_id)
        layers = store.curves.layers(run_id)
        st.markdown(description(run))
        live_chart(
            charts.strip(store.curves.points(run_id), layers, length=run.epochs),
            key="inside-strip",
            height=520,
            alt=_("Loss, and the gradient per weight of every layer over time"),
        )
        if said := findings(layers):
            st.markdown(bulleted(said))
    except LabError as error:
        page.problem(error)
        return
    if run.unfinished != (status in UNFINISHED):
        st.rerun()


def description(run: Run) -> str:
    """Activation and initialiser in words: without them the colours mean nothing."""
    network = run.settings.network
    return _("**{name}** · activation {activation} · initialiser {initializer} · {status}").format(
        name=run.name,
        activation=names.activation(network.activation),
        initializer=names.initializer(initializer_for(network)),
        status=wording.status_name(run.status),
    )


def findings(layers: pd.DataFrame) -> list[str]:
    """Sentences from this run's newest numbers; none where there is nothing to say."""
    if layers.empty:
        return [_("The first numbers come with the first point of the run.")]
    found = []
    slowest = inside.slowest(layers)
    if slowest is not None:
        found.append(speed_sentence(slowest))
    for measure, many, template in (
        (
            "saturated_share",
            inside.SATURATED_MANY,
            _(
                "In layer {layer}, {share:.0%} of the outputs are saturated: hardly any gradient passes "
                "there."
            ),
        ),
        (
            "dead_share",
            inside.DEAD_MANY,
            _("In layer {layer}, {share:.0%} of the units are dead: 0 for every image of the probe."),
        ),
    ):
        worst = inside.worst_share(layers, measure)
        if worst is not None and worst[1] >= many:
            found.append(template.format(layer=worst[0], share=worst[1]))
    return found


def speed_sentence(slowest: inside.Slowest) -> str:
    """How much slower the slowest layer learns than the output layer."""
    if math.isinf(slowest.ratio):
        return _("Layer {layer} gets no gradient at all: it cannot learn.").format(layer=slowest.layer)
    if slowest.ratio < 2:
        return _(
            "All layers learn at about the same speed: the slowest, layer {layer}, gets {gradient:.1e} "
            "per weight, the output layer {output:.1e}."
        ).format(layer=slowest.layer, gradient=slowest.gradient, output=slowest.output_gradient)
    return _(
        "Layer {layer} learns **{ratio:,.0f} times** slower than the output layer: its gradient is "
        "{gradient:.1e} per weight, against {output:.1e}."
    ).format(
        layer=slowest.layer,
        ratio=float(f"{slowest.ratio:.2g}"),
        gradient=slowest.gradient,
        output=slowest.output_gradient,
    )


@fragment
def curves(run: Run, store: Store) -> None:
    """One measure of every layer over time."""
    layers = store.curves.layers(run.id)
    possible = [name for name in measure_names() if len(layers) and layers[name].notna().any()]
    if not possible:
        page.empty(_("The first numbers come with the first point of the run."))
        return
    name = st.selectbox(
        _("Measure"), possible, format_func=measure_names().get, key="inside-measure", persist_state="session"
    )
    live_chart(
        charts.measure(layers, name, title=measure_names()[name], length=run.epochs, log=name in LOGARITHMIC),
        key="inside-curves",
        height=420,
        alt=measure_names()[name],
    )


@fragment
def on_the_curve(run: Run, store: Store) -> None:
    """Where on its activation's curve a layer lives, at any recorded epoch."""
    depth = len(run.settings.network.hidden)
    if depth == 0:
        page.empty(_("This network has no hidden layer, so no activation to look under."))
        return
    left, right = st.columns(2, gap="large")
    with left:
        step = choose_epoch(run, store, "curve")
    if step is None:
        return
    layer = right.slider(_("Layer"), 1, depth, 1, key="inside-layer") if depth > 1 else 1
    snapshot = store.curves.snapshot(run.id, step)
    activation = run.settings.network.activation
    live_chart(
        charts.on_the_curve(snapshot, layer, activation),
        key="inside-histogram",
        height=380,
        alt=_("Histogram of the weighted sums of layer {layer}").format(layer=layer),
    )
    st.caption(translated(ACTIVATIONS[activation].limits))


@fragment
def first_weights(run: Run, store: Store) -> None:
    """What the first units look for."""
    step = choose_epoch(run, store, "weights")
    if step is None:
        return
    snapshot = store.curves.snapshot(run.id, step)
    st.caption(
        _("Each picture is one unit of the first layer: blue pixels speak for it, orange ones against it.")
    )
    rows = -(-len(snapshot.pictures) // charts.COLUMNS)
    live_chart(
        charts.first_weights(snapshot),
        key="inside-weights",
        height=max(140, 84 * rows),
        alt=_("Weights of the first layer as pictures"),
    )


def choose_epoch(run: Run, store: Store, key: str) -> int | None:
    """A slider over the recorded epochs; returns the step."""
    steps = store.curves.snapshot_steps(run.id)
    if not steps:
        page.empty(_("The first look inside is recorded when the run starts."))
        return None
    if len(steps) == 1:
        return steps[0]
    return st.select_slider(
        _("After epoch"),
        steps,
        value=steps[-1],
        format_func=lambda step: numbers.epochs_text(step, run.steps_per_epoch),
        key=f"inside-{key}-{run.id}-{len(steps)}",
    )


page.header(_("Inside"), _("Which layers learn, and how fast? Colour shows the gradient that reaches them."))
lab = resources.store()
shown = opening.open_run(lab)
if shown is None:
    page.empty(_("No run yet. Set up an experiment in the sidebar and press Train; then look inside."))
    st.stop()
fragment(live, run_every=opening.interval(shown))(shown.id, shown.status)
tabs(
    "inside-tab",
    {
        _("Curves"): lambda: curves(shown, lab),
        _("On the curve"): lambda: on_the_curve(shown, lab),
        _("First weights"): lambda: first_weights(shown, lab),
    },
)
