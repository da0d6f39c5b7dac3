"""A model on one input: each layer's shape as mypy infers it, beside that of the array.

source      what mypy makes of the modules that the model is written in
inference   its symbolic types, followed from call to call, with numbers for the symbols
steps       what each of the layers of a composition, one after another, makes of a shape
trace       the model run on an array
rows        both, joined by each layer's name
flow        the model run once more, to see what takes what
table       the table that `typed-resnet summary` prints
"""

from typed_resnet.summary.command import main as main
from typed_resnet.summary.command import show as show
from typed_resnet.summary.flow import flow as flow
from typed_resnet.summary.rows import Summary as Summary
from typed_resnet.summary.rows import multiply_adds as multiply_adds
from typed_resnet.summary.rows import summarize as summarize
from typed_resnet.summary.source import Source as Source
from typed_resnet.summary.table import table as table

__all__ = ["Source", "Summary", "flow", "main", "multiply_adds", "show", "summarize", "table"]
