"""Moodle: the grading worksheet that was downloaded from an assignment, in whatever language, filled in.

Headings, and the word before each identifier, are in the site's language, and Moodle cuts the identifier out by that
word's length; so nothing is written anew: columns are found by their English headings, or by what is in them and the
order that they stand in (Moodle, ``mod/assign/gradingtable.php``: grade, maximum, perhaps a state of marking, whether
the grade can be changed, what was handed in, when the grade was changed, comments, perhaps outcomes), and a grade and
its comment are put into the rows that are there. All other cells are written back byte for byte: Moodle takes comments
of every row, and would take a changed one for new feedback.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.errors import InputError
from autograder.exports.downloads import download_from
from autograder.exports.records import Filled, Points, all_keys, match, maximum, refuse_above, two_decimals
from autograder.sheet import Sheet, inert, is_computed, letters, read_sheet, words
from autograder.words import counted

_IDENTIFIER = re.compile(r"\D*?(\d+)")
_SUBMITTED = re.compile(r"(.*)_(\d+)_assignsubmission_[a-z]+(?:_.*)?", re.DOTALL)
_DIGITS = re.compile(r"\d+")
_NUMBER_OR_NONE = re.compile(r"[-+]?[\d.,]+|-")
_DATE_OR_NONE = re.compile(r"-|(?=.*\d{4})(?=.*\D)[^<]{1,80}")
_NO_COMMENTS = "no column for comments was found, so no feedback is in it"
_GRADE, _MOST, _COMMENTS = "Grade", "Maximum Grade", "Feedback comments"
_BLANKS = str.maketrans("_/\\", "   ")
_BLIND = 2
NOBODY: Mapping[str, str] = {}
_STATES = 2  #: Whether a grade can be changed stands so near behind the maximum.

_NO = frozenset({
    "no", "nein", "non", "não", "nee", "nie", "ne", "nej", "nei", "ei", "nem", "nu", "не", "нет", "ні", "όχι", "hayır",
    "tidak", "không", "ez", "nē", "नहीं", "خیر", "ոչ", "არა",
    "לא", "لا", "نه", "否", "いいえ", "아니요", "아니오", "ไม่", "ไม่ใช่",
})  # fmt: skip
"""What Moodle's languages call "no", as far as is known here."""


@dataclass(frozen=True, kw_only=True)
class _Places:
    """Where the columns stand."""

    grade: int
    most: int
    comments: int | None  #: None where there is no such column.


def fill(
    data: bytes,
    path: str,
    points: Sequence[Points],
    comments: Mapping[str, str],
    decimal: str,
    *,
    called: Mapping[str, str] = NOBODY,
) -> Filled:
    """Fill in a grading worksheet, with comments in HTML by student.

    `path` names the file in messages, and `decimal` is what stands before decimals where it is uploaded: ``.`` or
    ``,``. `called` is what the download of submissions calls whoever a number is of, by student: a number is a group's,
    or a student's, and counts where the worksheet calls that row so.

    Raises `InputError` if it is no worksheet, a grade is above the maximum, or a student cannot be told from another.
    """
    sheet, places, found = _matched(data, path, points, called)
    # Blind marking has the identifier and a status alone.
    who = 1 if places.grade > _BLIND else 0
    locked, filled = [], {}
    for number, one in sorted(found.items()):
        row = sheet.rows[number]
        if one.earned is None:
            continue
        _refuse_what_is_too_much(one, row[places.most], sheet)
        if any(cell.strip().casefold() in _NO for cell in row[places.most + 1 :][:_STATES]):
            locked.append(number)
            continue
        filled[number] = {places.grade: two_decimals(one.earned).replace(".", decimal)}
        if places.comments is not None and one.student in comments:
            filled[number][places.comments] = inert(comments[one.student])
    matched = {one.student for one in found.values()}
    return Filled(
        data=sheet.write_over(filled),
        unmatched=tuple(_said(one, called) for one in points if one.student not in matched),
        without=tuple(row[who] for n, row in enumerate(sheet.rows) if n not in filled and n not in locked),
        locked=tuple(sheet.rows[number][who] for number in locked),
        filled=len(filled),
        known=all_keys([_keys(row[: places.grade]) for row in sheet.rows]),
        remark="; ".join(_remarks(sheet, places, comments)),
    )


def _remarks(sheet: Sheet, places: _Places, comments: Mapping[str, str]) -> Iterator[str]:
    if comments and places.comments is None:
        yield _NO_COMMENTS
    computed = [
        cell for row in sheet.rows for cell in row if is_computed(cell) and not _NUMBER_OR_NONE.fullmatch(cell.strip())
    ]
    if computed:
        yield (
            f"{counted(len(computed), 'cell')} of the download (first: {computed[0]!a:.40}) would be computed by a "
            "spreadsheet program; it was left so: upload the file without opening it in one"
        )


def feedback_zip(
    data: bytes, path: str, points: Sequence[Points], pdfs: Mapping[str, bytes], *, called: Mapping[str, str]
) -> bytes:
    """Pack feedback as Moodle takes it for many at once (``mod/assign/feedback/file/importziplib.php``).

    A folder's name says by its second part whose it is, by the next two what was handed in; the first part is a name.
    The worksheet and `called` are as for `fill`.

    Raises `InputError` as from `fill`, or if the worksheet has no number for somebody.
    """
    sheet, places, found = _matched(data, path, points, called)
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, one in sorted(found.items()):
            row = sheet.rows[place]
            number = _IDENTIFIER.fullmatch(row[0].strip())
            if one.student not in pdfs:
                continue
            if number is None:
                raise InputError(f"{path}: {row[0]!a} holds no student number; {download_from('moodle')}")
            # Under blind marking a name is nowhere.
            who = row[1] if places.grade > _BLIND else _DIGITS.sub("", row[0])
            name = " ".join(who.translate(_BLANKS).split()).strip(".")
            entry = zipfile.ZipInfo(f"{name}_{number[1]}_assignsubmission_file/feedback.pdf")
            archive.writestr(entry, pdfs[one.student], zipfile.ZIP_DEFLATED)
    return whole.getvalue()


def _matched(
    data: bytes, path: str, points: Sequence[Points], called: Mapping[str, str]
) -> tuple[Sheet, _Places, dict[int, Points]]:
    """Read a worksheet, and find everybody's row: by a number and the name beside it, or by any other id."""
    sheet = read_sheet(data, path)
    places = _columns(sheet)
    keys = [_keys(row[: places.grade]) for row in sheet.rows]
    found = match([_by_number(one) for one in points], keys, path)
    by_name = {one.student: _called(one, called) for one in points}
    others = [number for number, one in found.items() if not _agree(by_name[one.student], sheet.rows[number], places)]
    return sheet, places, {number: one for number, one in found.items() if number not in others}


def _called(one: Points, called: Mapping[str, str]) -> str:
    """What the download of submissions calls a student; empty where it does not, or is not known any more."""
    given = _SUBMITTED.fullmatch(one.name)
    return given[1] if given else called.get(one.student, "")


def _said(one: Points, called: Mapping[str, str]) -> str:
    return " ".join(filter(None, (one.name, called.get(one.student))))


def _agree(called: str, row: Sequence[str], places: _Places) -> bool:
    """Whether a name may be this row's: a group's name stands before it, or of more than one word some are left out.

    Under blind marking all are called like the word before their numbers.
    """
    if not called or places.grade <= _BLIND or letters(called) == letters(_DIGITS.sub("", row[0])):
        return True
    whole, given = words(row[1]), words(called)
    if letters(row[1]) and letters(row[1]) in letters(called):
        return True
    fewer = len(given) > 1 and (given <= whole or letters(called) in letters(row[1]))
    return fewer or (len(whole) > 1 and whole <= given)


def _columns(sheet: Sheet) -> _Places:
    """Find the columns by their English headings, else by what is in them."""
    grade, most, comments = (sheet.column(title) for title in (_GRADE, _MOST, _COMMENTS))
    if grade is not None and most is not None:
        return _Places(grade=grade, most=most, comments=comments)
    width = len(sheet.heading)
    candidates = [place for place in range(2, width - 1) if sheet.rows and _is_maximum(sheet, place)]
    if len(candidates) != 1:
        what = "more than one column" if candidates else "no column"
        raise InputError(
            f"{sheet.path}: not a grading worksheet of Moodle ({what} with the maximum grade after a grade); "
            f"{download_from('moodle')}"
        )
    (most,) = candidates
    later = range(most + 1, width)
    dates = [place for place in later if all(_DATE_OR_NONE.fullmatch(row[place].strip()) for row in sheet.rows)]
    behind = dates[-1] + 1 if dates else width
    return _Places(grade=most - 1, most=most, comments=behind if behind < width else None)


def _is_maximum(sheet: Sheet, place: int) -> bool:
    """Whether it is one number above 0 on every row, behind a grade or none, before a word."""
    values = {row[place].strip().replace(",", ".") for row in sheet.rows}
    return (
        len(values) == 1
        and maximum(next(iter(values))) is not None
        and all(_NUMBER_OR_NONE.fullmatch(row[place - 1].strip() or "-") for row in sheet.rows)
        and not any(_NUMBER_OR_NONE.fullmatch(row[place + 1].strip() or "-") for row in sheet.rows)
    )


def _keys(known: Sequence[str]) -> list[str]:
    """Take what says who it is: the identifier and its number, and whatever else stands before the grade."""
    identifier = _IDENTIFIER.fullmatch(known[0].strip())
    return [known[0], *([identifier[1]] if identifier else []), *known[1:]]


def _by_number(one: Points) -> Points:
    """Know a submission by the number in the name that Moodle gave its file."""
    given = _SUBMITTED.fullmatch(one.name)
    return replace(one, name=given[2]) if given else one


def _refuse_what_is_too_much(one: Points, most: str, sheet: Sheet) -> None:
    """Refuse a grade above the maximum, and a scale."""
    if maximum(most) is None:
        raise InputError(f"{sheet.path}: {most!a} is not a maximum grade; set the assignment to points, not a scale")
    refuse_above(one, maximum(most), sheet.path, "Moodle")
