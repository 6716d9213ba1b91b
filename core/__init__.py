"""The science of the lab: data, networks, training, reading and the record of it all.

Nothing here knows a screen: no module imports streamlit or plotly.
"""
