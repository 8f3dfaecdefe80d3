"""Collecting from nbgrader's exchange: what a student put there may be a link to somebody else's file.

nbgrader would follow it with the instructor's rights, and so hand in for one student what another one wrote.
"""

import glob
import os
import stat
from functools import cached_property
from pathlib import Path
from types import new_class
from typing import Any

from nbgrader.exchange.default import ExchangeCollect

from autograder.errors import AutograderError
from autograder.nbgrader_plugin.homeworks import homework_of


def without_links(otherwise: type) -> type:
    """Make a class that collects as another one does, and of our homeworks files and folders only.

    It is `otherwise` itself where that copies nothing out of nbgrader's own exchange.
    """
    if not issubclass(otherwise, ExchangeCollect) or issubclass(otherwise, CollectFiles):
        return otherwise
    # Its name is a section of the configuration.
    return new_class(otherwise.__name__, (CollectFiles, otherwise))


class CollectFiles(ExchangeCollect):  # type: ignore[misc]
    """Collects files and folders of our homeworks, and nothing else of them."""

    @cached_property
    def _ours(self) -> bool:
        try:
            return homework_of(self.config, self.coursedir) is not None
        except AutograderError:
            return True

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        """Copy one submission."""
        if not self._ours:
            super().do_copy(src, dest, log)
            return
        if Path(src).is_symlink():
            self.log.warning("hw1: %s is a link to another place and was not collected", src)
            return
        links = _neither_file_nor_folder(Path(src))
        if links:
            shown = ", ".join(ascii(name)[1:-1] for name in links[:5]) + " ..." * (len(links) > 5)
            self.log.warning("hw1: of %s these are links or pipes and were not collected: %s", src, shown)
        ignored = self.coursedir.ignore
        self.coursedir.ignore = [*ignored, *map(glob.escape, links)]
        try:
            super().do_copy(src, dest, log)
        finally:
            self.coursedir.ignore = ignored


def _neither_file_nor_folder(folder: Path) -> list[str]:
    """Names of what copying would follow, or wait for."""
    found = set()
    for path, folders, files in os.walk(folder):
        for name in (*folders, *files):
            mode = (Path(path) / name).lstat().st_mode
            if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
                found.add(name)
    return sorted(found)
