"""The only file that touches the session's state and the URL.

A browser reload is a new session: what must survive stands in the URL (the experiment, the open run), in
a cookie (who this browser is) or in the store (everything a learner made).
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.record.ids import RUN_ID
from core.settings import PARAMETERS, Refused, Settings
from core.translation import accepted, known, supported
from dashboard.frame import identity

LANGUAGE_COOKIE = "digit_lab_language"
"""The cookie that remembers the language that was chosen in this browser."""

_OWN_KEYS = {parameter.key for parameter in PARAMETERS} | {"run", "lang"}
_FOREIGN_KEY = re.compile(r"utm_\w*|\w*clid|embed\w*")
"""What mail programs, social networks and Streamlit put into addresses: nobody meant a setting by it."""


class InVain(NamedTuple):
    """What a link asked for in vain: settings whose values were refused, and keys that mean nothing here."""

    refused: list[Refused]
    unknown: list[str]


def begin() -> InVain:
    """Open the session from its URL and cookie, once; later on follow the browser's Back and Forward."""
    if "settings" in st.session_state:
        return InVain(_follow_url(), []) if _went_back() else InVain([], [])
    cookie = identity.read_cookie(st.context.headers.get("Cookie")) or identity.new_cookie()
    st.session_state.setdefault("learner", identity.learner(cookie))
    st.session_state.edition = 0
    st.session_state.kept = {}
    st.session_state.chosen_language = known(st.query_params.get("lang")) or cookie_language()
    unknown = [key for key in st.query_params if key not in _OWN_KEYS and not _FOREIGN_KEY.fullmatch(key)]
    return InVain(_take_over_url(), unknown)


def _went_back() -> bool:
    """Whether the browser came here by Back or Forward: then its URL is wanted, not what was on the screen.

    A URL that differs does not tell: a click may leave the browser before it has heard of the last one.
    """
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def _take_over_url() -> list[Refused]:
    """Put the experiment and the run of the URL on the screen; return what was refused."""
    st.session_state.settings, refused = Settings.from_query(st.query_params.to_dict())
    run = st.query_params.get("run", "")
    st.session_state.run = run if RUN_ID.fullmatch(run) else None
    return refused


def _follow_url() -> list[Refused]:
    """The same for a session that has begun: the sidebar's widgets are made anew from it."""
    st.session_state.edition += 1
    return _take_over_url()


def write_url() -> None:
    """Let the URL say what is on the screen, so that a reload or a link opens the same."""
    wanted = settings().to_query()
    if run_id():
        wanted["run"] = str(run_id())
    present = st.query_params.to_dict()
    others = {key: value for key, value in present.items() if key not in _OWN_KEYS}
    if present != {**others, **wanted}:
        st.query_params.from_dict({**others, **wanted})


def learner() -> str:
    """Who this browser is, as the record knows them."""
    return str(st.session_state.learner)


def settings() -> Settings:
    """The experiment in the sidebar."""
    current: Settings = st.session_state.settings
    return current


def edit(new: Settings) -> None:
    """Take over what the sidebar's widgets say."""
    st.session_state.settings = new


def change_settings(new: Settings | None = None, **changes: Any) -> None:
    """Replace the experiment (or single settings of it) from elsewhere than the sidebar.

    The sidebar's widgets are made anew from it, because a widget that exists keeps its own value.
    Raises InvalidSetting.
    """
    st.session_state.settings = (new or settings()).change(**changes)
    st.session_state.edition += 1


def edition() -> int:
    """Counts how often the experiment was replaced from elsewhere than the sidebar."""
    return int(st.session_state.edition)


def run_id() -> str | None:
    """The run on the screen, if any."""
    run: str | None = st.session_state.run
    return run


def open_run(run: str | None) -> None:
    """Put a run on the screen."""
    st.session_state.run = run


def keep(key: str, value: Any) -> None:
    """Keep a page's small state across page switches, until a reload; widget state is dropped there."""
    st.session_state.kept[key] = value


def kept(key: str, default: Any = None) -> Any:
    """What ``keep`` kept, or the default."""
    return st.session_state.kept.get(key, default)


def is_shown(key: str) -> bool:
    """Whether a widget with this key was on the page already; False right after a page switch."""
    return key in st.session_state


def restore_tab(key: str, titles: list[str]) -> None:
    """Call before tabs, which cannot persist by themselves: the one that was open opens again.

    It is known by its title; where none has that title, but there are as many, they are the same tabs in
    another language, and it is known by its place.
    """
    said = st.session_state.get(key)
    if said in titles:
        keep(key, (titles, said))
        return
    before, title = kept(key, ([], ""))
    if title in titles:
        st.session_state[key] = title
    elif len(before) == len(titles):
        st.session_state[key] = titles[before.index(title)]


def open_tab(key: str, title: str) -> None:
    """Open another one of these tabs; for a callback, before they are drawn."""
    st.session_state[key] = title


def restore(key: str) -> None:
    """Call before a fold, which cannot persist by itself: it opens as it was before a page switch."""
    if key in st.session_state:
        keep(key, st.session_state[key])
    elif key in st.session_state.kept:
        st.session_state[key] = kept(key)


def widget(key: str) -> Any:
    """What a widget says at the beginning of this rerun; None before it was drawn."""
    return st.session_state.get(key)


def tell_widget(key: str, value: Any) -> None:
    """Let a widget say something else; for a callback, before the widget is drawn."""
    st.session_state[key] = value


def clicked_row(key: str) -> int | None:
    """The row whose button was pressed in a table's column of buttons, during the rerun that follows."""
    click = st.session_state.get(key)
    return None if click is None else int(click["row"])


def language() -> str:
    """The learner's language, one of the lab's: the one chosen, else the first of the browser's that fits."""
    header = st.context.headers.get("Accept-Language") or ""
    return chosen_language() or supported(st.context.locale, *accepted(header))


def cookie_language() -> str | None:
    """The language that was chosen in this browser on an earlier visit."""
    return known(st.context.cookies.get(LANGUAGE_COOKIE))


def chosen_language() -> str | None:
    """The language that a link or the switch set, now or on an earlier visit; None if the browser decides."""
    chosen: str | None = st.session_state.get("chosen_language")
    return chosen


def choose_language(tag: str) -> None:
    """Speak this language from now on; for a callback, before any widget is drawn.

    A choice travels from the browser as the words it shows. So each widget is told anew what it says, or it
    would be asked for a word of the language before.
    """
    st.session_state.chosen_language = tag
    for key, value in st.session_state.items():
        if isinstance(value, str | int | float | tuple | list) and not isinstance(value, bool):
            st.session_state[key] = value
