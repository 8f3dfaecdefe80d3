"""Every expression takes linear time on a student's text, whatever the text is."""

from __future__ import annotations

import ast
import functools
import importlib
import pkgutil
import re
import time
from collections import deque
from pathlib import Path

import pytest

import autograder
import reports
from autograder.imports.members import LONGEST_NAME

pytestmark = pytest.mark.no_cover  # it runs expressions, and no line of the code

SIZES = (4_000, 100_000)
"""The small one first: a quadratic expression is caught before it takes hours."""
LARGEST = 1_000_000
TWIN = re.compile(r"(?s:.)")
TIMES = 10
FLOOR = 0.003
"""Seconds that a measurement of so little may be off."""

Worst = tuple[str, ...]
"""What stands before, what is repeated, what stands behind."""

STUDENTS: dict[str, tuple[str, tuple[Worst, ...]]] = {
    "autograder.grading.copied._NUMBER": (
        "each",
        (("", "1", "x"), ("", "1_", "x"), ("1.", "1", "x"), ("", "1.", ""), ("", ".", ""), ("1e", "1", "x")),
    ),
    "autograder.sandbox._worker.source._LINE_ENDS": ("each", (("", "\r", ""), ("", "\r\n", ""))),
    "autograder.sandbox._worker.source._CELL_MAGIC": ("match", (("", " ", "%"), ("%%", "a", ""))),
    "autograder.sandbox._worker.source._TIME": ("match", (("", " ", "%tim"), ("%time", " ", ""), ("%time ", "a", ""))),
    "autograder.sandbox._worker.source._ESCAPED": ("match", (("", " ", "a"),)),
    "autograder.sandbox._worker.source._ASSIGNED": ("match", (("a", " ", "b"), ("a", ", ", "= 1"), ("a", "=", ""))),
    "autograder.sandbox._worker.source._ASKED": ("match", (("a", "? ", "x"), ("a", "?#", "\n"), ("a?", " ", "x"))),
    "autograder.exports.moodle._DATE_OR_NONE": ("fullmatch", (("", "a", ""), ("", "1", ""), ("", "111a", "<"))),
    "autograder.sandbox._worker.source._BESIDES": (
        "each",
        (("", "from ", ""), ("", "from \\", "x"), ("from", " ", "x"), ("from", "\n", "x"), ("", "\n ", "")),
    ),
    "autograder.sandbox._worker.helpers._IMPORTS": (
        "each",
        (
            ("", " ", ""),
            ("", ";", ""),
            ("", ": ", ""),
            ("import", " ", ""),
            ("", "import a, ", ""),
            ("import ", "a", ""),
        ),
    ),
    "autograder.sandbox._worker.helpers._IMPORTS_FROM": (
        "each",
        (("", " ", ""), ("", ":", ""), ("from", " ", ""), ("from ", "a", ""), ("", "from a;", "")),
    ),
    "autograder.sandbox._worker.helpers._IMPORTED": ("match", (("", " ", ""), ("", "(", ""), ("", "a", ""))),
    "autograder.sandbox._worker.helpers._WRITES": (
        "match",
        (("", " ", ""), ("%%file", " ", ""), ("%%file -a", " ", ""), ("%%file ", "a", ""), ("%%file a", " ", "b")),
    ),
    "autograder.sandbox._worker.helpers._MODULE_PATH": ("fullmatch", (("", "a", ""), ("", "a/", ""), ("", "a.", "py"))),
    "autograder.sandbox._worker.text._VALUE": (
        "each",
        (('"', "a", ""), ("", '"', ""), ("", "[", ""), ("", "1", ""), ("", "1,", "")),
    ),
    "autograder.sandbox._worker.text._CONFLICT": ("each", (("", "<", ""), ("", "\n<<<<<<", ""), ("", "\n", ""))),
    "autograder.sandbox._worker.text._BYTE_LINE_ENDS": ("each", (("", "\r", ""),)),
    "autograder.sandbox._worker.text._CODING": (
        "match",
        (("#", "coding", ""), ("#", "coding: ", "\n"), ("", "\t", "")),
    ),
    "autograder.sandbox._worker.text._NO_CODE": ("match", (("", " ", "a"),)),
    "autograder.sandbox._worker.text._CODECS": ("fullmatch", (("cp", "0", "\n"),)),
    "autograder.shown._UNSEEN": ("each", (("", "\u034f", ""),)),
    "autograder.shown._CUT": ("fullmatch", (("a" * 30 + "%-", "0", ""), ("", "a", ""))),
    "autograder.shown._HALF": ("each", (("", "%", "a"), ("", "%A", "a"))),
    "autograder.cli.names._MOODLE": (
        "fullmatch",
        (("", "_", ""), ("a", "_1", ""), ("a_", "1", ""), ("a", "_1_assignsubmission_a", "-"), ("_", "a", "")),
    ),
    "autograder.cli.names._MOODLE_CUT": ("fullmatch", (("", "_", ""), ("a", "_1_assi", "-"), ("a_1_assi", "a", "-"))),
    "autograder.cli.names._CANVAS": ("fullmatch", (("", "a", ""), ("aa_", "1", ""), ("aa_1111_1111_", "1", ""))),
    "autograder.loading.projects._TAKES_IN": (
        "each",
        (
            ("", "%", ""),
            ("", r"\input{", ""),
            ("", r"\input ", ""),
            ("", r"\usepackage[a]{", ""),
            (r"\usepackage", " ", ""),
        ),
    ),
    "autograder.loading.projects._WHOLE": ("each", (("", "a", ""), ("", "\n", ""), ("", "\\documentclass{a}\n", ""))),
    "autograder.mathematics.answers.calling._ENTRIES": ("search", (("", "entries", ""), ("", " entrie", ""))),
    "autograder.mathematics.answers.calling._WHERE_FROM": (
        "each",
        (("", "\\in", ""), ("", " \\in ", ""), ("", " ", "")),
    ),
    "autograder.mathematics.answers.choices._COUNTED": (
        "search",
        (("", "two ", ""), ("", "just ", ""), ("", "a_{1},", ""), ("", "a_1,a_2", ","), ("a_1,a_2", " ", r"\dots")),
    ),
    "autograder.mathematics.answers.calling._SIMPLY": (
        "fullmatch",
        (
            ("", " ", ""),
            (" be", " ", "x"),
        ),
    ),
    "autograder.mathematics.answers.dashed._ALONE": (
        "each",
        (
            ("", "a", ""),
            ("", "_a", ""),
            ("", "{ab", ""),
        ),
    ),
    "autograder.mathematics.answers.dashed._LETTER": (
        "each",
        (
            ("", "a", ""),
            ("", "a ", ""),
        ),
    ),
    "autograder.mathematics.answers.dashed._PRIMED": (
        "each",
        (
            ("", "a'", ""),
            ("", "_{ab'", ""),
            ("", "a'a", ""),
        ),
    ),
    "autograder.mathematics.answers.mentions._CONSTANTS": (
        "match",
        (
            ("", "-", ""),
            ("", "constan", ""),
        ),
    ),
    "autograder.mathematics.answers.dashed._BELOW": (
        "each",
        (
            ("", "_{", ""),
            ("_{", "a", ""),
            ("", "_{a'", ""),
            ("", "_{'", ""),
        ),
    ),
    "autograder.mathematics.answers.dialect._CHANGES": (
        "match",
        (
            ("", "-", ""),
            ("", "plus", ""),
            ("- ", "minu", ""),
        ),
    ),
    "autograder.mathematics.answers.dialect._OPERATOR": (
        "fullmatch",
        (
            ("\\operatorname{", "a", ""),
            ("", "\\operatorname{", ""),
        ),
    ),
    "autograder.mathematics.answers.headings._BEGINS_WITH": (
        "each",
        (
            ("", " ", ""),
            ("", "#", ""),
            ("", "\n# 1", ""),
            ("\n#", " ", "1"),
        ),
    ),
    "autograder.mathematics.answers.joining._BEFORE": (
        "search",
        (
            ("", "half ", ""),
            ("", "inverse of ", ""),
            ("half", "$", "x"),
            ("", "one over the", ""),
        ),
    ),
    "autograder.mathematics.answers.joining._BEGINS": (
        "match",
        (
            ("", " ", ""),
            ("+", " ", ""),
            ("+", "\\,", ""),
            ("+", "\\, ", "="),
        ),
    ),
    "autograder.mathematics.answers.joining._BEHIND": (
        "match",
        (
            ("", "$", ""),
            ("", " ", ""),
            ("with ", "the ", ""),
            ("", "times", ""),
        ),
    ),
    "autograder.mathematics.answers.joining._CELLS": (
        "fullmatch",
        (
            ("", " ", ""),
            ("", "|", ""),
            ("=", "| ", "x"),
        ),
    ),
    "autograder.mathematics.answers.joining._FACTOR_BEFORE": (
        "search",
        (
            ("", "+", ""),
            ("", "+$ ", ""),
            ("", "\\cdot ", ""),
            ("", "+ $ $", "x"),
        ),
    ),
    "autograder.mathematics.answers.joining._GIVES": (
        "search",
        (
            ("", "let ", ""),
            ("let", "$", "x"),
            ("", "put now", ""),
        ),
    ),
    "autograder.mathematics.answers.joining._NEXT_LINE": (
        "fullmatch",
        (
            ("", " ", ""),
            (" +", " ", ""),
            (" -", "a", "="),
            (" + a", "a", "="),
        ),
    ),
    "autograder.mathematics.answers.joining._TAKEN": (
        "search",
        (
            ("", "sum of ", ""),
            ("", "sum of the ", ""),
            ("", "shape: ", ""),
            ("shape is", "a", "."),
            ("", "size", ""),
        ),
    ),
    "autograder.mathematics.answers.joining._TRAILS": (
        "match",
        (
            ("", " ", ""),
            ("", "$", ""),
            ("where", "a", "."),
            ("", "where ", ""),
        ),
    ),
    "autograder.mathematics.answers.cleaning._WIDE": (
        "fullmatch",
        (
            ("", " ", ""),
            ("", "1", ""),
            ("1.", " ", "x"),
        ),
    ),
    "autograder.mathematics.answers.mentions._ANY": (
        "search",
        (
            ("", "perturb", ""),
            ("", "any", ""),
            ("", "direction ", ""),
        ),
    ),
    "autograder.mathematics.answers.mentions._CHANGES": (
        "match",
        (
            ("", "-", ""),
            ("", "twice", ""),
            ("  ", "one ove", ""),
        ),
    ),
    "autograder.mathematics.answers.mentions._CONSTANT": (
        "each",
        (
            ("", "constant ", ""),
            ("", "a", ""),
            ("", "a$ is a fixed ", ""),
            ("", "scalar factor $", "x"),
            ("", "_{", ""),
        ),
    ),
    "autograder.mathematics.answers.mentions._CROSS": (
        "each",
        (
            ("", "\\", ""),
            ("", "\\tim", ""),
        ),
    ),
    "autograder.mathematics.answers.mentions._OTHER": (
        "search",
        (
            ("", "learning ", ""),
            ("", "with respect to ", ""),
            ("", "number ", ""),
        ),
    ),
    "autograder.mathematics.answers.mentions._SPACE": (
        "each",
        (
            ("", "a", ""),
            ("", "a,", ""),
            ("", "a, ", ""),
            ("", "a\\in ", ""),
            ("a\\in\\mathbb{R}^{", "m", ""),
            ("", "a_{i", ""),
        ),
    ),
    "autograder.mathematics.answers.openings._NO_BREAK": (
        "each",
        (
            ("", "a", ""),
            ("", "\n", ""),
        ),
    ),
    "autograder.mathematics.answers.openings._STRUCK_OUT": (
        "each",
        (
            ("", "\\st", ""),
            ("", "\\sout ", ""),
            ("", "\\sout{", ""),
        ),
    ),
    "autograder.mathematics.answers.pieces._TURNING": (
        "search",
        (
            ("", "prime ", ""),
            ("", "prime is the ", ""),
            ("transpos", "a", ""),
            ("", "transpose is ", ""),
        ),
    ),
    "autograder.mathematics.answers.restricting._NAMES": (
        "each",
        (
            ("", "\\text", ""),
            ("\\text{", "a", ""),
            ("", "\\text{ab", ""),
        ),
    ),
    "autograder.mathematics.answers.markup._TAGS": (
        "each",
        (("<sub>", "a", ""), ("", "<sub>", ""), ("", "<sub>a", ""), ("", "<sub>a</sup>", "")),
    ),
    "autograder.mathematics.answers.markup._LETTER": ("fullmatch", (("", "a", ""), ("\\", "a", ""))),
    "autograder.mathematics.answers.markup._OTHER_TAGS": (
        "each",
        (("<span ", "a", ""), ("", "<span ", ""), ("", "<p", ""), ("", "</", "")),
    ),
    "autograder.mathematics.answers.markup._FRAMES": ("search", (("", "a", ""),)),
    "autograder.mathematics.answers.markup._ENTRY": ("each", (("", "a[", ""), ("", "a[i", ""), ("", "a[i](", ""))),
    "autograder.mathematics.answers.markup._POINTED": (
        "each",
        (("$", " ", ""), ("", "$i", ""), ("", "a $$", ""), ("", "$i =", ""), ("$i=j", " ", ""), ("", "$i=j ", "")),
    ),
    "autograder.mathematics.answers.markup._IN_WORDS": (
        "each",
        (("\\text{", "a", ""), ("", "\\text{", ""), ("", "\\text{$", ""), ("\\text{$", "a", "")),
    ),
    "autograder.mathematics.answers.prose._RELATED_LETTERS": ("each", (("", "i=", ""), ("", "i\\ne ", ""))),
    "autograder.mathematics.answers.environments._EITHER": ("search", (("", "o", ""), ("", "\\lo", ""))),
    "autograder.mathematics.answers.sayings._UNIT": ("match", (("the ⟨", "a", ""), ("unit vector of ", "a", ""))),
    "autograder.mathematics.answers.scripts._IN_BRACKETS": ("fullmatch", (("(", "a", ""), ("", "(", ""))),
    "autograder.mathematics.answers.scripts._LABEL": (
        "fullmatch",
        (
            ("", "\\text{", ""),
            ("\\text{", "new", ""),
        ),
    ),
    "autograder.mathematics.answers.single._MANY": (
        "each",
        (
            ("", "multi", ""),
            ("", "several ", ""),
            ("", "A$ ", ""),
            ("", "in ", ""),
        ),
    ),
    "autograder.mathematics.answers.single._SINGLE": (
        "each",
        (
            ("", "single ", ""),
            ("", "one input, and a single ", ""),
            ("", "are all ", ""),
            ("", "everything is ", ""),
            ("", "a$ input ", ""),
        ),
    ),
    "autograder.mathematics.answers.spelled._IN_CODE": ("findall", (("`", "a", ""), ("", "`ab", ""), ("", "`", ""))),
    "autograder.mathematics.answers.spelled._VOWEL": ("search", (("", "b", ""),)),
    "autograder.mathematics.answers.spelled._WHOLE_SIDE": (
        "each",
        (
            ("=", " ", ""),
            ("=abc", " ", ""),
            ("=", "a", ""),
            ("", "=abc ", "x"),
            ("", "=", ""),
        ),
    ),
    "autograder.mathematics.answers.spoken._FOR_ANOTHER": (
        "match",
        (
            ("", "$", ""),
            ("for", " the", ""),
            ("for $a_{", "a", ""),
            ("", "for all ", ""),
        ),
    ),
    "autograder.mathematics.answers.casing._SENTENCE_ENDS": (
        "search",
        (("", ". ", "x"), ("\n", " ", "x"), ("", ".", "x")),
    ),
    "autograder.mathematics.answers.plain._ANOTHER": ("each", (("", ",", "x"), ("", "and ", "x"), ("", "else,", "x"))),
    "autograder.mathematics.answers.plain._ENTRY": ("search", (("", "a", ""), ("", "ab[", ""), ("", "a[1, ", ""))),
    "autograder.mathematics.answers.cleaning._CODE_NAME": ("fullmatch", (("", "a", ""), ("", "_", "1"))),
    "autograder.mathematics.answers.openings._DIRECTIVE": (
        "each",
        (
            ("", "`", ""),
            ("", "```{", ""),
            ("", "```{a", ""),
            ("", "```{a\n", ""),
            ("", ":::{a}\n", ""),
            ("```{a}", "a", ""),
        ),
    ),
    "autograder.mathematics.answers.plain._ARROW": ("fullmatch", (("", "-", ""), ("", "<", ""), ("", "->", ""))),
    "autograder.mathematics.answers.plain._LETTER_OF_WORDS": ("fullmatch", (("", "a", ""), ("", "a,", ""))),
    "autograder.mathematics.answers.plain._PIECE_OF_A_FORMULA": (
        "fullmatch",
        (("", "1", "x"), ("d", "a", ""), ("da/d", "a", "")),
    ),
    "autograder.mathematics.answers.prose._OF_THE": ("search", (("", "the ", "x"), ("", "the", ""), ("the", " ", "x"))),
    "autograder.mathematics.answers.prose._TWO_KINDS": ("search", (("", "othe", ""), ("", "o ", ""))),
    "autograder.mathematics.answers.prose._VALUE": ("fullmatch", (("", "a", ""), ("a=", "1", ""), ("a=1.", "1", ""))),
    "autograder.mathematics.answers.restricting._FORMULAS": (
        "each",
        (("", "\x01", ""), ("", "$", ""), ("$", "\x01", "x")),
    ),
    "autograder.mathematics.answers.restricting._OF_A_TERM": ("search", (("", "term", ""), ("", "a ", ""))),
    "autograder.mathematics.answers.restricting._MULTIPLE": (
        "search",
        (("", "a", ""), ("a_", "a", ""), ("a=", "1", "a"), ("", "a=2a", "")),
    ),
    "autograder.mathematics.answers.sayings._ONE_OVER": (
        "match",
        (("", "one ", ""), ("one over", " ", ""), ("", "the ", "")),
    ),
    "autograder.mathematics.answers.sayings._COSTS": ("match", (("", "the ", ""), ("", "the total cost ", ""))),
    "autograder.mathematics.answers.sayings._OTHERS": (
        "each",
        (
            ("", "the ", ""),
            ("", "the sum of all of the ", ""),
            ("", "sum of other terms ", ""),
            ("", "sum of other terms of the ", ""),
            ("sum of other terms of ", "a", ""),
        ),
    ),
    "autograder.mathematics.answers.slices._THEN": (
        "search",
        (
            ("", "a_1", ""),
            ("", "a_1,", ""),
            ("a_1,", "b", ""),
            ("", r"a_1\in", ""),
            ("", r"\mathbf{", ""),
            ("", "a_1 be the row of ", "x"),
            ("", "a_1 be the j-th row of ", "x"),
        ),
    ),
    "autograder.mathematics.answers.slices._BEFORE": (
        "search",
        (("", "row of ", ""), ("", "the j^{th} row of W ", "x"), ("", "the ", ""), ("j^", "a", "")),
    ),
    "autograder.mathematics.answers.slices._ALONE": ("fullmatch", (("", "W", ""), (r"\mathbf{", " ", ""))),
    "autograder.mathematics.answers.slices._NAMED": (
        "fullmatch",
        (("", "a_1", ""), ("a_1,", "b", ""), ("a_1,", ",a_1", "x"), ("a_1\\in", "b", "")),
    ),
    "autograder.mathematics.answers.slices._SPACES": ("each", (("", " ", ""), ("", "a ", ""))),
    "autograder.mathematics.answers.typed._A_SUM": ("each", (("", "sum", ""), ("", "sum ", ""), ("", "sum  x", ""))),
    "autograder.mathematics.answers.spoken._AND": ("search", (("", ",", "x"), ("", "and is ", "x"), (",", " ", "x"))),
    "autograder.mathematics.answers.spoken.CASE": ("search", (("", "$", ""), ("", " ", ""), ("", "if ", ""))),
    "autograder.mathematics.answers.spoken._CLEAR": (
        "fullmatch",
        (
            ("", " ", ""),
            ("", "so ", ""),
            ("", "for a ", ""),
            ("for ", "a", ""),
            ("for ", "a this ", ""),
            ("this", " then", ""),
            ("this", " is then", ""),
            ("we get", " then", ""),
        ),
    ),
    "autograder.mathematics.answers.spoken._CONTENT": ("search", (("", "a ", "\\"), ("", "\\", ""), ("", "\\fra", ""))),
    "autograder.mathematics.answers.spoken._DERIVATIVE": (
        "match",
        (("", " ", ""), ("d", " ", ""), ("d", "a", ""), (r"\frac", " ", ""), ("", r"\boxed{", "")),
    ),
    "autograder.mathematics.answers.spoken._DIAGONAL": (
        "search",
        (("", "diagonal ", ""), ("", "diagonal entries ", "x"), ("diagonal entries", " then", "x")),
    ),
    "autograder.mathematics.answers.spoken._ELSE": ("search", (("", "else ", "x"), ("", "else it is ", "x"))),
    "autograder.mathematics.answers.spoken._LED": (
        "search",
        (("", "for ", "."), ("", ", and for ", ";"), ("for", "a", "")),
    ),
    "autograder.mathematics.answers.spoken._NAME": (
        "fullmatch",
        (("", " ", ""), ("", "a", "1"), ("a_{", "a", ""), ("", "a_", "")),
    ),
    "autograder.mathematics.answers.spoken._NO_SIDE": (
        "search",
        (("", "\\", ""), ("", "\\i", ""), ("", r"\mathbb", "")),
    ),
    "autograder.mathematics.answers.spoken._PREPOSITION": (
        "search",
        (("", "of ", "x"), ("", "of the ", "x"), ("of", " ", "x")),
    ),
    "autograder.mathematics.answers.spoken._PRONOUN": (
        "search",
        (("", "this ", "x"), ("", "this is ", "x"), ("this", " then", " x"), ("", "this then is then ", "x")),
    ),
    "autograder.mathematics.answers.spoken._RESPECT": (
        "search",
        (
            ("", "derivative of ", "x"),
            ("", "gradient in ", "x"),
            ("gradient in ", "the ", "x"),
            ("gradient in ", "a", ""),
            ("", "that by ", "x"),
        ),
    ),
    "autograder.mathematics.answers.spoken._SIGN": (
        "fullmatch",
        (("", " ", ""), ("", " then", ""), ("", " is", ""), ("is", " then", "x"), ("", "is then ", "x")),
    ),
    "autograder.mathematics.answers.spoken._SPACES": ("each", (("", " ", ""), ("", "a ", ""))),
    "autograder.mathematics.answers.spoken._STOPS": ("match", (("", "$", ""), ("", "\n", "x"), ("\n", " ", "x"))),
    "autograder.mathematics.answers.spoken._WE": (
        "search",
        (("", "we ", "x"), ("", "we get ", "x"), ("we", " then", "x"), ("we get", " then", "x")),
    ),
    "autograder.mathematics.answers.typed._ALONE": ("each", (("", "B", ""), ("", "B ", ""), ("", "B.", ""))),
    "autograder.mathematics.answers.typed._DERIVATIVE_NAME": (
        "each",
        (("", "dC", ""), ("", "dC_", ""), ("", "dC_1_d", "")),
    ),
    "autograder.mathematics.answers.typed._GLUED": ("fullmatch", (("", "a", ""), ("", "i", ""))),
    "autograder.mathematics.answers.typed._MODULE": ("each", (("", "np.", ""), ("", "np", ""), ("", " np.", ""))),
    "autograder.mathematics.answers.typed._NAME": (
        "each",
        (
            ("", " ", "x"),
            ("", "\n ", "x"),
            ("", ",", ""),
            ("", ",ab ", ""),
            ("", "let ", "="),
            ("", "let  ab  ", ""),
            ("", "ab", ""),
            ("", "ab[", ""),
        ),
    ),
    "autograder.mathematics.answers.typed._NAMED_ENTRY": ("each", (("", "a", ""), ("", "ab[", ""), ("", "ab[1,", ""))),
    "autograder.mathematics.answers.typed._TIMES": (
        "each",
        (("", "a ", ""), ("a", " ", "x"), ("", "a . ", ""), ("a .", " ", "")),
    ),
    "autograder.mathematics.answers.usual_words._INSIDE": ("search", (("", "a ", "x"), ("", "a", ""))),
    "autograder.mathematics.answers.pieces._EQUALITY": ("each", (("", "=", ""), ("", "a=", ""))),
    "autograder.mathematics.answers.pieces._COLUMN": ("search", (("", "column ", ""), ("", "columns o", ""))),
    "autograder.mathematics.answers.pieces._ROW": ("search", (("", "row ", ""), ("", "rows o", ""))),
    "autograder.mathematics.answers.stated._LETTER": ("fullmatch", (("", "a", ""),)),
    "autograder.mathematics.answers.openings._OPENING": (
        "each",
        (
            ("", " ", ""),
            ("", "\n ", ""),
            ("# ", "a", ""),
            ("**", "a", ""),
            ("**a**", " ", "x"),
            ("", "**a\n", ""),
            ("\\", "sub", ""),
            ("", r"\section{", ""),
            (r"\section", " ", ""),
            ("", r"\item[", ""),
            ("", "> ", "#"),
            ("", r"\begin{", ""),
            ("", "~", ""),
            ("", "<s", ""),
        ),
    ),
    "autograder.mathematics.answers.openings._COMMENT": ("each", (("", "%", ""), ("", r"\%", ""), ("", "%\n", ""))),
    "autograder.mathematics.answers.headings._NUMBER_AND_LETTER": (
        "each",
        (("", "1", ""), ("", "1 ", ""), ("1", " ", "")),
    ),
    "autograder.mathematics.answers.headings._LETTER": (
        "fullmatch",
        (("", " ", ""), ("part", " ", ""), ("", "(", "1"), ("a", " ", "1"), ("", "part ", "")),
    ),
    "autograder.mathematics.answers.document._NUMBER_AND_PLACE": (
        "each",
        (("", "1", ""), ("", "1.", ""), ("1.", "1", "")),
    ),
    "autograder.mathematics.answers.headings._NUMBER": (
        "each",
        (("", " ", ""), ("", "question ", ""), ("question", "1", "."), ("question", " ", "")),
    ),
    "autograder.mathematics.answers.openings._QUOTED": ("each", (("", "\n", ""), ("\n", " ", "x"), ("\n>", " ", "x"))),
    "autograder.mathematics.answers.plain.BARE": ("fullmatch", (("", " ", "x"), ("a", " ", "x"), ("a =", " ", ""))),
    "autograder.mathematics.answers.plain._FORMULA_SIGN": (
        "each",
        (("", "d", ""), ("", "dC_", ""), ("", "dC / ", ""), ("", "a_", ""), ("", "a^", "")),
    ),
    "autograder.mathematics.answers.plain._PIECE": ("each", (("", "a", ""), ("", "a ", ""))),
    "autograder.mathematics.answers.plain._WORD": ("fullmatch", (("", "a", "1"), ("A", "a", "1"), ("", "1", ""))),
    "autograder.mathematics.answers.plain._BULLET": ("fullmatch", (("", "1", ""), ("(", "i", ""), ("", "-", ""))),
    "autograder.mathematics.answers.typed._BELOW": ("each", (("", "_ij", ""), ("", "_", ""), ("", "_i j", ""))),
    "autograder.mathematics.answers.typed._GREEK": ("each", (("", "beta", ""), ("", "beta ", ""), ("", "\\", ""))),
    "autograder.mathematics.answers.document._SENTENCE_ENDS": (
        "each",
        (("", ".", ""), ("", "\n", "x"), ("\n", " ", "x")),
    ),
    "autograder.mathematics.answers.plain._IN_BRACKETS": (
        "fullmatch",
        (("(", "a", "1"), ("", "a", "1"), ("", "(", "")),
    ),
    "autograder.mathematics.answers.openings._ARGUMENT": ("match", (("", " ", "x"), ("{", "a", ""), ("", "{", ""))),
    "autograder.mathematics.answers.marks.TOKEN": (
        "each",
        (("", "\\", ""), ("", " ", ""), ("\\", "a", "*"), ("", r"\tag", "")),
    ),
    "autograder.mathematics.answers.accents._DRESSED": (
        "each",
        (("", r"\bar", ""), ("", r"\bar ", ""), ("", r"\bar{\vec{", ""), (r"\bar", " ", "1"), (r"\bar", "a", "")),
    ),
    "autograder.mathematics.answers.plain._LETTERS_ONLY": (
        "fullmatch",
        (("a = ", "a", ""), ("a = ", "a = ", ""), ("a = ", "a + ", "="), ("a = ", " ", "")),
    ),
    "autograder.mathematics.answers.document._LIMITS": ("each", (("", "_{", ""), ("", "_{a=", ""), ("_{", "a", ""))),
    "autograder.mathematics.answers.plain._PRODUCT": ("fullmatch", (("", "a", ""),)),
    "autograder.mathematics.answers.plain._SHORT_WORD": ("fullmatch", (("", "am", ""), ("", "a", ""))),
    "autograder.mathematics.answers.values._VALUE": (
        "each",
        (
            ("", "if ", ""),
            ("if", " ", ""),
            ("if ", "a", ""),
            ("", "if all $", ""),
            ("if a", " ", ""),
            ("if a_{", "a", ""),
            ("if a > ", "1", ""),
            ("", "for \\a_i > ", ""),
        ),
    ),
    "autograder.mathematics.answers.values._OTHERWISE": ("each", (("", "else", ""), ("", "in the other ", ""))),
    "autograder.mathematics.answers.values._BEGINS": ("match", (("", " ", "x"), ("", "(", ""))),
    "autograder.mathematics.answers.values._VERB": ("each", (("", "ge", ""), (":", " ", "x"), ("", ": ", "x"))),
    "autograder.mathematics.answers.values._SENTENCE": (
        "each",
        (("", "\n", "x"), ("\n", " ", "x"), ("", ". ", ""), ("\n", "1", ""), ("", "\n ", "")),
    ),
    "autograder.mathematics.answers.prose._GENERAL": (
        "each",
        (("", "for any ", ""), ("", "in gene", ""), ("for any ", "$", ""), ("for any ", "a", "")),
    ),
    "autograder.mathematics.answers.restricting._SENTENCE": (
        "each",
        (
            ("", ".", ""),
            ("", "\n", "x"),
            ("\n", " ", "x"),
            ("", "a. ", ""),
            ("\x01\\end{", "a", ""),
            ("\x01$$", " ", ""),
        ),
    ),
    "autograder.mathematics.answers.restricting._GOES_ON": ("match", (("", " ", "X"), ("", "\n", "X"))),
    "autograder.mathematics.answers.restricting._RESTRICTING": (
        "each",
        (
            ("", "suppos", ""),
            ("", "consider the ", ""),
            ("consider", " the", "x"),
            ("", "index ", ""),
            ("index ", "a", ""),
            ("", "set ", ""),
            ("set ", "\x01", ""),
            ("", "put a\x01", ""),
            ("put a", "\x01", ""),
            ("", "only ", ""),
            ("", "for very ", ""),
            ("", " ", "x"),
        ),
    ),
    "autograder.mathematics.answers.denying._ASKS": ("search", (("", "?", "x"), ("?", " ", "x"))),
    "autograder.mathematics.answers.denying._NO": ("match", (("", " ", "x"), ("", "*", "x"), ("", "but this is ", ""))),
    "autograder.mathematics.answers.denying._DENYING": (
        "search",
        (
            ("", "up to ", ""),
            ("", "up to a global ", ""),
            ("", "we have ", ""),
            ("", "factor ", ""),
            ("factor ", "\x01", ""),
            ("factor", " of", ""),
        ),
    ),
    "autograder.mathematics.answers.denying._DOUBTING": (
        "search",
        (
            ("", "friend ", ""),
            ("", "is only ", ""),
            ("", "with its ", ""),
            ("with rows of ", "\x01", ""),
            ("", "\n ", ""),
        ),
    ),
    "autograder.mathematics.answers.restricting._INSTANCE": ("fullmatch", (("", "say", ""), ("exampl", "e", ""))),
    "autograder.mathematics.answers.restricting._OF_A_CASE": ("match", (("", "fo", ""), ("", "provide", ""))),
    "autograder.mathematics.answers.restricting._HARMLESS": (
        "each",
        (
            ("", "not to ", ""),
            ("suppose ", "the ", ""),
            ("", "suppose that ", ""),
            ("suppose ", "\x01", ""),
            ("forget", "a", ""),
            ("suppos", "a", ""),
            ("a single ", "a", ""),
        ),
    ),
    "autograder.mathematics.answers.restricting._CONDITION": ("each", (("", "if ", ""), ("", "as long ", ""))),
    "autograder.mathematics.answers.restricting._CONDITION_ENDS": ("search", (("", "a", ""),)),
    "autograder.mathematics.answers.restricting._ANYONE": ("match", ((" ", "a", ""), (" ", "the ", ""))),
    "autograder.mathematics.answers.restricting._RELATION": (
        "search",
        (("", "a", ""), ("a=", "a", ""), ("", "\\l", "")),
    ),
    "autograder.mathematics.answers.restricting._RANGE": (
        "search",
        (("", "=", ""), ("", "= 1", "x"), ("=", "1", "x"), ("=1", " ", "x"), ("\\neq 0", " ", "x")),
    ),
    "autograder.mathematics.answers.restricting._FORMULA": ("match", (("", " ", "x"), ("", "\x01", "x"))),
    "autograder.mathematics.answers.restricting._TAKES_BACK": ("match", (("", " ", "x"), ("", "thi", ""))),
    "autograder.mathematics.answers.restricting._RELEASES": ("search", (("", "the ", ""), ("", "in genera ", ""))),
    "autograder.mathematics.answers.restricting._HANGING": ("each", (("", "_{", ""), ("_{", "a", ""))),
    "autograder.mathematics.answers.restricting._HEADING": (
        "each",
        (("", "#", ""), ("", "\n#", ""), ("", "\\begin{", ""), ("\\begin{", "a", ""), ("", "<a", ""), ("<", "a", "")),
    ),
    "autograder.mathematics.answers.restricting._EXTREME": ("search", (("", "\\t", ""), ("", "\\too", ""))),
    "autograder.mathematics.answers.restricting._LEVEL": ("each", (("", "zero", ""), ("", "equa ", ""))),
    "autograder.mathematics.answers.mentions._LETTER": (
        "fullmatch",
        (("", " ", "1"), ("\\", "a", "1"), ("\\bar", " ", "1"), ("a_{", "1", ""), ("a", " ", "1")),
    ),
    "autograder.mathematics.answers.mentions._LET": ("search", (("", "let ", "x"), ("let", "$", "x"))),
    "autograder.mathematics.answers.mentions._NAMES": (
        "search",
        (("", "denote ", "x"), ("denote", " a", "1"), ("", "call it ", "x"), ("call ", "a", "1")),
    ),
    "autograder.mathematics.answers.mentions._WHERE": ("search", (("", "where ", "x"), ("where", "$", "x"))),
    "autograder.mathematics.answers.mentions._IS": ("match", (("", "$", "x"), ("is the ", "a", ""), ("", " ", "x"))),
    "autograder.mathematics.answers.mentions._USUAL": ("search", (("", "inpu ", ""), ("", "entr", ""))),
    "autograder.mathematics.answers.usual_words._WORD": ("each", (("", "a", ""), ("", "abc ", ""), ("", "\\a", ""))),
    "autograder.mathematics.answers.borrowed._CALLED": ("search", (("", "'", ""), ("", "' ", ""), ("", "'\\left", ""))),
    "autograder.mathematics.answers.conventions._SAID": (
        "search",
        (("", "convention", ""), ("", "row ", ""), ("", "as ", "")),
    ),
    "autograder.mathematics.answers.rejected._BEFORE": (
        "each",
        (
            ("", "wrong to write", ""),
            ("wrong to write", " that", "x"),
            ("wrong to write", " ", "x"),
            ("", "mistake is ", ""),
            ("", "not ", "x"),
            ("not", " ", "x"),
        ),
    ),
    "autograder.mathematics.answers.rejected._MIGHT": (
        "each",
        (
            ("", "one might ", ""),
            ("one might think", " that", "x"),
            ("one might think", " ", "x"),
            ("", "naively", "x"),
        ),
    ),
    "autograder.mathematics.answers.rejected._BEHIND": (
        "match",
        (("", " ", "x"), ("", "but ", ""), ("", "but this ", ""), ("-", "-", "")),
    ),
    "autograder.mathematics.answers.rejected._TURN": ("search", (("", "bu", ""), ("", "a ", ""))),
    "autograder.mathematics.answers.rejected._REFUTED": (
        "search",
        (("", "fals", ""), ("", "does ", ""), ("", "n't ", "")),
    ),
    "autograder.mathematics.answers.calling._NAME": (
        "fullmatch",
        (("", " ", "x"), ("\\", "a", "1"), ("\\bar", " ", ""), ("a_", "1", ""), ("a_{", "1", "")),
    ),
    "autograder.mathematics.answers.calling._STANDS_FOR": (
        "fullmatch",
        ((" stands for", " ", "x"), ("", " stands", "x")),
    ),
    "autograder.mathematics.answers.layouts._AT": ("search", (("", "entry ", ""), ("", "entry $(i, ", ""))),
    "autograder.mathematics.answers.markup._ENTRY_OF_A_CALL": (
        "each",
        (("", "a(a)", ""), ("", "a(a)[", ""), ("a", "'", "")),
    ),
    "autograder.mathematics.answers.mentions._FOR_A_FORMULA": ("match", (("", "$", "x"), (" for ", "$", "x"))),
    "autograder.mathematics.answers.plain._ASSIGNS": (
        "each",
        (("", "J", ""), ("J = ", "a", "="), ("", "J = a\n", ""), ("", " ", "x"), ("", "\n ", ""), ("g = dC", " ", "x")),
    ),
    "autograder.mathematics.answers.plain._OF_A_PROGRAM": (
        "search",
        (("", "a", ""), ("", "a(", ""), ("", "[", ""), ("[", "np", ""), ("", "outer(", "")),
    ),
    "autograder.mathematics.answers.plain._IN_CODE": ("each", (("", "`J", ""), ("`J = ", "a", ""), ("`J", " ", "x"))),
    "autograder.mathematics.answers.tables._INDEX": ("each", (("", "_", ""), ("", "_{", ""), ("", "_{a", ""))),
    "autograder.mathematics.answers.tables._PLACE": ("fullmatch", (("", " ", "x"), ("i=1", " ", "x"))),
    "autograder.mathematics.answers.prose._OF_A_DELTA": (
        "each",
        (("", "δ", ""), ("", "delta ", ""), ("", "\\delta 0 ", ""), ("delta 0", " ", "x"), ("", "δ 0 and ", "")),
    ),
    "autograder.mathematics.answers.slices._DRESS": ("each", (("", "\\", ""), ("", "\\vec", ""), ("", " ", ""))),
    "autograder.mathematics.answers.prose._BOTH": (
        "search",
        (("", "i=j ", ""), ("i=j", " ", "x"), ("i=j and", " ", "x"), ("", "i=j and ", "")),
    ),
    "autograder.mathematics.answers.spoken._ELSEWHERE": (
        "search",
        (("", "in the ", ""), ("in the book this ", "a ", "1")),
    ),
    "autograder.mathematics.answers.tables._BEGINS": ("match", (("", " ", "x"), ("$", "a", ""))),
    "autograder.mathematics.answers.tables._CELL": (
        "each",
        (("", "a", ""), ("", "$", ""), ("$", "a", ""), ("", "\\", "")),
    ),
    "autograder.mathematics.answers.tables._EQUALS": ("search", (("", "a", ""), ("", "<=", ""))),
    "autograder.mathematics.answers.tables._FORMULA": (
        "fullmatch",
        (("", " ", "x"), ("$", "a", ""), ("\\(", "a", ""), ("$a$", " ", "x")),
    ),
    "autograder.mathematics.answers.tables._GRADIENT": (
        "search",
        (("", "gradient of ", ""), ("gradient of $", "a", "")),
    ),
    "autograder.mathematics.answers.tables._COLUMNS": ("match", (("{", "c", ""), ("", "{", ""))),
    "autograder.mathematics.answers.tables._LINE": ("each", (("", "a", ""), ("", "\n", ""))),
    "autograder.mathematics.answers.tables._NO_BREAK": ("each", (("", "a", ""),)),
    "autograder.mathematics.answers.tables._ROW_ENDS": ("each", (("", "a", ""), ("", "\\", ""))),
    "autograder.mathematics.answers.tables._LETTER": (
        "fullmatch",
        (("", " ", "1"), ("\\bm", " ", "1"), ("", "a", "1")),
    ),
    "autograder.mathematics.answers.tables._MARKDOWN": (
        "each",
        (
            ("", "|", ""),
            ("", "a|\n", ""),
            ("a|\n", "-", ""),
            ("a|\n", "-|", "x"),
            ("a|\n|", " ", "x"),
            ("a|b\n-|-", "\na|", ""),
            ("", "a|b\n-|-\n", ""),
        ),
    ),
    "autograder.mathematics.answers.tables._OPERATOR": ("match", (("", " ", "x"), ("d", " ", "x"))),
    "autograder.mathematics.answers.tables._OTHER": ("search", (("", "shap", ""), ("", "a ", ""))),
    "autograder.mathematics.answers.tables._PLAIN": ("fullmatch", (("d", "a", ""), ("dy", " ", "x"))),
    "autograder.mathematics.answers.tables._RULES": ("each", (("", "\\hlin", ""), ("\\cline{", "a", ""))),
    "autograder.mathematics.answers.calling._AS_A_ROW": ("match", (("", "$", "x"), ("", " written", "x"))),
    "autograder.mathematics.answers.calling._IS_THE": ("fullmatch", ((" is", " ", "x"), ("", " is the", "x"))),
    "autograder.mathematics.answers.calling._LEAVES_OUT": (
        "match",
        ((" over all", " ", "x"), (" over", " all", "x"), (" over all ", "k ", ""), ("", "$", "x")),
    ),
    "autograder.mathematics.answers.calling._LETS": ("search", (("", "let ", "x"), ("let", " ", "x"))),
    "autograder.mathematics.answers.calling._MULTIPLE": (
        "fullmatch",
        ((" be twice", " ", "x"), ("", " is twice", "x")),
    ),
    "autograder.mathematics.answers.calling._OF_THE_TASK": ("match", (("", "$", "x"), ("", " of the", "x"))),
    "autograder.mathematics.answers.calling._OF_THE_TASK_IS": (
        "fullmatch",
        ((" of the homework is", " ", "x"), ("", " of the homework", "x")),
    ),
    "autograder.mathematics.answers.markup._RANGE": ("each", (("", ") ", ""), (")", " ", "x"), ("", ") (k = ", ""))),
    "autograder.mathematics.answers.spoken._OF_A_PART": (
        "search",
        (("", "the ", ""), ("", "the bracket ", ""), ("the bracket in ", "a ", ""), ("the bracket is", " then", "x")),
    ),
    "autograder.mathematics.answers.typed._CODED_PARTIAL": (
        "each",
        (("", "(", ""), ("", "(dy/dx_", ""), ("(dy", " ", "x")),
    ),
    "autograder.mathematics.answers.calling._SUM_OVER": (
        "search",
        (
            ("", "S ", ""),
            ("S is the sum over all ", "k ", ""),
            ("", "\\a ", ""),
            ("S is the sum over k of ", "all ", ""),
        ),
    ),
    "autograder.mathematics.answers.mentions._ARBITRARY": (
        "each",
        (
            ("", "H ", ""),
            ("H be an arbitrary ", "$", ""),
            ("", "arbitrary matrix ", ""),
            ("arbitrary matrix ", "$", ""),
        ),
    ),
    "autograder.mathematics.answers.mentions._IDLE": ("each", (("", "$i", ""), ("", "3 ", ""), ("3", " ", "x"))),
    "autograder.mathematics.answers.denying._RETRACTS": (
        "search",
        (("", "\n", ""), ("", "\n ", ""), ("\n", " ", "x"), ("", "\nedit: ", ""), ("", "\nthis is ", "")),
    ),
    "autograder.mathematics.answers.openings._ROWS_IN_CODE": (
        "each",
        (
            ("", "[", ""),
            ("", "[[a]", ""),
            ("[[a]", ",[a]", "x"),
            ("[[a]", " ", "x"),
            ("[[", "a", ""),
            ("[[a]", ", [a", ""),
        ),
    ),
    "autograder.mathematics.answers.calling._DIAGONAL": (
        "fullmatch",
        ((" is the diagonal matrix with", " the", "x"), (" is the diagonal matrix of", " ", "x")),
    ),
    "autograder.mathematics.answers.calling._HANGING": ("each", (("", "_", ""), ("_{", "a", ""))),
    "autograder.mathematics.answers.calling._BODY": ("search", (("", "a", ""), ("", "\\fra", ""))),
    "autograder.mathematics.answers.calling._NO_BODY": ("search", (("", "\\time", ""), ("", "\\", ""))),
    "autograder.mathematics.answers.calling._FOR": (
        "fullmatch",
        ((" for ", "a", "1"), (" for ", "the ", ""), (" for", " ", "x"), (" for ", "abc ", "")),
    ),
    "autograder.mathematics.answers.calling._BE": ("fullmatch", ((" be ", "the ", ""), (" be ", "abc ", ""))),
    "autograder.mathematics.answers.calling._IS": ("fullmatch", ((" is the ", "abc ", ""), (" denotes", " ", ""))),
    "autograder.mathematics.answers.calling._BY": ("fullmatch", (("", " ", "x"), ("by ", "abc ", ""))),
    "autograder.mathematics.answers.calling._CALLED": ("fullmatch", (("", " ", "x"), ("", "which we ", ""))),
    "autograder.mathematics.answers.calling._USING": ("search", (("", "use ", "x"), ("use", " ", "x"))),
    "autograder.mathematics.answers.calling._LET": ("search", (("", "let ", "x"), ("let", " ", "x"))),
    "autograder.mathematics.answers.calling._WHERE": ("search", (("", "where ", "x"), ("", ".", "x"), ("", " ", "x"))),
    "autograder.mathematics.answers.calling._DENOTE": (
        "search",
        (("", "denote ", "1"), ("denote ", "abc ", "1"), ("denote", " ", "1"), ("", "call abc ", "1")),
    ),
    "autograder.mathematics.answers.calling._DENOTE_BY": ("search", (("", "denote by ", "x"), ("denote by", " ", "x"))),
    "autograder.mathematics.answers.calling._ARTICLE": ("fullmatch", ((" ", "abc ", ""), (" ", " ", "x"))),
    "autograder.mathematics.answers.calling._AND": ("search", (("", "for ", ""), ("", "for and ", "x"))),
    "autograder.mathematics.answers.calling._EXPONENTIAL": ("fullmatch", ((" the exponential of the", " ", "x"),)),
    "autograder.mathematics.answers.calling._INDEX": ("each", (("", "_", ""), ("", "_{", ""), ("", "_a", ""))),
    "autograder.mathematics.answers.calling._PRODUCT": ("fullmatch", (("\\beta x", "a", ""), ("\\beta", " ", "x"))),
    "autograder.mathematics.answers.calling._SUM": ("fullmatch", ((" the sum of the", " ", "x"), ("", " ", "x"))),
    "autograder.mathematics.answers.calling._SUMS": ("search", (("", "let ", "x"), ("let", " ", "x"))),
    "autograder.mathematics.answers.document._ONE_DELTA": (
        "fullmatch",
        (("", " ", "x"), ("\\delta\\in", "a", "="), ("\\delta", " ", "x")),
    ),
    "autograder.mathematics.answers.borrowed.ALONE": ("each", (("", "a", ""), ("", "a ", ""), ("", "\\a ", ""))),
    "autograder.mathematics.answers.doubts._BRACKET": (
        "each",
        (("", "a", ""), ("", "a(", ""), ("a", " ", "("), ("", "a(b(", ""), ("", "a()", "")),
    ),
    "autograder.mathematics.answers.pieces._OWN_DELTA": (
        "search",
        (("", "\\delta", ""), ("", "\\delta_{", ""), ("\\delta_{", " ", ""), ("\\delta^", " ", "")),
    ),
    "autograder.mathematics.answers.worded._SYMBOL": ("fullmatch", (("\\", "a", "1"), ("a_\\", "a", "1"))),
    "autograder.mathematics.answers.sayings._ACCENTED": ("fullmatch", (("", " ", "x"), ("\\bar", " ", "1"))),
    "autograder.mathematics.answers.sayings._ARTICLE": ("each", (("", "the ", ""), ("", "with ", ""), ("", ", ", ""))),
    "autograder.mathematics.answers.sayings._BARE": ("match", (("", " ", "x"), (" short for ", " ", "x"))),
    "autograder.mathematics.answers.sayings._BEGINS": ("match", (("", " ", "x"), ("", "\n", "x"))),
    "autograder.mathematics.answers.sayings._BY": ("search", (("", " ", "x"), ("", " by", "x"), ("", " as", " x"))),
    "autograder.mathematics.answers.sayings._CALL": ("each", (("", "call ", ""), ("", "denotin", ""))),
    "autograder.mathematics.answers.sayings._CALLED": (
        "search",
        (("", " and", "x"), ("", " call it", "x"), ("", ",", ""), ("", " ", "x"), ("", " is", "x")),
    ),
    "autograder.mathematics.answers.sayings._CLAUSE": ("each", (("", ".", ""), ("", ". ", ""))),
    "autograder.mathematics.answers.sayings._DRESS": ("each", (("", "\\math", ""), ("", "{", ""), ("", " ", ""))),
    "autograder.mathematics.answers.sayings._ENDS": ("search", (("", "$", "x"), ("", " ", "x"), ("", "$ ", "x"))),
    "autograder.mathematics.answers.sayings._FIRST": ("match", ((" and ⟨", "a", ""), ("", " and ", ""))),
    "autograder.mathematics.answers.sayings._FOR": ("match", (("", " ", "x"), ("as ", "a ", ""))),
    "autograder.mathematics.answers.sayings._IS": ("match", (("", " ", "x"), (" is ", "now ", ""))),
    "autograder.mathematics.answers.sayings._LETTER": (
        "fullmatch",
        (("\\", "a", "1"), ("a_\\", "a", "1"), ("a:", "b", "⟨"), ("a", ":", "⟨")),
    ),
    "autograder.mathematics.answers.sayings._NAMED": ("each", (("", "⟨", ""), ("⟨", "a", ""), ("", "⟨a", ""))),
    "autograder.mathematics.answers.sayings._OPENS": ("search", (("", "let ", "x"), ("", ".", "x"), ("", " ", "x"))),
    "autograder.mathematics.answers.sayings._PAIR": (
        "match",
        ((" be the ", "a", ""), (" be the ", "a and ", ""), (" are the ab and ", "c", "")),
    ),
    "autograder.mathematics.answers.sayings._SECOND": (
        "search",
        (("", "⟨a⟩ and ", "x"), ("", "⟨a", ""), ("", "⟨", "")),
    ),
    "autograder.mathematics.answers.sayings._SPACES": ("each", (("", " ", ""), ("", " a", ""))),
    "autograder.mathematics.answers.sayings._TAIL": ("match", (("", " ", "x"), ("in the ", "a", ""))),
    "autograder.mathematics.answers.sayings._TELLING": ("search", (("", "in the ", ""), ("", "normali", ""))),
    "autograder.mathematics.answers.sayings._WORDS": ("each", (("", "numerato", ""), ("", "probabili", ""))),
    "autograder.mathematics.answers.sayings._USING": ("search", (("", "use ", "x"), ("use the letter", " ", "x"))),
    "autograder.mathematics.answers.sayings._VERBLESS": ("search", (("", "with ", "x"), ("denote by", " ", "x"))),
    "autograder.mathematics.answers.sayings._NUMERATOR": (
        "match",
        (("the ", "whole ", ""), ("numerator of ", "a", "")),
    ),
    "autograder.mathematics.answers.sayings._DENOMINATOR": (
        "match",
        (("the ", "whole ", ""), ("denominator of ⟨", "a", ""), ("denominator of the ", "a", "")),
    ),
    "autograder.mathematics.answers.sayings._SUM": (
        "match",
        (("the sum of ", "all ", ""), ("the sum over ⟨", "a", "")),
    ),
    "autograder.mathematics.answers.sayings._EXPONENTIAL": ("match", (("⟨i⟩", "-", ""), ("exponential in ", "a", ""))),
    "autograder.mathematics.answers.sayings._GRADIENT": (
        "match",
        (
            ("gradient of ", "the ", ""),
            ("gradient of ⟨", "a", ""),
            ("gradient of the cost by ⟨", "a", ""),
            ("vector of ", "all ", ""),
        ),
    ),
    "autograder.mathematics.answers.sayings._JACOBIAN": (
        "match",
        (("jacobian of ", "a", ""), ("jacobian with respect to ", "the ", ""), ("jacobian of ⟨", "a", "")),
    ),
    "autograder.mathematics.answers.sayings._OUTPUTS": ("match", (("the ⟨", "a", ""), ("first output of ", "a", ""))),
    "autograder.mathematics.answers.dialect._REASON": ("match", (("", " ", "x"), ("", "-", ""))),
    "autograder.mathematics.answers.dialect._THING": ("fullmatch", (("", "A", ""), ("", "num", ""))),
    "autograder.mathematics.answers.dialect._OF_A_THING": ("match", (("the ", "sum", ""), ("", "the ", ""))),
    "autograder.mathematics.answers.calling._CALL": ("search", (("", "call ", "x"), ("call", " ", "x"))),
    "autograder.mathematics.answers.joining._JOINS": (
        "search",
        (("", "a", "1"), ("", "ab ", "1"), ("ab", " ", "1"), ("", "which ", "")),
    ),
    "autograder.mathematics.answers.dialect._OR": ("fullmatch", ((r"\text{", " ", ""), (r"\text{or", " ", "x"))),
    "autograder.mathematics.answers.dialect._NAME": ("fullmatch", ((r"\text{", "a", ""), ("", r"\text{", ""))),
    "autograder.mathematics.answers.dialect._NO_NAME": ("fullmatch", (("", "if", ""), ("", "o", ""))),
    "autograder.mathematics.answers.document._EQUALS": ("search", (("", "\\coloneq", ""), ("", "\\", ""))),
    "autograder.mathematics.answers.typed._TURNED": ("each", (("", "x.T", ""), ("", ".T", "a"))),
    "autograder.mathematics.answers.scanner._TERMS": ("findall", (("", "a", ""), ("", "+", ""), ("", "1", ""))),
    "autograder.mathematics.answers.scanner._SHIFTED": ("fullmatch", (("", "a", ""), ("a+", "1", ""), ("", "+", ""))),
    "autograder.mathematics.answers.scanner._DRESSED": ("fullmatch", (("\\", "a", ""), (r"\bar{", "a", ""))),
    "autograder.mathematics.answers.headings._SECTION": ("search", (("\\", "sub", ""), ("", "\\sub", ""))),
    "autograder.mathematics.answers.accents._WITH_ABOVE": ("each", (("", "a", ""), ("", "a\u0304", ""))),
    "autograder.mathematics.answers.casing._AND": (
        "fullmatch",
        (("", " ", "x"), (" and", " ", "x"), (",", " ", "x")),
    ),
    "autograder.mathematics.answers.joining._SUBJECT": (
        "search",
        (("", "a", "1"), ("", "ab ", "1"), ("ab", " ", "1"), ("", "ab", "="), ("", "a b", "1")),
    ),
    "autograder.mathematics.answers.casing._BEGINS_A_LINE": (
        "fullmatch",
        (("", " ", "x"), ("\n", "a", ""), ("\n", ",", "x"), ("\na,", " ", "x")),
    ),
    "autograder.mathematics.answers.document._CODE": (
        "search",
        (("", "`", ""), ("`", "a", ""), ("", "`a", ""), ("", "` ", "x")),
    ),
    "autograder.mathematics.answers.typed._CODED": (
        "each",
        (("", "a", ""), ("", "a[", ""), ("", "a[1,", ""), ("a[1,", " ", "x")),
    ),
    "autograder.mathematics.answers.casing._LETTERS": ("findall", (("", "a", ""),)),
    "autograder.mathematics.answers.typed._POWER": (
        "each",
        (("", "^(", ""), ("^(", "a", ""), ("^(", "(", ""), ("^(", "(a)", ""), ("", "^((a)", "")),
    ),
    "autograder.mathematics.answers.document._ROW": (
        "match",
        (("", " ", "x"), ("|", " ", "="), ("|", "a", "="), ("", "|", "")),
    ),
    "autograder.mathematics.answers.document._SIDE": ("match", (("", " ", "x"), ("=", " ", "="), ("", "=", ""))),
    "autograder.mathematics.answers.document._SIZE": (
        "fullmatch",
        (("", " ", "x"), ("1", " ", "x"), ("1\\times", " ", "="), ("1\\times 1", " ", "x")),
    ),
    "autograder.mathematics.answers.layouts._COLUMNS": (
        "search",
        (("", "column ", ""), ("", "columns vectors of all the ", "")),
    ),
    "autograder.mathematics.answers.layouts._IN_COLUMNS": ("search", (("", "columns $", ""), ("", "column a ", ""))),
    "autograder.mathematics.answers.layouts._SENTENCE_ENDS": ("split", (("", ".", ""), ("", "a", ""))),
    "autograder.mathematics.answers.layouts._DERIVATIVE": ("search", (("", "dC ", ""), ("", "gradien", ""))),
    "autograder.mathematics.answers.layouts._ROW": ("search", (("", "row ", ""), ("", "row $", ""))),
    "autograder.mathematics.answers.layouts._COLUMN": ("search", (("", "column ", ""), ("", "column $", ""))),
    "autograder.mathematics.answers.layouts._ENTRY": ("findall", (("", "_{a", ""), ("", "_a,b ", ""))),
    "autograder.mathematics.answers.layouts._NAMED": ("search", (("", "denominator ", ""),)),
    "autograder.mathematics.answers.layouts._ROWS": ("search", (("", "rows ", ""), ("", "1 ", ""), ("", "as a ", ""))),
    "autograder.mathematics.answers.layouts._SHAPED": (
        "search",
        (
            ("", "the shape ", ""),
            ("", "the shape of ", "transposed"),
            ("the shape of", "a", "transposed"),
            ("", "stored as ", ""),
            ("stored as ", "a", ""),
        ),
    ),
    "autograder.mathematics.answers.layouts._TURNED": ("search", (("", "numerator-", ""),)),
    "autograder.mathematics.answers.mentions._SIGNS": ("search", (("", "a", ""),)),
    "autograder.mathematics.answers.mentions._SIZES": (
        "each",
        (("", "1", ""), ("", "1 ", ""), ("", "a\\times ", ""), ("", "$", "")),
    ),
    "autograder.mathematics.answers.plain._SIZE": ("fullmatch", (("", "(", ""), ("(a", "x", ""))),
    "autograder.mathematics.answers.casing._OTHERWISE": (
        "fullmatch",
        (("", " ", "x"), (" else", " ", "x"), (" ", "or ", "")),
    ),
    "autograder.mathematics.answers.plain._EQUAL": ("search", (("", "=", ""), ("", "a", ""))),
    "autograder.mathematics.answers.plain._LABEL": ("fullmatch", (("**", "a", ""), ("", "*", ""))),
    "autograder.mathematics.answers.plain._LONG_WORD": ("fullmatch", (("", "a", "1"), ("abc-", "a", "1"))),
    "autograder.mathematics.answers.plain._NAMES": ("each", (("", "exp", ""), ("", "alpha ", ""))),
    "autograder.mathematics.answers.plain._SPACES": ("each", (("", " ", ""), ("", " \t", ""))),
    "autograder.mathematics.answers.prose._OF_A_TERM": (
        "search",
        (("", "terms ", ""), ("", "terms in the sum ", ""), ("terms with", " ", "x"), ("", "factor of index", "")),
    ),
    "autograder.mathematics.answers.restricting._EXAMPLE": ("search", (("", "example", ""), ("", "two class ", ""))),
    "autograder.mathematics.answers.doubts._SPOKEN": ("each", (("\\", "a", ""), ("", "\\a", ""), ("", "\\a ", ""))),
    "autograder.mathematics.answers.cleaning._LIKE_LETTERS": ("match", (("", "a", ""),)),
    "autograder.mathematics.answers.cleaning._LENGTH": (
        "fullmatch",
        (("", " ", "x"), ("", "1", ""), ("1", " ", ""), ("1\\", "a", "1")),
    ),
    "autograder.mathematics.answers.cleaning._STACKS": ("match", (("", "array", ""), ("alig", "n", ""))),
    "autograder.mathematics.answers.prose._CASE": (
        "each",
        (
            ("", "a ", ""),
            ("a ", " ", ""),
            ("", "$a and ", ""),
            ("", "i is ", ""),
            ("", "different ", ""),
            ("", "other ", ""),
            ("", "diagonal ", ""),
            ("", "indices are ", ""),
            ("", "i = ", ""),
            ("", "for ", ""),
            ("", "off the ", ""),
            ("", "on the ", ""),
        ),
    ),
    "autograder.mathematics.answers.prose._PAIR": (
        "each",
        (("", "$i, ", ""), ("", "i and j ", ""), ("", "distinct ", ""), ("", "i, j are ", ""), ("", "a ", "")),
    ),
    "autograder.mathematics.answers.prose._RELATED": (
        "each",
        (("", "$i is ", ""), ("", "i not ", ""), ("", "a ", ""), ("", "$", "")),
    ),
    "autograder.mathematics.answers.prose._EXCEPT": ("each", (("", "unless ", "x"), ("unless", " for", "x"))),
    "autograder.mathematics.answers.prose._SUPPOSED": ("each", (("", "if ", "x"), ("if", " ", "x"))),
    "autograder.mathematics.answers.prose._EVEN": ("each", (("", "even ", "x"), ("", "not only ", ""))),
    "autograder.mathematics.answers.hanging._CASE": ("fullmatch", (("", " ", "x"), ("i", " ", ""), ("i =", " ", ""))),
    "autograder.mathematics.answers.prose._DELTA": ("each", (("", "\\", ""), ("", "delt", ""), ("", r"\mathbb{", ""))),
    "autograder.mathematics.answers.prose._SENTENCE": (
        "each",
        (("", "\n", "x"), ("\n", " ", "x"), ("", ". ", ""), ("", "\n ", "x"), ("\n", "1", "")),
    ),
    "autograder.mathematics.answers.prose._TRAILING": (
        "match",
        (("", " ", "x"), ("(", " ", "x"), ("(a =", " ", "x"), ("", ",", "x"), ("and ", "i", "")),
    ),
    "autograder.mathematics.answers.prose._VERB": ("each", (("", "ge", ""), ("", "give ", ""))),
    "autograder.mathematics.answers.macros._DEFINITION": (
        "each",
        (
            (r"\newcommand", " ", ""),
            (r"\newcommand{\a", " ", "x"),
            (r"\newcommand\a}", " ", "x"),
            (r"\newcommand\a[1]", " ", "x"),
            ("\\newcommand\\", "a", "1"),
            ("", r"\newcommand", ""),
            (r"\def", " ", ""),
            (r"\def\a", " ", ""),
            (r"\def\a", "#1", ""),
            (r"\def\a#1", " ", ""),
            (r"\DeclareMathOperator", " ", ""),
            (r"\DeclareMathOperator{\a", " ", ""),
            (r"\newcommand\a[1][", "a", ""),
            (r"\NewDocumentCommand\a{", "m ", ""),
        ),
    ),
    "autograder.mathematics.formulas.parsing._WORD": ("each", (("\\", "a", ""), ("", "\\", ""))),
    "autograder.mathematics.formulas.parsing._OPENING": ("each", (("", "(", ""), ("", r"\begi", ""), ("", "\\", ""))),
    "autograder.loading.blocks._FENCE": ("match", (("", " ", ""), ("", "`", "\n"), ("```", " ", ""))),
    "autograder.loading.blocks._LINE_ENDS": ("each", (("", "\r", ""),)),
    "autograder.loading.blocks._WORD": ("match", (("", "{", ""), ("", "a", ""))),
    "autograder.loading.files._NOTEBOOK": ("each", (('"cells"', " ", ""), ("", '"cells" ', ""))),
    "autograder.loading.files._PYTHON": (
        "each",
        (
            ("def ", "a", ""),
            ("def a", " ", ""),
            ("class ", "a", ""),
            ("class a", "\t", ""),
            ("import ", "a.", " "),
            ("import a", " ", "x"),
            ("from ", ".", ""),
            ("", "\nimport a ", ""),
        ),
    ),
    "autograder.loading.files._LINE_ENDS": ("each", (("", "\r", ""),)),
    "autograder.loading.names._AGAIN": ("each", (("", " (1", ""), ("", " (1)", "a"))),
    "autograder.loading.names._COPY": ("each", (("", " - ", ""), ("", "_1", ""))),
    "autograder.loading.written._DERIVATIVE": (
        "each",
        (
            (r"\frac", " ", ""),
            (r"\frac{", " ", ""),
            (r"\frac{\mathrm", " ", ""),
            ("", r"\frac{\text{", ""),
            ("", "\n", "x"),
        ),
    ),
    "autograder.nbgrader_plugin.notebook._BASE64": ("fullmatch", (("", "A", "-"), ("", " ", "-"))),
    "autograder.nbgrader_plugin.shown._TAG": ("each", (("", "<", ""), ("", "<a", ""))),
    "autograder.nbgrader_plugin.shown._LINK": ("each", (("]:", " ", ""), ("", "]:", ""), ("", "]: ", ""))),
    "autograder.nbgrader_plugin.shown._MATH_LINK": ("each", (("", r"\href", "a"), ("", "\\", ""))),
    "autograder.nbgrader_plugin.shown._SAFE": ("match", (("", "https", ""),)),
    "autograder.wire.records.MODULE": ("fullmatch", (("", "a", ""),)),
    "autograder.wire.papers._TEXT": ("fullmatch", (("", "a", ""),)),
    "reports.feedback.cells._CODE": ("each", (("`", "a", ""), ("", "`", ""))),
    "reports.feedback.cells._BOLD": ("each", (("**", "a", ""), ("", "**a\n", ""), ("", "*", ""))),
    "reports.feedback.markdown._WORDS": ("fullmatch", (("a", " ", "1"), ("", "a", "1"))),
    "reports.feedback.markdown._TAG_OR_LINK": ("each", (("", "<", ""), ("", "](", ""))),
    "reports.feedback.pages._MARKED": ("each", (("`", "a", ""), ("", "**a", ""), ("", "*", ""), ("**", "a", ""))),
    "reports.latex.escaping._SPACE": ("each", (("", " ", ""), ("", " a", ""))),
    "reports.latex.runner._ERROR": ("each", (("document.tex:", "1", ""), ("", "\n./", ""), ("", "document.tex:", ""))),
    "reports.latex.runner._FATAL": ("each", (("", "! ", ""), ("", "\n! ", ""))),
    "reports.latex.runner._OVERFULL": ("each", (("Overfull \\hbox (", "1", ""), ("", "\nOverfull \\hbox (1", ""))),
    "reports.latex.runner._BROKEN": (
        "each",
        (
            ("LaTeX Warning: Reference ", " undefine", ""),
            ("LaTeX Warning: Label ", " multiply", ""),
            ("LaTeX Font Warning: Font shape ", "a", ""),
            ("", "There were undefined reference", ""),
            ("", "Missing character: \n", ""),
            ("", "\n", ""),
        ),
    ),
    "autograder.mathematics.answers.dialect._ANOTHER": (
        "match",
        (("", " ", ""), ("", "and ", ""), ("", "otherwis ", "")),
    ),
    "autograder.mathematics.answers.dialect._INDEX": ("fullmatch", (("", "a", ""),)),
    "autograder.mathematics.answers.deltas._DELTA_IS": (
        "each",
        (("", "δij ", ""), ("", "\\delta_{ij} is ", ""), ("", "δ", ""), ("δij is ", "a", "")),
    ),
    "autograder.mathematics.answers.casing._IS_LAST": ("match", (("", " ", ""), ("", "otherwise", ""))),
    "autograder.mathematics.answers.listed._REST_OF_A_ROW": (
        "match",
        (("", " ", ""), ("|", "a", ""), ("|", "\\neq ", ""), ("|", "a|", ""), ("&", "a", "&")),
    ),
    "autograder.mathematics.answers.casing._TOGETHER": (
        "fullmatch",
        (("", " ", ""), ("", ",", ""), ("", " and ", "")),
    ),
    "autograder.mathematics.answers.deltas._VALUE_IN_CASE": (
        "each",
        (("", "1 if ", ""), ("", "zero ", ""), ("1 if ", " i", ""), ("", "-1$, ", "")),
    ),
    "autograder.mathematics.answers.joining._LISTED": ("fullmatch", (("", " ", ""), ("", ", and ", ""))),
    "autograder.mathematics.answers.listed._FIRST_OF_TWO": ("fullmatch", (("", "first", ""),)),
    "autograder.mathematics.answers.listed._LISTS": (
        "search",
        (("", "case", ""), ("", "(i", ""), ("", "two kind ", "")),
    ),
    "autograder.mathematics.answers.listed._NUMBERED": ("search", (("", "case ", ""), ("", "(i", ""), ("", "1 ", ""))),
    "autograder.mathematics.answers.listed._REFERS": (
        "each",
        (
            ("", "the first ", ""),
            ("", "in the first ", ""),
            ("", "case (", ""),
            ("", "\n(i) ", ""),
            ("", "\n    (", ""),
        ),
    ),
    "autograder.mathematics.answers.macros._DELIMITERS": (
        "each",
        (
            ("", "\\DeclarePairedDelimiter", ""),
            ("\\DeclarePairedDelimiter", " ", ""),
            ("\\DeclarePairedDelimiter\\a", "a", ""),
        ),
    ),
    "autograder.mathematics.answers.markup._DIRECTIVE": (
        "each",
        (
            ("", ".. math::\n", ""),
            (".. math::\n", " ", ""),
            (".. math::\n", "\n", ""),
            ("", " ", ""),
            ("", ".. math::\n  :a: b\n", ""),
            (".. math::\n", "   a\n", ""),
        ),
    ),
    "autograder.mathematics.answers.markup._ENTITY": ("each", (("", "&", ""), ("", "&abcdefgh", ""), ("", "&#1", ""))),
    "autograder.mathematics.answers.markup._PARAGRAPH": ("each", (("", "\n", ""), ("a", "\n ", "a"), ("a\n", " ", ""))),
    "autograder.mathematics.answers.markup._ROLE": ("each", (("", ":math:`", ""), (":math:`", "a", ""))),
    "autograder.mathematics.answers.markup._SCRIPT": (
        "each",
        (("", '<script type="math/tex">', ""), ('<script type="math/tex">', "a", ""), ("", "<script ", "")),
    ),
    "autograder.mathematics.answers.markup._TOLD": (
        "each",
        (("", "$", ""), ("", "$a", ""), ("$", "a", "$"), ("", "$a$ ", "")),
    ),
    "autograder.mathematics.answers.markup._VALUE": (
        "each",
        (
            ("", "$ is 1", ""),
            ("", " and 1", ""),
            ("", ", 1 if $", ""),
            ("", "; it is zero if $i", ""),
            ("", "$ is ", ""),
        ),
    ),
    "autograder.mathematics.answers.markup._VALUED": ("search", (("", "\\", ""), ("", "\\frac {", ""))),
    "autograder.mathematics.answers.mentions._ANOTHER": ("search", (("", ", and ", ""), ("", " and where $", ""))),
    "autograder.mathematics.answers.mentions._BEGINS": (
        "search",
        (("", ".", "a"), ("", "with ", "a"), ("", "\x01$", "a")),
    ),
    "autograder.mathematics.answers.mentions._DIFFERS": ("search", (("", "\\n", ""), ("", "!", ""))),
    "autograder.mathematics.answers.mentions._EXPLAINS": (
        "match",
        (("", "$", ""), ("$ is ", "a", ""), ("$ the ", "a", "")),
    ),
    "autograder.mathematics.answers.pieces._DEFINES": ("search", (("", "omman", ""), ("", "\\de", ""))),
    "autograder.mathematics.answers.pieces._LOGISTIC": ("search", (("", "sigmoi ", ""), ("", "logisti ", ""))),
    "autograder.mathematics.answers.prose._AS_WELL": ("search", (("", "as well ", ""), ("", "and ", ""))),
    "autograder.mathematics.answers.prose._EXCEPT_FOR": (
        "search",
        (("", "except ", ""), ("", "except, when ", ""), ("", "apart from ", "."), ("unless ", " where ", ".")),
    ),
    "autograder.mathematics.answers.prose._RESPECTIVELY": ("search", (("", "resp", ""), ("", "respectivel ", ""))),
    "autograder.mathematics.answers.prose._RULED_OUT": ("match", (("", "$", ""), (" is ", "not ", ""))),
    "autograder.mathematics.answers.sayings._BREAK": (
        "each",
        (("", "\n", ""), ("", "\n   # ", ""), ("", "\n  ", ""), ("\n", " ", ""), ("", "\n- ", ""), ("# ", "a", "")),
    ),
    "autograder.mathematics.answers.sayings._CHANGED": (
        "match",
        (("", ",", ""), (" ", "but ", ""), (" with ", "its ", "")),
    ),
    "autograder.mathematics.answers.sayings._CHANGING": (
        "search",
        (("", "half ", "a"), ("", "negative of ", "a"), ("half", " ", "a")),
    ),
    "autograder.mathematics.answers.scripts._NUMBER_ABOVE": ("fullmatch", (("", "(", ""), ("(", "1", ")"))),
    "autograder.mathematics.answers.typed._BRACKETED": (
        "each",
        (("", "[", ""), ("[", "a", ""), ("", "[aaa", ""), ("", "[a b]", "")),
    ),
    "autograder.mathematics.answers.typed._ENTRY_OF_A_ROW": (
        "fullmatch",
        (("", "1", ""), ("", "a", ""), ("-", "a1", "-"), ("1.", "1", "a")),
    ),
    "autograder.mathematics.answers.typed._ESCAPED": ("each", (("", "\\", ""), ("", "\\*", ""))),
    "autograder.mathematics.answers.typed._INDEXED": (
        "each",
        (("", "y", ""), ("", "dyi", ""), ("", "yi ", ""), ("", "yij", "")),
    ),
    "autograder.mathematics.answers.typed._INDICES_BEHIND": (
        "search",
        (("", "dyi/", ""), ("", "dyi / dx", ""), ("", "δi", "")),
    ),
    "autograder.mathematics.answers.typed._LARGE_D": ("each", (("", "D", ""), ("", "DCaaa / ", ""), ("", "DC/D", ""))),
    "autograder.mathematics.answers.typed._LONG_WORD": ("search", (("", "a", "a"), ("", "beta ", ""), ("", "ab ", ""))),
    "autograder.mathematics.answers.typed._NUMBER": ("each", (("", "1", ""), ("", "a1", ""), ("", "_1", ""))),
    "autograder.mathematics.answers.typed._NUMBERED": (
        "each",
        (("", "a1", "a"), ("", "a", ""), ("", "da12", "_"), ("", "1", "")),
    ),
}
"""How an expression is used, and its worst inputs, one for each of its repetitions."""

ANOTHERS = {
    "autograder.mathematics.answers.accents.TOKEN",
    "autograder.mathematics.answers.document.BARE",
    "autograder.mathematics.answers.doubts.ALONE",
    "autograder.mathematics.answers.macros.TOKEN",
    "autograder.wire.MODULE",
    "autograder.wire.frames.MODULE",
}
"""The same objects under other names."""

NAMES: dict[str, tuple[Worst, ...]] = {
    "autograder.exports.moodle._SUBMITTED": (("", "_1", ""), ("a", "_1_assignsubmission_a", "-")),
    "autograder.imports.blackboard._MARK": (("", "_a", ""), ("", "_a_2026-01-01-01-01-0", "")),
    "autograder.imports.blackboard._COLON": (("", ":", ""),),
    "autograder.imports.brightspace._CLOCK": (("", " 1304", ""), ("", "1", " ")),
    "autograder.imports.brightspace._FOLDER": (
        ("1-1", " - ", ""),
        ("1-1 - ", "a - ", "Feb 1, 2026 104 PM-"),
        ("1-1 - a - ", "111", "\n"),
    ),
    "autograder.imports.canvas._AGAIN": (("", "-1", ""), ("", "-1.", "")),
    "autograder.imports.canvas._ANONYMOUS": (("anon_", "1", ""), ("anon_1_", "1", "")),
    "autograder.imports.canvas._NAMED": (("", "_1", ""), ("a", "_LATE_1", "")),
    "autograder.imports.canvas._QUIZ": (("", "1", ""), ("a", "_1", ""), ("", "1_question_1_1", "")),
    "autograder.imports.canvas._ONLINE": (("", "_1", ""), ("a", "_LATE_1", "")),
    "autograder.imports.gradescope._FOLDER": (("submission_", "1", "a"),),
    "autograder.imports.moodle._TOP": (("", "_1", ""), ("a", "_1_assignsubmission_a", "-")),
}
"""What sees the name of a file in a download, which is refused when it is longer than a disk's."""

OURS = {
    *(f"autograder.exports.blackboard.{name}" for name in ("_TITLE", "_NUMBER", "_THOUSANDS")),
    *(f"autograder.exports.brightspace.{name}" for name in ("_POINTS", "_MOST")),
    "autograder.exports.records._NUMBER",
    *(f"autograder.exports.canvas.{name}" for name in ("_ASSIGNMENT", "_DROPPED", "_NUMBER")),
    *(f"autograder.exports.moodle.{name}" for name in ("_DIGITS", "_IDENTIFIER", "_NUMBER_OR_NONE")),
    "autograder.exports.prairielearn_package._IMAGE",
    "autograder.imports.gradescope._FINER",
    "autograder.sheet._WORD",
    "autograder.gradebook.shards._FOLDER",
    *(f"autograder.cli.new.{name}" for name in ("_ID", "_QUESTION")),
    *(
        f"autograder.model.text.{name}"
        for name in ("_APART", "_COMMAND", "_FORMULA", "_HEAD", "_REASON", "_SAID", "_SLOPE")
    ),
    "autograder.model.text._SPACE",
    "reports.feedback.summary._MARKS",
    "reports.latex.markdown._PIECE_OF_CODE",
    "reports.class_report.document._PIECES",
    "autograder.node.lock._PIN",
    "autograder.mathematics.answers.headings._ID",
    "autograder.paths._BESIDE",
    "autograder.gradebook.shards._NUMBERS",
    "autograder.loading.sources._SECTION",
    "autograder.loading.variants._NAMED",
    "autograder.grading.copied._ANSWER",
    "autograder.grading.sentences._MARKED_OR_WORD",
    *(f"autograder.release.leaks.{name}" for name in ("_WORD", "_NUMBER", "_QUOTED")),
    *(f"autograder.release.texts.{name}" for name in ("_ESCAPED", "_STREAM", "_SHOWN", "_PIECE", "_IN_STRING")),
    *(f"reports.plain.{name}" for name in ("_FRACTION", "_DRESS", "_COMMAND")),
}
"""What sees an author's or an instructor's text only, or ours: a page, a spreadsheet, an id, a name that we gave."""

INLINE = {
    "autograder/cli/examined.py",  # names of packages that are asked for
    "autograder/lint",
    "autograder/model/text.py",  # an author's page
    "autograder/nbgrader_plugin/exporter.py",  # nbgrader's pattern, on names of folders
    "autograder/release/selfcheck.py",
    "reports/feedback/summary.py",
    "autograder/release/texts.py",
    "autograder/sandbox/bubblewrap.py",
    "reports/plain.py",
}
"""Files in which an expression may stand where it is used: no student's text comes there."""


@functools.cache
def expressions() -> dict[str, re.Pattern[str] | re.Pattern[bytes]]:
    """Find every compiled expression in every module."""
    found = {}
    for package in (autograder, reports):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith(".__main__"):
                for name, value in vars(importlib.import_module(module.name)).items():  # noqa: TID251
                    if isinstance(value, re.Pattern):
                        found[f"{module.name}.{name}"] = value
    return found


def seconds(how: str, expression: re.Pattern[str] | re.Pattern[bytes], text: str) -> float:
    """Take the CPU time of one use."""
    given = text.encode() if isinstance(expression.pattern, bytes) else text
    begun = time.process_time()
    if how == "each":
        deque(expression.finditer(given), maxlen=0)  # type: ignore[arg-type]
    else:
        getattr(expression, how)(given)
    return time.process_time() - begun


def is_linear(how: str, expression: re.Pattern[str] | re.Pattern[bytes], text: str, size: int) -> bool:
    """Whether one use takes no more than ten of an expression that takes each of so many characters by itself.

    Each try is beside one of the twin, as the machine may be slower or quicker by then.
    """
    return any(seconds(how, expression, text) <= TIMES * seconds("each", TWIN, "a" * size) + FLOOR for _ in range(5))


def text_of(worst: Worst, size: int) -> str:
    before, unit, after = worst
    return before + unit * (size // len(unit)) + after


def test_every_expression_has_its_worst_input():
    found = set(expressions())
    assert found == {*STUDENTS, *NAMES} | ANOTHERS | OURS
    assert {id(expressions()[name]) for name in ANOTHERS} <= {id(expressions()[name]) for name in STUDENTS}


def test_no_expression_stands_where_this_cannot_see_it():
    for root in ("autograder", "reports"):
        for path in sorted(Path(root).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            top = {id(inner) for one in tree.body if isinstance(one, ast.Assign) for inner in ast.walk(one)}
            for node in ast.walk(tree):
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "re":
                    used = node.attr in {"sub", "subn", "search", "match", "fullmatch", "split", "findall", "finditer"}
                    hidden = node.attr == "compile" and id(node) not in top
                    allowed = str(path) in INLINE or str(path.parent) in INLINE or path.parts[1] == "release"
                    assert allowed or not (used or hidden), f"{path}, line {node.lineno}: re.{node.attr}"


@pytest.mark.parametrize("name", NAMES)
def test_an_expression_takes_little_time_on_the_longest_name(name: str) -> None:
    for worst in NAMES[name]:
        for how in ("match", "fullmatch", "each"):
            text = text_of(worst, LONGEST_NAME)
            assert is_linear(how, expressions()[name], text, SIZES[0]), (how, worst)


@pytest.mark.parametrize("name", STUDENTS)
def test_an_expression_takes_linear_time_on_its_worst_input(name: str) -> None:
    for size in SIZES:
        _assert_linear(name, size)


@pytest.mark.long
@pytest.mark.parametrize("name", STUDENTS)
def test_and_on_one_of_the_largest(name: str) -> None:
    _assert_linear(name, LARGEST)


def _assert_linear(name: str, size: int) -> None:
    expression, (how, worsts) = expressions()[name], STUDENTS[name]
    for worst in worsts:
        assert is_linear(how, expression, text_of(worst, size), size), (worst, size)


QUADRATIC = {
    "autograder.sandbox._worker.source._ASSIGNED": r"(\s*)([A-Za-z_][\w.,\s\[\]*]*?)\s*=\s*[%!]",
    "autograder.cli.names._MOODLE": r"(.*?[^_].*?)_([0-9]+)_assignsubmission_[a-z]+(?:_.*)?",
    "autograder.mathematics.answers.headings._LETTER": r"\W*(?:part|question)?\s*\(?([a-z])\)?\W*",
    "autograder.mathematics.answers.macros._DEFINITION": r"\\def\s*(\\[A-Za-z]+)\s*((?:#\d){0,9})\s*(?=\{)",
}
"""What such expressions may look like before they are mended."""


@pytest.mark.parametrize("name", QUADRATIC)
def test_a_quadratic_expression_in_its_place_is_found_out(name: str) -> None:
    expression, (how, worsts) = re.compile(QUADRATIC[name], re.DOTALL), STUDENTS[name]
    assert not all(is_linear(how, expression, text_of(worst, SIZES[0]), SIZES[0]) for worst in worsts)
