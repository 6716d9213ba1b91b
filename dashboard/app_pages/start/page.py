"""Start: what this is, one button that trains the default network, and what to try next."""

import streamlit as st

from core.architecture.plan import parameter_count
from core.settings import DEFAULT, PRESETS
from dashboard.frame import page, session
from dashboard.language import _
from dashboard.language.joining import bold
from dashboard.runs import opening

DEEPER = PRESETS["twenty-layer"]

page.header(_("Handwritten digits"), _("A laboratory for networks that read."))
st.markdown(
    _(
        "Here you train a neural network on 55,000 handwritten digits and watch it learn. "
        "You choose how the images are scaled, which activation the network uses and how deep it is. "
        "Then you write a digit yourself, and your network reads it."
    )
)
if st.button(_("Train my first network"), type="primary", icon=":material/play_arrow:", key="first-run"):
    session.change_settings(DEFAULT)
    opening.start(DEFAULT)

st.subheader(_("What to try next"), anchor=False)
experiments = (
    (
        _("Deeper"),
        _(
            "Twenty hidden layers instead of two, with hardly more weights: {deep:,} instead of "
            "{shallow:,}. Does depth help?"
        ).format(deep=parameter_count(DEEPER.network), shallow=parameter_count(DEFAULT.network)),
        DEEPER,
    ),
    (
        _("Another activation"),
        _("Sigmoid instead of ReLU, all else equal. How fast does it come up, and does it catch up?"),
        DEFAULT.change(activation="sigmoid"),
    ),
    (
        _("Raw pixels"),
        _("No normalisation: the network sees 0 to 255. How far does it get?"),
        DEFAULT.change(normalization="none"),
    ),
)
for number, (column, (title, question, settings)) in enumerate(zip(st.columns(3), experiments, strict=True)):
    with column.container(border=True, height="stretch"):
        st.markdown(bold(title))
        st.markdown(question)
        if st.button(_("Set it up and train"), key=f"try-{number}", width="stretch"):
            session.change_settings(settings)
            opening.start(settings)
