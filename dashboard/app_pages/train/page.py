"""Train: the run on the screen, live, and the list of this browser's runs."""

import streamlit as st

from dashboard.app_pages.train import its_mistakes, live_run, run_list, take_home, verdict, without_run
from dashboard.frame import page, resources, session
from dashboard.language import _
from dashboard.runs import opening, predictions

page.header(_("Train"), _("Watch the network learn: loss should fall, accuracy should rise."))
store = resources.store()
run = opening.open_run(store)
if run is None:
    without_run.show()
else:
    live_run.show(run, best=verdict.best_other(run))
    its_mistakes.show(run)
    take_home.show(run, prediction=predictions.prediction_of(run))
run_list.show(chosen=run)
for unreadable in store.runs.unreadable(session.learner()):
    st.caption(page.sentence(unreadable))
