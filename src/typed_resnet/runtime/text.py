"""The Python text of a checked function.

Of `Conv2D.__call__` it is, in short:

    def __call__(self, x):
        try:
            __sizes = sizes of self
            __fits = x.__class__ is Tensor and len(__shape := x.shape) >= 3 and ...
            __expected = (*__sizes['*B'], __sizes['Cout'], ...)
        except Exception:  # not computed, so not decided
            __fits = False
        if not __fits:
            __sizes = judge_arguments(...)
        __result = the function itself
        if __result.shape == __expected:
            return __result
        ...
"""

from __future__ import annotations

import inspect
import keyword
import typing
from collections.abc import Iterator
from inspect import Parameter
from types import FunctionType
from typing import Any, Final

from typed_resnet.dims.matching import Star
from typed_resnet.dims.term import Operation
from typed_resnet.runtime import fields
from typed_resnet.runtime.flow import async_flow, flow
from typed_resnet.runtime.forms import Form, SizeForm, TensorForm
from typed_resnet.runtime.judge import judge_arguments, judge_result
from typed_resnet.runtime.names import SIZES, LocalNames, Names, sizes_among
from typed_resnet.runtime.others import checker
from typed_resnet.runtime.scope import SIGNATURE
from typed_resnet.runtime.signature import Kind, Signature
from typed_resnet.runtime.verdict import condition, is_simple, known_before

_FUNCTION: Final = "__function"

Parts = tuple[list[str], list[str], list[str]]
"""The lines of a body: up to the call of the function itself, that call, and the rest."""


def head(function: FunctionType, parameters: list[Parameter]) -> str:
    """Write `def name(self, x, *, key):`."""
    name = function.__name__
    name = name if name.isidentifier() and not keyword.iskeyword(name) else "call"
    kind = "async def" if is_async(function) else "def"
    bare = [p.replace(default=Parameter.empty, annotation=Parameter.empty) for p in parameters]
    return f"{kind} {name}{inspect.Signature(bare)}:"


def defaults(parameters: list[Parameter]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    given = [p for p in parameters if p.default is not Parameter.empty]
    keys = {p.name: p.default for p in given if p.kind is Parameter.KEYWORD_ONLY}
    return tuple(p.default for p in given if p.name not in keys), keys


def is_async(function: FunctionType) -> bool:
    return inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)


def call_of(function: str, parameters: list[Parameter]) -> str:
    """Write the call that passes on the parameters."""
    return f"{function}({', '.join(map(_passed, parameters))})"


def _passed(parameter: Parameter) -> str:
    match parameter.kind:
        case Parameter.VAR_POSITIONAL:
            return f"*{parameter.name}"
        case Parameter.KEYWORD_ONLY:
            return f"{parameter.name}={parameter.name}"
        case Parameter.VAR_KEYWORD:
            return f"**{parameter.name}"
    return parameter.name


def returning(function: FunctionType, call: str) -> list[str]:
    """Write the call of a function whose result is not looked at."""
    if inspect.isasyncgenfunction(function):
        return _ASYNC_GENERATOR.format(call=call).split("\n")
    if inspect.isgeneratorfunction(function):
        return [f"return (yield from {call})"]
    return [f"return await {call}" if is_async(function) else f"return {call}"]


# What `yield from` does, for an asynchronous generator, which has none.
_ASYNC_GENERATOR: Final = """__generator = {call}
try:
    __item = await anext(__generator)
    while True:
        try:
            __sent = yield __item
        except GeneratorExit:
            raise
        except BaseException as __error:
            __item = await __generator.athrow(__error)
        else:
            __item = await __generator.asend(__sent)
except StopAsyncIteration:
    return
finally:
    await __generator.aclose()"""


class Text:
    """Writes the text of one checked function."""

    def __init__(self, signature: Signature) -> None:
        self.signature = signature
        self.sized = {name: form for name, form in signature.forms.items() if form.sized}
        self.known = known_before(self.sized.values()) | {*signature.own_sizes, *signature.around}
        self.names = LocalNames() if self._is_straight() else Names()
        self.names.namespace |= {
            SIGNATURE: signature,
            _FUNCTION: signature.function,
            "__sizes_as": fields.sizes_as,
            "__owner": signature.owner,
            "__judge_arguments": judge_arguments,
            "__judge_result": judge_result,
        }
        values = (f"{p.name!r}: {p.name}" for p in signature.parameters)
        self.values = f"{{{', '.join(values)}}}"

    def parts(self) -> Parts:
        """Write what is done before the call, the call, and what is done with its result."""
        signature = self.signature
        before = [*self._others(), *self._arguments()]
        call = self._call()
        if any(form.sized for form in signature.flow):
            self.names.namespace |= {"__flow": flow, "__async_flow": async_flow}
            make = "__async_flow" if is_async(signature.function) else "__flow"
            call = f"{make}({call}, {SIGNATURE}, {self.values}, {self._sizes()})"
        if signature.result.plain is typing.Any:
            return before, returning(signature.function, call), []
        call = f"await {call}" if is_async(signature.function) else call
        return before, [f"__result = {call}"], [*self._result()]

    def _sizes(self) -> str:
        """Write the dict of all the sizes bound."""
        return f"{self.names.constant(sizes_among)}(locals())"

    def _call(self) -> str:
        """Write the call; of an operation that a trace may record, straight where none does."""
        signature = self.signature
        call = call_of(_FUNCTION, signature.parameters)
        untraced = getattr(signature.function, "__untraced__", None)
        carriers = []
        for place, parameter in enumerate(signature.parameters):
            form = signature.forms.get(parameter.name)
            if isinstance(form, TensorForm) or (place == 0 and signature.kind is Kind.METHOD):
                carriers.append(f"{parameter.name}.__trace__ is None")
            elif not isinstance(form, SizeForm):
                return call
        if untraced is None or not carriers:
            return call
        self.names.namespace["__untraced"] = untraced
        straight = call_of("__untraced", signature.parameters)
        return f"({straight} if {' and '.join(carriers)} else {call})"

    def _others(self) -> Iterator[str]:
        """Have beartype check the arguments without sizes, unless their classes are enough."""
        checked = [
            (p, form)
            for p in self.signature.parameters
            if (form := self.signature.forms.get(p.name)) is not None
            and not form.sized
            and form.plain not in (typing.Any, object)
        ]
        made = [(p, form) for p, form in checked if fields.is_factory(p.default)]
        if rest := [pair for pair in checked if pair not in made]:
            yield self._check_of(rest)
        for p, form in made:  # what the factory makes is the class's own
            yield f"if {p.name} is not {self.names.constant(p.default)}:"
            yield f"    {self._check_of([(p, form)])}"

    def _check_of(self, checked: list[tuple[Parameter, Form]]) -> str:
        """Write beartype's check of some arguments, after a look at their classes."""
        parameters = [p.replace(default=Parameter.empty) for p, _ in checked]
        first = head(self.signature.function, parameters).removeprefix("async ")
        hints = {p.name: form.plain for p, form in checked}
        check = self.names.constant(checker(self.signature.function, first, hints))
        call = call_of(check, parameters)
        if all(is_simple(form) and p.kind not in _VARIADIC for p, form in checked):
            fit = (condition(form, p.name, self.names) for p, form in checked)
            return f"if not ({' and '.join(fit)}): {call}"
        return call

    def _is_straight(self) -> bool:
        """Say whether one text binds all sizes, so that local variables can keep them."""
        forms = [*self.sized.values(), self.signature.result]
        return not any(form.inner and form.sized for form in forms) and (
            known_before([self.signature.result]) <= self.known
        )

    def _arguments(self) -> Iterator[str]:
        """Check the arguments with sizes, bind those, and compute the shape of the result."""
        expected = list(self._expected())
        yield f"{SIZES} = {{}}"
        own = [*self._sizes_around(), *self._own_sizes()]
        conditions = [self._unless_factory(name, form) for name, form in self.sized.items()]
        conditions += [f"({fits})" for fits, _ in expected if fits]
        if not own and not conditions:
            yield from (f"__expected = {shape}" for _, shape in expected)
            return
        yield "try:"
        yield from (f"    {line}" for line in own)
        yield f"    __fits = {' and '.join(conditions) or True}"
        yield from (f"    __expected = {shape}" for _, shape in expected)
        yield "except Exception:"  # not computed, so not decided: the slow path judges
        yield "    __fits = False"
        yield "if not __fits:"
        yield f"    {SIZES} = __judge_arguments({SIGNATURE}, {self.values})"
        yield f"    if {SIZES}.__class__ is not dict: raise {SIZES} from None"
        yield from ("    __expected = None" for _ in expected)

    def _sizes_around(self) -> Iterator[str]:
        """Write the sizes of the call in which the function was defined."""
        for name, value in self.signature.around.items():
            is_run = name.startswith("*")
            place = self.names.star(name[1:]) if is_run else self.names.size(name)
            if isinstance(self.names, LocalNames):
                self.names.met.add(place)
            yield f"{place} = {self.names.constant(value)}"

    def _own_sizes(self) -> Iterator[str]:
        """Write how the sizes of `self` come in."""
        own = self.signature.own_sizes
        if not own:
            return
        this = self.signature.parameters[0].name
        kept = f"{this}.__dict__[{fields.KEPT!r}]"
        known = f"{this}.__class__ is __owner and {fields.KEPT!r} in {this}.__dict__"
        brought = f"{kept} if {known} else __sizes_as({this}, __owner)"
        places = [self.names.size(name) for name in own]
        if isinstance(self.names, LocalNames):
            self.names.met.update(places)
        yield f"{', '.join(places)}, = {brought}"

    def _unless_factory(self, name: str, form: Form) -> str:
        """Pass over a field of a dataclass that is left to its default factory."""
        fits = condition(form, name, self.names)
        default = next(p.default for p in self.signature.parameters if p.name == name)
        if fields.is_factory(default):
            return f"({name} is {self.names.constant(default)} or {fits})"
        return fits

    def _expected(self) -> Iterator[tuple[str, str]]:
        """Write the shape that the result must have, and the condition that there is one."""
        result = self.signature.result
        if not isinstance(result, TensorForm) or not known_before([result]) <= self.known:
            return
        axes, conditions = [], []
        for place, axis in enumerate(result.axes.declared):
            if axis is None or (isinstance(axis, Star) and axis.symbol is None):
                return
            if isinstance(axis, Star):
                axes.append(f"*{self.names.star(str(axis.symbol))}")
            elif isinstance(axis, Operation):
                conditions.append(f"(__axis{place} := {self.names.arithmetic(axis)}) >= 1")
                axes.append(f"__axis{place}")
            else:
                axes.append(self.names.arithmetic(axis))
        yield " and ".join(conditions), f"({''.join(f'{axis}, ' for axis in axes)})"

    def _result(self) -> Iterator[str]:
        """Check the result."""
        result = self.signature.result
        if not result.sized:
            first = f"def {self.signature.function.__name__}(result):"
            check = checker(self.signature.function, first, {"return": result.plain})
            self.names.namespace["__other_result"] = check
            call = "__other_result(__result)"
            fits = condition(result, "__result", self.names) if is_simple(result) else "False"
            yield f"if not ({fits}): {call}"
            yield "return __result"
            return
        if list(self._expected()):
            fits = condition(Form(result.plain), "__result", self.names)
            yield f"if {fits} and __result.shape == __expected: return __result"
        else:
            yield "try:"
            yield f"    if {condition(result, '__result', self.names)}: return __result"
            yield "except Exception: pass"  # not computed, so not decided: the slow path judges
        yield f"__wrong = __judge_result({SIGNATURE}, {self.values}, __result, {self._sizes()})"
        yield "if __wrong is not None: raise __wrong from None"
        yield "return __result"


_VARIADIC: Final = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
