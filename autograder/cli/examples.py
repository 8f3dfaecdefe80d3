"""What each command's help ends with: a few lines to type, from the commonest on."""

from collections.abc import Mapping

import click

EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "": ("hw1 doctor", "hw1 grade submissions --output grades", "hw1 report feedback grades --output feedback"),
    "grade": (
        "hw1 grade submissions --output grades",
        "hw1 grade submissions --output grades --dry-run",
        "hw1 grade --course my-course",
    ),
    "merge": ("hw1 merge grades-of-machine-1 grades-of-machine-2 --output grades",),
    "node": ("hw1 node --output node.tar",),
    "collect": (
        "hw1 collect submissions.zip --output submissions",
        "hw1 collect submissions.zip -o in --roster who.csv",
    ),
    "check": ("hw1 check hw1.ipynb",),
    "truths": ("hw1 truths", "hw1 truths --check"),
    "release nbgrader": ("hw1 release nbgrader --course my-course",),
    "release student": ("hw1 release student --output handed-out",),
    "report handout": ("hw1 report handout --output handout.pdf", "hw1 report handout --output handout.pdf --paper a4"),
    "report solution": ("hw1 report solution --output solution.pdf",),
    "report feedback": ("hw1 report feedback grades --output feedback",),
    "report class": ("hw1 report class grades --output report",),
    "prove": ("hw1 prove", "hw1 prove --question q2", "hw1 prove answer.md"),
    "lint": ("hw1 lint", "hw1 lint --question q2"),
    "new homework": ("hw1 new homework my-homework",),
    "new question": ("hw1 new question q3 --assignment my-homework",),
    "preview": ("hw1 preview q2", "hw1 preview q2 --pdf q2.pdf"),
    "doctor": ("hw1 doctor",),
    "export canvas": ("hw1 export canvas grades --fill canvas.csv --output upload.csv",),
    "export canvas-api": (
        "hw1 export canvas-api grades --url https://canvas.example.edu --course-id 12 --assignment-id 34",
    ),
    "export moodle": ("hw1 export moodle grades --fill worksheet.csv --output upload.csv",),
    "export brightspace": ("hw1 export brightspace grades --fill grades.csv --output upload.csv",),
    "export blackboard": ("hw1 export blackboard grades --fill gradebook.xls --output upload.xls",),
    "export gradescope": ("hw1 export gradescope grades --output results",),
    "export prairielearn": ("hw1 export prairielearn grades --output results",),
    "export classroom50": ("hw1 export classroom50 grades --output results",),
    "export junit": ("hw1 export junit grades --output junit.xml",),
    "export csv": ("hw1 export csv grades --output class.csv",),
    "package classroom50": ("hw1 package classroom50 --output bundle",),
    "package github-action": ("hw1 package github-action --output template",),
    "package gradescope": ("hw1 package gradescope --output autograder.zip",),
    "package prairielearn": ("hw1 package prairielearn --image course/hw1-grader --output prairielearn",),
    "export parquet": ("hw1 export parquet grades --output class.parquet",),
}


def show_examples(command: click.Command, path: str = "") -> None:
    """Let the help of a command, and of each below it, end with examples; a group's are the first of each in it."""
    below = command.commands if isinstance(command, click.Group) else {}
    paths = {f"{path} {name}".strip(): one for name, one in below.items()}
    for name, one in paths.items():
        show_examples(one, name)
    lines = EXAMPLES.get(path) or [line for name in paths for line in EXAMPLES.get(name, ())[:1]]
    if lines:
        command.epilog = "\n".join(("\b", "Examples:", *(f"  {line}" for line in lines)))
