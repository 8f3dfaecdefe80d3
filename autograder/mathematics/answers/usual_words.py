"""Words of a plain derivation: where others stand around a formula, it may be meant for less than everything."""

from __future__ import annotations

import re
from collections.abc import Container

from autograder.mathematics.formulas.greek import GREEK

_WORD = re.compile(r"(?<![A-Za-z\\])[A-Za-z]{3,24}(?![A-Za-z])")
_ENDINGS = ("", "s", "es", "d", "ed", "ing", "ly", "wise")
_SPELLED = (("", ""), ("is", "iz"), ("ys", "yz"), ("our", "or"), ("tre", "ter"))
"""How British words are spelled in America."""
_CHANGED = ("ies", "ied", "ily", "ier")
"""Endings behind which a word has lost its last letter."""
_LIST = """
abbreviate abbreviated abbreviation able about above absorb abstract accept access accidental accordance according
accordingly account accumulate achieve acquire across act activation adam adapt add addend addition additional
additionally additive adjacent adjoint adjust admit ado adopt advance affected aforementioned after afterward afterwards
again against agree ahead aim algebra algebraic algorithm algorithmic align alignat alignment all allow alone along
alphabet already also alternative altogether always ambiguous amount ample amsfonts amsmath amssymb amsthm analog
analogous analogously analysis analytic analyze and angle annotate announce anon another answer anticipate any anyone
anything anyway apart appear append appendix applicable application applied apply appreciate approach appropriate
arbitrary architecture are argmax argue argument arithmetic around arrange arrive arrow art article aside ask asked
aspect assemble assert assertion assign assignment associate association associative associativity asterisk attach
attack attempt attention attribute augment author autograd automatic automatically autumn auxiliary available avoid
aware axes axis babel back backbone background backprop backpropagate backpropagated backpropagation backward backwards
balance banner bar bare base baseline basic basically basis batch batchwise bbm bear beautiful beauty because become
been before begin beginning behave behavior behind being belong below bend beneath benefit bernoulli beside best better
between bias bilinear bind binomial bit blackboard blank block blog board body bold boltzmann book bookkeeping boolean
boost both bottom bottommost bound boundary box brace bracket branch breadth brevity brief briefly bring broadcast
broadcasting brought brute buffer build bulk bunch bundle busy but button bypass calculate calculation calculator
calculus call can cancel cancellation candidate canonical capital caption cardinality care careful carefully carrier
carry case category caveat cell center central chain chalk change channel chapter character characteristic characterize
cheap cheat check checkpoint choice choose chose chosen circle cite claim clarify clarity class classes classic
classical classification classifier classify clean cleanest clear clever click close closed closely closer clue cluster
cnn coarse code codomain coefficient coherent coincidence col collapse colleague collect colon color column combination
combinatorial combine come comma command comment commentary common commutative commute compact compactly compare
comparing comparison compatible compensate compilation compile complement complete complex complicated component compose
composite composition compress comprise computation computational compute computer concatenate concept conceptual
concern concise concisely conclude conclusion concrete condense condition conditional cone confirm conform confuse
confusion congratulation conjugate connect connection consecutive consequence consequent consequently conservation
consider consist consistency consistent const constant construct construction consume contact contain content context
continue continuous continuously contract contraction contrast contribute contribution control controls convenience
convenient convention conventional converse convert convex convince convolution coordinate copy core corner corollary
correct correction correspond correspondence corresponding cosine cosmetic cost could count counterpart couple course
cov covariance covector cover create creation criterion crucial cue cumbersome curious curly current curve custom cut
cycle cyclic cyclically data dataset date datum deal dear debug decide decimal declare decompose decomposition decouple
decrease dedicated deduce deep deepen def default deficit define definition degree del delete delicate delimiter deliver
demand demonstrate demonstration den denominator denominators denote dense density department depend dependence
dependency dependent depict depth derivation derivative derive descent describe description design desired desk
destination detach detail determinant determine develop development device devote diagonal diagram dictionary did die
differ difference different differentiable differential differentiate differentiation difficult difficulty digit
digression dimension dimensional dimensionality dimensionless direct directed direction directional directly disagree
disappear discipline discover discrete discuss discussion disguise display dissipation distance distillation distinct
distinction distinguish distribute distribution distributive disturb diverge divide divisor document documentation does
doing dollar domain dominate done dot down downstairs downstream draft dramatic draw drawback drawn drive drop dual
duality due dummy duplicate duration during dynamic each eager earlier early easier easily easy economy edge edit editor
education effect effective effectively efficiency efficient effort eigenvalue eigenvector eight einstein either elegant
element elementary elementwise eliminate elimination else elsewhere email embed emerge emphasis emphasize empirical
employ empty enable encode encounter encourage end ending endpoint energy enforce engine engineer engineering english
enjoy enormous ensure entail enter entire entries entropy entry enumerate enumitem environment epoch equal equality
equation equip equivalence equivalent equivalently error especially essence essential essentially establish estimate
euclidean evaluate evaluation even eventually ever every everyone everything everywhere evident evidently evolve exact
exactly examine excellent except excess exchange exchangeable excite exclusive excuse execute exercise exhaust exhibit
exist existence exp expand expense expensive experience experiment explain explanation explicit explicitly exploit
exploration explore exponent exponential exponentiate exponentiation export exposition express expression extend
extension extensive extent external extra extract eye face facility fact factor factorization
factorize faithful fall familiar familiarity family fan fancy far fashion fast faster favor favorite feature february
feed feedback feedforward feel few field fifth figure file fill filter final finally find fine finer finger finish
finite firm first fit fitting five fix flag flalign flat flatter flavor flexible flip float floor flow fluctuation focus
fold folder follow following font fontenc foot footnote for forbid force foregoing forget form formal formally format
formula formulate formulation forth fortunate fortunately forum forward forwards found foundation fourth fraction
fragment frame framework free frequent frequently fresh friend friendly frobenius from front fruitful fulfill full
fullpage fully fun function functional fundamental fundamentally funny further furthermore fuse future gain gap gate
gather gauss gaussian general generalize generate generation generator generic gentle geometric geometry get github give
given glance glimpse global globally glue goal goes going gone good google govern grad gradient graduate grain grammar
grand graph graphic graphical graphicx gray great greek grid ground group grow growth guarantee guide guideline habit
had half halfway hand handed handle handout handwritten handy happen happy hard hardware harm harmless has hat hats have
header heading headline heart heavy hello help helper helpful hence henceforth here hereafter hessian heuristic hey
hidden hierarchy highlight hilbert hinge hint historical history hit hold homework honest honor hope horizontal
horizontally host hour house how however human hundred hurry hyperparameter hyperref icon idea ideal identification
identify identity idiom idle ieeeeqnarray iff illuminate illustrate illustration image imaginary imitate immediate
immediately impact imperative implement implementation implication implicit implicitly implies imply import importance
important importantly impress improve incidentally inclined include inclusive incoming incorporate increase increment
indeed indentation independence independent independently index indexed indexing indicate indicator indices indirect
indirectly individual individually induce induction inequality infer inference inflate influence inform information
ingredient inherent inherit initial initialize initially inject injective inline inner innermost innocent innovation
inplace input inputenc inquiry insert inside insight inspect inspection inspire install installation instance instant
instantaneous instantiate instead institute instruction instructive instructor instrument integer integral integrate
integration intend intent interact interaction interchange interest interested interesting interface interior
intermediate intermediates internal interpret interpretation interval into intrinsic introduce introduction introductory
intuition intuitive intuitively invariance invariant invent inverse inversely invert invertible investigate invoke
involve irrelevant isolate isomorphic isomorphism issue italic item itemize iterate iteration iterative its itself jac
jacobi jacobian jax job join joint journal journey judge juggle juggling jump just justification justify keen keep keras
kernel key keyword kill kind kinda knew knob know knowledge known kronecker lab label lack lagrange land landscape
language last lastly late later latex latin law lay layer layout lead leap learn learner learning least leave lecture
left leftmost legend leibniz lemma lend length lengthy less lesson let letter level liberty library license lie life
lift light like likelihood likewise limitation linalg line linear linearities linearity linearly link list literal
literally literature little load loc local locate location locus log logarithm logarithmic logic logical logically
logistic logit logits long longhand look loop loose loss lost lovely lower lowercase luck lucky machine machinery made
magic magnitude main mainly maintain major majority make male manage manifold manipulate manner manual manually many map
mapping margin marginal mark markdown master match material math mathematical mathematically mathematics mathtools
matlab matmul matrices matrix matter mature maximize maximum may mean meaning meaningful means meanwhile measure
mechanical mechanics mechanism medium meet member membership memory mental mention merge mess message messy metaphor
method metric middle mind mini minimize minimum minor minus minute mirror miscellaneous miss missing mission mistake mix
mixed mnemonic mode model moderate modern modification modify modular module modulo moment monday monotone monotonic
month more moreover most mostly motivate motivation move movement much multilayer multinomial multiple multiplication
multiplicative multiplicity multiplied multiply multivariable multivariate multline must mutual myself mystery nabla
name namely narrow native natural naturally nature navigate near nearby nearest neat neatly necessarily necessary
necessity need negate negation negative neighbor neither nest net nets network neural neuron neutral never nevertheless
new newton next nice nicely niceness nine nineteen nobody node noindent nominal none nonlinear nonlinearity nontrivial
nonzero nor norm normal normalization normalize normalized normalizer normalizing normally not notable notably notation
notational note notebook nothing notice novel november novice now nowhere nudge nuisance null nullity num number
numbering numerator numerators numeric numerical numerically numpy obey object objective oblige observation observe
obstacle obtain obtainable obvious obviously occasion occasional occasionally occupation occur occurrence odd oddly off
offer office offset often okay old omega once one ongoing online only onto onwards ooo opaque open opening operand
operate operation operator opportunity optimization optimize optimizer option optional order ordering ordinary
organization organize orient orientation origin original originally other otherwise our out outcome outer outermost
outline outlook output outset outside outward over overall overbar overline override overview overwrite owing own pack
package page painless paint pair palette panel paper paragraph parallel parameter parametrize parentheses
parenthesis parindent parse parskip part partial particular partition partner pass passage past paste path pattern pause
pay peaky peculiar peel peer pen pencil people per percent percentage perceptron perfect perfectly perform period
permalink permit permutation permute permuted perpendicular person personal personally perspective pertain perturb
perturbation phase phd phenomenon philosophy photo phrase physical physicist physics pick pictorial picture piece
pipeline pivot pixel place placeholder plain plainly plan plane play plays pleasant please plot plug plugin plural plus
point pointwise policy polish polynomial pool popular population position positive possess possibility possible post
postpone potential potentially power practical practically practice praise pre preactivation precede preceding precise
precision precompute predecessor predict prediction predictor prefactor prefer prefix preliminary premise preparation
prepare prepend prerequisite prescribe presence present presentation preserve press pretty prevent previous previously
primal primary prime primitive principal principle print prior prioritize prob probabilistic probabilities probability
problem procedure proceed process produce product productive professor profile profit program progress prominent promise
promote prompt proof prop propagate propagation proper properly property proportion propose proposition protocol prove
provide psi public publish pull pure purely purpose pursue push put puzzle python pythonic pytorch qed quadratic
qualitative quality quantify quantitative quantity quarter quest question quick quickest quickly quote quotient race
radius raise randomly range rank rapid rare rarely rate rather ratio rational raw ray rcl reach react read readability
readable reader readily ready real reality realize really reappear rearrange rearrangement reason reasonable reasoning
recall recap receive recent recently recipe reciprocal recitation recognize recommend recompute record recover rectangle
rectangular recur recurrence recursion recursive red redo reduce reduction redundant refer reference refine reflect
reflection reformulate regard regarding regardless register regression regroup regular reindex reinterpret reject
relabel relate relation relationship relative relatively relax release relevance relevant reliable relu rely remain
remainder remaining remark remarkable remarkably remedy remember remind reminder reminiscent removal remove rename
render reorder reorganize repair repeat repeatedly repetition rephrase replace reply repo report repository represent
representation representative reproduce request require required rescale research resemble reset reshape residual
resolve resource respect respectively respond response rest restate restatement restore restructure result resulting
retain retrieve return reuse reveal reverse revert review revise revisit rewrite rewritten rewrote rich rid right
rightmost rigor rigorous rigorously ring rise risk robust role roll roman root rotate rotation rough round route routine
row rowwise rubric rule run runtime sacrifice safe safely said sake same sanity satisfy save say scalar scale
scaled scan scatter scenario scene schedule schema schematic scheme school science scientific scientist scope score
scratch screen script scroll seam search season seat second secondly secret section see seek seen segment seldom select
selection self semantic semester semi send senior sense sensible sensitivity sentence separable separate separately
separation september sequel sequence serial series serious serve server set setting settle setup seven several severe
sgd shading shadow shall shallow shape share shared sharp sharper sharpness shed sheet shelf shift shine ship short
shortcut shorten shorter shortest shorthand shortly shot should shoulder show shuffle sibling sick side sidebar sift
sight sigmoid sign signal signature significance significant significantly silent silently similar similarity similarly
simple simpler simplicity simplification simplified simplify simplistic simply simultaneous simultaneously since sine
single sink sit site situate situation six size sketch sketchy skew skill slice slick slide slightly slope slot slow
slowly smart smooth smoothly snippet social soft software solely solid solution solve solver some somebody something
sophisticated sorry sort soul sound source space span spare spatial speak specialize specially specific specifically
specification specify speech speed spell spend sphere spirit split spoiler spot spread spring square squared squaring
stability stabilize stable stack staff stage stand standalone standard standpoint star stare start starting
state statement statistic statistical status stay steep stem step stick still stochastic stop store stored story
straight straightaway straightforward strange strategy stream strict strictly stride striking string strip strive strong
strongly structural structure student studio study stuff style subexpression subject submission submit subscript
subscripted subsection subsequence subsequent subsequently subset subspace substantial substitute substitution
subsubsection subtle subtlety subtract subtraction succeed success successful successive such sudden suddenly suffice
suffix suggest suggestion suit suitable suitably sum summand summarize summary summation summer summing super
superscript supervise supplement supply support sure surely surface surprise surprising surprisingly surround survive
susceptibility swap sweep swiftly switch symbol symbolic symbolically symmetric symmetry synchronize synonym syntax
synthesis system systematic systematically table tabulate tackle tactic tag tail tailor take taken talk tangent tanh
tape target task taste taught tautology taylor teach teacher team technical technically technique technology tedious
telescope tell temperature template temporal ten tend tensor tensorflow tenth term terminal terminate terminology terse
test tex text textbook than thank thanks that the their them theme themselves then theorem theoretical theory there
thereafter thereby therefore therein these they thick thin thing think third thirdly this thorough thoroughly those
thought thousand thread three threshold through throughout throw thumb thus tick tidier tidy tie tight tilde time times
tip title today todonotes together tolerance tomorrow tone took tool top topic topology torch total touch tour towards
trace track tradition traditional trail train trained training transfer transform transformation transition translate
translation transparent transport transpose transposition trap travel treat treatment tree trial triangle trick tricky
trigger trim trio trip triple trouble true truly trust truth try tuple turn tutor tutorial tweak twenty twice twist two
twofold type typeset typical typically ubiquitous ultimate ultimately umbrella unaffected unaltered unambiguous
unchanged unclear unconditional under underbrace undergo underlie underline underlying underneath understand
understandable understanding undo unfamiliar unfold unfortunately unification uniformly unify union unique uniquely
uniqueness unit unity universal universally universe university unknown unless unlike unlock unnatural unnecessary
unnormalized unpack unpleasant unrelated unroll unsurprisingly update upfront upper uppercase upright upstairs upstream
upward urge usage use useful usefulness useless user using usual utf utility utterly vacuous vague valid validate
validity valuable value vanilla vanish var variable variant variation variety vary vec vector vectorization vectorize
verbal verbose verification verify versa versatile version versus vertex vertical vertically very via vice video view
viewed viewpoint violate virtue visible vision visit visual visualize vital vocabulary voila volume wait walk
walkthrough wall want wanted warm warn warning was waste watch wave way weak wealth web website wednesday week weekly
weight weighted weighting weird welcome well were what whatever whatsoever wheel when whence whenever where whereas
whether which whichever while whilst white who whoever whole wholly whom whose why wide widely width wiggle wiki
wikipedia will winter wise wish with without wonder wonderful word wording work workflow workhorse workshop workspace
world worry worth worthwhile would wrap wrapper write written wrong wrt yellow yes yesterday yield york you young your
yourself youtube zero zip zoom
"""
_USUAL = frozenset({*_LIST.split(), *GREEK})
_WITHOUT_LAST = frozenset(one[:-1] for one in _USUAL if one[-1:] > "x" and one[-1:] < "z")


def unusual(words: str, functions: Container[str] = ()) -> str:
    """The first word that is none of a plain derivation's, nor the name of a function; nothing where all are."""
    for found in _WORD.finditer(words):
        word = found[0].lower()
        if not any(_is_usual(word.replace(*spelled), functions) for spelled in _SPELLED):
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
