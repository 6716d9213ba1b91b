"""Browser parts that Streamlit does not have: each a Python function and the JavaScript beside it."""
