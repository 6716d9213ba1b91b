"""Addresses of the lab's own routes."""

from __future__ import annotations

import streamlit as st


def address(path: str) -> str:
    """Where ``path``, such as "/live/runs", is on this server: below its base path if it has one."""
    base = st.get_option("server.baseUrlPath").strip("/")
    return f"/{base}{path}" if base else path
