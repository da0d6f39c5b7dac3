"""The hyper-parameters of a ResNet, each at the value that makes it ResNet-18."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Generic, cast
from typing import Literal as L

from typed_resnet.dims import OrZero
from typed_resnet.errors import ConfigError
from typed_resnet.layers.hyperparameters import whole

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    C0 = TypeVar("C0", bound=int, default=L[64])
    K = TypeVar("K", bound=int, default=L[7])
    S = TypeVar("S", bound=int, default=L[2])
    P = TypeVar("P", bound=OrZero, default=L[3])
    PoolK = TypeVar("PoolK", bound=int, default=L[3])
    PoolS = TypeVar("PoolS", bound=int, default=L[2])
    C1 = TypeVar("C1", bound=int, default=L[64])
    C2 = TypeVar("C2", bound=int, default=L[128])
    C3 = TypeVar("C3", bound=int, default=L[256])
    C4 = TypeVar("C4", bound=int, default=L[512])
else:
    from typing import TypeVar

    C0, K, S, PoolK, PoolS, C1, C2, C3, C4 = (
        TypeVar(name, bound=int)
        for name in ("C0", "K", "S", "PoolK", "PoolS", "C1", "C2", "C3", "C4")
    )
    P = TypeVar("P", bound=OrZero)


@dataclasses.dataclass(frozen=True)
class ResNetConfig(Generic[C0, K, S, P, PoolK, PoolS, C1, C2, C3, C4]):
    """The widths, windows and depths of a ResNet.

    Its type holds the sizes; one that is left out has the size that its variable has by default.
    The casts say so: no checker takes 64 for a value of C0.

    Raises: ConfigError.
    """

    stem_out_channels: C0 = cast(Any, 64)
    stem_kernel: K = cast(Any, 7)
    stem_stride: S = cast(Any, 2)
    stem_padding: P = cast(Any, 3)
    pool_kernel: PoolK = cast(Any, 3)
    pool_stride: PoolS = cast(Any, 2)
    stage1_out_channels: C1 = cast(Any, 64)
    stage2_out_channels: C2 = cast(Any, 128)
    stage3_out_channels: C3 = cast(Any, 256)
    stage4_out_channels: C4 = cast(Any, 512)
    stage1_blocks: int = 2
    stage2_blocks: int = 2
    stage3_blocks: int = 2
    stage4_blocks: int = 2
    use_projection_shortcuts: bool = False

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if field.name != "use_projection_shortcuts":
                whole("ResNetConfig", field.name, value, least=int(field.name != "stem_padding"))
            elif not isinstance(value, bool):
                raise ConfigError(f"ResNetConfig expects {field.name} to be a bool, got {value!r}")


resnet18_config: ResNetConfig[
    L[64], L[7], L[2], L[3], L[3], L[2], L[64], L[128], L[256], L[512]
] = ResNetConfig()

resnet18_config_with_projections: ResNetConfig[
    L[64], L[7], L[2], L[3], L[3], L[2], L[64], L[128], L[256], L[512]
] = ResNetConfig(use_projection_shortcuts=True)
