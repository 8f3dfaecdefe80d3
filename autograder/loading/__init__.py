"""From files to records: an assignment's package, and what students handed in.

An assignment is trusted: its package is imported. A submission is not: it is read as bytes, at most as JSON, and never
compiled here. Whatever a student can do to a file ends as `Submission.problem`, one line without a host's path in it.
"""

from autograder.loading.assignment import load_assignment, package_files
from autograder.loading.installed import GROUP, installed_assignments
from autograder.loading.listing import Found, LeftOut, Listing, find_submissions, list_submissions
from autograder.loading.names import printable, student_id
from autograder.loading.prose import code_sha256
from autograder.loading.sources import (
    module_submission,
    part_codes,
    part_reference,
    part_stub,
    reference_source,
    stub_source,
)
from autograder.loading.submission import read_again, read_submission, read_written, submission_sha256
from autograder.loading.variants import page_text
from autograder.sandbox._worker.text import MAX_BYTES, MAX_CELLS, METADATA, Marks, NotebookCell
