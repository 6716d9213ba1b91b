"""Reads the source for what is wrong with its texts: each one must reach the translators whole.

A translated text is what ``_``, ``ngettext`` or ``translated`` gives, what the language wing makes of it, and
what a function returns that is made of one. Outside the language wing nobody glues such a text to anything
with ``+``, an f-string or ``join``. A text that is handed on as an argument is not followed: what receives it
may set it in markup, and has no second text at hand.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from string import Formatter
from typing import Literal

from house import Sources

LANGUAGE = "dashboard.language"
TRANSLATION = "core.translation"
TRANSLATING = {"_", "ngettext", "translated"}
MARKED = {"_": 1, "N_": 1, "ngettext": 2}
"""How many arguments of each are texts."""

Kind = Literal["text", "texts"] | None
"""A translated text, something that holds such texts, or neither."""
Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module


def messages(sources: Sources) -> set[str | tuple[str, ...]]:
    """Every literal text of ``_``, ``N_`` and, in pairs, ``ngettext``; as Babel's extraction gives them."""
    found: set[str | tuple[str, ...]] = set()
    for source in sources.values():
        for call in _calls(_parse(source)):
            count = MARKED.get(_called(call), 0)
            texts = [_literal(argument) for argument in call.args[:count]]
            plain = tuple(text for text in texts if text is not None)
            if count and len(plain) == count:
                found.add(plain if count > 1 else plain[0])
    return found


def every_text_is_whole(sources: Sources) -> list[str]:
    """What breaks the rule, one line each: "path:12: why"."""
    trees = {path: _parse(source) for path, source in sources.items()}
    errors, templates = _errors(trees.values()), _templates(trees)
    texts = _Texts({_module(path): tree for path, tree in trees.items()})
    found = []
    for path, tree in trees.items():
        name = _module(path)
        problems = [*_not_given(tree), *_wrong_errors(tree, errors, templates)]
        problems += [] if name == TRANSLATION else _not_literal(tree)
        if not name.startswith(LANGUAGE):
            problems += texts.glued(name)
        found += [f"{path}:{line}: {why}" for line, why in sorted(set(problems))]
    return found


def _module(path: str) -> str:
    """ "core/study/__init__.py" → "core.study"."""
    return path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def _not_literal(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Texts that no extraction finds, and literals that need no detour."""
    for call in _calls(tree):
        for argument in call.args[: MARKED.get(_called(call), 0)]:
            if _literal(argument) is None:
                yield call.lineno, f"the text of {_called(call)}() is no plain literal"
        if _called(call) == "translated" and call.args and _literal(call.args[0]) is not None:
            yield call.lineno, "translated() is for marked texts in variables; a literal belongs into _()"


def _wrong_errors(
    tree: ast.Module, errors: set[str], templates: Mapping[str, str]
) -> Iterator[tuple[int, str]]:
    """Errors whose template is not marked for the extraction, or has places that no value is given for."""
    for call in _calls(tree):
        if _called(call) not in errors or not call.args:
            continue
        template = _marked(call.args[0]) or templates.get(_last(call.args[0]))
        if template is None:
            yield call.lineno, f"the template of {_called(call)} is not in N_()"
            continue
        missing = _placeholders(template) - _keywords(call, {})
        if missing and not _spreads(call):
            yield call.lineno, f"no value is given for {_braced(missing)}"


def _templates(trees: Mapping[str, ast.Module]) -> dict[str, str]:
    """The constants of all modules that are a marked text each, by their names: NAME = N_("…")."""
    return {
        target.id: text
        for tree in trees.values()
        for node in tree.body
        if isinstance(node, ast.Assign) and (text := _marked(node.value)) is not None
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _marked(node: ast.expr) -> str | None:
    """The text in N_("…")."""
    is_marked = isinstance(node, ast.Call) and _called(node) == "N_" and len(node.args) == 1
    return _literal(node.args[0]) if is_marked and isinstance(node, ast.Call) else None


def _not_given(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Placeholders of a text that no value is given for."""
    for function in _functions(tree):
        yield from _not_formatted(function)


def _not_formatted(function: Function) -> Iterator[tuple[int, str]]:
    own = list(_within(function))
    formats = [node for node in own if isinstance(node, ast.Call) and _method(node) == "format"]
    direct = {id(node.func.value): node for node in formats if isinstance(node.func, ast.Attribute)}
    literals = {
        target.id: node.value
        for node in own
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    later = set().union(*(_keywords(node, literals) for node in formats))
    is_open = any(_spreads(node, literals) for node in formats)
    for call in own:
        if not isinstance(call, ast.Call) or _called(call) not in ("_", "ngettext"):
            continue
        texts = [_literal(argument) or "" for argument in call.args[: MARKED[_called(call)]]]
        wanted = set().union(*(_placeholders(text, id(call) in direct) for text in texts))
        wanted -= {"count"} if _called(call) == "ngettext" else set()
        if id(call) in direct:
            missing = (
                set()
                if _spreads(direct[id(call)], literals)
                else wanted - _keywords(direct[id(call)], literals)
            )
        else:
            missing = set() if is_open else wanted - later
        if missing:
            yield call.lineno, f"no value is given for {_braced(missing)}"


@dataclass
class _Module:
    tree: ast.Module
    imported: dict[str, str] = field(default_factory=dict)  # name here → "module" or "module.name"


class _Texts:
    """Follows translated texts through variables and what functions return."""

    def __init__(self, trees: Mapping[str, ast.Module]) -> None:
        self.modules = {name: _Module(tree, _imports(tree)) for name, tree in trees.items()}
        self.returns: dict[str, Kind] = {f"{TRANSLATION}.{name}": "text" for name in TRANSLATING}
        self.returns |= {f"{LANGUAGE}.{name}": "text" for name in TRANSLATING}
        while self._learn():
            pass

    def _learn(self) -> bool:
        """Note the functions that return texts; whether there was a new one."""
        before = len(self.returns)
        for name, module in self.modules.items():
            for function in _functions(module.tree):
                if isinstance(function, ast.Module) or f"{name}.{function.name}" in self.returns:
                    continue
                if function.returns is None or "str" not in ast.unparse(function.returns):
                    continue
                known = self._variables(name, function)
                given = [
                    node.value for node in _within(function) if isinstance(node, ast.Return) and node.value
                ]
                kinds = {self._kind(name, value, known) for value in given}
                if name.startswith(LANGUAGE) and _gives_text(function):
                    kinds |= {"text"}
                for kind in ("text", "texts"):
                    if kind in kinds and (kind == "texts" or _gives_text(function)):
                        self.returns[f"{name}.{function.name}"] = kind
        return len(self.returns) > before

    def glued(self, name: str) -> Iterator[tuple[int, str]]:
        """Where the module of this name glues texts."""
        for function in _functions(self.modules[name].tree):
            known = self._variables(name, function)
            for node in _within(function):
                match node:
                    case ast.BinOp(op=ast.Add()) if "text" in (
                        self._kind(name, node.left, known),
                        self._kind(name, node.right, known),
                    ):
                        yield node.lineno, "a translated text is glued with +"
                    case ast.AugAssign(op=ast.Add()) if "text" in (
                        self._kind(name, node.value, known),
                        self._kind(name, node.target, known),
                    ):
                        yield node.lineno, "a translated text is glued with +="
                    case ast.JoinedStr() if any(
                        self._kind(name, part.value, known) == "text"
                        for part in node.values
                        if isinstance(part, ast.FormattedValue)
                    ):
                        yield node.lineno, "a translated text stands in an f-string"
                    case ast.Call(args=[texts]) if (
                        _method(node) == "join" and self._kind(name, texts, known) == "texts"
                    ):
                        yield node.lineno, "translated texts are joined"

    def _variables(self, name: str, function: Function) -> dict[str, Kind]:
        """What each variable of the function holds, wherever it is given."""
        known: dict[str, Kind] = {}
        while True:
            before = dict(known)
            for node in _within(function):
                match node:
                    case ast.Assign(targets=targets, value=value):
                        for target in targets:
                            self._bind(name, target, self._kind(name, value, known), value, known)
                    case ast.AnnAssign(target=target, value=ast.expr() as value):
                        self._bind(name, target, self._kind(name, value, known), value, known)
                    case ast.NamedExpr(target=target, value=value):
                        self._bind(name, target, self._kind(name, value, known), value, known)
                    case ast.For(target=target, iter=values) | ast.comprehension(target=target, iter=values):
                        if self._kind(name, values, known) == "texts" and isinstance(target, ast.Name):
                            known.setdefault(target.id, "text")
                    case ast.Call(func=ast.Attribute(value=ast.Name(id=target), attr="append"), args=[value]):
                        if self._kind(name, value, known):
                            known.setdefault(target, "texts")
            if known == before:
                return known

    def _bind(self, name: str, target: ast.expr, kind: Kind, value: ast.expr, known: dict[str, Kind]) -> None:
        if isinstance(target, ast.Name) and kind:
            known.setdefault(target.id, kind)
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            for one, part in zip(target.elts, value.elts, strict=False):
                self._bind(name, one, self._kind(name, part, known), part, known)

    def _kind(self, name: str, node: ast.expr, known: Mapping[str, Kind]) -> Kind:
        match node:
            case ast.Name(id=variable):
                return known.get(variable)
            case ast.Call():
                return self._kind_of_call(name, node, known)
            case ast.IfExp(body=body, orelse=orelse):
                return self._kind(name, body, known) or self._kind(name, orelse, known)
            case ast.BoolOp(values=values):
                return next((kind for value in values if (kind := self._kind(name, value, known))), None)
            case ast.Subscript(value=held):
                return "text" if self._kind(name, held, known) == "texts" else None
            case ast.Dict(values=parts) | ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
                return "texts" if any(self._kind(name, part, known) for part in parts if part) else None
            case ast.ListComp(elt=part) | ast.GeneratorExp(elt=part) | ast.SetComp(elt=part):
                return "texts" if self._kind(name, part, known) else None
            case ast.DictComp(value=part):
                return "texts" if self._kind(name, part, known) else None
            case ast.Starred(value=value) | ast.NamedExpr(value=value):
                return self._kind(name, value, known)
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                return self._kind(name, left, known) or self._kind(name, right, known)
        return None

    def _kind_of_call(self, name: str, call: ast.Call, known: Mapping[str, Kind]) -> Kind:
        if isinstance(call.func, ast.Attribute) and _method(call) in _KEEPING:
            return self._kind(name, call.func.value, known)
        imported = self.modules[name].imported
        match call.func:
            case ast.Name(id=function):
                return self.returns.get(imported.get(function, f"{name}.{function}"))
            case ast.Attribute(value=ast.Name(id=module), attr=function) if module in imported:
                return self.returns.get(f"{imported[module]}.{function}")
        return None


_KEEPING = {"format", "replace", "strip", "lower", "upper", "capitalize", "title", "get", "values"}
"""Methods of a text or of something that holds texts, whose answer is of the same kind or one of them."""


@cache
def _nodes(tree: ast.Module) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(tree))


@cache
def _parse(source: str) -> ast.Module:
    return ast.parse(source)


def _imports(tree: ast.Module) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in _nodes(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _errors(trees: Iterable[ast.Module]) -> set[str]:
    """The names of the subclasses of LabError, and of theirs."""
    classes = [node for tree in trees for node in _nodes(tree) if isinstance(node, ast.ClassDef)]
    found: set[str] = {"LabError"}
    while True:
        heirs = {node.name for node in classes if any(_last(base) in found for base in node.bases)}
        if heirs <= found:
            return found - {"LabError"}
        found |= heirs


@cache
def _functions(tree: ast.Module) -> list[Function]:
    """The module itself and every function in it."""
    inner = [node for node in _nodes(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [tree, *inner]


@cache
def _within(function: Function) -> tuple[ast.AST, ...]:
    """Every node of a function that belongs to no function within it; lambdas are part of it."""
    found: list[ast.AST] = list(ast.iter_child_nodes(function))
    for node in found:  # grows while it is read
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found += ast.iter_child_nodes(node)
    return tuple(found)


def _gives_text(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return isinstance(function.returns, ast.Name) and function.returns.id == "str"


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    return (node for node in _nodes(tree) if isinstance(node, ast.Call))


def _called(call: ast.Call) -> str:
    return _last(call.func)


def _method(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _last(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _placeholders(text: str, formatted: bool = True) -> set[str]:
    """Names in braces; %{…} is Plotly's own in a text that nobody formats."""
    plain = text if formatted else re.sub(r"%\{[^}]*\}", "", text)
    names = (name for _text, name, _spec, _conversion in Formatter().parse(plain) if name is not None)
    return {re.split(r"[.\[]", name)[0] for name in names}


def _keywords(call: ast.Call, literals: Mapping[str, ast.Dict]) -> set[str]:
    """The names a call gives values for, with those of dictionaries that are written out beside it."""
    found = {keyword.arg for keyword in call.keywords if keyword.arg is not None}
    for keyword in call.keywords:
        if keyword.arg is None and isinstance(keyword.value, ast.Name) and keyword.value.id in literals:
            found |= {_literal(key) or "" for key in literals[keyword.value.id].keys if key is not None}
    return found


def _spreads(call: ast.Call, literals: Mapping[str, ast.Dict] | None = None) -> bool:
    """Whether it gives values from a dictionary that is not written out beside it."""
    return any(
        keyword.arg is None and _last(keyword.value) not in (literals or {}) for keyword in call.keywords
    )


def _braced(names: set[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names))
