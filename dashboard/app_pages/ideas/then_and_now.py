"""What the report says of Keras, what holds today, and where that is written."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.theory.keras_today import Here, here
from core.theory.own_process import PATIENCE
from dashboard.frame import resources, session
from dashboard.frame.sharing import shared
from dashboard.language import _
from dashboard.language.joining import listed, sentences

_ASKED = "keras-here"
_KERAS_3 = "[Keras 3.0](https://github.com/keras-team/keras/releases/tag/v3.0.0)"
_TENSORFLOW = "[TensorFlow 2.16](https://github.com/tensorflow/tensorflow/releases/tag/v2.16.1)"
_TPU = "[TensorFlow, TPU](https://www.tensorflow.org/guide/tpu)"
_SAVING = "[Keras](https://keras.io/guides/serialization_and_saving/)"


def show() -> None:
    """The table, and what the TensorFlow of this lab has of it."""
    st.caption(_("The report is the lab report this lab grew from."))
    st.table(_table())
    if st.button(_("Ask this lab's TensorFlow"), icon=":material/fact_check:", key="keras-here"):
        session.keep(_ASKED, True)
    if session.kept(_ASKED):
        with st.spinner(_("A worker asks it …")):
            found = _here()
        st.markdown(_told(found))


@shared(1, size=lambda _here: 500)
def _here() -> Here:
    return resources.compute(here, timeout=PATIENCE + 10)


def _told(found: Here) -> str:
    return sentences(
        _("TensorFlow {version} has `tf.estimator`.").format(version=found.version)
        if found.estimator
        else _("TensorFlow {version} has no `tf.estimator`.").format(version=found.version),
        _("It has `tf.distribute.TPUStrategy`; of TPUs it sees {count} here.").format(count=found.tpus)
        if found.tpu_strategy
        else _("It has no `tf.distribute.TPUStrategy`."),
    )


def _table() -> pd.DataFrame:
    columns = [_("What the report says"), _("Today"), _("Source")]
    rows = [
        (
            _("Keras runs on TensorFlow, CNTK, …"),
            _("TensorFlow, JAX or PyTorch since Keras 3 (2023); CNTK and Theano are gone"),
            _KERAS_3,
        ),
        (
            _("tf.keras is another implementation of the same interface"),
            _("tf.keras is Keras 3 itself since TensorFlow 2.16"),
            _TENSORFLOW,
        ),
        (
            _("only tf.keras supports eager mode, tf.data, TPUs and distribution strategies"),
            _(
                "eager is the rule; fit() takes tf.data on any backend; TPUs and several machines through "
                "tf.distribute (TensorFlow) or keras.distribution (JAX)"
            ),
            listed([_KERAS_3, _TPU]),
        ),
        (
            _("tf.keras works with estimators"),
            _("estimators were removed in TensorFlow 2.16"),
            _TENSORFLOW,
        ),
        (
            _("models are saved as JSON and HDF5, with tf.keras also as SavedModel"),
            _(
                "model.save() writes one .keras file (structure as JSON, weights as HDF5 in it); "
                "model.export() writes SavedModel for serving"
            ),
            _SAVING,
        ),
    ]
    return pd.DataFrame(rows, columns=columns).set_index(columns[0])
