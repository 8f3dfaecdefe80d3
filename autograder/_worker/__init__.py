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
``source``            turns the text of a cell into code, with IPython's own syntax taken out
``student``           runs a student's cells and keeps what they define
``job``               does a job: loads the student's code, makes the calls, writes the answers
====================  ================================================================================
"""
