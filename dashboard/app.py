"""The lab's server and its one page script.

``streamlit run dashboard/app.py`` imports this file once, finds ``app`` and serves it; for every visit it
then runs the file again as ``__main__``, which draws the page.
"""

import sys
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # `streamlit run` puts only this file's own folder on the path
    sys.path.insert(0, str(ROOT))

if __name__ == "__main__":
    from dashboard.visit import show

    show()
else:
    from dashboard import server

    app = st.App(
        __file__,
        lifespan=server.lifespan,
        middleware=server.MIDDLEWARE,
        routes=server.ROUTES,
        on_script_error=server.on_script_error,
    )
