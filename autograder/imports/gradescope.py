"""Gradescope: ``assignment_<id>_export/submission_<id>/...`` beside ``submission_metadata.yml`` with Ruby's keys.

The list is the one that lies beside the submissions: a file of that name in one of them is a student's.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from autograder.errors import InputError
from autograder.imports.members import Member
from autograder.imports.records import LIST, NO_SUBMITTER, NOT_LISTED, Attempt, Tops, Unpacked, moment

_METADATA = "submission_metadata.yml"
_FOLDER = re.compile(r"submission_\d+")
_FORMS = ("%Y-%m-%d %H:%M:%S %z", "%Y-%m-%d %H:%M:%S.%f %z", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z")
# Ruby writes billionths of a second, of which Python reads millionths.
_FINER = re.compile(r"(\.\d{6})\d+")
_NOTHING = ("", "~", "null")


def fits(tops: Tops) -> frozenset[str]:
    """Tell which names are Gradescope's: the list, and the folders beside it."""
    if tops.get(_METADATA, True):
        return frozenset()
    return frozenset(name for name, folder in tops.items() if name == _METADATA or (folder and _FOLDER.fullmatch(name)))


def lacks_list(tops: Tops) -> bool:
    """Whether all folders are Gradescope's, and the list that says whose they are is not beside them."""
    found = [name for name, folder in tops.items() if folder]
    return bool(found) and not fits(tops) and all(map(_FOLDER.fullmatch, found))


def read(members: Sequence[Member]) -> Unpacked | None:
    """Read an export of Gradescope; several submitters are a group. Who was late, only its grades say.

    Raises `InputError` if the list of submissions is damaged.
    """
    listing = next((member for member in members if member.parts == (_METADATA,)), None)
    if listing is None:
        return None
    known = _submissions(listing)
    found: dict[str, list[tuple[str, Member]]] = {}
    others: list[tuple[Member, str]] = [(listing, LIST)]
    for member in members:
        folder = member.parts[0]
        if len(member.parts) > 1 and folder in known and known[folder][0]:
            found.setdefault(folder, []).append(("/".join(member.parts[1:]), member))
        elif member is not listing:
            others.append((member, NO_SUBMITTER if folder in known else NOT_LISTED))
    return Unpacked(
        platform="gradescope",
        attempts=tuple(
            Attempt(
                people=people,
                order=moment(_FINER.sub(r"\1", created.strip()), _FORMS),
                files=tuple(found.get(folder, ())),
                called=f"{folder}/",
            )
            for folder, (people, created) in sorted(known.items())
            if people
        ),
        others=tuple(others),
    )


def _submissions(member: Member) -> dict[str, tuple[tuple[tuple[str, ...], ...], str]]:
    """Read who is in each submission, and when it was made."""
    import yaml

    try:
        # Every value is a text: a number would lose its zeros.
        loaded = yaml.load(member.read(), Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))  # noqa: S506 - both are safe
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InputError(f"{member.path}: damaged ({' '.join(str(error).split())[:80]}); export it again") from None
    if not isinstance(loaded, Mapping):
        raise InputError(f"{member.path}: holds no submissions; export it again")
    found = {}
    for folder, about in loaded.items():
        submitters = _field(about, "submitters")
        people = tuple(filter(None, map(_person, submitters if isinstance(submitters, list) else ())))
        if not isinstance(folder, str) or not _FOLDER.fullmatch(folder):
            raise InputError(f"{member.path}: {folder!a:.60} is no submission's name; export it again")
        found[folder] = (people, str(_field(about, "created_at") or ""))
    return found


def _field(about: Any, name: str) -> Any:
    if not isinstance(about, Mapping):
        return None
    value = about.get(f":{name}", about.get(name))
    return None if value in _NOTHING else value


def _person(about: Any) -> tuple[str, ...]:
    """All that is known of a submitter; the id or the address may lack."""
    return tuple(value for name in ("sid", "email", "name") if (value := str(_field(about, name) or "").strip()))
