"""Students' written answers, read line by line; nothing here imports SymPy, and nothing evaluates text.

Text goes through fixed regular expressions and our own grammar to a tree, and the tree to numbers of 40 digits, by
bounded steps. It runs in the sandbox (`autograder._prover`), never in the grader's process.

================  ================================================================================
module            what it does
================  ================================================================================
``document``      finds the formulas of a document, their questions and conditions
``macros``        writes macros out, within bounds
``dialect``       takes a formula apart into chains of equalities, in the grammar's words
``numbers``       numbers that carry a derivative, and matrices of them
``worlds``        what a tree is worth at one point, in the affine or the softmax module
``points``        the numbers of a point, and how a person is told of them
``records``       what goes in and what comes out
``chains``        statements with their question, parsed
``deciding``      whether two sides agree, and the smallest place where not
``layouts``       which layout of derivatives the student writes in
``judging``       all of it: lines and final answers
================  ================================================================================
"""
