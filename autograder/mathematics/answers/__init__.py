"""Students' written answers, read line by line; nothing here imports SymPy, and nothing evaluates text.

Text goes through fixed regular expressions and our own grammar to a tree, and the tree to numbers of 40 digits, by
bounded steps. It runs in the sandbox (`autograder.sandbox._prover`), never in the grader's process. What letters
mean is said by a question's setting and by nothing else.

================  ================================================================================
module            what it does
================  ================================================================================
``document``      finds the formulas of a document, their questions and conditions
``macros``        writes macros out, within bounds
``dialect``       takes a formula apart into chains of equalities
``spelling``      spells a side as the grammar reads it
``known``         what a question's setting says of letters
``records``       questions and the answers they ask for
``numbers``       numbers that carry a derivative, and matrices of them
``worlds``        what a tree is worth at one point
``points``        the numbers of a point, and how a person is told of them
``chains``        statements with their question, parsed
``deciding``      whether two sides agree, and the smallest place where not
``layouts``       which layout of derivatives the student writes in
``judging``       all of it: lines and final answers
================  ================================================================================
"""
