"""``hw1 merge``: what several machines graded, as if one had."""

from pathlib import Path

import click

from autograder.cli.common import NamedPath, assignment_option, console, loaded, notify, raise_faults, say
from autograder.cli.tables import progress_bar
from autograder.errors import InputError
from autograder.words import counted


@click.command(short_help="Join the shards of a class into one folder of grades.")
@click.argument("shards", type=NamedPath(), nargs=-1, required=True)
@click.option("--output", "-o", type=NamedPath(), required=True, help="Folder for all grades.")
@assignment_option
def merge(shards: tuple[Path, ...], output: Path, assignment_path: Path) -> None:
    """Join SHARDS, the --output folders of hw1 grade --shard: one that all wrote to, or one from each machine.

    The result is what hw1 grade would have written for the whole class, byte for byte, with the shards' journals in
    run.jsonl. The shards are left as they are.

    Exit code 2 with one line when one is missing, there twice, not graded to its end, or graded with other cases,
    questions, versions or isolation.
    """
    from autograder.gradebook import Gradebook
    from autograder.gradebook.merge import merge as join
    from autograder.gradebook.merge import read_shards

    assignment = loaded(assignment_path)
    found = read_shards(shards, assignment)
    for one in found:
        here, there = output.resolve(), one.path.resolve()
        if here.is_relative_to(there) or there.is_relative_to(here):
            raise InputError(f"--output {output} lies where the shards lie, {one.path}; choose one outside them")
    book = Gradebook(output, assignment)
    book.lock()
    try:
        for remark in book.remarks:
            notify(remark)
        total = sum(len(one.record.students) for one in found)
        with progress_bar(total, "merging") as advance:
            faults = join(found, book, advance)
    finally:
        book.release()
    console().print(f"{assignment.title} - {counted(total, 'submission')} from {counted(len(found), 'shard')}")
    say(f"grades      {output / 'grades.csv'}")
    say(f"per student {output}/STUDENT/grade.json (yours), feedback.md (theirs)")
    raise_faults(faults, total, f"the others are in {output}. Grade the shards of the failed ones again")
