"""What runs later than the page was drawn asks who is there then; nothing keeps a principal."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from core.settings import PROJECT

DOWNLOADS = "dashboard/kit/submit.py"
LATER = {"args", "kwargs", "on_click", "on_change", "on_select", "on_submit"}


def sources() -> dict[str, ast.Module]:
    paths = [path for top in ("dashboard", "pages") for path in (PROJECT / top).rglob("*.py")]
    assert len(paths) > 80
    return {
        path.relative_to(PROJECT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in paths
    }


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> list[ast.arg]:
    given = function.args
    return [*given.posonlyargs, *given.args, *given.kwonlyargs]


def principals(tree: ast.Module) -> set[str]:
    """Names that hold a principal anywhere in a module: so annotated, or who() was asked."""
    found = {"principal"}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found |= {
                each.arg
                for each in parameters(node)
                if each.annotation is not None and ast.unparse(each.annotation) == "Principal"
            }
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Call)
            and ast.unparse(node.value.func).endswith("who")
        ):
            found |= {each.id for each in node.targets if isinstance(each, ast.Name)}
    return found


def drawn_now(tree: ast.Module) -> set[ast.AST]:
    """The parts given to ``draw_tabs``: it calls the one in sight at once, and keeps none."""
    return {
        part
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("draw_tabs")
        for given in node.args
        for parts in ast.walk(given)
        if isinstance(parts, ast.Dict)
        for value in parts.values
        for part in ((value.body, value.orelse) if isinstance(value, ast.IfExp) else (value,))
    }


def run_later(tree: ast.Module) -> Iterator[ast.AST]:
    """Functions inside functions, partials, and what a widget is given to call."""
    now = drawn_now(tree)
    for node in ast.walk(tree):
        if node in now:
            continue
        if isinstance(node, ast.Lambda):
            yield node
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from (
                inner
                for inner in ast.walk(node)
                if inner is not node and isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef)
            )
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("partial"):
            yield node
        elif isinstance(node, ast.keyword) and node.arg in LATER:
            yield node.value


def kept_in(tree: ast.Module) -> list[str]:
    names = principals(tree)
    found = []
    for later in run_later(tree):
        own: set[str] = set()
        if isinstance(later, ast.Lambda | ast.FunctionDef | ast.AsyncFunctionDef):
            own = {each.arg for each in parameters(later)}
        found += [
            f"line {node.lineno}: {node.id}"
            for node in ast.walk(later)
            if isinstance(node, ast.Name) and node.id in names - own
        ]
    return found


def test_nothing_that_runs_later_keeps_a_principal() -> None:
    found = {path: kept for path, tree in sources().items() if (kept := kept_in(tree))}
    assert found == {}


def test_this_test_sees_every_way_to_keep_one() -> None:
    kept = (
        "def draw(principal: Principal):\n    st.button('x', on_click=go, args=(principal,))",
        "def draw(principal):\n    st.download_button('x', partial(make, principal))",
        "def draw(asker: Principal):\n    mount(lambda: freeze(asker))",
        "who = context.who()\nst.download_button('x', lambda: make(who))",
        "def draw(principal):\n    def go():\n        discard(engine(), principal)\n    attempt(go)",
        "draw_tabs('t', {'a': lambda: download('x', lambda: make(principal))})",
    )
    assert [bool(kept_in(ast.parse(source))) for source in kept] == [True] * len(kept)
    asked = "def draw(principal):\n    go(principal)\n    download('x', lambda who: make(who))"
    assert kept_in(ast.parse(asked)) == []
    assert kept_in(ast.parse("draw_tabs('t', {'a': partial(draw, principal)})")) == []


def test_every_file_is_made_by_the_one_button_that_asks() -> None:
    found = [
        path
        for path, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "download_button"
    ]
    assert found == [DOWNLOADS]


def test_every_file_field_is_known_to_the_server_before_it_is_drawn() -> None:
    """Which takes a file for no other page."""

    def calls(function: ast.AST, name: str) -> list[int]:
        return [
            node.lineno
            for node in ast.walk(function)
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(name)
        ]

    fields = {
        (path, line) for path, tree in sources().items() for line in calls(tree, "st.file_uploader")
    }
    assert fields
    known = {
        (path, line)
        for path, tree in sources().items()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for line in calls(function, "st.file_uploader")
        if min(calls(function, "expect_files"), default=line) < line
    }
    assert known == fields
