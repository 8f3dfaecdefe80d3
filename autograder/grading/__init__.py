"""From a submission's outcomes to its grade: verdicts, scores, the name of the mistake, feedback.

Everything here is pure and runs in the grader. Feedback for hidden cases is made from statuses, the rubric's words and
a misconception's hint alone; so it is the same under any secret for which the statuses are the same.
"""

from autograder.grading.grader import Grader
from autograder.grading.library import Library
from autograder.grading.part import PartGrader
from autograder.grading.summary import Summary, summarize
