"""What a person downloads from a platform, to be filled in: by the platform's name, as it calls things itself."""

from collections.abc import Mapping
from typing import Final

DOWNLOADS: Final[Mapping[str, str]] = {
    "canvas": "export the gradebook (Grades, Export, Export Entire Gradebook)",
    "moodle": "download the grading worksheet (the assignment, Submissions, Download grading worksheet)",
    "brightspace": "export the grades (Grades, Enter Grades, Export; both keys, points grade)",
    "blackboard": "download the grades (Grade Center, Work Offline, Download)",
}


def download_from(platform: str) -> str:
    """Say where the file comes from, for the end of a message."""
    return f"in {platform.capitalize()}, {DOWNLOADS[platform]}"
