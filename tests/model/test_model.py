"""Rules of a part, each broken once: the message says which part, which rule, which name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.errors import AssignmentError
from tests.toy import PART

FAMILY, CRITERION = PART.families[1], PART.criteria[0]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"families": (*PART.families, FAMILY)}, "family 'two' is there twice"),
        ({"criteria": (*PART.criteria, CRITERION)}, "criterion 't.diagonal' is there twice"),
        ({"outputs": (*PART.outputs, PART.outputs[0])}, "output 'all' is there twice"),
        ({"misconceptions": (*PART.misconceptions, PART.misconceptions[0])}, "misconception 'no-scale' is there twice"),
        ({"families": (*PART.families, replace(FAMILY, name="x", same_as="y"))}, "family 'x' is the same as 'y'"),
        ({"criteria": (replace(CRITERION, output="J"),)}, "judges 'J', which is not an output"),
        ({"criteria": (replace(CRITERION, families=("shown",)),)}, "names 'shown', which is not a hidden family"),
        ({"criteria": (replace(CRITERION, families=()),)}, "needs a family and points above 0"),
        ({"criteria": (replace(CRITERION, points=0),)}, "needs a family and points above 0"),
    ],
)
def test_a_broken_rule_is_named(changes, says):
    with pytest.raises(AssignmentError, match=f"products: .*{says}"):
        replace(PART, **changes)


def test_a_part_knows_its_signature():
    assert (PART.name, PART.parameters, PART.defaults) == ("products", ("x", "scale"), {"scale": 2.0})
