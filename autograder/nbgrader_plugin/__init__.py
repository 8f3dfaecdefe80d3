"""Our grading inside nbgrader: `configure` is called from a course's ``nbgrader_config.py``.

nbgrader would run a student's notebook where its gradebook lies. With this configuration it runs nothing: our exporter
grades what was submitted in the sandbox before nbgrader touches a file, a preprocessor in place of ``Execute`` writes
the results below the test cells, and a guard lets no other result into the gradebook. That holds for our homeworks;
other assignments of the course are graded as they were before.

nbgrader is imported when it asks for what stands in its configuration: ``hw1 grade --course`` only reads it.
"""

from autograder.nbgrader_plugin.configuring import configure
