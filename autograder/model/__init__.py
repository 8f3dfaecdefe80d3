"""What an author writes: an assignment, its questions, and for each the parts, cases, rubric and misconceptions.

Every record is frozen and takes keywords only. Rules that concern one record are enforced when it is made, and raise
`AssignmentError`; rules that concern a whole assignment are enforced by `autograder.loading`.
"""

from autograder.model.asked import award, gradient, jacobian, value
from autograder.model.assignment import Assignment, HeatMap, Question, Slopes
from autograder.model.cases import Array, Cost, Draw, Family, Inputs, Kind, Output, Region
from autograder.model.derivation import Definition, Derivation, Setting, Step, Symbol
from autograder.model.draws import (
    Input,
    between,
    choice,
    either_sign,
    labels,
    negative,
    numbers,
    one_of,
    positive,
    signs,
    some_of,
    spread,
)
from autograder.model.families import family
from autograder.model.limits import MARGIN, Limits
from autograder.model.mistakes import DIAGONAL, OFF_DIAGONAL, USUAL, inside, nudged, then, usual
from autograder.model.page import part, question
from autograder.model.parts import Criterion, Keys, Misconception, Part, in_order
from autograder.model.text import derivations, notation, setting
from autograder.model.variants import ANOTHER, Constant, Constants
