"""One activation on a card: formula, slope, range, limits, and its values at one place."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.choices.activations import Activation
from dashboard.language import _, names, translated
from dashboard.language.joining import bold


def activation_card(activation: Activation, x: float, *, chosen: bool) -> None:
    """What is known about one activation, and its values at ``x``."""
    with st.container(border=True, height="stretch"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(bold(names.activation(activation.code)), width="content")
            if chosen:
                st.badge(_("this network's"), icon=":material/check:")
        st.latex(rf"\footnotesize {activation.formula_latex}")
        st.latex(rf"\footnotesize {activation.derivative_latex}")
        value, slope = (float(curve(np.array([x]))[0]) for curve in (activation.curve, activation.slope))
        st.latex(rf"\footnotesize f({x:g}) = {value:.4f} \quad f'({x:g}) = {slope:.4f}")
        st.markdown(_("Range ${range}$").format(range=activation.value_range))
        wants = _("Usual first weights, {initializer}: {reason}").format(
            initializer=names.initializer(activation.initializer),
            reason=translated(activation.initializer_reason),
        )
        st.caption(translated(activation.limits), help=wants)


def scientific(value: float) -> str:
    """A number for LaTeX: 9.1 · 10⁻¹³ where it is too small to read."""
    if value == 0 or value >= 1e-3:
        return f"{value:.4f}"
    digits, exponent = f"{value:.1e}".split("e")
    return rf"{digits} \cdot 10^{{{int(exponent)}}}"
