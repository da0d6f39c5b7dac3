"""What a generator yields, is sent and returns, checked as it passes.

A symbol stands for one size throughout: what the first item has bound, the second must have.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Mapping
from typing import Any

from typed_resnet.runtime.demands import Sizes
from typed_resnet.runtime.judge import judge_passing
from typed_resnet.runtime.signature import Signature

Values = Mapping[str, Any]


def flow(
    generator: Generator[Any, Any, Any], signature: Signature, values: Values, sizes: Sizes
) -> Generator[Any, Any, Any]:
    """Pass on what a generator yields and is sent, and what it returns at its end."""
    passing = _Passing(signature, values, sizes)
    try:
        item = next(generator)
        while True:
            passing.check(0, item)
            try:
                sent = yield item
            except GeneratorExit:
                raise
            except BaseException as error:
                item = generator.throw(error)
            else:
                passing.check(1, sent)
                item = generator.send(sent)
    except StopIteration as end:
        passing.check(2, end.value)
        return end.value
    finally:
        generator.close()


async def async_flow(
    generator: AsyncGenerator[Any, Any], signature: Signature, values: Values, sizes: Sizes
) -> AsyncGenerator[Any, Any]:
    """Pass on what an asynchronous generator yields and is sent."""
    passing = _Passing(signature, values, sizes)
    try:
        item = await anext(generator)
        while True:
            passing.check(0, item)
            try:
                sent = yield item
            except GeneratorExit:
                raise
            except BaseException as error:
                item = await generator.athrow(error)
            else:
                passing.check(1, sent)
                item = await generator.asend(sent)
    except StopAsyncIteration:
        return
    finally:
        await generator.aclose()


class _Passing:
    """Judges what passes, with all that was bound before."""

    def __init__(self, signature: Signature, values: Values, sizes: Sizes) -> None:
        self.signature = signature
        self.values = values
        self.sizes = sizes

    def check(self, way: int, value: Any) -> None:
        """Judge a value by the form of its way; None is what `next` sends."""
        forms = self.signature.flow
        if way >= len(forms) or not forms[way].sized or (way == 1 and value is None):
            return
        verb = ("yields", "is sent", "returns")[way]
        error = judge_passing(self.signature, self.values, forms[way], value, self.sizes, verb)
        if error is not None:
            raise error from None
