"""How much a hostile function can say through its feedback: counted in the documents that come of what it may do.

It knows its inputs, so every choice among feedbacks that it can bring about is a message. The choices are counted in
what a student reads: Markdown, the typeset pages, and what stands below nbgrader's test cells.
"""

from __future__ import annotations

import math
import random
import re
from dataclasses import replace
from pathlib import Path

import pytest

from autograder import truth
from autograder.grading import Grader
from autograder.grading.diagnosis import call
from autograder.grading.sentences import hint
from autograder.loading import module_submission
from autograder.naming import Library
from autograder.results import Outcome, Run
from autograder.words import OVERRUNS, STATUSES
from reports.feedback.cells import part_feedback
from reports.feedback.markdown import feedback
from reports.feedback.pages import student_pages

# All look at the same choices: on one worker.
pytestmark = pytest.mark.xdist_group("feedback-bits")

SEEN = re.compile(r" Seen on: (.*)\.\Z")


class Hostile:
    """Grades what a function might have done on each hidden case."""

    def __init__(self, assignment, cases, course):
        self.assignment = assignment
        self.cases = cases
        library = Library(assignment, cases, course, print)
        self.grader = Grader(assignment, cases, "bubblewrap", library)
        self.found = {
            (part.name, output.name): library.sentences(question, part, output.name)
            for question in assignment.questions
            for part in question.parts
            for output in part.outputs
        }
        self.parts = {part.name: part for part in assignment.parts}
        self.right = {c.id: Outcome(case=c.id, values=cases.truths[c.id]) for c in cases.cases}
        self.hidden = {
            part.name: [c for c in cases.cases if c.part == part.name and c.hidden] for part in assignment.parts
        }

        self.mistakes = {
            part.name: [self._mistake(part, one) for one in part.misconceptions] for part in assignment.parts
        }

    def _mistake(self, part, misconception):
        names = part.names
        return [call(misconception.function, case, names) for case in self.hidden[part.name]]

    def grade(self, changed):
        outcomes = {**self.right, **{outcome.case: outcome for outcome in changed}}
        return self.grader.grade(module_submission("mallory", ""), Run(notes=(), outcomes=outcomes, seconds=0.0))

    def documents(self, grade):
        return (
            feedback(self.assignment, grade),
            str(student_pages(self.assignment, grade, "s").body.dumps()),
            *(part.html for part in part_feedback(self.assignment, grade).values()),
        )

    def deeds(self, case):
        """What a function can do with one call."""
        values = self.cases.truths[case.id]
        off = {name: value + 1234.5 for name, value in values.items()}
        near = {name: value * (1 + 1e-9) for name, value in values.items()}
        ends = [s for s in STATUSES if s not in {"unreadable", "timed_out", "mutated", "wrong", "approx", "passed"}]
        return [
            *(Outcome(case=case.id, status=status) for status in ends),
            *(Outcome(case=case.id, status="raised", exception=e) for e in ("NotImplementedError", "AttributeError")),
            *(Outcome(case=case.id, status="timed_out", overrun=overrun) for overrun in (None, *OVERRUNS)),
            Outcome(case=case.id, values=values, mutated=True),
            Outcome(case=case.id, values=near),
            Outcome(case=case.id, values={name: value[None] for name, value in values.items()}),
            Outcome(case=case.id, values=off),
        ]


@pytest.fixture(scope="module")
def hostile(assignment, course):
    cases = truth.load(assignment, course, truth.read_secret(course, create=False), print)
    return Hostile(assignment, cases, course)


def told(part, score):
    """What the words about a criterion choose: the sentence, the hint, the kind of case."""
    text = score.feedback
    kind = SEEN.search(text)
    text = text[: kind.start()] if kind else text
    (output,) = (c.output for c in part.criteria if c.id == score.criterion)
    hints = [hint(part, output, score.misconception)] if score.misconception else []
    assert all(text.endswith(f" {hint}") for hint in hints)
    said = text.removesuffix(f" {hints[0]}") if hints else text
    return (score.status, said), score.misconception, kind[1] if kind else None


def from_words(part, score, found):
    """The score with nothing in it but what its words say: they give its mistake's name, and no hidden verdict."""
    kind = SEEN.search(score.feedback)
    text = score.feedback[: kind.start()] if kind else score.feedback
    (output,) = (c.output for c in part.criteria if c.id == score.criterion)
    known = {m.name: hint(part, output, m.name) for m in part.misconceptions} | found[part.name, output]
    names = [name for name, sentence in known.items() if text.endswith(f" {sentence}")]
    return replace(
        score, misconception=names[0] if names else None, verdicts=tuple(v for v in score.verdicts if not v.hidden)
    )


@pytest.fixture(scope="module")
def choices(hostile):
    """By criterion: the sentences, the hints and the kinds of case that some deed brings about."""
    found = {c.id: (set(), {None}, {None}) for part in hostile.assignment.parts for c in part.criteria}

    def note(part, grade):
        for score in (s for s in grade.scores if s.part == part.name and s.status != "passed"):
            for seen, one in zip(found[score.criterion], told(part, score), strict=True):
                seen.add(one)

    for part in hostile.assignment.parts:
        cases = hostile.hidden[part.name]
        for number in range(len(hostile.deeds(cases[0]))):
            note(part, hostile.grade([hostile.deeds(case)[number] for case in cases]))
        for criterion in part.criteria:
            for family in criterion.families:
                note(part, hostile.grade([hostile.deeds(case)[-1] for case in cases if case.family == family]))
        for outcomes in hostile.mistakes[part.name]:
            note(part, hostile.grade(outcomes))
        for criterion in part.criteria:
            # Whatever formula there is, a function can compute it.
            found[criterion.id][1].update(hostile.found[part.name, criterion.output])
    return found


def bits(choices):
    return sum(math.log2(1 + len(said) * len(hints) * len(kinds)) for said, hints, kinds in choices.values())


def test_the_numbers_in_the_security_page_are_what_a_function_can_choose(hostile, choices):
    page = Path("SECURITY.md").read_text()
    stated = re.search(
        r"at most (\d+) bits a grading.*found by search it would be (\d+):.*it would be (\d+)\.", page, re.S
    )
    assert stated is not None
    listed = {m.name for part in hostile.assignment.parts for m in part.misconceptions} | {None}
    without_search = {one: (said, hints & listed, kinds) for one, (said, hints, kinds) in choices.items()}
    numbers = {"approx", "wrong"}
    plain = {
        one: ({status for status, _ in said} & numbers, {None}, kinds) for one, (said, _, kinds) in choices.items()
    }
    counted = [math.ceil(bits(some)) for some in (choices, without_search, plain)]
    assert [int(one) for one in stated.groups()] == counted


def test_whatever_a_function_does_is_one_of_these_choices_and_shows_nothing_else(hostile, choices):
    random.seed(11)
    kinds = set()
    for _ in range(80):
        changed = []
        for part in hostile.assignment.parts:
            cases = hostile.hidden[part.name]
            start = random.choice([[], *hostile.mistakes[part.name]])
            few = random.sample(cases, random.randrange(1 + min(len(cases), random.choice((1, 4, 99)))))
            changed += [*start, *(random.choice(hostile.deeds(case)) for case in few)]
        grade = hostile.grade(changed)
        for score in grade.scores:
            if score.status != "passed":
                part = hostile.parts[score.part]
                said = told(part, score)
                assert all(one in seen for one, seen in zip(said, choices[score.criterion], strict=True)), (
                    score.criterion,
                    said,
                )
                kinds.add(said[2])
        # What is chosen in the words is all: made of them alone the documents are the same bytes, summary included.
        bare = replace(grade, scores=tuple(from_words(hostile.parts[s.part], s, hostile.found) for s in grade.scores))
        assert hostile.documents(bare) == hostile.documents(grade)
    assert len(kinds) > 20


def test_every_choice_shows_in_each_document(hostile):
    part = hostile.assignment.parts[0]
    words, documents = set(), set()
    for number in range(len(hostile.deeds(hostile.hidden[part.name][0]))):
        grade = hostile.grade([hostile.deeds(case)[number] for case in hostile.hidden[part.name]])
        words.add(tuple((score.status, score.feedback) for score in grade.scores))
        documents.add(hostile.documents(grade))
    assert len(words) == len(documents) > 10


def test_a_subset_of_the_kinds_of_case_is_told_by_its_first_only(hostile):
    part = hostile.assignment.parts[-1]
    criterion = max(part.criteria, key=lambda one: len(one.families))
    first, *others = [family for family in part.families if family.name in criterion.families][1:5]
    for more in ([], others[:1], others[:2], others):
        wrong = {first.name, *(family.name for family in more)}
        grade = hostile.grade([hostile.deeds(c)[-1] for c in hostile.hidden[part.name] if c.family in wrong])
        score = next(score for score in grade.scores if score.criterion == criterion.id)
        assert score.feedback.endswith(f" Seen on: {first.title}.")
