"""What PrairieLearn asks a question by: its page, ``info.json``, and the image that its external grader starts.

PrairieLearn runs an image of ours, with an entry point of its own: the usual one puts tests and submission into one
folder. The image is the instructors': references, hidden cases and truths lie in it, root's alone.
"""

import json
import re
import uuid
from collections.abc import Mapping
from typing import Final

import numpy as np
from markupsafe import Markup

from autograder.errors import InputError
from autograder.exports.markup import prompt_to_html
from autograder.model import Array, Assignment
from autograder.templates import filled
from autograder.truth import public_cases

NODE: Final = "node.tar"
HOME: Final = "/opt/hw1-node"
HANDED_IN: Final = "student"
SECONDS: Final = 600  #: The longest that PrairieLearn lets a grader run.

_MARGIN: Final = 60
SECONDS_TO_GRADE: Final = SECONDS - _MARGIN
_IMAGE = re.compile(
    r"(?:[a-z0-9][a-z0-9.-]*:\d+/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::\w[\w.-]*)?(?:@sha256:[0-9a-f]{64})?"
)
_NAMESPACE = uuid.UUID("7c4d5a8e-5d5f-4d0e-9a53-0f1f6a9d1f10")
"""Of what the question's number is made: the same question keeps it when it is packed again."""


def package(assignment: Assignment, name: str, node: bytes, image: str, stubs: str) -> Mapping[str, bytes]:
    """Lay out a question's folder, and beside it the folder that its image is built from: content by path.

    `name` is the homework's folder in the node's archive, `image` what the image will be called, and `stubs` the module
    that students start from.

    Raises `InputError` if Docker takes no image of that name.
    """
    if not _IMAGE.fullmatch(image):
        raise InputError(
            f"--image {image!a}: no image can be called so; give small letters, digits and . _ - / as in "
            "course/hw1-grader, with a :tag if you like"
        )
    file = f"{assignment.id}.py"
    info = {
        "uuid": str(uuid.uuid5(_NAMESPACE, f"{assignment.course} {assignment.id}")),
        "title": assignment.title,
        "topic": assignment.course,
        "type": "v3",
        "singleVariant": False,
        "gradingMethod": "External",
        "externalGradingOptions": {
            "image": image,
            "entrypoint": [f"{HOME}/.venv/bin/hw1", "prairielearn-run", "/grade", "--assignment", name],
            "timeout": SECONDS,
        },
    }
    folder = f"questions/{assignment.id}"
    return {
        f"{folder}/info.json": (json.dumps(info, indent=2, ensure_ascii=False) + "\n").encode(),
        f"{folder}/question.html": filled(
            __package__, "prairielearn_question.html.j2", prompts=_prompts(assignment), file=file
        ).encode(),
        f"{folder}/server.py": filled(
            __package__, "prairielearn_server.py.j2", cases=repr(json.dumps(_shown(assignment)))
        ).encode(),
        f"{folder}/clientFilesQuestion/{file}": stubs.encode(),
        "image/Dockerfile": filled(__package__, "prairielearn_Dockerfile.j2", home=HOME, node=NODE).encode(),
        f"image/{NODE}": node,
    }


def _prompts(assignment: Assignment) -> list[tuple[str, Markup]]:
    """Lay out each question's title and text."""
    return [(one.title, Markup(prompt_to_html(one.prompt))) for one in assignment.questions]  # noqa: S704 - no HTML stays


def _shown(assignment: Assignment) -> list[list[str]]:
    """Write the public cases of each function as calls with their answers."""
    shown: dict[str, list[str]] = {part.name: [] for part in assignment.parts}
    for case, answer in public_cases(assignment):
        given = ", ".join(f"{name}={_value(value)}" for name, value in case.inputs.items())
        lines = [f"{name} = {_value(value)}" for name, value in answer.items()]
        shown[case.part].append("\n".join([f"{case.part}({given})", *lines]))
    return [cases for cases in shown.values() if cases]


def _value(value: Array | float) -> str:
    if not isinstance(value, np.ndarray):
        return repr(value)
    return np.array2string(value, precision=6, separator=", ", max_line_width=100).replace("\n", "\n    ")
