"""The run-time hook: every call checked against its own signature, in the words that mypy prints.

hint, forms     what an annotation is, and what it asks for; reading takes the one for the other
verdict         the quick yes: generated text over plain ints
demands, judge  the slow word: `dims` matches, `dims` puts it into a sentence
notes           what stands below the sentence: which item, and where each size comes from
wrapper, typed  the function that stands in for a checked one
overloads       the same for a function of several signatures
scope           the sizes of the call under way, for `cast` and `isinstance`
"""

from typed_resnet.runtime import scope as scope
from typed_resnet.runtime.checked import typed as typed
from typed_resnet.runtime.composition import check_composition as check_composition
from typed_resnet.runtime.composition import flow_of as flow_of
from typed_resnet.runtime.fields import layer_sizes as layer_sizes
from typed_resnet.runtime.fields import printed_type as printed_type
from typed_resnet.runtime.hint import tensor_hint as tensor_hint
from typed_resnet.runtime.import_hook import install_import_hook as install_import_hook
from typed_resnet.runtime.indexing import indexed as indexed
from typed_resnet.runtime.others import HintError as HintError
from typed_resnet.runtime.overloads import typed_overloads as typed_overloads
from typed_resnet.runtime.scope import cast as cast
from typed_resnet.runtime.shapes import check_product as check_product
from typed_resnet.runtime.shapes import check_same_shape as check_same_shape
from typed_resnet.runtime.shapes import sizes as sizes
