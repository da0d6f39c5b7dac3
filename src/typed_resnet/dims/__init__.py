"""Sizes: their names, their arithmetic, and what can be proved of them.

A signature is written with the names below. What they mean is decided in this package, and read
from here by the mypy plugin, the run-time hook and the editor alike. From the ground up:

    term           sizes as written, and their values     printer     sizes as people read them
    polynomial     the arithmetic of forms                values      forms at points
    waves          floors by a number, in a basis         staircase   waves with few floors
    bends          lines that bend                        clamps      as the smaller of two
    one_symbol     sizes of one symbol, by their values   sweep       two of them, compared
    division       floors, by numbers and by sizes        quotients   divisions that are exact
    squares        minima times themselves                lines       sizes beside each other
    extremes       minima and maxima                      spelling    which of these to write
    written        the term of a form                     reading     the form of a term
    normal_form    one way to write each size
    integers       whole solutions of inequalities        linear      sizes as inequalities
    solutions      the smallest of them                   points      small values of symbols
    inequalities   two sizes as these                     repetition  few values that tell all
    concave        minima without regions                 characters  sums of floors that are 0
    boxes          the nearest difference                 components  sizes part by part
    residues       exact divisions, by classes            literal     what is too long for a form
    pointwise      sizes point by point                   answers     what a comparison finds
    decision       equal for all, or where not            ranges      at least one, or when
    bounds         what a size lies between               products    the product of a run of axes
    attainable     whether a size can be a number

    operators, variables            the names of signatures
    parts, matching, conditions     a call against a signature
    slicing, composition            indexing; layers one after another
    failures                        what is wrong with a call
    examples                        sizes that show it
    sentences, condition_sentences, indexing_sentences, nouns, reasons    what is wrong, in words

What stands for a size is a frozen data class: it is a key, equal only to its own kind. What one
step found and hands to the next is a named tuple: such a class is made in a fraction of the time.
"""

from typed_resnet.dims.operators import CHECKED as CHECKED
from typed_resnet.dims.operators import Add as Add
from typed_resnet.dims.operators import CeilDiv as CeilDiv
from typed_resnet.dims.operators import ConvOut as ConvOut
from typed_resnet.dims.operators import Divides as Divides
from typed_resnet.dims.operators import Equal as Equal
from typed_resnet.dims.operators import ExactDiv as ExactDiv
from typed_resnet.dims.operators import FloorDiv as FloorDiv
from typed_resnet.dims.operators import Max as Max
from typed_resnet.dims.operators import Min as Min
from typed_resnet.dims.operators import Mul as Mul
from typed_resnet.dims.operators import Product as Product
from typed_resnet.dims.operators import Stretches as Stretches
from typed_resnet.dims.operators import Sub as Sub
from typed_resnet.dims.variables import B as B
from typed_resnet.dims.variables import C as C
from typed_resnet.dims.variables import Cin as Cin
from typed_resnet.dims.variables import Cout as Cout
from typed_resnet.dims.variables import H as H
from typed_resnet.dims.variables import K as K
from typed_resnet.dims.variables import N as N
from typed_resnet.dims.variables import OrZero as OrZero
from typed_resnet.dims.variables import P as P
from typed_resnet.dims.variables import S as S
from typed_resnet.dims.variables import W as W

__all__ = [
    "CHECKED",
    "Add",
    "B",
    "C",
    "CeilDiv",
    "Cin",
    "ConvOut",
    "Cout",
    "Divides",
    "Equal",
    "ExactDiv",
    "FloorDiv",
    "H",
    "K",
    "Max",
    "Min",
    "Mul",
    "N",
    "OrZero",
    "P",
    "Product",
    "S",
    "Stretches",
    "Sub",
    "W",
]
