"""Train: the run on the screen, live, and the list of this browser's runs."""

import streamlit as st

from core.errors import LabError
from dashboard import page, resources, session
from dashboard.components import duel_view, run_list, run_view, take_home
from dashboard.language import _

page.header(_("Train"), _("Watch the network learn: loss should fall, accuracy should rise."))
store = resources.store()
try:
    run = run_view.open_run(store)
    if run is None:
        page.empty(_("No run yet. Set up an experiment in the sidebar and press Train."))
    else:
        run_view.show(run)
        take_home.show(run, prediction=duel_view.prediction_of(run))
    run_list.show(store.runs(session.learner()), chosen=run)
except LabError as error:
    page.problem(error)
    st.stop()
