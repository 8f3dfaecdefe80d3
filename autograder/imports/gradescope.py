"""Gradescope: ``assignment_<id>_export/submission_<id>/...`` beside ``submission_metadata.yml`` with Ruby's keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autograder.errors import InputError
from autograder.imports.members import Member
from autograder.imports.records import Attempt, Unpacked, moment

_METADATA = "submission_metadata.yml"
_FOLDER = "submission_"
_FORMS = ("%Y-%m-%d %H:%M:%S %z", "%Y-%m-%d %H:%M:%S.%f %z", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z")
_NOTHING = ("", "~", "null")


def is_export(members: Sequence[Member]) -> bool:
    """Whether the list of submissions is there."""
    return any(member.name == _METADATA for member in members)


def read(members: Sequence[Member]) -> Unpacked | None:
    """Read an export of Gradescope; several submitters are a group. Who was late, only its grades say.

    Raises
    ------
    InputError
        If the list of submissions is damaged.
    """
    lists = [member for member in members if member.name == _METADATA]
    if not lists:
        return None
    known = _submissions(lists[0])
    found: dict[str, list[tuple[str, Member]]] = {}
    others: list[tuple[Member, str]] = [(lists[0], "Gradescope's list")]
    for member in members:
        place = next((n for n, part in enumerate(member.parts[:-1]) if part in known), None)
        if place is not None:
            found.setdefault(member.parts[place], []).append(("/".join(member.parts[place + 1 :]), member))
        elif member is not lists[0]:
            others.append((member, "no submission of the list"))
    return Unpacked(
        platform="gradescope",
        attempts=tuple(
            Attempt(
                people=people,
                order=moment(created.strip(), _FORMS),
                late=False,
                files=tuple(found.get(folder, ())),
                called=f"{folder}/",
            )
            for folder, (people, created) in sorted(known.items())
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
        if not isinstance(folder, str) or not folder.startswith(_FOLDER) or not people:
            raise InputError(f"{member.path}: {folder!a:.60} names nobody; export it again")
        found[folder] = (people, str(_field(about, "created_at") or ""))
    return found


def _field(about: Any, name: str) -> Any:
    if not isinstance(about, Mapping):
        return None
    value = about.get(f":{name}", about.get(name))
    return None if value in _NOTHING else value


def _person(about: Any) -> tuple[str, ...]:
    """All that is known of a submitter; the id or the address may lack."""
    return tuple(str(value) for name in ("sid", "email", "name") if (value := _field(about, name)))
