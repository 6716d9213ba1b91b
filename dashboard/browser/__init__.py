"""What Streamlit does not have, by its name: charts updated in place, digit tiles, a drawing pad, a pager.

The JavaScript of a part lies beside it; plotly.js comes from the installed package by a route of our own.
"""
