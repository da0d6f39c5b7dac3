"""Laws of normal forms and decisions, for sizes that hypothesis makes."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from typed_resnet.dims.answers import Different, Equal, Undecided
from typed_resnet.dims.decision import decide
from typed_resnet.dims.normal_form import Dim, normal_form
from typed_resnet.dims.ranges import Always, Never, Sometimes, at_least
from typed_resnet.dims.term import Operation, Symbol, Term, Undefined, compile_term, evaluate

SYMBOLS = (Symbol("C"), Symbol("H"), Symbol("P", 0), Symbol("W"))
numbers = st.integers(0, 7)
positive = st.integers(1, 5)

# The first sizes fill the caches, and take longest.
law = settings(max_examples=60)


def _grow(sizes: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    def of(operator: str, *arguments: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
        return st.builds(lambda *terms: Operation(operator, terms), *arguments)

    return st.one_of(
        *(of(operator, sizes, sizes) for operator in ("Add", "Sub", "Min", "Max", "Mul")),
        *(of(operator, sizes, positive) for operator in ("FloorDiv", "CeilDiv", "ExactDiv")),
        *(of(operator, sizes, st.sampled_from(SYMBOLS)) for operator in ("FloorDiv", "ExactDiv")),
        of("ConvOut", sizes, positive, positive, numbers),
    )


sizes = st.recursive(st.one_of(numbers, st.sampled_from(SYMBOLS)), _grow, max_leaves=5)
values = st.fixed_dictionaries({symbol: st.integers(symbol.least, 40) for symbol in SYMBOLS})


def form_of(term: Term) -> Dim | None:
    try:
        return normal_form(term)
    except Undefined:
        return None


def value_of(term: Term | Dim, at: dict[Symbol, int]) -> int | None:
    try:
        return term.evaluate(at) if isinstance(term, Dim) else evaluate(term, at)
    except Undefined:
        return None


@law
@given(sizes, values)
def test_form_has_the_value_of_the_term(term: Term, at: dict[Symbol, int]) -> None:
    """Wherever a term has a value its normal form has the same."""
    form, value = form_of(term), value_of(term, at)
    if value is not None:
        assert form is not None
        assert value_of(form, at) == value


@law
@given(sizes)
def test_form_is_read_back(term: Term) -> None:
    form = form_of(term)
    if form is not None:
        assert normal_form(form.term) == form
        assert normal_form(form) is form


@law
@given(sizes, st.sampled_from(SYMBOLS), sizes, values)
def test_substitution_then_value(
    term: Term, symbol: Symbol, put: Term, at: dict[Symbol, int]
) -> None:
    """Putting a size for a symbol, then evaluating, is evaluating with the size's value."""
    form, size, value = form_of(term), form_of(put), value_of(put, at)
    if form is None or size is None or value is None or value < symbol.least:
        return
    expected = value_of(form, {**at, symbol: value})
    if expected is not None:
        assert value_of(form.substitute({symbol: size}), at) == expected


@law
@given(sizes, sizes, values)
def test_sums_and_products(a: Term, b: Term, at: dict[Symbol, int]) -> None:
    p, q = form_of(a), form_of(b)
    if p is None or q is None:
        return
    x, y = value_of(p, at), value_of(q, at)
    if x is not None and y is not None:
        assert (value_of(p + q, at), value_of(p - q, at)) == (x + y, x - y)
        assert value_of(p * q, at) == x * y


@law
@given(sizes, sizes)
def test_decision_is_symmetric(a: Term, b: Term) -> None:
    p, q = form_of(a), form_of(b)
    if p is None or q is None:
        return
    one, other = decide(p, q), decide(q, p)
    assert type(one) is type(other)
    if isinstance(one, Different) and isinstance(other, Different):
        assert (one.at, one.left, one.right) == (other.at, other.right, other.left)


@law
@given(sizes, sizes)
def test_decision_holds_at_all_small_points(a: Term, b: Term) -> None:
    """Equal sizes are equal, and no smaller point tells different ones apart."""
    p, q = form_of(a), form_of(b)
    if p is None or q is None:
        return
    decision = decide(p, q)
    symbols = sorted(p.symbols | q.symbols, key=lambda symbol: symbol.name)
    f, g = compile_term(p.term, symbols), compile_term(q.term, symbols)
    if isinstance(decision, Different):
        assert decision.left != decision.right
        assert f(*decision.at.values()) == decision.left
        assert g(*decision.at.values()) == decision.right
    for point in itertools.product(*(range(s.least, s.least + 5) for s in symbols)):
        before = isinstance(decision, Different) and (sum(point), point) < (
            sum(decision.at.values()),
            tuple(decision.at.values()),
        )
        if isinstance(decision, Equal | Undecided) or before:
            try:
                assert f(*point) == g(*point)
            except Undefined:
                continue


@law
@given(sizes, st.integers(-3, 6), values)
def test_range_holds(term: Term, bound: int, at: dict[Symbol, int]) -> None:
    form = form_of(term)
    if form is None:
        return
    value = value_of(form, at)
    match at_least(form, bound):
        case Always():
            assert value is None or value >= bound
        case Never(point, least):
            assert least == form.evaluate(point) < bound
            assert value is None or value < bound
        case Sometimes() as depends:
            assert depends.at is None or form.evaluate(depends.at) < bound
