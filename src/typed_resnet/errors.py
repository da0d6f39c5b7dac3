"""The errors this library raises: one family, each also the built-in error one expects."""


class TypedResNetError(Exception):
    """Everything this library raises on purpose."""


class ShapeError(TypedResNetError, TypeError):
    """A size, rank or window does not fit what a signature declares."""


class DTypeError(TypedResNetError, TypeError):
    """An array's scalar type is not one that the operation takes."""


class ConfigError(TypedResNetError, ValueError):
    """A hyper-parameter is out of its range, or contradicts another."""


class WeightsError(TypedResNetError, ValueError):
    """Stored weights are not those of the model."""


class GradientError(TypedResNetError, RuntimeError):
    """A derivative was asked for that cannot be given; none is ever lost in silence."""
