"""What Keras and tf.keras are today."""

from __future__ import annotations

from importlib.metadata import version

import pandas as pd
import streamlit as st

from dashboard.language import _


def show() -> None:
    """Keras in three sentences, and what of the report's account has changed."""
    st.markdown(
        _(
            "**Keras** is a Python library in which a network is put together from layers: a list of them, "
            "or, where some are skipped, a graph. It leaves the arithmetic to a backend: TensorFlow, JAX or "
            "PyTorch; OpenVINO for answering only. **tf.keras** is the same Keras, reached through "
            "TensorFlow. This lab trains with Keras {keras} on TensorFlow {tensorflow}."
        ).format(keras=version("keras"), tensorflow=version("tensorflow"))
    )
    st.caption(_("The report is the lab report this lab grew from."))
    rows = [
        (
            _("Keras runs on TensorFlow, CNTK, …"),
            _("TensorFlow, JAX or PyTorch since Keras 3 (2023); CNTK and Theano are gone"),
        ),
        (
            _("tf.keras is another implementation of the same interface"),
            _("tf.keras is Keras 3 itself since TensorFlow 2.16"),
        ),
        (
            _("only tf.keras supports eager mode, tf.data, TPUs and distribution strategies"),
            _(
                "eager is the rule; fit() takes tf.data on any backend; TPUs and several machines through "
                "tf.distribute (TensorFlow) or keras.distribution (JAX)"
            ),
        ),
        (_("tf.keras works with estimators"), _("estimators were removed in TensorFlow 2.16")),
        (
            _("models are saved as JSON and HDF5, with tf.keras also as SavedModel"),
            _(
                "model.save() writes one .keras file (structure as JSON, weights as HDF5 in it); "
                "model.export() writes SavedModel for serving"
            ),
        ),
    ]
    st.table(
        pd.DataFrame(rows, columns=[_("What the report says"), _("Today")]).set_index(
            _("What the report says")
        )
    )
