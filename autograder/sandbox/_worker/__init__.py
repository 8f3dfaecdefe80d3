"""The untrusted side: the one process that runs what students wrote.

It runs inside the sandbox as ``python _worker/__main__.py``, imports the standard library, numpy and `autograder.wire`,
and knows neither truths nor questions.

====================  ================================================================================
module                what it does
====================  ================================================================================
``__main__``          the warm process: imports, then forks one child per job and never reads a job itself
``memory``            imports from memory, and holds the pages of what is mapped
``lock``              what a child takes from itself before it reads its job
``probe``             attempts that must fail in a locked child
``text``              reads what a file holds: a module by its coding line, a notebook's code cells
``source``            turns the text of a cell into code, with IPython's own syntax taken out
``marimo``            takes the code out of a marimo notebook's cells
``absent``            lets code live without the packages that are not there
``helpers``           imports a student's own modules from memory
``running``           runs cells in one namespace, statement by statement
``student``           runs a student's cells, and says what went wrong in the wire's words
``job``               does a job: loads the student's code, makes the calls, writes the answers
====================  ================================================================================

A release has ``text``, ``source``, ``marimo``, ``absent``, ``helpers`` and ``running`` in the self-check, so that it
loads a file by the same rules; with `autograder.wire.notes` they need nothing but the standard library.
"""
