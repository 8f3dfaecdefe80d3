"""Words of a plain derivation: where others stand around a formula, it may be meant for less than everything."""

from __future__ import annotations

import re
from collections.abc import Container

from autograder.mathematics.formulas.greek import GREEK

_WORD = re.compile(r"(?<![A-Za-z\\])[A-Za-z]{3,24}(?![A-Za-z])")
_ENDINGS = ("", "s", "es", "d", "ed", "ing", "ly", "wise")
_LIST = """
abbreviate abbreviated abbreviation about above according across act add afterwards again against ahead algebra all
alone along already also altogether always amount amsmath amssymb analogous analogously and another answer any anyway
apart appear applied apply are argue argument arrange arrive article ask asked aspect assemble attention avoid aware
back backprop backpropagation backward base basic basically because become before begin behind being below beside
between bias bit block both bottom bracket bring brought build but calculate calculation call can cancel careful
carefully carry case chain change check claim clear closed code coefficient collect column combine come common compact
compactly comparison complete component computation compute concatenate conclude conclusion consequent
consider contain contribute contribution convention coordinate copy correct cost could count couple course deduce
define definition deliver denominator denote depend derivation derivative derive describe desired detail diagonal did
differ difference different differential differentiate dimension direct disappear distinct distribute divide document
does done dot down downstairs drop due each easier easy effect effort either element elementary elementwise else
emerge end enter entire entries entry equal equality equation equivalent error especially establish evaluate
evaluation eventually every everything exact exactly except exercise expand explicit exploit exponent exponential
expression extra extract fact factor familiar feed few final finally find finish first fix flow focus fold follow
following for forget form formula forward fraction from full function further general generic get give given goes
going gone grad gradient great group grow had half hand handle hard has have help hence here hey hidden hint hit hold
homework how however identity immediate implies imply indeed index indexed indices individual ingredient inner input
insert inside inspect instance interested into introduce invoke isolate its itself jacobian job jump just keep key
know known kronecker label last later law lead leave lecture left lemma let letter like likewise line linear
linearities linearity linearly list little local log logarithm logarithmic logit long look loss made main make
manipulate many map mapping match matrices matrix matter mean mechanical mention merge method middle mind minor minus
mistake more most move much multiple multiplication multiplied multiply multivariable must name namely nature need
network neural neuron new next nice nicely none nonlinearity normalizer not notation note nothing notice
now number numerator numpy object objective observe obtain obvious occur off often okay once one only onto operation
operator order ordinary organize original other otherwise our out outer output over overall own pair parallel
parameter part partial particular pass pattern per perform pick picture piece place plain plainly play please plug
plus point power practice pre preceding precise prediction presence pretty previous principle problem proceed process
produce product program progress prompt proof propagate property prove pull pure purpose put python qed quantity
question quick quickly quotient rate rather reach read readability reader ready really rearrange reason recall recap
receive recognize recover reduce regroup relation relevant remain remaining remark remember repeat
repeatedly replace report require required respect respectively rest result resulting reuse rewrite right routine row
rule said same sanity save say scale scaled score second section see seen send sense sensible sensitivity separate
sequence set setup several shape share shared shift short shorthand should show side sift sign signal similar simple
simplified simplify simply since single sit size sketch slope slot smooth solution solve some spell split stack stage
stand standard start state statement stay step still straight straightforward strategy structure stuff style subscript
substitute subtract such suffice sum summand summarize summary summation summing super sure surface survive
symbol tackle take taken talk target task technique tell tensor term than that the their them then theorem there
therefore these they thing third this those three through throughout thus tidy times together tool top total towards
track transpose treat trick triple true try turn twice two type unaffected unchanged under underlying understand undo
unfold unit unless unpack update upstairs upstream use using usual valid value vanish variable vec vector verify versa
version very via vice visible walk want was way weight weighted well were what whatever when where whereas whether
which whichever while whole whose why will wise wish with word work worth would wrap write written wrong wrt yes yield
you zero zoom
"""
_USUAL = frozenset({*_LIST.split(), *GREEK})


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
    for end in _ENDINGS:
        stem = word.removesuffix(end) if end else word
        if stem in _USUAL or f"{stem}e" in _USUAL or (len(stem) > 3 and stem[-1] == stem[-2] and stem[:-1] in _USUAL):
            return True
    return False
