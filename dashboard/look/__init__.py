"""How things look: one palette, the empty chart that all fill, charts as SVG, curves thinned for a screen.

Pure: no screen, no store.
"""
