"""Pure functions from tables and arrays to Plotly figures. They know pandas, numpy and plotly only."""
