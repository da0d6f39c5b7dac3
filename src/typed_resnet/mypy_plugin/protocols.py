"""Find of which sizes a value meets a Protocol: an encoder as `Encoder[3, 16]`.

Its members say that, and mypy compares them. Here their sizes are read, to be matched with all
others of a call, so that a sentence can name the one that is wrong.
"""

from __future__ import annotations

from mypy.constraints import SUPERTYPE_OF, infer_constraints
from mypy.types import Instance, TypeVarId
from mypy.typevars import fill_typevars

from typed_resnet.mypy_plugin.classes import size_parameters
from typed_resnet.mypy_plugin.queries import free_variables
from typed_resnet.mypy_plugin.translate import Reader


def as_protocol(value: Instance, wanted: Instance) -> Instance | None:
    """Give a value as the Protocol that it meets; None where its members do not say all sizes."""
    template = fill_typevars(wanted.type)
    if not wanted.type.is_protocol or not isinstance(template, Instance):
        return None
    own = set(free_variables(value))
    sizes = {variable.id: place for place, variable in size_parameters(wanted.type)}
    arguments = list(wanted.args)
    found: set[TypeVarId] = set()
    for constraint in infer_constraints(template, value, SUPERTYPE_OF):
        variable, size = constraint.type_var, constraint.target
        if variable not in sizes:
            continue
        if Reader().term(size) is None or not own.issuperset(free_variables(size)):
            return None  # a method that is for all sizes says none
        if variable in found and arguments[sizes[variable]] != size:
            return None
        arguments[sizes[variable]] = size
        found.add(variable)
    if len(found) < len(sizes):
        return None
    return wanted.copy_modified(args=arguments)
