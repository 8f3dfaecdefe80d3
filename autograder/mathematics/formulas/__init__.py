"""Equations that are proved: LaTeX becomes a tree, SymPy decides it, and the tree that was decided is printed.

`parsing` reads, `printing` prints, `meaning` says what a tree stands for, `deciding` decides an equality, `proving` all
equalities of an assignment. `records` is what comes out, and imports neither SymPy nor lark; nor does this module, so
that documents can be built from a proof that is already there.
"""
