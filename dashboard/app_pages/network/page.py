"""Network: its layers, their arithmetic, a picture, and the same network in Keras."""

from dashboard.app_pages.network import keras_code, layer_list
from dashboard.frame import page, session
from dashboard.frame.tabs import tabs
from dashboard.language import _

page.header(_("Network"), _("784 pixels go in, ten probabilities come out. This is what stands between."))
experiment = session.settings()
tabs(
    "network-tab",
    {
        _("Layers"): lambda: layer_list.show(experiment),
        _("As Keras code"): lambda: keras_code.show(experiment),
    },
)
page.onward("train", _("On: train it"))
