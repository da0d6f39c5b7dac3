"""Find what a call returns that no value can be: a size below its least, a window too large."""

from __future__ import annotations

from typing import NamedTuple

from mypy.nodes import Context
from mypy.types import CallableType, Instance, TupleType, get_proper_type, get_proper_types

from typed_resnet.dims.matching import Match
from typed_resnet.dims.sentences import out_of_range
from typed_resnet.dims.term import Operation
from typed_resnet.mypy_plugin.classes import is_tensor
from typed_resnet.mypy_plugin.codes import SHAPE_RANGE
from typed_resnet.mypy_plugin.findings import Finding
from typed_resnet.mypy_plugin.parts import Walker
from typed_resnet.mypy_plugin.signatures import Callee
from typed_resnet.mypy_plugin.translate import Reader
from typed_resnet.mypy_plugin.wellformed import WellFormed
from typed_resnet.mypy_plugin.windows import window_of


class Impossible(NamedTuple):
    """Looks at what one call returns."""

    callee: Callee
    where: Context
    well_formed: WellFormed
    prove: bool
    """Whether a size must be proved to be large enough."""

    def found(
        self, signature: CallableType, filled: CallableType, matched: Match, walker: Walker
    ) -> Finding | None:
        """Find a size of the result that can never be one or more."""
        result = get_proper_type(signature.ret_type)
        several = get_proper_types(result.items) if isinstance(result, TupleType) else [result]
        tensors = [one for one in several if isinstance(one, Instance) and is_tensor(one.type)]
        if not tensors:
            found = self._broken(signature, filled) or self.well_formed.defect(filled.ret_type)
            return None if found is None else Finding(found, self.where, SHAPE_RANGE)
        found_in = (
            self._too_small(signature, one, several.index(one), matched, walker) for one in tensors
        )
        return next((finding for finding in found_in if finding is not None), None)

    def _broken(self, signature: CallableType, filled: CallableType) -> str | None:
        """Say that a size that is returned has no value."""
        result = get_proper_type(filled.ret_type)
        term = Reader().term(result) if isinstance(result, Instance) else None
        if not isinstance(term, Operation):
            return None
        return out_of_range(self.callee.who(signature), term, {}, None, 0, least=None)

    def _too_small(
        self,
        signature: CallableType,
        result: Instance,
        place: int,
        matched: Match,
        walker: Walker,
    ) -> Finding | None:
        """Find a size of one Tensor of the result that can never be one or more."""
        known = {symbol: size for symbol, size in matched.sizes.items() if size is not None}
        for axis, term in enumerate(walker.formals.axes(result.args)):
            if not isinstance(term, Operation):
                continue
            if out_of_range("", term, known, None, axis, prove=self.prove) is None:
                continue  # as nearly always, and then no name is asked for
            who, names = self.callee.who(signature), self.callee.result_names(signature, place)
            name = names[axis] if axis < len(names) else None
            window = window_of(self.callee, signature, place, axis, known)
            message = out_of_range(who, window or term, known, name, axis, prove=self.prove)
            if message is not None:
                return Finding(message, self.where, SHAPE_RANGE)
        return None
