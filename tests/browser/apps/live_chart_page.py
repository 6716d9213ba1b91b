"""Two pages of charts; the first has a curve that grows by a click or by itself, and a matrix to click."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from plotly.subplots import make_subplots

from dashboard.browser.live_chart import live_chart

POINTS = 500
DIGITS = list(range(10))


def curves(update: int) -> go.Figure:
    """Loss and accuracy of a run that is ``update`` twentieths done, 500 points a trace at the end."""
    epochs = np.linspace(0, 10, POINTS)[: max(2, POINTS * min(update, 20) // 20)]
    loss = 0.1 + 2.2 * np.exp(-epochs) + 0.05 * np.random.default_rng(1).random(len(epochs))
    figure = make_subplots(rows=1, cols=2, subplot_titles=["Loss", "Accuracy"])
    for column, values in enumerate((loss, 1 - loss / 2.5), start=1):
        figure.add_scatter(
            x=epochs, y=values, name="training", line={"color": "#0F6FC5"}, col=column, row=1, legendgroup="t"
        )
        figure.add_scatter(
            x=epochs, y=values * 1.02, name="validation", line={"color": "#D55E00"}, col=column, row=1
        )
    return figure.update_xaxes(title="epoch", range=[0, 10])


def matrix() -> go.Figure:
    counts = np.random.default_rng(0).integers(0, 40, (10, 10)) + 950 * np.eye(10, dtype=int)
    figure = go.Figure(go.Heatmap(z=counts, x=DIGITS, y=DIGITS, colorscale="Blues", texttemplate="%{z}"))
    return figure.update_layout(
        title="Confusion matrix", xaxis={"type": "category"}, yaxis={"type": "category"}
    )


def grid() -> go.Figure:
    rates = [0.001, 0.01, 0.1]
    return go.Figure(
        go.Heatmap(z=np.random.default_rng(2).random((2, 3)), x=rates, y=["ReLU", "tanh"])
    ).update_xaxes(type="log")


def advance() -> None:
    st.session_state["update"] = st.session_state.get("update", 0) + 1


@st.fragment
def growing() -> None:
    update = st.session_state.get("update", 0)
    live_chart(curves(update), key="curves", height=360, alt=f"Loss and accuracy after {update} updates")
    st.button("Update", on_click=advance)
    st.text(f"update {update}")


@st.fragment(run_every=0.5)
def ticking() -> None:
    ticks = st.session_state["ticks"] = st.session_state.get("ticks", 0) + 1
    live_chart(curves(ticks), key="ticking", height=300, alt="A curve that grows by itself")
    st.text(f"tick {ticks}")


def charts() -> None:
    growing()
    left, right = st.columns(2)
    with left:
        cell = live_chart(matrix(), key="matrix", height=420, alt="Confusion matrix", clickable=True)
        st.text(f"clicked {cell}")
    with right:
        live_chart(grid(), key="grid", height=300, alt="Sweep", clickable=True)
    st.text("below the charts")


st.set_page_config(layout="wide")
st.navigation([st.Page(charts, title="Charts"), st.Page(ticking, title="Ticking", url_path="ticking")]).run()
