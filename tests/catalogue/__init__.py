"""Right and wrong implementations of every part, and what the grader must say about each.

One file per part; an entry is a function with the part's parameters under `right` or `wrong`.
"""

from tests.catalogue._entries import ENTRIES, Entry, renamed, right, source_of, wrong

from tests.catalogue import affine_gradients, scaled_cost_gradients, softmax, softmax_jacobian  # isort: skip  # the order of ENTRIES

__all__ = ["ENTRIES", "Entry", "renamed", "right", "source_of", "wrong"]
