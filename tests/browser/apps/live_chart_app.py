"""Launcher of the live chart's test page, in the way dashboard/app.py starts the lab."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import streamlit as st

from dashboard.browser import plotly_library, run_stream

app = st.App(
    Path(__file__).with_name("live_chart_page.py"), routes=[plotly_library.route(), *run_stream.routes()]
)
