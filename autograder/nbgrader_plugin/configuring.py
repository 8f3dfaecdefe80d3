"""What a course's ``nbgrader_config.py`` calls; nothing of nbgrader is imported that does not run already."""

import os
import shutil
import sys
from pathlib import Path
from typing import Any


def configure(c: Any, *, assignment: str | Path, course: str | Path) -> None:
    """Let nbgrader grade a homework with us; call it once for each homework of the course.

    What can be wrong with homework, course or machine is found when ``nbgrader autograde`` starts, in one line and
    before a file is touched: no other command should fail for it. `c` is what ``get_config()`` returned; the homework's
    package and the course directory, which holds ``.autograder/``, are absolute.

    Raises `SystemExit` if this nbgrader is not one we can plug into. Nothing less would do: nbgrader passes over other
    errors in its configuration, and would go on to run students' code itself.
    """
    from autograder.nbgrader_plugin.plug import collector, exporter, wrap

    if "nbgrader.converters" in sys.modules:  # else nobody grades now
        _look_at_nbgrader()
    if "nbgrader.apps.api" in sys.modules:  # formgrader lists what was handed in
        from nbgrader.apps.api import NbGraderAPI

        from autograder.nbgrader_plugin.beside import pass_over_no_dates

        pass_over_no_dates(NbGraderAPI)
    if shutil.which("alembic") is None:
        # nbgrader starts this program when it makes a gradebook, also where the environment is not activated.
        os.environ["PATH"] = os.pathsep.join(filter(None, (os.environ.get("PATH"), str(Path(sys.executable).parent))))
    wrap(c.Autograde, "exporter_class", exporter)
    wrap(c.ExchangeFactory, "collect", collector)
    before = c.GradingExporter.get("homeworks", []) if "GradingExporter" in c else []
    c.GradingExporter.homeworks = [*before, (str(assignment), str(course))]


def _look_at_nbgrader() -> None:
    from nbgrader.converters.autograde import Autograde
    from nbgrader.preprocessors import Execute, SaveAutoGrades

    import autograder.nbgrader_plugin.exporter  # noqa: F401 - a fault in it is found now

    default = list(Autograde.class_traits()["autograde_preprocessors"].default())
    if default.count(Execute) != 1 or default.count(SaveAutoGrades) != 1:
        from nbgrader import __version__

        raise SystemExit(
            f"hw1: nbgrader {__version__} grades in another way than 0.9 (no single Execute and SaveAutoGrades among "
            "its preprocessors); install nbgrader 0.9.6"
        )
