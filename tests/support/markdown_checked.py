"""mypy plugin: what a screen takes for Markdown is written in the code or went through ``escaped``.

Streamlit reads bodies, labels and tooltips as Markdown. A text whose words are not in the code may
hold what somebody typed; ``dashboard.kit.typed.escaped`` makes it harmless, and its type says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from mypy.nodes import (
    GDEF,
    AssignmentStmt,
    CallExpr,
    ConditionalExpr,
    Expression,
    ExpressionStmt,
    ForStmt,
    GeneratorExpr,
    ListComprehension,
    ListExpr,
    MemberExpr,
    MypyFile,
    NameExpr,
    OperatorAssignmentStmt,
    OpExpr,
    RefExpr,
    StarExpr,
    StrExpr,
    TupleExpr,
    Var,
)
from mypy.plugin import FunctionContext, MethodContext, Plugin
from mypy.types import (
    Instance,
    LiteralType,
    NoneType,
    TupleType,
    Type,
    UnionType,
    get_proper_type,
)

SHOWN = {"body", "label", "help", "title", "text", "caption", "captions", "delta", "value", "tabs"}
"""Parameters of Streamlit that it reads as Markdown, wherever they occur; ``value`` of a metric."""
FORWARDING = {
    "dashboard.frame.navigation.link": {"label"},
    "dashboard.kit.act.act": {"words"},
    "dashboard.kit.confirm.confirm": {"label", "question", "go"},
    "dashboard.kit.choice.choose": {"label"},
    "dashboard.kit.choice.choose_or_all": {"label"},
    "dashboard.kit.chosen_file.choose_file": {"label"},
    "dashboard.kit.submit.download": {"label"},
    "dashboard.kit.typed.Markdown": {"text"},
}
"""Functions of ours that hand a text on: whoever calls them is looked at instead."""
PLAIN = {"code", "html", "logo", "text", "text_input", "text_area", "st_text"}
"""What Streamlit shows as it is, but for its label and help."""
HARMLESS = (
    "core.boarding.wording.month_text",
    "core.boarding.wording.signed_yen",
    "core.values.fiscal.",
    "core.values.label.",
    "core.values.money.",
    "dashboard.consultations.wording.moment",
    "dashboard.kit.charts.standing.legend_label",
    "dashboard.kit.chosen_file.size_text",
    "dashboard.procurement.wording.legend",
    "dashboard.procurement.wording.meaning",
    "dashboard.trainings.wording.",
    "secrets.token_hex",
)
"""Whose texts are made of numbers, days and words of ours."""
_MAKING = {"dashboard.kit.typed.escaped", "dashboard.kit.typed.paragraphs"}
_NUMBERS = {
    "builtins.float",
    "builtins.int",
    "core.reference.names.Names",  # words of a pack, letters alone: see its declaration
    "core.values.fiscal.PartialDate",
    "dashboard.kit.typed.Markdown",
    "datetime.date",
    "datetime.time",
    "enum.Enum",
    "fractions.Fraction",
}
_SEVERAL = {"builtins.list", "builtins.tuple", "builtins.map", "typing.Iterable", "typing.Sequence"}

Context = FunctionContext | MethodContext


class MarkdownChecked(Plugin):
    """Looks at every call that puts text on a screen."""

    def get_function_hook(self, fullname: str) -> Callable[[FunctionContext], Type] | None:
        """Functions of ours that hand a text on, and ``st.…``."""
        if fullname in FORWARDING:
            return lambda call: _checked(call, FORWARDING[fullname])
        return self._streamlit(fullname)

    def get_method_hook(self, fullname: str) -> Callable[[MethodContext], Type] | None:
        """What containers and columns draw."""
        return self._streamlit(fullname)

    def _streamlit(self, fullname: str) -> Callable[[Any], Type] | None:
        module, _, name = fullname.rpartition(".")
        if not module.startswith("streamlit"):
            return None
        shown = SHOWN - ({"body", "text"} if name in PLAIN else set())
        return lambda call: _checked(call, shown if name == "metric" else shown - {"value"})


def _checked(call: Context, shown: set[str]) -> Type:
    if call.api.path.replace("\\", "/").endswith(_FILES):  # type: ignore[attr-defined]
        return call.default_return_type
    for name, kinds, arguments in zip(
        call.callee_arg_names, call.arg_kinds, call.args, strict=True
    ):
        if name in shown:
            for kind, argument in zip(kinds, arguments, strict=True):
                if not kind.is_star():
                    for found in _unsafe(argument, call):
                        call.api.fail("may hold typed text: see dashboard/kit/typed.py", found)
    return call.default_return_type


_FILES = tuple(f"{module.rpartition('.')[0].replace('.', '/')}.py" for module in FORWARDING)


def _unsafe(text: Expression, call: Context) -> Iterator[Expression]:
    """The pieces of a text that may hold something typed."""
    match text:
        case StrExpr():
            return
        case ConditionalExpr():
            yield from _unsafe(text.if_expr, call)
            yield from _unsafe(text.else_expr, call)
        case OpExpr(op="+" | "*" | "or"):
            yield from _unsafe(text.left, call)
            yield from _unsafe(text.right, call)
        case ListExpr() | TupleExpr():
            for item in text.items:
                yield from _unsafe(item, call)
        case StarExpr():
            yield from _unsafe(text.expr, call)
        case ListComprehension():
            yield from _unsafe(text.generator.left_expr, call)
        case GeneratorExpr():
            yield from _unsafe(text.left_expr, call)
        case CallExpr(callee=MemberExpr(name="join" | "format", expr=said)) if isinstance(
            said, StrExpr
        ) or _harmless(said, call):
            for argument in text.args:
                yield from _unsafe(argument, call)
        case CallExpr(callee=RefExpr(fullname="builtins.map"), args=[RefExpr() as made, _]) if (
            made.fullname in _MAKING
        ):
            return
        case _ if _harmless(text, call):
            return
        case NameExpr(node=Var()) if given := _given(text.node, call):
            for each in given:
                yield from _unsafe(each, call)
        case _:
            yield text


def _harmless(text: Expression, call: Context) -> bool:
    named = text.callee if isinstance(text, CallExpr) else text
    if isinstance(named, RefExpr) and named.fullname.startswith(HARMLESS):
        return True
    if (
        isinstance(named, RefExpr)
        and named.kind == GDEF
        and named.fullname.rpartition(".")[2].isupper()
    ):
        return True
    if isinstance(named, MemberExpr) and _numbers(_kind(named.expr, call)):
        return True
    return _numbers(_kind(text, call))


def _kind(expression: Expression, call: Context) -> Type:
    """The type mypy found; what it has not come to yet it is asked for, and its complaints are not."""
    checker: Any = call.api
    try:
        return checker.lookup_type(expression)  # type: ignore[no-any-return]
    except KeyError:
        with checker.msg.filter_errors(), checker.local_type_map:
            return call.api.get_expression_type(expression)


def _numbers(kind: Type) -> bool:
    """Whether nothing of this type was typed."""
    match get_proper_type(kind):
        case UnionType(items=items) | TupleType(items=items):
            return all(map(_numbers, items))
        case NoneType() | LiteralType():
            return True
        case Instance() as one if one.type.fullname in _SEVERAL:
            return all(map(_numbers, one.args))
        case Instance() as one:
            return any(base.fullname in _NUMBERS for base in one.type.mro)
    return False


def _given(name: Var, call: Context) -> list[Expression]:
    """Everything a name of a text in this file is ever given; nothing where that cannot be seen."""
    tree: MypyFile = call.api.tree  # type: ignore[attr-defined]
    if tree.path not in _ASSIGNED:
        _ASSIGNED[tree.path] = _assigned(tree)
    return _ASSIGNED[tree.path].get(name, [])


_ASSIGNED: dict[str, dict[Any, list[Expression]]] = {}
_WITHIN = ("defs", "func", "body", "else_body", "bodies", "handlers", "finally_body")


def _assigned(tree: MypyFile) -> dict[Any, list[Expression]]:
    """What the names of a file are given, but for those given a part of something."""
    given: dict[Any, list[Expression]] = {}
    parts: set[Any] = set()
    for statement in _statements(tree):
        match statement:
            case AssignmentStmt(lvalues=targets, rvalue=value):
                pass
            case OperatorAssignmentStmt(lvalue=target, rvalue=value):
                targets = [target]
            case ForStmt(index=target):
                targets, value = [TupleExpr([target])], statement.expr
            case ExpressionStmt(expr=CallExpr(callee=MemberExpr(name="append", expr=target))):
                targets, value = [target], statement.expr.args[0]
            case ExpressionStmt(
                expr=CallExpr(callee=MemberExpr(name="extend" | "insert", expr=target))
            ):
                targets, value = [TupleExpr([target])], target
            case _:
                continue
        for target in targets:
            if isinstance(target, NameExpr):
                given.setdefault(target.node, []).append(value)
            elif isinstance(target, TupleExpr | ListExpr):
                parts |= {each.node for each in target.items if isinstance(each, NameExpr)}
    return {name: values for name, values in given.items() if name not in parts}


def _statements(node: Any) -> Iterator[Any]:
    if isinstance(node, list | tuple):
        for each in node:
            yield from _statements(each)
    elif node is not None:
        yield node
        for name in _WITHIN:
            yield from _statements(getattr(node, name, None))


def plugin(_version: str) -> type[Plugin]:
    """What mypy asks for."""
    return MarkdownChecked
