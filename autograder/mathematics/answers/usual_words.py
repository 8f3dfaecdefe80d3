"""Words of a plain derivation: where others stand around a formula, it may be meant for less than everything."""

from __future__ import annotations

import re
from collections.abc import Container

from autograder.mathematics.formulas.greek import GREEK

_WORD = re.compile(r"(?<![A-Za-z\\])[A-Za-z]{3,24}(?![A-Za-z])")
_ENDINGS = ("", "s", "es", "d", "ed", "ing", "ly", "wise")
_CHANGED = ("ies", "ied", "ily", "ier")
"""Endings behind which a word has lost its last letter."""
_LIST = """
abbreviate abbreviated abbreviation able about above absorb accept accidental accordance according accordingly
accumulate achieve acquire across act activation add addition additional additionally additive adjoint ado affected
after afterward afterwards again against agree ahead aim algebra algebraic align alignat all allow alone along
alphabet already also alternative altogether always amount amsfonts amsmath amssymb amsthm analogous analogously
analysis analytic and angle annotate another answer any anyway apart appear application applied apply appropriate are
argue argument arithmetic arrange arrive arrow article ask asked aspect assemble assert assertion assign assignment
associate association associative attach attention available avoid aware axis babel back backprop backpropagate
backpropagated backpropagation backward backwards balance bar base basic basically bbm because become before begin
beginning behave behavior behind being belong below bend beside better between bias bit block bold bookkeeping both
bottom bottommost box bracket brevity brief bring brought build bundle busy but bypass calculate calculation calculus
call can cancel cancellation capital care careful carefully carry case cell center chain change chapter cheap check
circle cite claim clarity classify clean clear clever close closed closer code coefficient collect color column
combine come comma comment commentary common commutative commute compact compactly compare comparing comparison
complete component compose composition comprise computation compute concatenate concern concise concisely conclude
conclusion confirm confuse confusion connect consequence consequent consequently consider consist consistency
consistent contain continuous contract contraction contribute contribution convenience convenient convention convert
coordinate copy correct correspond correspondence cosmetic cost could count counterpart couple course create crucial
cumbersome curly cut cyclic decompose decomposition deduce deep define definition del deliver demonstrate
demonstration denominator denominators denote depend dependence dependency depict derivation derivative derive
describe desired detach detail determine develop device diagonal diagram did differ difference different differential
differentiate digit dimension direct directed disappear discover discuss discussion display distinct distinguish
distribute distributive divide divisor document does doing done dot down downstairs downstream draw drop due each
easier easy edge effect efficient effort einstein either elegant element elementary elementwise eliminate else embed
emerge employ encode end ending english ensure enter entire entries entry enumerate enumitem equal equality equation
equivalent error especially essential establish evaluate evaluation even eventually every everything evident exact
exactly except excite exercise exist expand explain explanation explicit exploit exponent exponential expression
extend extra extract face fact factor factorization factorize familiar familiarity fancy fashion feature feed feel few
figure fill final finally find finish first fix flalign flow focus fold follow following fontenc for forget form
format formula fortunately forward forwards found fraction fresh friendly from full fullpage fun function fundamental
funny further gate gather general generic geometry get give given glue goal goes going gone grad gradient graph
graphicx great greek group grow guide had half hand handed handle happen happy hard harmless has hat hats have heading
help helpful hence henceforth here hey hidden highlight hint hit hold homework horizontal horizontally how however
hyperref idea identify identity ieeeeqnarray image immediate immediately implies imply important improve include
incorporate indeed independence independent index indexed indicate indicator indices indirect indirectly individual
influence inform information ingredient inject inner innermost input inputenc insert inside insight inspect instance
instead instruction interested intermediate intermediates interpret interpretation into intrinsic introduce invariance
invariant inverse invoke involve isolate italic item itemize its itself jacobi jacobian job jump just justification
justify keep kernel key kill kind know known kronecker label language last later law lay layer layout lead learn
learning leave lecture left leftmost leibniz lemma lend lengthy less let letter lie like likewise line linear
linearities linearity linearly list literally little local locate location log logarithm logarithmic logic logical
logically logit logits long longhand look loop loss lower lowercase lucky machine machinery made main maintain make
manage manipulate manner many map mapping margin mark match material math mathematical mathematically mathematics
mathtools matrices matrix matter mean meaning meanwhile measure mechanical meet mention merge mess messy method middle
mind minor minus mistake mixed modular module more moreover most motivate motivation move much multiple multiplication
multiplicative multiplied multiply multivariable multivariate multline must nabla name namely natural naturally nature
neat neatly necessary need neither nets network neural neuron new next nice nicely node noindent none nonlinearity nor
normalization normalizer normalizing not notation note nothing notice novel now nuisance number numerator numerators
numeric numerical numpy object objective observation observe obtain obvious obviously occur off often okay once one
only onto operation operator order ordinary organization organize original other otherwise our out outcome outer
outermost output over overall overbar own page painless pair paragraph parallel parameter parametrize parentheses
parenthesis parindent parskip part partial particular partition pass path pattern peel per perform permutation phrase
physics pick picture piece place plain plainly play plays pleasant please plug plus point position possess power
practice pre preactivation preceding precise prediction prefactor preparation prepare presence present preserve pretty
previous prime principle probabilities probability problem procedure proceed process produce product program progress
prompt proof propagate proper properly property proposition prove pull pure purely purpose put python qed quantity
question quick quickly quote quotient rate rather ratio rcl reach read readability readable reader ready realize
really reappear rearrange reason reasoning recall recap receive recipe recognize recompute record recover reduce
reformulate regard regardless regroup reindex relabel relate relation relevant remain remainder remaining remark
remember remind reminder rename reorder repeat repeatedly repetition rephrase replace report represent representation
reproduce require required resemble resolve respect respectively respond rest restate restructure result resulting
retain retrieve return reuse reveal reverse revisit rewrite right rightmost robust role roman routine row rule safe
safely said same sanity satisfy save say scalar scale scaled scheme score script second section see seen send sense
sensible sensitivity sentence separate separately separation sequel sequence set setup several shall shape share
shared shift short shorten shorter shorthand should show side sift sign signal similar simple simplification
simplified simplify simply since single sit size sketch slick slope slot slow smooth solid solution solve some space
specify spell split spot spread squared squaring stack stage stand standard stare start starting state statement stay
step still straight straightforward strategy structure stuff style subexpression subscript subscripted subsection
subsequent substitute subsubsection subtle subtract subtraction such suffice suffix suit suitable sum summand
summarize summary summation summing super superscript supply sure surface surprise surprising surround survive symbol
symbolic symbolically systematic systematically tackle tag tail take taken talk tape target task technical technique
tedious telescope tell template tensor term text than that the their them then theorem theory there therefore these
they thing think third this those three through throughout thus tidier tidy tilde times title todonotes together tool
top topic total touch towards trace track transfer translate transpose transposition travel treat tree trick trigger
triple true try tuple turn twice two type typeset unaffected unaltered unambiguous unchanged under underline
underlying understand undo unfold unify unique unit unity universal universally unless unnecessary unnormalized unpack
unpleasant unrelated unroll update upper uppercase upstairs upstream use useful using usual utf valid value vanish
variable variation vec vector vectorize verification verify versa version vertical vertically very via vice viewed
viewpoint visible visualize vital walk walkthrough want was way weight weighted well were what whatever when where
whereas whether which whichever while whole whose why wiggle will wise wish with word work workspace worry worth
worthwhile would wrap write written wrong wrt yes yield you zero zoom
"""
_USUAL = frozenset({*_LIST.split(), *GREEK})
_WITHOUT_LAST = frozenset(one[:-1] for one in _USUAL if one[-1:] > "x" and one[-1:] < "z")


def unusual(words: str, functions: Container[str] = ()) -> str:
    """The first word that is none of a plain derivation's, nor the name of a function; nothing where all are."""
    for found in _WORD.finditer(words):
        word = found[0].lower()
        if not (_is_usual(word, functions) or _is_usual(word.replace("is", "iz"), functions)):
            return found[0]
    return ""


def _is_usual(word: str, functions: Container[str]) -> bool:
    if word in functions:
        return True
    if word.endswith(_CHANGED) and word[:-3] in _WITHOUT_LAST:
        return True
    for end in _ENDINGS:
        stem = word.removesuffix(end) if end else word
        if stem in _USUAL or f"{stem}e" in _USUAL or (len(stem) > 3 and stem[-1] == stem[-2] and stem[:-1] in _USUAL):
            return True
    return False
