"""What PrairieLearn asks a question by: its page, ``info.json``, and the image that its external grader starts.

PrairieLearn runs an image of ours, with an entry point of its own: the usual one puts tests and submission into one
folder. The image is the instructors': references, hidden cases and truths lie in it, root's alone.
"""

from __future__ import annotations

import html
import json
import uuid
from collections.abc import Mapping
from typing import Final

from autograder.exports.markup import to_html
from autograder.model import Assignment

NODE: Final = "node.tar"
HOME: Final = "/opt/hw1-node"
HANDED_IN: Final = "student"
SECONDS: Final = 600
"""The longest that PrairieLearn lets a grader run."""

_MARGIN: Final = 60
SECONDS_TO_GRADE: Final = SECONDS - _MARGIN
#: Of what the question's number is made: the same question keeps it when it is packed again.
_NAMESPACE = uuid.UUID("7c4d5a8e-5d5f-4d0e-9a53-0f1f6a9d1f10")
_DOCKERFILE = f"""\
# For instructors only: references, hidden cases and truths lie in this image. Keep it in a private registry.
FROM python:3.12-slim-bookworm
RUN apt-get update && apt-get install -y --no-install-recommends bubblewrap libseccomp2 && rm -rf /var/lib/apt/lists/*
ADD {NODE} /opt/
WORKDIR {HOME}
RUN python -m venv .venv \\
    && .venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock \\
    && chown -R root:root . && chmod -R go= . && chmod go+x . && chmod -R go+rX .venv
"""
_PAGE = """\
{{{{=<% %>=}}}}
<pl-question-panel>
{prompts}
<p>Hand in one file with all functions. Points come from hidden cases; public cases are shown with their numbers.</p>
<pl-file-upload file-names="{file}"></pl-file-upload>
</pl-question-panel>
<pl-submission-panel>
<pl-external-grader-results></pl-external-grader-results>
<pl-file-preview></pl-file-preview>
</pl-submission-panel>
"""


def package(assignment: Assignment, name: str, node: bytes, image: str, stubs: str) -> Mapping[str, bytes]:
    """Lay out a question's folder, and beside it the folder that its image is built from.

    Parameters
    ----------
    assignment : Assignment
        The homework.
    name : str
        Name of its folder in the node's archive.
    node : bytes
        The archive of `hw1 node`.
    image : str
        What the image will be called, such as ``course/hw1-grader``.
    stubs : str
        The module that students start from.

    Returns
    -------
    mapping of str to bytes
        Content by path.
    """
    file = f"{assignment.id}.py"
    info = {
        "uuid": str(uuid.uuid5(_NAMESPACE, f"{assignment.course} {assignment.id}")),
        "title": assignment.title,
        "topic": assignment.course,
        "type": "v3",
        "singleVariant": True,
        "clientFiles": [file],
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
        f"{folder}/question.html": _PAGE.format(prompts=_prompts(assignment), file=html.escape(file)).encode(),
        f"{folder}/clientFilesQuestion/{file}": stubs.encode(),
        "image/Dockerfile": _DOCKERFILE.encode(),
        f"image/{NODE}": node,
    }


def _prompts(assignment: Assignment) -> str:
    return "\n".join(
        f"<h3>{html.escape(question.title)}</h3>\n{to_html(question.prompt)}" for question in assignment.questions
    )
