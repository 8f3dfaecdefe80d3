"""A student's feedback in Markdown: the only text of ours that a student may read about a graded submission.

Hidden cases show as a criterion's status, the misconception's hint and the words of the rubric. Public cases, which the
student has anyway, show their numbers.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from autograder.model import Assignment, Part, Question
from autograder.results import Finding, Grade, Score, WrittenQuestion
from autograder.shown import decoded, visible
from autograder.words import counted
from reports.feedback.adjusted import HEADING, adjusted_lines, total
from reports.feedback.cases import failed_cases, failed_public_cases, pointer, result
from reports.feedback.summary import summary
from reports.feedback.words import OF_SEVERAL, ONE_LINE, WRITTEN

_TAG_OR_LINK = re.compile(r"<(?=[A-Za-z/!?])|(?<=\])\(")
_WORDS = re.compile(r"[A-Za-z][A-Za-z0-9 ,;']*")
MOST_UNREAD = 5  #: Most lines of a written answer that are listed because they could not be read.

UNREADABLE = "Your submission could not be read, so nothing in it was run."
NOT_GRADED = "Not graded yet. Something went wrong on our side, not on yours; no points are lost."
ALL_HIDDEN = "Points come from hidden cases only. Public cases are shown with their numbers; hidden ones never are."


def points(value: float) -> str:
    """Print points without needless zeros."""
    return f"{value:g}"


def _code(text: str) -> str:
    """Text of a student's making inside a code span: nothing in it can end the span."""
    return "`" + text.replace("`", "'").replace("\n", " ") + "`"


def about_part(part: Part, scores: Sequence[Score], *, whole: bool = False) -> list[str]:
    """Say in Markdown what there is to say about one function; of what is right only with `whole`."""
    titles = {criterion.id: criterion.title for criterion in part.criteria}
    cases = failed_cases(scores, part)
    lines = []
    shown = [one for one in scores if whole or one.status != "passed" or one.relaid]
    for told, alike in groupby(shown, lambda one: f"{one.feedback}{pointer(one.criterion, cases)}"):
        earned = (
            f"**{titles[one.criterion]}**: {points(one.earned)} of {points(one.possible)}, {result(one)}"
            for one in alike
        )
        lines.append(f"- {'; '.join(earned)}. {told}")
    return lines + failed_public_cases(part, cases)


def judged(assignment: Assignment, grade: Grade) -> tuple[Question, ...]:
    """Find the questions that earn something: in code, on paper, or both."""
    ids = {score.question for score in grade.scores} | {one.question for one in grade.written if one.possible}
    return tuple(one for one in assignment.questions if one.id in ids)


def judgments(grade: Grade, question: Question) -> Iterator[tuple[str, str, Score | WrittenQuestion]]:
    """Iterate over what earns something in a question: what it is called, in words what became of it, its points."""
    titles = {criterion.id: criterion.title for part in question.parts for criterion in part.criteria}
    yield from ((titles[one.criterion], result(one), one) for one in grade.scores if one.question == question.id)
    written = (one for one in grade.written if one.question == question.id and one.possible)
    yield from (("Written answer", WRITTEN[one.word], one) for one in written)


def _table(assignment: Assignment, grade: Grade) -> list[str]:
    rows = [
        f"| {question.id} | {title} | {word} | {points(one.earned)} / {points(one.possible)} |"
        for question in judged(assignment, grade)
        for title, word, one in judgments(grade, question)
    ]
    rows += [f"| | {HEADING} | | {total(grade) - grade.earned:+g} |"] if grade.adjustments else []
    last = f"| | **Total** | | **{points(total(grade))} / {points(grade.possible)}** |"
    return ["| Question | Criterion | Result | Points |", "|---|---|---|---:|", *rows, last]


def _notes(notes: Sequence[str]) -> list[str]:
    return ["", "## While your code was loaded", "", *(f"- {_text(note)}" for note in notes)] if notes else []


def ended(note: str) -> str:
    """Write a message as a sentence: where it stands in a table or a terminal, no period ends it."""
    return f"{note.rstrip('.')}."


def _text(note: str) -> str:
    """Let no name of a file become a tag or a link."""
    return _TAG_OR_LINK.sub(r"\\\g<0>", note)


def _why(detail: str) -> str:
    """Set a reason as a sentence, and as code what follows its colon, which may hold a student's text."""
    words, colon, rest = detail.partition(": ")
    if not _WORDS.fullmatch(words):
        return _code(detail)
    said = words[:1].upper() + words[1:]
    return f"{said}: {_code(rest)}" if colon else f"{said}."


def _place(one: Finding) -> str:
    if not one.label:
        return "your text"
    label = one.label if one.label.removeprefix("cell ").isdecimal() else _code(one.label)
    return f"{label}, line {one.line}"


def _answered(one: Finding) -> str:
    """One final answer in words."""
    answer = f" {_code(one.latex)}" if one.latex else ""
    match one.mark:
        case "right":
            return f"- **{one.name}**: right ({_place(one)}){':' if answer else ''}{answer}."
        case "wrong":
            return f"- **{one.name}**: not right ({_place(one)}):{answer}. {_why(one.detail)}"
        case "unread":
            return f"- **{one.name}**: could not be judged ({_place(one)}):{answer}. {_why(one.detail)}"
        case _:
            return f"- **{one.name}**: {one.detail} ({_place(one)}):{answer}."


def _answers(findings: Sequence[Finding]) -> Iterator[str]:
    """Say what became of each final answer; those that are not there have one line."""
    answers = [one for one in findings if one.kind == "answer"]
    gone = [one for one in answers if one.mark == "missing" and not one.detail]
    yield from (_answered(one) for one in answers if one not in gone)
    if gone:
        yield f"- {', '.join(f'**{one.name}**' for one in gone)}: no answer was found."


def _lines_checked(lines: Sequence[Finding]) -> str:
    """Count the lines of a written answer by what was found."""
    if len(lines) == 1:
        return f"- One line was checked; {ONE_LINE[lines[0].mark]}."
    counts = [(sum(one.mark == mark for one in lines), words) for mark, words in OF_SEVERAL.items()]
    told = [one if count == 1 else f"{count} {many}" for count, (one, many) in counts if count]
    return f"- {len(lines)} lines were checked: {', '.join(told)}."


def _lines_found(findings: Sequence[Finding]) -> list[str]:
    """What there is to say of the lines: how many hold, the first that does not, those that could not be read."""
    lines = [one for one in findings if one.kind == "line"]
    if not lines:
        return []
    told = [_lines_checked(lines)]
    # Not again where it is an answer: that one has its reason.
    known = {(one.label, one.line, one.detail) for one in findings if one.kind == "answer"}
    new = [one for one in lines if (one.label, one.line, one.detail) not in known]
    first = next((one for one in lines if one.mark == "fails"), None)
    for one in [one for one in new if one is first]:
        told.append(f"- The first line that does not hold ({_place(one)}): {_code(one.latex)}. {_why(one.detail)}")
    for one in [one for one in new if one.mark == "unread"][:MOST_UNREAD]:
        told.append(f"- Could not be read ({_place(one)}): {_code(one.latex)}. {_why(one.detail)}")
    return told


def left_open(answer: WrittenQuestion) -> str:
    """Say how many points a person decides about."""
    verb = "is" if answer.open == 1 else "are"
    return f"{counted(answer.open, 'point')} {verb} for a person to decide on: not all of your answer could be read."


def written_answer(assignment: Assignment, grade: Grade) -> list[str]:
    """Write what was found in a written part, as lines of Markdown; nothing when there is none."""
    if not any(answer.findings for answer in grade.written):
        return []
    titles = {question.id: question.title for question in assignment.questions}
    lines = ["", "## Your written answer", ""]
    blank = [answer for answer in grade.written if answer.findings and _is_blank(answer)]
    for answer in grade.written:
        if not answer.findings or answer in blank:
            continue
        title = titles.get(answer.question, "All of it")
        earned = f" ({points(answer.earned)} of {counted(answer.possible, 'point')})" if answer.possible else ""
        lines += [f"### {title}{earned}", ""]
        lines += [f"- {left_open(answer)}"] if answer.open else []
        lines += _answers(answer.findings)
        lines += _lines_found(answer.findings)
        for one in answer.findings:
            if one.kind == "remark":
                lines.append(
                    f"- {one.detail[:1].upper()}{one.detail[1:]}." if one.mark == "note" else f"- {_code(one.detail)}"
                )
        lines.append("")
    if blank:
        lines += [_not_answered([titles.get(one.question, one.question).partition(":")[0] for one in blank]), ""]
    return lines[:-1]


def _is_blank(answer: WrittenQuestion) -> bool:
    """Whether nothing was found that is about a question, and nothing is to be had for it."""
    gone = (one.kind == "answer" and one.mark == "missing" and not one.detail for one in answer.findings)
    return not answer.possible and all(gone)


def _not_answered(questions: Sequence[str]) -> str:
    *others, last = questions
    named = f"questions {', '.join(others)} and {last}" if others else f"question {last}"
    return f"No answer was found to {named}."


def feedback(assignment: Assignment, grade: Grade) -> str:
    """Write a student's feedback in Markdown.

    Two grades with the same statuses, names of mistakes and public numbers give the same text.
    """
    lines = [
        f"# {assignment.title}: feedback for {_code(visible(decoded(grade.student)))}",
        "",
        *_head(assignment, grade),
        *(["", *_table(assignment, grade), *_notes(grade.notes)] if grade.status == "graded" else ()),
    ]
    for question in assignment.questions if grade.status == "graded" else ():
        body: list[str] = []
        for part in question.parts:
            if told := about_part(part, [s for s in grade.scores if s.part == part.name]):
                body += ["", f"### `{part.name}`", "", *told]
        if body:
            lines += ["", f"## {question.title}", *body]
    lines += written_answer(assignment, grade)
    lines += ["", ALL_HIDDEN, ""] if grade.status == "graded" else [""]
    return "\n".join(lines)


def _head(assignment: Assignment, grade: Grade) -> list[str]:
    """Say how many points there are, and what cost the others."""
    earned = f"**{points(total(grade))} of {counted(grade.possible, 'point')}**"
    match grade.status:
        case "graded":
            return [earned, "", *adjusted_lines(assignment, grade), *summary(assignment, grade)]
        case "unreadable":
            return [earned, "", f"**{UNREADABLE}**", "", *(f"- {_text(ended(note))}" for note in grade.notes)]
        case _:
            return [f"**{NOT_GRADED}**"]
