"""A tree as LaTeX: brackets where the tree needs them, and nowhere else."""

from collections.abc import Sequence

from autograder.mathematics.formulas.tree import (
    Above,
    Applied,
    Cases,
    Condition,
    Fraction,
    Function,
    Matrix,
    Negative,
    Node,
    Number,
    Operation,
    Partial,
    Plus,
    Power,
    Symbol,
    Times,
    Total,
    Transpose,
    When,
    walk,
)

_TALL = (Fraction, Partial, Total, Matrix, Cases)
_NAMES = {"exp": r"\exp", "diag": r"\mathrm{diag}"}


def to_latex(node: Node) -> str:
    r"""Print a tree as LaTeX that `parse` reads back to the same tree."""
    match node:
        case Number():
            return node.digits
        case Symbol():
            return _symbol(node)
        case Applied():
            return f"{_symbol(node.function)}({_symbol(node.argument)})"
        case Negative():
            return f"-{_product(node.of)}"
        case Plus():
            return _terms(node.terms)
        case Times():
            return _factors(node)
        case Fraction():
            return rf"\frac{{{to_latex(node.numerator)}}}{{{to_latex(node.denominator)}}}"
        case Partial():
            return _partial(node)
        case Power():
            return f"{_atom(node.base)}^{{{to_latex(node.exponent)}}}"
        case Transpose():
            return rf"{_atom(node.of)}^\top"
        case Function():
            return f"{_NAMES[node.name]}{_bracketed(node.argument)}"
        case Total():
            sign = r"\prod" if node.product else r"\sum"
            return f"{sign}{_limits(node)} {_product(node.body)}"
        case Matrix():
            rows = r" \\ ".join(" & ".join(map(to_latex, row)) for row in node.rows)
            return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"
        case Cases():
            rows = r" \\ ".join(f"{to_latex(value)} & {_when(when)}" for value, when in node.rows)
            return rf"\begin{{cases}} {rows} \end{{cases}}"
        case Above():
            # A number stands on the right, as people write it.
            turned = isinstance(node.left, Number)
            sign = ("<" if turned else ">") if node.strict else (r"\le" if turned else r"\ge")
            sides = (node.right, node.left) if turned else (node.left, node.right)
            return f" {sign} ".join(map(to_latex, sides))
        case Operation():
            return _operation(node)


_BETWEEN = {"entrywise": r"\odot", "outer": r"\otimes", "kronecker": r"\otimes"}
_BEFORE = {
    "log": r"\log", "tanh": r"\tanh", "trace": r"\mathrm{tr}", "vec": r"\mathrm{vec}",
    "mean": r"\mathrm{mean}", "sum": r"\sum ", "sign": r"\mathrm{sign}", "differential": "d",
}  # fmt: skip


def _operation(node: Operation) -> str:
    """Print what has a name; what only students write need not be read back."""
    inner = [_factor(one) if len(node.of) > 1 or node.name == "differential" else to_latex(one) for one in node.of]
    if node.name == "inner":
        return rf"\langle {to_latex(node.of[0])}, {to_latex(node.of[1])} \rangle"
    if node.name == "norm":
        return rf"\|{to_latex(node.of[0])}\|" + "".join(f"_{index}" for index in node.indices)
    if node.name == "general":
        return rf"[{to_latex(node.of[0])}]_{{{','.join(map(index_latex, node.indices))}}}"
    if node.name == "sized":
        size = r" \times ".join(node.indices)
        return f"{inner[0]}_{{{size}}}"
    if node.name == "limit":
        return rf"\lim_{{{inner[0]} \to 0}} {inner[1]}"
    if node.name == "slope":
        return rf"\frac{{d}}{{d{inner[1]}}} {inner[0]} |_{{{inner[1]} = {inner[2]}}}"
    if node.name == "vanishing":
        return f"{node.indices[0]}({to_latex(node.of[0])})"
    if node.name == "abs":
        return f"|{to_latex(node.of[0])}|"
    if node.name == "power":
        return rf"{inner[0]}^{{\odot {inner[1]}}}"
    if node.name == "above":
        sign = ">" if node.indices else r"\ge"
        return rf"\mathbb{{1}}[{inner[0]} {sign} {inner[1]}]"
    if node.name == "largest" and isinstance(node.of[0], Total):
        return rf"\max{_limits(node.of[0])} {_product(node.of[0].body)}"
    if node.name in _BETWEEN:
        return f" {_BETWEEN[node.name]} ".join(inner)
    if node.name == "differential":
        return f"d{inner[0]}"
    if node.name in {"call", "module", "apply"}:
        return f"{inner[0]}({to_latex(node.of[1])})"
    if node.name == "max":
        return rf"\max({', '.join(map(to_latex, node.of))})"
    if node.name == "sqrt":
        return rf"\sqrt{{{inner[0]}}}"
    if node.name in _BEFORE:
        return f"{_BEFORE[node.name]}{_bracketed(node.of[0])}"
    if node.name == "entry":
        return f"({to_latex(node.of[0])})_{{{','.join(map(index_latex, node.indices))}}}"
    if node.name == "prime":
        return f"({to_latex(node.of[0])})'"
    if node.name == "dots":
        return r"\dots"
    if node.name == "array":
        width = int(node.indices[1])
        rows = r" \\ ".join(" & ".join(inner[k : k + width]) for k in range(0, len(inner), width))
        return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"
    if node.name == "ones":
        return r"\mathbf{1}"
    return f"{inner[0]}({', '.join(inner[1:])})" if inner else node.name


def condition_latex(condition: Condition) -> str:
    """Print when something holds, as LaTeX."""
    relation = "=" if condition.equal else r"\neq"
    return f"{index_latex(condition.left)} {relation} {index_latex(condition.right)}"


def _when(condition: When) -> str:
    if isinstance(condition, Above):
        return to_latex(condition)
    return r"\text{otherwise}" if condition is None else condition_latex(condition)


def index_latex(index: str) -> str:
    """Print an index, or a letter's name."""
    return rf"\{index}" if len(index) > 1 and index.isalpha() else index


def _symbol(symbol: Symbol) -> str:
    text = index_latex(symbol.name)
    if symbol.bold:
        text = rf"\mathbf{{{text}}}" if len(symbol.name) == 1 else rf"\boldsymbol{{{text}}}"
    if not symbol.indices:
        return text
    if symbol.indices == ("vec",):
        return rf"\mathrm{{vec}}({text})"
    if len(symbol.indices) == 1 and len(symbol.indices[0]) == 1:
        return f"{text}_{symbol.indices[0]}"
    return f"{text}_{{{_indices(symbol.indices)}}}"


def _indices(indices: Sequence[str]) -> str:
    """Letters stand side by side; a number or a Greek letter needs a comma to end it."""
    plain = all(len(index) == 1 and index.isalpha() for index in indices)
    return ("" if plain else ",").join(map(index_latex, indices))


def _terms(terms: Sequence[Node]) -> str:
    text = ""
    for position, term in enumerate(terms):
        minus = isinstance(term, Negative)
        sign = ("-" if minus else "") if position == 0 else (" - " if minus else " + ")
        text += sign + _product(term.of if isinstance(term, Negative) else term)
    return text


def _factors(product: Times) -> str:
    last = len(product.factors) - 1
    text = ""
    for position, factor in enumerate(product.factors):
        if position:
            text += r" \cdot " if product.dots[position - 1] else " "
        text += to_latex(factor) if isinstance(factor, Total) and position == last else _factor(factor)
    return text


def _product(node: Node) -> str:
    """Print what may follow a sign or a sum's limits."""
    return _bracketed(node) if isinstance(node, Plus | Negative) else to_latex(node)


def _factor(node: Node) -> str:
    return (
        _bracketed(node) if isinstance(node, Plus | Negative | Times | Total) or _is_between(node) else to_latex(node)
    )


def _is_between(node: Node) -> bool:
    return isinstance(node, Operation) and node.name in _BETWEEN


def _atom(node: Node) -> str:
    """Print what may carry a power."""
    operator = isinstance(node, Partial) and not isinstance(node.of, Symbol | Applied)
    if _is_between(node):
        return _bracketed(node)
    if operator or isinstance(node, Plus | Negative | Times | Total | Power | Transpose | Fraction | Partial | Applied):
        return _bracketed(node)
    return to_latex(node)


def _bracketed(node: Node) -> str:
    if any(isinstance(below, _TALL) for below in walk(node)):
        return rf"\left( {to_latex(node)} \right)"
    return f"({to_latex(node)})"


def _partial(node: Partial) -> str:
    below = rf"\partial {_symbol(node.by)}"
    if isinstance(node.of, Symbol | Applied):
        return rf"\frac{{\partial {to_latex(node.of)}}}{{{below}}}"
    return rf"\frac{{\partial}}{{{below}}} \left( {to_latex(node.of)} \right)"


def _limits(node: Total) -> str:
    start = node.index if node.lower is None else f"{node.index}={to_latex(node.lower)}"
    skipped = [rf"{node.index} \neq {index_latex(other)}" for other in node.skipped]
    below = ", ".join(skipped if node.lower is None and skipped else [start, *skipped])
    above = "" if node.upper is None else f"^{{{to_latex(node.upper)}}}"
    return f"_{{{below}}}{above}"
