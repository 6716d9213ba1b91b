"""Train: the run on the screen, live, and the list of this browser's runs."""

import streamlit as st

from core.runs.run import UnreadableRun
from dashboard.app_pages.train import its_mistakes, live_run, run_list, take_home, verdict, without_run
from dashboard.frame import page, resources
from dashboard.language import _
from dashboard.runs import opening, predictions, starting

page.header(_("Train"), _("Watch the network learn: loss should fall, accuracy should rise."))
store = resources.store()
run = opening.open_run(store)
if run is None:
    without_run.show()
else:
    live_run.show(run, best=verdict.best_other(run, starting.my_runs()))
    its_mistakes.show(run)
    take_home.show(run, prediction=predictions.prediction_of(run))
run_list.show(starting.runs_in_sight(), chosen=run)
for each in starting.found():
    if isinstance(each, UnreadableRun):
        st.caption(page.sentence(each))
