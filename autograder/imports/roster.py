"""The class list: a CSV file whose column ``student``, else ``id``, has the ids that grades are kept under."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from autograder.errors import InputError
from autograder.gradebook.attendance import Enrolled
from autograder.sheet import key, letters, read_sheet, words

_ID_TITLES = ("student", "id")
_GROUP, _LATE = "group", "late_days"
_TITLES = (*_ID_TITLES, "name", _GROUP, _LATE)


@dataclass(frozen=True, kw_only=True)
class Roster:
    """Everybody in the class, and whom each id, address or name belongs to."""

    path: str
    people: tuple[Enrolled, ...]  #: A row each; the student is called as there.
    known: Mapping[str, frozenset[str]]  #: Student ids by whatever cell names them, as `sheet.key` spells it.

    def find(self, keys: Sequence[str]) -> str | None:
        """Find the student whom the first of these keys that is known names; None where none is.

        Raises `InputError` if that key is two students'.
        """
        for one in keys:
            students = self.known.get(key(one), frozenset())
            if len(students) > 1:
                first, second, *_ = sorted(students)
                raise InputError(f"{self.path}: {one!r} is both {first!r} and {second!r}; give each another cell")
            if students:
                return next(iter(students))
        return None

    def members(self, shown: str) -> tuple[str, ...]:
        """Find who is in the group of this name, of which a platform may have left nothing but letters and digits.

        Nobody is, where two groups are called so.
        """
        groups = self._groups.get(letters(shown), {})
        return groups[next(iter(groups))] if len(groups) == 1 else ()

    def calls(self, student: str, shown: str) -> bool:
        """Whether a name may be this student's: one word of it is, or the roster has no names."""
        own = self._words.get(student, frozenset())
        return not own or not own.isdisjoint(words(shown))

    @cached_property
    def _words(self) -> Mapping[str, frozenset[str]]:
        return {one.student: words(one.name) for one in self.people}

    @cached_property
    def _groups(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """Who is in each group, by what a platform leaves of its name."""
        found: dict[str, dict[str, tuple[str, ...]]] = {}
        for one in self.people:
            if plain := letters(one.group):
                same = found.setdefault(plain, {})
                same[key(one.group)] = (*same.get(key(one.group), ()), one.student)
        return found


def read_roster(data: bytes, path: str) -> Roster:
    """Read a roster: columns ``student``, and as wanted ``name``, ``email``, ``group``, ``late_days``, other ids.

    Raises `InputError` if it is no CSV, a student is in it twice, an id is empty, or a number of days is none.
    """
    sheet = read_sheet(data, path)
    places = {name: place for name in _TITLES if (place := sheet.column(name)) is not None}
    student = next((places[title] for title in _ID_TITLES if title in places), None)
    if student is None:
        raise InputError(
            f"{path}: no column is called 'student' in its first line, {', '.join(sheet.heading)!a:.80}; name the "
            "column of ids 'student'"
        )
    told = {places[name] for name in (_GROUP, _LATE) if name in places}
    others = {title: n for n, title in enumerate(sheet.heading) if n not in {student, places.get("name"), *told}}
    people: list[Enrolled] = []
    seen: set[str] = set()
    known: dict[str, set[str]] = {}
    for number, row in enumerate(sheet.rows, 2):
        one = row[student].strip()
        if not one:
            raise InputError(f"{path}: row {number} has no {sheet.heading[student]!r}; fill it in, or take the row out")
        if key(one) in seen:
            raise InputError(f"{path}: {one!r} is in it twice (row {number}); keep one row")
        seen.add(key(one))
        people.append(
            Enrolled(
                student=one,
                name=row[places["name"]].strip() if "name" in places else "",
                group=row[places[_GROUP]].strip() if _GROUP in places else "",
                late_days=_days(row[places[_LATE]], number, path) if _LATE in places else None,
                ids={title.strip(): row[place].strip() for title, place in others.items()},
            )
        )
        for place, cell in enumerate(row):
            if place not in told and cell.strip():
                known.setdefault(key(cell), set()).add(one)
    if not people:
        raise InputError(f"{path}: nobody is in it; write one row per student")
    return Roster(path=path, people=tuple(people), known={name: frozenset(who) for name, who in known.items()})


def _days(cell: str, number: int, path: str) -> float | None:
    if not cell.strip():
        return None
    try:
        days = float(cell.strip().replace(",", "."))
    except ValueError:
        days = -1.0
    if not 0 <= days < 10_000:
        raise InputError(f"{path}: row {number} has {cell!r} late days; give a number, 0 or more")
    return days
