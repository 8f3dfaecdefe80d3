"""The truths: their secret, their cache, and what is drawn."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import Result

from autograder import truth
from autograder.errors import AssignmentError, AutograderError, OutputError, SecretError
from autograder.loading import load_assignment
from autograder.model import Assignment, Criterion, Draw, Family, Output, Part, Question
from autograder.results import Case, Cases

ROOT = Path(__file__).parents[2]
SMALL = "tests/small"
ASSIGNMENT = load_assignment(ROOT / SMALL)
SECRET = b"a secret that is in no message"


@pytest.fixture(autouse=True)
def no_secret_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUTOGRADER_SECRET", raising=False)


@pytest.fixture(scope="module")
def computed() -> Cases:
    return truth.compute(ASSIGNMENT, SECRET)


def plain(value: Any) -> Any:
    return (value.dtype.str, value.shape, value.tobytes()) if isinstance(value, np.ndarray) else (type(value), value)


def content(case: Case) -> dict[str, Any]:
    return {name: plain(value) for name, value in case.inputs.items()}


def assert_same(one: Cases, other: Cases) -> None:
    assert one.cases_id == other.cases_id
    assert one.torch_version == other.torch_version
    for mine, yours in zip(one.cases, other.cases, strict=True):
        assert (mine.id, mine.part, mine.family, mine.hidden, mine.layout) == (
            yours.id,
            yours.part,
            yours.family,
            yours.hidden,
            yours.layout,
        )
        assert list(mine.inputs) == list(yours.inputs)
        assert content(mine) == content(yours)
        for name, known in one.truths[mine.id].items():
            assert plain(known) == plain(other.truths[mine.id][name])


# ---------------------------------------------------------------- a tiny homework, to break


def square(x: np.ndarray, t: np.ndarray, k: float = 2.0) -> np.ndarray:
    """Gradient of k C with respect to w, for y = w x."""
    return k * t * x


def tiny(**changes: Any) -> Assignment:
    """One part: y = w x elementwise, objective k C."""

    def draw(rng: np.random.Generator) -> Draw:
        g = rng.uniform(1, 2, 3)
        return Draw(
            inputs={"x": rng.uniform(1, 2, 3)},
            leaves={"w": rng.uniform(1, 2, 3)},
            cost=lambda torch, y: torch.tensor(g) @ y,
        )

    family = Family(name="some", title="some", draw=changes.pop("draw", draw), draws=1)
    part = Part(
        **{
            "reference": square,
            "outputs": (Output(name="dC_dw", kind="gradient", of="w", magnitude=lambda _, known: np.abs(known)),),
            "forward": lambda torch, tensors: tensors["w"] * tensors["x"],
            "families": (family,),
            "criteria": (Criterion(id="c", title="c", points=1, output="dC_dw", families=("some",)),),
            "misconceptions": (),
            "upstream": "t",
            "objective": lambda cost, inputs: inputs["k"] * cost,
            **changes,
        }
    )
    question = Question(
        id="q", title="q", prompt="p", parts=(part,), derivations=(), gradient_check=lambda functions, inputs: []
    )
    return Assignment(id="a", title="a", course="c", term="t", due="d", questions=(question,), source_sha256="0" * 64)


def drawing(**inputs: Any) -> Callable[[np.random.Generator], Draw]:
    return lambda rng: Draw(
        inputs={"x": np.array([1.0, 2.0, 4.0]), **inputs},
        leaves={"w": np.array([1.0, 3.0, 5.0])},
        cost=lambda torch, y: torch.tensor([2.0, 3.0, -7.0], dtype=torch.float64) @ y,
    )


def test_tiny_homework_by_hand() -> None:
    cases = truth.compute(tiny(draw=drawing()), SECRET)
    (case,) = cases.cases
    assert list(case.inputs) == ["x", "t"]
    assert case.inputs["t"].tolist() == [2.0, 3.0, -7.0]
    assert cases.truths[case.id]["dC_dw"].tolist() == [4.0, 12.0, -56.0]


def test_upstream_that_was_drawn_keeps_its_type() -> None:
    (case,) = truth.compute(tiny(draw=drawing(t=np.array([2, 3, -7]))), SECRET).cases
    assert case.inputs["t"].dtype == np.int64


@pytest.mark.parametrize("t", [[2, 3, 7], [2, 3], [[2, 3, -7]]])
def test_upstream_that_was_drawn_must_be_what_autograd_finds(t: list[Any]) -> None:
    with pytest.raises(AssignmentError, match=r"q: square\.some\.0: t is drawn, but autograd finds other numbers"):
        truth.compute(tiny(draw=drawing(t=np.array(t))), SECRET)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"draw": lambda _: None}, "its draw returns a NoneType; let it return a Draw of inputs"),
        ({"draw": drawing(z=1.0)}, "draws 'z', which is not a parameter"),
        ({"draw": drawing(k=1j)}, "k is a complex"),
        ({"draw": drawing(k=b"2")}, "k is a bytes"),
        ({"draw": drawing(k=np.array([True]))}, "k is a ndarray"),
        ({"draw": drawing(x=np.array([1.0, np.nan, 2.0]))}, "x is not finite"),
        ({"draw": drawing(k=float("inf"))}, "k is a float; inputs are finite"),
        ({"draw": lambda rng: 1 / 0}, "its draw fails with ZeroDivisionError"),
        (
            {"draw": lambda rng: Draw(inputs={"x": np.ones(3)}, leaves={"w": np.ones(3)})},
            "gradient of a cost, and none",
        ),
        ({"forward": lambda torch, tensors: tensors["nothing"]}, "autograd fails with KeyError"),
        (
            {"forward": lambda torch, tensors: tensors["w"] * tensors["x"] ** 2},
            r"reference departs .*\(value at \[\d\]\)",
        ),
        ({"forward": lambda torch, tensors: tensors["w"].detach()}, "autograd fails with RuntimeError"),
        ({"objective": lambda cost, inputs: cost / 0}, "the truth of dC_dw is not finite"),
        ({"upstream": None}, "no value for 't'"),
        (
            {"outputs": (Output(name="dC_dw", kind="gradient", of="v", magnitude=lambda _, known: known),)},
            "dC_dw is differentiated with respect to 'v', which is not drawn",
        ),
        (
            {"outputs": (Output(name="dC_dw", kind="gradient", magnitude=lambda _, known: known),)},
            "dC_dw is differentiated with respect to '', which is not drawn",
        ),
    ],
)
def test_broken_rules_name_the_case(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(AssignmentError, match=rf"^q: square\.some\.0.*{message}"):
        truth.compute(tiny(**changes), SECRET)


def test_reference_that_fails_is_named() -> None:
    def square(x: np.ndarray, t: np.ndarray, k: float = 2.0) -> np.ndarray:
        raise KeyError("k")

    with pytest.raises(AssignmentError, match="the reference fails with KeyError"):
        truth.compute(tiny(reference=square), SECRET)


@pytest.mark.parametrize(("same_as", "hidden"), [("none", True), ("some", False)])
def test_family_that_repeats_names_one_of_its_kind(same_as: str, hidden: bool) -> None:
    part = tiny().parts[0]
    again = replace(part.families[0], name="again", same_as=same_as, hidden=hidden)
    said = f"family 'again' is the same as '{same_as}', which is not a family of its kind"
    with pytest.raises(AssignmentError, match=said):
        replace(part, families=(*part.families, again))


def test_family_that_repeats_draws_the_same_inputs() -> None:
    assignment = tiny()
    part = assignment.parts[0]
    part = replace(part, families=(*part.families, replace(part.families[0], name="again", same_as="some")))
    assignment = replace(assignment, questions=(replace(assignment.questions[0], parts=(part,)),))
    first, again = truth.compute(assignment, SECRET).cases
    assert content(first) == content(again)


def test_public_family_must_bring_its_upstream_gradient() -> None:
    assignment = tiny()
    part = assignment.parts[0]
    public = replace(part.families[0], name="shown", hidden=False)
    part = replace(part, families=(*part.families, public))
    assignment = replace(assignment, questions=(replace(assignment.questions[0], parts=(part,)),))
    with pytest.raises(AssignmentError, match=r"square\.shown\.0: no value for 't'"):
        truth.public_cases(assignment)


# ---------------------------------------------------------------- what is drawn


def test_hidden_cases_follow_the_secret_and_public_ones_do_not(computed: Cases) -> None:
    other = truth.compute(ASSIGNMENT, SECRET + b"!")
    assert computed.cases_id != other.cases_id
    assert [case.id for case in computed.cases] == [case.id for case in other.cases]
    for mine, yours in zip(computed.cases, other.cases, strict=True):
        assert (content(mine) == content(yours)) != mine.hidden, mine.id


def test_same_secret_same_cases(computed: Cases) -> None:
    assert_same(computed, truth.compute(ASSIGNMENT, SECRET))


def test_two_draws_of_a_family_differ(computed: Cases) -> None:
    by_family: dict[tuple[str, str], list[Any]] = {}
    for case in computed.cases:
        by_family.setdefault((case.part, case.family), []).append(content(case))
    assert all(one != other for one, other in (pair for pair in by_family.values() if len(pair) == 2))


def test_ids_are_unique_and_speak(computed: Cases) -> None:
    ids = [case.id for case in computed.cases]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(rf"{case.part}\.{case.family}\.\d", case.id) for case in computed.cases)
    assert set(computed.truths) == set(ids)


def test_everything_is_read_only(computed: Cases) -> None:
    arrays = [value for case in computed.cases for value in case.inputs.values() if isinstance(value, np.ndarray)]
    arrays += [known for found in computed.truths.values() for known in found.values()]
    for array in arrays:
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_public_cases_are_the_computed_ones(computed: Cases) -> None:
    mine = {case.id: case for case in computed.cases if not case.hidden}
    public = truth.public_cases(ASSIGNMENT)
    assert [case.id for case, _ in public] == list(mine)
    for case, answers in public:
        assert content(case) == content(mine[case.id])
        for name, value in answers.items():
            assert value.dtype == np.float64
            assert not value.flags.writeable
            np.testing.assert_allclose(value, computed.truths[case.id][name], rtol=1e-12)


# ---------------------------------------------------------------- the cache


def warm(course: Path) -> Cases:
    """Load, and insist that nothing had to be computed."""
    told: list[str] = []
    cases = truth.load(ASSIGNMENT, course, SECRET, told.append)
    assert told == []
    return cases


@pytest.fixture
def course(tmp_path: Path) -> Path:
    truth.rebuild(ASSIGNMENT, tmp_path, SECRET)
    return tmp_path


def test_cold_load_tells_and_stores(tmp_path: Path, computed: Cases) -> None:
    told: list[str] = []
    assert_same(truth.load(ASSIGNMENT, tmp_path, SECRET, told.append), computed)
    (line,) = told
    assert "truths" in line
    assert str(tmp_path) in line
    assert "not there yet" in line
    assert_same(warm(tmp_path), computed)


def test_cache_is_private_and_leaves_nothing_else(course: Path) -> None:
    assert (course / ".autograder").stat().st_mode & 0o777 == 0o700
    assert (course / ".autograder" / "truths").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in (course / ".autograder").iterdir()] == ["truths"]


def test_cache_under_an_open_umask_is_private(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        truth.rebuild(tiny(), tmp_path, SECRET)
    finally:
        os.umask(before)
    assert (tmp_path / ".autograder").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / ".autograder" / "truths").stat().st_mode & 0o777 == 0o600


def test_cached_arrays_are_read_only_and_native(course: Path) -> None:
    for case in warm(course).cases:
        for value in case.inputs.values():
            if isinstance(value, np.ndarray):
                assert not value.flags.writeable
                assert value.dtype in (np.dtype(np.float64), np.dtype(np.int64))


@pytest.mark.parametrize("secret_from", ["file", "environment"])
def test_warm_cache_needs_no_torch(tmp_path: Path, secret_from: str) -> None:
    environment = {**os.environ}
    if secret_from == "file":
        secret = truth.read_secret(tmp_path, create=True)
    else:
        secret = SECRET
        environment["AUTOGRADER_SECRET"] = SECRET.decode()
    cases = truth.rebuild(ASSIGNMENT, tmp_path, secret)
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from autograder import truth\n"
        "from autograder.loading import load_assignment\n"
        f"assignment, course = load_assignment(Path({SMALL!r})), Path(sys.argv[1])\n"
        "cases = truth.load(assignment, course, truth.read_secret(course, create=False), print)\n"
        "truth.public_cases(assignment)\n"
        "print(cases.cases_id, 'torch' in sys.modules)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.split() == [cases.cases_id, "False"]


def cut(content: bytes) -> bytes:
    return content[:-9]


def flipped(content: bytes) -> bytes:
    return content[:-5] + bytes([content[-5] ^ 1]) + content[-4:]


def header_changed(content: bytes) -> bytes:
    return content.replace(b'"hidden": true', b'"hidden": null', 1)


def signed_nonsense(_: bytes) -> bytes:
    body = b"[1, 2]\n"
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def signed_without_arrays(content: bytes) -> bytes:
    body = content.split(b"\n", 2)[1] + b"\n"
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


@pytest.mark.parametrize(
    "damage",
    [cut, flipped, header_changed, signed_nonsense, signed_without_arrays, lambda _: b"", lambda _: b"\xff\n\n"],
)
def test_damaged_cache_is_told_and_made_anew(course: Path, computed: Cases, damage: Callable[[bytes], bytes]) -> None:
    path = course / ".autograder" / "truths"
    path.write_bytes(damage(path.read_bytes()))
    told: list[str] = []
    assert_same(truth.load(ASSIGNMENT, course, SECRET, told.append), computed)
    assert told == [f"truths: {path} is damaged; computing them with PyTorch"]
    assert_same(warm(course), computed)


def test_changed_question_files_make_the_cache_stale(course: Path) -> None:
    told: list[str] = []
    truth.load(replace(ASSIGNMENT, source_sha256="f" * 64), course, SECRET, told.append)
    assert "made from other question files" in told[0]


def test_another_secret_makes_the_cache_stale(course: Path) -> None:
    told: list[str] = []
    cases = truth.load(ASSIGNMENT, course, b"another", told.append)
    assert "made under another secret" in told[0]
    assert cases.cases_id == truth.compute(ASSIGNMENT, b"another").cases_id


def test_another_format_makes_the_cache_stale(course: Path) -> None:
    path = course / ".autograder" / "truths"
    body = path.read_bytes().split(b"\n", 1)[1].replace(b'"format": 1', b'"format": 0', 1)
    path.write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
    told: list[str] = []
    truth.load(ASSIGNMENT, course, SECRET, told.append)
    assert "another version" in told[0]


def test_cache_that_others_could_read_is_replaced(course: Path) -> None:
    path = course / ".autograder" / "truths"
    path.chmod(0o644)
    told: list[str] = []
    truth.load(ASSIGNMENT, course, SECRET, told.append)
    assert "could be read by others (mode 644)" in told[0]
    assert path.stat().st_mode & 0o777 == 0o600


def test_cache_that_cannot_be_stored_does_not_stop_a_run(tmp_path: Path) -> None:
    (tmp_path / ".autograder").write_text("a file where the folder should be")
    told: list[str] = []
    cases = truth.load(tiny(), tmp_path, SECRET, told.append)
    assert cases.cases
    assert len(told) == 2
    assert "cannot be written" in told[1]
    with pytest.raises(OutputError, match="cannot be written"):
        truth.rebuild(tiny(), tmp_path, SECRET)


def test_neither_cache_nor_messages_hold_the_secret(course: Path) -> None:
    assert SECRET not in (course / ".autograder" / "truths").read_bytes()
    assert SECRET.hex().encode() not in (course / ".autograder" / "truths").read_bytes()
    told: list[str] = []
    cases = truth.load(ASSIGNMENT, course, SECRET + b"!", told.append)
    assert SECRET.decode() not in repr(cases) + "".join(told)


def test_missing_torch_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(AutograderError, match="PyTorch cannot be imported"):
        truth.compute(tiny(), SECRET)


# ---------------------------------------------------------------- comparing the cache with what is computed now


def test_check_finds_nothing_in_a_good_cache(course: Path) -> None:
    assert truth.check(ASSIGNMENT, course, SECRET) == ()


def test_check_tells_an_unusable_cache(tmp_path: Path) -> None:
    assert truth.check(tiny(), tmp_path, SECRET) == (f"{tmp_path / '.autograder' / 'truths'} is not there yet",)


def test_check_finds_other_libraries(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    monkeypatch.setattr(torch, "__version__", "0.1")
    monkeypatch.setattr(np, "__version__", "0.2")
    lines = truth.check(ASSIGNMENT, course, SECRET)
    assert len(lines) == 2
    assert "PyTorch" in lines[0]
    assert "0.1 is installed" in lines[0]
    assert "numpy" in lines[1]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"draw": drawing(x=np.array([1.0, 2.0, 4.001]))}, "square.some.0: other inputs"),
        ({"draw": drawing(k=2)}, "square.some.0: other inputs"),
        ({"objective": lambda cost, inputs: inputs["k"] * cost * (1 + 2e-15)}, None),
    ],
)
def test_check_compares_inputs_and_truths(tmp_path: Path, changes: dict[str, Any], line: str | None) -> None:
    truth.rebuild(tiny(draw=drawing()), tmp_path, SECRET)
    lines = truth.check(tiny(**{"draw": drawing(), **changes}), tmp_path, SECRET)
    assert lines[:1] == (() if line is None else (line,))


def test_check_finds_other_truths(tmp_path: Path) -> None:
    def square(x: np.ndarray, t: np.ndarray, k: float = 2.0) -> np.ndarray:
        return 3 * t * x

    truth.rebuild(tiny(draw=drawing()), tmp_path, SECRET)
    changed = tiny(draw=drawing(), reference=square, objective=lambda cost, inputs: 3 * cost)
    assert truth.check(changed, tmp_path, SECRET) == ("square.some.0: dC_dw differs beyond rounding",)


def test_check_finds_other_cases(tmp_path: Path) -> None:
    truth.rebuild(tiny(), tmp_path, SECRET)
    changed = tiny()
    part = changed.parts[0]
    part = replace(part, families=(replace(part.families[0], draws=2),))
    changed = replace(changed, questions=(replace(changed.questions[0], parts=(part,)),))
    (line,) = truth.check(changed, tmp_path, SECRET)
    assert "holds other cases" in line


# ---------------------------------------------------------------- the secret


def put(course: Path, content: bytes, mode: int = 0o600) -> Path:
    (course / ".autograder").mkdir(mode=0o700)
    path = course / ".autograder" / "secret"
    path.write_bytes(content)
    path.chmod(mode)
    return path


def test_secret_is_made_once_and_kept(tmp_path: Path) -> None:
    secret = truth.read_secret(tmp_path, create=True)
    assert re.fullmatch(rb"[0-9a-f]{64}", secret)
    assert truth.read_secret(tmp_path, create=True) == secret
    assert truth.read_secret(tmp_path, create=False) == secret
    assert (tmp_path / ".autograder").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / ".autograder" / "secret").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in (tmp_path / ".autograder").iterdir()] == ["secret"]


def test_two_courses_get_two_secrets(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        made.append(truth.read_secret(tmp_path / name, create=True))
    assert made[0] != made[1]


def test_many_at_once_agree_on_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: truth.read_secret(tmp_path, create=True), range(32)))
    assert len(found) == 1
    assert [file.name for file in (tmp_path / ".autograder").iterdir()] == ["secret"]


def test_environment_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, b"from the file\n")
    monkeypatch.setenv("AUTOGRADER_SECRET", "sésame, ouvre-toi")
    assert truth.read_secret(tmp_path, create=True) == "sésame, ouvre-toi".encode()
    assert truth.read_secret(tmp_path / "nowhere", create=False) == "sésame, ouvre-toi".encode()


def test_empty_environment_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, b"from the file\n")
    monkeypatch.setenv("AUTOGRADER_SECRET", "")
    with pytest.raises(SecretError, match="set but empty"):
        truth.read_secret(tmp_path, create=True)


def test_line_ends_of_the_file_do_not_count(tmp_path: Path) -> None:
    put(tmp_path, b" kept as it is \r\n\n")
    assert truth.read_secret(tmp_path, create=False) == b" kept as it is "


def test_a_former_name_is_not_passed_over(
    hw1: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course, submissions = tmp_path / "course", tmp_path / "class"
    course.mkdir(), submissions.mkdir()
    (submissions / "ann.py").touch()
    put(course, b"a secret that graded before\n")
    (course / ".autograder").rename(course / ".hw1")
    for command in (
        ("truths", "--course", course), ("grade", submissions, "--course", course, "--output", tmp_path / "out"),
        ("release", "student", "--course", course, "--output", tmp_path / "out"), ("doctor", "--course", course),
    ):  # fmt: skip
        done = hw1(*command)
        assert f"{course}/.hw1 has a new name: mv {course}/.hw1 {course}/.autograder\n" in done.stderr
        assert done.exit_code == 2
    assert [path.name for path in course.iterdir()] == [".hw1"]
    monkeypatch.setenv("HW1_SECRET", "a secret that graded before")
    with pytest.raises(SecretError, match=r"\$HW1_SECRET has a new name: set \$AUTOGRADER_SECRET instead"):
        truth.read_secret(course, create=True)
    for command in ("release", "student", "--output", tmp_path / "given"), ("doctor",):
        done = hw1(*command, "--course", tmp_path)
        assert "hw1: $HW1_SECRET has a new name: set $AUTOGRADER_SECRET instead\n" in done.stderr
        assert done.exit_code == 2


def test_no_secret_names_both_places(tmp_path: Path) -> None:
    with pytest.raises(SecretError) as caught:
        truth.read_secret(tmp_path, create=False)
    assert "AUTOGRADER_SECRET" in str(caught.value)
    assert str(tmp_path / ".autograder" / "secret") in str(caught.value)
    assert not (tmp_path / ".autograder").exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_secret_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = put(tmp_path, b"sesame", mode)
    with pytest.raises(SecretError) as caught:
        truth.read_secret(tmp_path, create=True)
    assert str(path) in str(caught.value)
    assert "chmod 600" in str(caught.value)
    assert f"{mode:o}" in str(caught.value)
    assert "sesame" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_empty_secret_is_refused(tmp_path: Path) -> None:
    put(tmp_path, b"\n")
    with pytest.raises(SecretError, match="is empty"):
        truth.read_secret(tmp_path, create=True)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".autograder" / "secret").mkdir(parents=True)
    with pytest.raises(SecretError, match="is not a file"):
        truth.read_secret(tmp_path, create=True)
    (tmp_path / ".autograder" / "secret").rmdir()
    os.mkfifo(tmp_path / ".autograder" / "secret", 0o600)
    with pytest.raises(SecretError, match="is not a file"):
        truth.read_secret(tmp_path, create=True)


def test_missing_course_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SecretError, match="no such folder"):
        truth.read_secret(tmp_path / "nowhere", create=True)


def test_secret_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / ".autograder").symlink_to(tmp_path / "dangling" / "link")
    with pytest.raises(SecretError, match="cannot be made"):
        truth.read_secret(tmp_path, create=True)
