"""Words of a plain derivation: where others stand around a formula, it may be meant for less than everything."""

from __future__ import annotations

import re
from collections.abc import Container

from autograder.mathematics.formulas.greek import GREEK

_WORD = re.compile(r"(?<![A-Za-z\\])[A-Za-z]{3,24}(?![A-Za-z])")
_ENDINGS = ("", "s", "es", "d", "ed", "ing", "ly")
_LIST = """
abbreviate about above according across act add again against all along already also altogether always amsmath amssymb
and another answer any anyway apart appear applied apply are argue argument arrange arrive article ask asked assemble
avoid back basic because become before begin behind being below beside between bias bit block both bracket bring
brought but calculate calculation call can cancel case chain change claim clear code coefficient collect column
combine come common compact component componentwise computation compute concatenate conclude consequent consider
contain contribute contribution convention coordinate copy cost could course deduce define definition denominator
denote depend derivation derivative derive describe desired diagonal did differ different differential differentiate
dimension direct disappear distinct distribute divide document does done dot down drop due each easy either element
elementwise else end enter entire entries entry entrywise equal equality equation equivalent especially establish
evaluate every everything exactly except exercise expand explicit exponent exponential expression extra fact factor
familiar few final finally find first fix flow follow for forget form formula forward fraction from full function
further general get give given goes going gone gradient group had half hand hard has have hence here hidden hint hold
homework how however identity immediate implies imply indeed index indexed indices individual inner input insert
inside instance into its itself jacobian just keep know known kronecker label last later law leave lecture left lemma
let letter like likewise line linear linearity list log logarithm logarithmic long look made make many match matrices
matrix mean mention method middle minus mistake more most move much multiplication multiplied multiply multivariable
must name namely nature need neuron new next nice none not notation note nothing notice now number numerator numpy
object observe obtain obvious off often once one only onto operation order other otherwise our out outer output over
overall own pair parameter part partial particular pass per perform pick piece place plain plainly play please plug
plus point power pre previous problem proceed product prompt proof property prove pull put python qed question quick
quotient rate read readability reason recall recognise recognize recover reduce remain remaining remark remember
repeat replace require required respect respectively rest result rewrite right row rule said same say scale scaled
second section see seen sense separate set several shape shared short should show side sift sign signal similar simple
simplified simplify simply since single size slope solution solve some split stack stand start state statement step
still straightforward substitute subtract such sum summand summarise summarize summary summation survive symbol take
taken target task tensor term than that the their them then theorem there therefore these they thing third this those
three through throughout thus times together total transpose treat true turn twice two under unit unless upstream use
using usual value vanish variable vec vector very via want was way weight well were what whatever when where whether
which while whole whose why will wish with work would write written wrong yes yield you zero
"""
_USUAL = frozenset({*_LIST.split(), *GREEK})


def unusual(words: str, functions: Container[str] = ()) -> str:
    """The first word that is none of a plain derivation's, nor the name of a function; nothing where all are."""
    for found in _WORD.finditer(words):
        if not _is_usual(found[0].lower(), functions):
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
