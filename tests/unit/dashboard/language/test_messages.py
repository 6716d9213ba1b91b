"""Every text reaches the translators whole: no. 8 of the rules of the house."""

from pathlib import Path
from textwrap import dedent

import house
import messages
import pytest
from babel.messages.extract import extract_from_dir

PREFACE = """
from core.errors import N_, LabError
from dashboard.language import _, names, ngettext, translated
class Bad(LabError): pass
"""
NAMES = """
def setting(name: str) -> str:
    return {"seed": _("Seed")}[name]
"""


def test_babel_extracts_every_message() -> None:
    sources = house.sources()
    extracted = {
        message
        for wing in ("core", "dashboard")
        for _file, _line, message, _comments, _context in extract_from_dir(house.ROOT / wing)
    }
    assert extracted == messages.messages(sources)


@pytest.mark.parametrize(
    ("planted", "why"),
    [
        ('_("a" + "b")', "no plain literal"),
        ('_(f"a {x}")', "no plain literal"),
        ("_(x)", "no plain literal"),
        ("N_(x)", "no plain literal"),
        ('ngettext("one", x, 1)', "no plain literal"),
        ('translated("a")', "belongs into _()"),
        ('y = _("a") + ", " + _("b")', "glued with +"),
        ('y = _("a")\ny += " b"', "glued with +="),
        ('y = "a"\ny += _("b")', "glued with +="),
        ("y = f\"{_('a')} b\"", "f-string"),
        ('y = f"**{names.setting(x)}**"', "f-string"),
        ('y = f"{translated(x)}: {x}"', "f-string"),
        ('y = " ".join([_("a"), _("b")])', "joined"),
        ('y = ", ".join(names.setting(one) for one in x)', "joined"),
        ('y = _(" against ").join(_("a") for one in x)', "joined"),
        ('y = []\ny.append(_("a"))\nz = " · ".join(y)', "joined"),
        ('def told() -> str:\n    return _("a")\ny = told() + "!"', "glued with +"),
        ('def told() -> str:\n    return {"a": _("a")}[x]\ny = f"{told()}!"', "f-string"),
        ('y = _("a") if x else _("b")\nz = f"{y}."', "f-string"),
        ('y = _("a").format(b=1).lower() + "c"', "glued with +"),
        ('raise Bad("a")', "not in N_()"),
        ("raise Bad(x)", "not in N_()"),
        ('raise Bad("a" if x else "b")', "not in N_()"),
        ('TEXT = N_("{a}")\nraise Bad(TEXT)', "no value is given for {a}"),
        ('TEXT = "{a}"\nraise Bad(TEXT, a=1)', "not in N_()"),
        ('raise Bad(N_("{a} and {b}"), a=1)', "no value is given for {b}"),
        ('y = _("{a} and {b}").format(a=1)', "no value is given for {b}"),
        ('y = _("{a}")', "no value is given for {a}"),
        ('y = ngettext("{count} of {a}", "{count} of {a}", 1)', "no value is given for {a}"),
    ],
)
def test_a_planted_violation_is_found(planted: str, why: str) -> None:
    found = faults_of(planted)
    assert len(found) == 1, found
    assert why in found[0]


@pytest.mark.parametrize(
    "allowed",
    [
        '_("a {b} " "c").format(b=1)',
        'y = _("rate %{x:g}")',
        'y = ngettext("{count} image", "{count} images", 2)',
        'y = ngettext("{count} of {a}", "{count} of {a}", 2).format(a=1)',
        'y = _("{a}") if x else _("{b}")\nz = y.format(a=1, b=2)',
        'values = {"a": 1}\ny = _("{a}")\nz = y.format(**values)',
        "y = translated(x)",
        'y = [_("a")] + [_("b")]',
        'y = {"a": _("a"), **x}',
        'y = f"{x}" + "b"',
        'raise Bad(N_("{a}"), a=1)',
        'TEXT = N_("{a}")\nraise Bad(TEXT, a=1)',
        "raise LabError(x, **x)",  # one that was stored, read again
    ],
)
def test_what_is_whole_passes(allowed: str) -> None:
    assert faults_of(allowed) == []


def test_the_language_wing_may_join() -> None:
    source = PREFACE + 'y = _("a") + _("b")\n'
    assert messages.every_text_is_whole({"dashboard/language/joining.py": source}) == []
    assert messages.every_text_is_whole({"dashboard/runs/joining.py": source}) != []


def test_a_text_from_another_module_is_followed() -> None:
    told = PREFACE + 'def told() -> str:\n    return _("a")\n'
    for using in (
        "from dashboard.runs.wording import told\ny = f'{told()}!'\n",
        "from dashboard.runs import wording\ny = f'{wording.told()}!'\n",
    ):
        found = messages.every_text_is_whole({"dashboard/runs/wording.py": told, "dashboard/page.py": using})
        assert [fault.split(":")[0] for fault in found] == ["dashboard/page.py"]


def test_an_error_of_an_error_is_one() -> None:
    source = PREFACE + "class Worse(Bad): pass\nraise Worse('a')\n"
    assert len(messages.every_text_is_whole({"core/a.py": source})) == 1


def test_messages_are_those_of_the_source(tmp_path: Path) -> None:
    source = dedent("""
        y = _("a " "b"), N_("c"), ngettext("{count} d", "{count} ds", 2)
    """)
    (tmp_path / "a.py").write_text(source)
    expected = {"a b", "c", ("{count} d", "{count} ds")}
    assert messages.messages({"core/a.py": source}) == expected
    assert {found[2] for found in extract_from_dir(tmp_path)} == expected


def faults_of(planted: str) -> list[str]:
    sources = {"dashboard/planted.py": PREFACE + planted + "\n", "dashboard/language/names.py": NAMES}
    return messages.every_text_is_whole(sources)
