"""A grader like the usual ones: it runs and compares in one process, publishes what it hears, and trusts files.

Only for `_without`, inside namespaces of its own: here every attack is to work.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

import numpy as np

from autograder import truth
from autograder.loading import load_assignment
from tests.attacks import files_of

TRUTHS: dict[str, Any] = {}
# An honest notebook tries its functions on more than a few numbers: 16 MB.
_IMPORT = "import numpy as np\n"
_DEMO = f"{_IMPORT}batch = np.zeros((2048, 1024))\n"


def same(answer: Any, truth: Any) -> bool:
    """Compare as a test would: equal, or close."""
    try:
        if answer == truth:
            return True
    except ValueError:
        pass
    return bool(np.allclose(answer, truth))


def grade(source: str, cases: list[Any], given: dict[str, list[Any]], truths: dict[str, Any]) -> float:
    """Run one submission and count its points."""
    namespace: dict[str, Any] = {"__name__": "submission"}
    code, *modules = files_of(source).items()
    for name, text in modules:
        Path("beside", name).parent.mkdir(parents=True, exist_ok=True)
        Path("beside", name).write_text(text, encoding="utf-8")
    sys.path[:0] = [str(Path("beside").resolve())] if modules else []
    try:
        exec(code[1], namespace)
    except Exception as error:
        print(f"{type(error).__name__}: {error}")
    right = 0
    for case in cases:
        truth = truths[case.id]
        try:
            answer = namespace[case.part](*given[case.id])
            if isinstance(truth, tuple):
                right += all(same(one, other) for one, other in zip(answer, truth, strict=True))
            else:
                right += same(answer, truth)
        except Exception as error:
            print(f"{type(error).__name__}: {error} {getattr(error, '__notes__', '')}")
    return 50.0 * right / len(cases)


def main() -> None:
    """Grade the attack, then an honest submission, and write the result."""
    attack, course = Path(sys.argv[1]), Path(sys.argv[2])
    assignment = load_assignment(Path("solutions").resolve())
    known = truth.load(assignment, course, truth.read_secret(course, create=False), print)
    for case in known.cases:
        found = tuple(np.array(value) for value in known.truths[case.id].values())
        TRUTHS[case.id] = found if len(found) > 1 else found[0]
    cases = [case for case in known.cases if case.hidden]
    given = {case.id: [np.array(v) if isinstance(v, np.ndarray) else v for v in case.inputs.values()] for case in cases}
    kept = Path("truths.txt").open("w+", encoding="utf-8")  # noqa: SIM115 - open all the time, as files are
    print(TRUTHS, file=kept, flush=True)
    # Nobody's machine shall suffer: this much is enough to see that there is no limit.
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 26, 1 << 26))
    nothing = "def attack(*inputs):\n    return 0.0\n\n\n" + "".join(
        f"{part.name} = attack\n" for part in assignment.parts
    )
    earned = {"nothing": grade(nothing, cases, given, TRUTHS)}
    earned["attack"] = grade(attack.read_text(encoding="utf-8"), cases, given, TRUTHS)
    # As most do: what is needed is imported when it is needed, and the next one pays for what fails.
    try:
        from autograder.loading import reference_source

        source = reference_source(assignment)
    except Exception as error:
        print(f"{type(error).__name__}: {error}")
        source = ""
    earned["honest"] = grade(source.replace(_IMPORT, _DEMO, 1), cases, given, TRUTHS)
    # Not through a path: an attack may leave too little of the stack for one.
    with open("results.json", "w", encoding="utf-8") as results:  # noqa: PTH123
        results.write(json.dumps({"students": earned}))


if __name__ == "__main__":
    main()
