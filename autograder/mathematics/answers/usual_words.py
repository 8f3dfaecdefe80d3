"""Words of a plain derivation: where others stand around a formula, it may be meant for less than everything."""

import re
from collections.abc import Container

from autograder.mathematics.formulas.greek import GREEK

_WORD = re.compile(r"(?<![A-Za-z\\'\u2019])[A-Za-z]{3,24}(?![A-Za-z]|['\u2019]t\b)")
_INSIDE = re.compile(r"[A-Za-z,;] \Z")
_NEAR = 3
_FEWEST = 12
_MOSTLY = 0.4
"""Of how many different words, and which share of them tells another language."""
_ENDINGS = ("", "s", "es", "d", "ed", "ing", "ly", "wise")
_SPELLED = (("", ""), ("is", "iz"), ("ys", "yz"), ("our", "or"), ("tre", "ter"))
"""How British words are spelled in America."""
_CHANGED = ("ies", "ied", "ily", "ier")
"""Endings behind which a word has lost its last letter."""
_LIST = """
abbreviate abbreviated abbreviation able about above absorb abstract accept access accident accidental accordance
according accordingly account accumulate achieve acquire across act activation adam adapt add addend addition
additional additionally additive adjacent adjoint adjust admit ado adopt advance affected aforementioned after
afterward afterwards again against ago agree ahead aim algebra algebraic algorithm algorithmic alias align alignat
alignment all allow alone along alphabet already also alternative altogether always ambiguous amount ample amsfonts
amsmath amssymb amsthm analog analogous analogously analysis analytic analyze and angle annotate announce annoying
anon another answer anticipate any anyone anything anyway apart appear append appendix applicable application applied
apply appreciate approach appropriate arbitrary architecture are argmax argue argument arithmetic around arrange array
arrive arrow art article aside ask asked aspect assemble assert assertion assign assignment associate association
associative associativity asterisk attach attached attachment attack attempt attention attribute audience augment
author autograd automatic automatically autumn auxiliary available avoid aware away awesome axes axis babel back
backbone background backprop backpropagate backpropagated backpropagation backward backwards balance banner bar bare
base baseline basic basically basis batch batchnorm batchwise bbm bear beat beautiful beauty because become been
before begin beginning behave behavior behind being belong below bend beneath benefit bernoulli beside best better
between bias bilinear billion bind binomial bit blackboard blank block blog board body bold boltzmann bonus book
bookkeeping boolean boost bored boring both bottom bottommost bound boundary box brace bracket branch breadth break
brevity brief briefly bring broadcast broadcasting brought brute buffer bug build built bulk bunch bundle busy but
button bypass calculate calculation calculator calculus call can cancel cancellation candidate canonical cap capital
caption cardinality care careful carefully carrier carry case category caveat cell center central chain chalk
chalkboard change channel chapter character characteristic characterize chat cheap cheat cheatsheet check checkpoint
choice choose chose chosen circle cite claim clarify clarity class classes classic classical classification classifier
classify classmate clean cleanest clear clever click close closed closely closer clue cluster cnn coarse code codomain
coefficient coherent coincidence col collapse colleague collect colon color column combination combinatorial combine
come comma command comment commentary common commutative commute compact compactly compare comparing comparison
compatible compensate compete compilation compile complaint complement complete complex complicated component compose
composite composition compress comprise computation computational compute computer concatenate concept conceptual
concern concise concisely conclude conclusion concrete condense condition conditional cone confirm conform confuse
confusion congratulation conjugate connect connection consecutive consequence consequent consequently conservation
consider consist consistency consistent const constant construct construction consume contact contain content context
continue continuous continuously contract contraction contrast contribute contribution control controls conv
convenience convenient convention conventional converse conversion convert converted convex convince convolution cool
coordinate copy core corner corollary correct correction correspond correspondence corresponding cosine cosmetic cost
could count counterpart couple course cov covariance covector cover crazy create creation criterion crucial cue
cumbersome curious curly current curve custom cut cycle cyclic cyclically dash data dataset date datum deadline deal
dear debug decide decimal decision deck declare decompose decomposition decouple decrease dedicated deduce deep deepen
def default deficit define definition degree del delete delicate delimiter deliver demand demonstrate demonstration
den denominator denominators denote dense density department depend dependence dependency dependent depict depth
derivate derivation derivative derive descent describe description design designate designated desired desk destination
detach detail determinant determine develop development device devote diag diagonal diagram dictionary did die differ
difference different differentiable differential differentiate differentiation difficult difficulty digit digression
dimension dimensional dimensionality dimensionless dims direct directed direction directional directly disagree
disappear discipline discover discrete discuss discussion disguise display dissipation distance distillation distinct
distinction distinguish distribute distribution distributive disturb diverge divide division divisor doc document
documentation does doing dollar domain dominate done dot down downstairs downstream draft dramatic draw drawback drawn
drive drop dual duality due dummy duplicate duration during dynamic each eager earlier early easier easiest easily
easy economy edge edit edited editor education effect effective effectively efficiency efficient effort eigenvalue
eigenvector eight einstein either elegant element elementary elementwise eliminate elimination else elsewhere email
embed emerge emphasis emphasize empirical employ empty enable encode encounter encourage end ending endpoint energy
enforce engine engineer engineering english enjoy enormous ensemble ensure entail entangle enter entire entries
entropy entry enumerate enumitem environment epoch equal equality equation equip equivalence equivalent equivalently
error especially essence essential essentially establish estimate euclidean evaluate evaluation even eventually ever
every everybody everyone everything everywhere evident evidently evolve exact exactly exam examine excellent except
excerpt excess exchange exchangeable excite exclusive excuse execute exercise exhaust exhibit exist existence exp
expand expense expensive experience experiment explain explanation explicit explicitly exploit exploration explore
exponent exponential exponentiate exponentiation export exposition express expression extend extension extensive
extent external extra extract eye face facility fact factor factorization factorize faithful fall familiar familiarity
family fan fancy far fashion fast faster favor favorite feature february feed feedback feedforward feel few field
fifth figure file fill filter final finally find fine finer finger finish finite fire firm first fit fitting five fix
flag flalign flashcard flat flatten flatter flavor flexible flip float floor flow fluctuation focus fold folder follow
following font fontenc foot footnote for forbid force foregoing forget form formal formally format formula formulate
formulation forth fortunate fortunately forum forward forwards found foundation fourth fraction fragment frame
framework free frequent frequently fresh friend friendly frobenius from front fruitful fulfill full fullpage fully fun
function functional fundamental fundamentally funny further furthermore fuse future gain gap gate gather gauss
gaussian general generalize generate generation generator generic gentle geometric geometry get github give given
glance glimpse global globally glue goal goes going gone good google govern grad grader gradient graduate grain
grammar grand graph graphic graphical graphicx gray great greek grid ground group grow growth guarantee guide
guideline gymnastics habit had half halfway hand handed handle handout handwriting handwritten handy happen happy hard
hardware harm harmless has hat hats have headache header heading headline heart heat heavy hello help helper helpful
hence henceforth her here hereafter hers herself hessian heuristic hey hidden hierarchy highlight hilbert him himself
hinge hint his historical history hit hold homework honest honor hope hopefully horizontal horizontally host hot hour
house how however human hundred hurry hyperparameter hyperref icon idea ideal identification identify identity idiom
idle ieeeeqnarray iff illuminate illustrate illustration image imaginary imitate immediate immediately imo impact
imperative implement implementation implication implicit implicitly implies imply import importance important
importantly impress improve incidentally inclined include inclusive incoming incorporate increase increment indeed
indentation independence independent independently index indexed indexing indicate indicator indices indirect
indirectly individual individually induce induction inequality infer inference inflate influence info inform
information ingredient inherent inherit initial initialize initially inject injective ink inline inner innermost
innocent innovation inplace input inputenc inquiry insert inside insight inspect inspection inspire install
installation instance instant instantaneous instantiate instead institute instruction instructive instructor
instrument integer integral integrate integration intend intent interact interaction interchange interest interested
interesting interface interior intermediate intermediates internal interpret interpretation interval interview into
intrinsic introduce introduction introductory intuition intuitive intuitively invariance invariant invent inverse
inversely invert invertible investigate invoke involve irrelevant isolate isomorphic isomorphism issue italic item
itemize iterate iteration iterative its itself jac jacobi jacobian jax job join joint journal journey judge juggle
juggling jump just justification justify keen keep kept keras kernel key keyboard keyword kill kind kinda knew knob
know knowledge known kronecker lab label lack lagrange laid land landscape language laptop last lastly late later
latex latin law lay layer layernorm layout lead leap learn learner learning least leave lecture lecturer left leftmost
legend leibniz lemma lend length lengthy less lesson let letter level liberty library license lie life lift light like
likelihood likewise limitation linalg line linear linearities linearity linearly liner link list literal literally
literature little load loc local locate location locus log logarithm logarithmic logic logical logically logistic
logit logits lonely long longhand look loop loose loss lost lovely lower lowercase luck luckily lucky machine
machinery made magic magnitude mail main mainly maintain major majority make male manage manifold manipulate manner
manual manually many map mapping margin marginal mark markdown mass master match material math mathematical
mathematically mathematics mathtools matlab matmul matrices matrix matter mature max maximize maximum may mean meaning
meaningful means meanwhile measure mechanical mechanics mechanism medium meet member membership memory mental mention
merge mess message messy metaphor method metric middle midterm mind mine mini minibatch minimize minimum minor minus
minute mirror miscellaneous miss missing mission mistake mix mixed mnemonic mobile mode model moderate moderator
modern modification modify modular module modulo moment monday monotone monotonic month more moreover most mostly
motivate motivation move movement much multilayer multinomial multiple multiplication multiplicative multiplicity
multiplied multiply multivariable multivariate multline must mutual myself mystery nabla name namely napkin narrow
native natural naturally nature navigate near nearby nearest neat neatly necessarily necessary necessity need negate
negation negative neighbor neither nest net nets network neural neuron neutral never nevertheless new newton next nice
nicely niceness night nine nineteen nobody node noindent nominal none nonlinear nonlinearity nontrivial nonzero nor
norm normal normalization normalize normalized normalizer normalizing normally not notable notably notation notational
note notebook nothing notice novel november novice now nowhere nudge nuisance null nullity num number numbering
numerator numerators numeric numerical numerically numpy obey object objective oblige observation observe obstacle
obtain obtainable obvious obviously occasion occasional occasionally occupation occur occurrence odd oddly off offer
office offset often okay old omega once one ongoing online only onto onwards ooo opaque open opening operand operate
operation operator opportunity optimization optimize optimizer option optional order ordering ordinary organization
organize orient orientation origin original originally other otherwise our ours out outcome outer outermost outline
outlook output outset outside outward over overall overbar overkill overline override overview overwrite owing own
pack package page pages painless paint pair palette panel paper paragraph parallel parameter parametrize parentheses
parenthesis parindent parse parskip part partial particular partition partner pass passage past paste path pattern
pause pay pdf peaky peculiar peel peer pen pencil people per percent percentage perceptron perfect perfectly perform
performed period permalink permit permutation permute permuted perpendicular person personal personally perspective
pertain perturb perturbation phase phd phenomenon philosophy phone photo phrase physical physicist physics pick picky
pictorial picture piece pipeline pivot pixel place placeholder plain plainly plan plane planted play plays pleasant
please plot plug plugin plural plus point pointer pointwise policy polish polynomial pool pop popular populate
population pose position positive possess possibility possible post postpone potential potentially power practical
practically practice praise pre preactivation precede preceding precise precision precompute predecessor predict
prediction predictor prefactor prefer prefix preliminary premise preparation prepare prepend prerequisite prescribe
presence present presentation preserve press pretty prevent previous previously primal primary prime primitive
principal principle print prior prioritize prob probabilistic probabilities probability problem procedure proceed
process produce product productive professor profile profit program progress prominent promise promote prompt proof
prop propagate propagation proper properly property proportion propose proposition protocol prove provide psi public
publish pull pure purely purpose pursue push put puzzle python pythonic pytorch qed quadratic qualitative quality
quantify quantitative quantity quarter quest question quick quickest quickly quiz quote quotient race radius raise
randomly range rank rapid rare rarely rate rather ratio rational raw ray rcl reach react read readability readable
reader readily ready real reality realize really reappear rearrange rearrangement reason reasonable reasoning recall
recap receive recent recently recipe reciprocal recitation recognize recommend recompute record recover rectangle
rectangular recur recurrence recursion recursive red redo reduce reduction redundant refer reference refine reflect
reflection reformat reformulate regard regarding regardless register regression regroup regular reindex reinterpret
reject relabel relate relation relationship relative relatively relax release relevance relevant reliable relu rely
remain remainder remaining remark remarkable remarkably remedy remember remind reminder reminiscent removal remove
rename render reorder reorganize repair repeat repeatedly repetition rephrase replace reply repo report repository
represent representation representative reproduce request require required rescale research resemble reset reshape
residual resolve resource respect respectively respond response rest restate restatement restore restructure
resubmission result resulting retain retrieve return reuse reveal reverse revert review revise revisit rewrite
rewritten rewrote rich rid ride right rightmost rigor rigorous rigorously ring rise risk robust role roll roman
roommate root rotate rotation rough round route routine row rowwise rubric rule run runtime sacrifice safe safely said
sake same sanity satisfy save say scalar scale scaled scan scanned scatter scenario scene schedule schema schematic
scheme school science scientific scientist scope score scratch screen screenshot scribe script scroll sea seam search
season seat second secondly secret section see seek seen segment seldom select selection self semantic semester semi
semidefinite send senior sense sensible sensitive sensitivity sentence separable separate separately separation
september sequel sequence serial series serious serve server set setting settle setup seven several severe sgd shading
shadow shall shallow shape share shared sharp sharper sharpness shed sheet shelf shift shine ship short shortcut
shorten shorter shortest shorthand shortly shot should shoulder show shrink shuffle sibling sick side sidebar sift
sight sigmoid sign signal signature significance significant significantly silent silently silly similar similarity
similarly simple simpler simplicity simplification simplified simplify simplistic simply simultaneous simultaneously
since sine single sink sit site situate situation six size sketch sketchy skew skill skip slice slick slide slider
slightly slope sloppy slot slow slowly smart smooth smoothly snippet social soft software solely solid solution solve
solver some somebody someone something somewhere soon sophisticated sorry sort soul sound source space span spare
spatial speak specialize specially specific specifically specification specify speech speed spell spend sphere spirit
split spoiler spot spread spring square squared squaring stability stabilize stable stack staff stage stamp stand
standalone standard standpoint star stare start starting state statement statistic statistical status stay steep stem
step stick still stochastic stop store stored story straight straightaway straightforward strange strategy stream
strict strictly stride striking string strip strive strong strongly structural structure stuck student studio study
stuff style subexpression subject submission submit subscript subscripted subsection subsequence subsequent
subsequently subset subspace substantial substitute substitution subsubsection subtle subtlety subtract subtraction
succeed success successful successive such sudden suddenly suffice suffix suggest suggestion suit suitable suitably
sum summand summarize summary summation summer summing super superscript supervise supplement supply support sure
surely surface surname surprise surprising surprisingly surround survive susceptibility swap sweep sweet swiftly
switch symbol symbolic symbolically symmetric symmetry synchronize synonym syntax synthesis system systematic
systematically table tabulate tackle tactic tag tail tailor take taken talk tangent tanh tape target task taste taught
tautology taylor teach teacher teaching team technical technically technique technology tedious telescope tell
temperature template temporal ten tend tensor tensorflow tenth term terminal terminate terminology terse test tex text
textbook than thank thanks that the their theirs them theme themselves then theorem theoretical theory there
thereafter thereby therefore therein these they thick thin thing think third thirdly this thorough thoroughly those
thought thousand thread three threshold through throughout throw throwaway thumb thus tick tidier tidy tie tight tilde
time times tiny tip tired title today todo todonotes together too told tolerance tom tomorrow tone took tool top topic
topology torch total touch tour towards trace track tradition traditional trail train trained training transfer
transform transformation transition translate translation transparent transport transpose transposition trap travel
treat treatment tree trial triangle trick tricky trigger trim trio trip trouble true truly trust truth try tuple turn
tutor tutorial tweak twenty twice twist two twofold type typeset typical typically typing ubiquitous ugly ultimate
ultimately umbrella unaffected unaltered unambiguous unchanged unclear unconditional under underbrace undergo underlie
underline underlying underneath understand understandable understanding undo unfamiliar unfold unfortunately
unification uniformly unify union unique uniquely uniqueness unit unity universal universally universe university
unknown unless unlike unlock unlucky unnatural unnecessary unnormalized unpack unpleasant unrelated unroll unstack
unsurprisingly update upfront upload upper uppercase upright upstairs upstream upvote upward urge usage use useful
usefulness useless user using usual utf util utility utterly vacuous vague valid validate validity valuable value
vanilla vanish var variable variant variation variety vary vec vector vectorization vectorize verbal verbose
verification verify versa versatile version versus vertex vertical vertically very via vice video view viewed
viewpoint violate virtue visible vision visit visual visualize vital vocabulary voila volume wait walk walkthrough
wall want wanted warm warn warning warranty was waste watch wave way weak wealth web website wednesday week weekly
weight weighted weighting weird welcome well were what whatever whatsoever wheel when whence whenever where whereas
whether which whichever while whilst white whiteboard who whoever whole wholly whom whose why wide widely width wiggle
wiki wikipedia will winner winter wise wish with without wonder wonderful word wording work workflow workhorse
workshop workspace world worry worth worthwhile would wrap wrapper write written wrong wrote wrt year yellow yep yes
yesterday yet yield york you young your yours yourself youtube zero zip zoom
"""
_USUAL = frozenset({*_LIST.split(), *GREEK})
_WITHOUT_LAST = frozenset(one[:-1] for one in _USUAL if one[-1:] > "x" and one[-1:] < "z")


def is_foreign(words: str, functions: Container[str] = ()) -> bool:
    """Whether most words of a text are none of these, so that it is in another language."""
    found = {one.lower() for one in _WORD.findall(words)}
    strange = sum(not _is_usual(one, functions) for one in found)
    return len(found) >= _FEWEST and strange > _MOSTLY * len(found)


def unusual(words: str, functions: Container[str] = ()) -> str:
    """The first word that is none of a plain derivation's, nor the name of a function; nothing where all are."""
    for found in _WORD.finditer(words):
        word = found[0].lower()
        if found[0][0].isupper() and _INSIDE.search(words[max(0, found.start() - _NEAR) : found.start()]):
            # A name: how a sentence begins it would be a word like any.
            continue
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
