"""Texts that a clever learner would try as a run's name, a note, or a value in a link."""

from __future__ import annotations

HOST = "foreign.example"
"""Where they point; nothing answers there."""
JOINER = "\u2060"
"""What ``dashboard.language.foreign`` puts between signs; nobody sees it."""

HOSTILE = (
    f"![x](http://{HOST}/a.png)",
    f"[click](http://{HOST}/)",
    "[click](javascript:window.hit=1)",
    f"<http://{HOST}/>",
    f"http://{HOST}/bare",
    f"https://{HOST}/bare?a=b&c=d",
    f"www.{HOST}",
    f"mail me@{HOST} now",
    f"<img src=http://{HOST}/b.png onerror=window.hit=1>",
    "<img src=x onerror=window.hit=1>",
    "<script>window.hit=1</script>",
    "</title><script>window.hit=1</script>",
    f"<a href='http://{HOST}/'>tag</a>",
    "<svg onload=window.hit=1>",
    f"<iframe src=http://{HOST}/></iframe>",
    f"<b>bold</b><br><i style='background:url(//{HOST}/c)'>x",
    "$\\frac{a}{b}$ and $$x^2$$",
    "**bold** _slanted_ ~~gone~~ `code`",
    "# a heading",
    "1. one",
    "- - a rule ---",
    "> said",
    ":material/home: :streamlit: :smile: :+1:",
    ":red[red] :blue-background[blue] :gray-badge[x]",
    "a -> b <- c -- d >= e <= f ~= g",
    f"|a|b| |-|-| ![x][y] [y]: http://{HOST}/d.png",
    f"&lt;img src=http://{HOST}/e.png&gt; &amp; &#60;b&#62;",
    "%{x} %{customdata} {name} {0} %s",
    f'=HYPERLINK("http://{HOST}/";"x")',
    "\\* \\[x\\](y) \\\\",
    "\u202eevil\u202c @SUM(1+1)",
    f"{{{{ 7*7 }}}} ${{7*7}} <%= 7 %> [[{HOST}]]",
)


def as_seen(text: str) -> str:
    """What a person sees of a text on the screen: no joiners, no turns, blanks as one."""
    for sign in (JOINER, "\u202a", "\u202b", "\u202c", "\u202d", "\u202e"):
        text = text.replace(sign, "")
    return " ".join(text.split())
