"""Cells of a notebook that draw what an experiment's source computed."""

from __future__ import annotations

from core.errors import N_
from core.export.comments import Say, comment
from core.export.training_source import plain_loss, wants_one_hot
from core.settings import Settings


def pictures(settings: Settings, say: Say = str) -> dict[str, list[str]]:
    """Cells that draw images, curve and confusion matrix, by the part of ``CELLS`` that they follow."""
    truth = "y_valid.argmax(axis=1)" if wants_one_hot(settings.training) else "y_valid"
    curve = _CURVE.format(
        plain=plain_loss(settings.training),
        loss=say(N_("Loss")),
        accuracy=say(N_("Accuracy")),
        training=say(N_("Training")),
        validation=say(N_("Validation")),
        epochs=say(N_("epochs")),
    )
    matrix = _MATRIX.format(
        truth=truth,
        title=say(N_("Confusion matrix of the validation images")),
        shown=say(N_("digit")),
        read=say(N_("read as")),
    )
    needs = comment(say(N_("Pictures are drawn by plotly, which is fetched by: pip install plotly")))
    return {"data": [needs + _GRID.format(title=say(N_("Training images")))], "training": [curve, matrix]}


_GRID = """\
import plotly.express as px
from plotly.subplots import make_subplots

figure = px.imshow(
    x_train[:32], facet_col=0, facet_col_wrap=8, color_continuous_scale="gray_r", title="{title}"
)
for note in figure.layout.annotations:
    note.text = str(y_train[int(note.text.split("=")[1])])
figure.update_layout(coloraxis_showscale=False, height=520)
figure.update_xaxes(visible=False).update_yaxes(visible=False)
figure
"""
_CURVE = """\
figure = make_subplots(1, 2, subplot_titles=["{loss}", "{accuracy}"])
epochs = list(range(1, len(curve) + 1))
for place, name in enumerate(["{plain}", "accuracy"], start=1):
    for part, label, color in (("", "{training}", "#0072B2"), ("val_", "{validation}", "#D55E00")):
        values = [row[part + name] for row in curve]
        figure.add_scatter(
            x=epochs, y=values, name=label, line_color=color, showlegend=place == 1, row=1, col=place
        )
figure.update_xaxes(title="{epochs}")
figure
"""
_MATRIX = """\
read = model.predict(x_valid, verbose=0).argmax(axis=1)
matrix = np.zeros((10, 10), int)
np.add.at(matrix, ({truth}, read), 1)
labels = {{"x": "{read}", "y": "{shown}"}}
figure = px.imshow(matrix, text_auto=True, labels=labels, title="{title}", height=560)
figure.update_xaxes(dtick=1).update_yaxes(dtick=1)
figure
"""
