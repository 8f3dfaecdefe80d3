"""What `configure` puts into nbgrader's configuration: a class made from the one that would stand there without us.

Whatever else the instructor configures, before or after our line, here or for the whole machine, holds for the other
assignments as if our line were not there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from traitlets import Any as AnyTrait
from traitlets.config.loader import LazyConfigValue
from traitlets.utils.importstring import import_item


class Around(LazyConfigValue):
    """A setting that is a class, made when nbgrader asks for it."""

    make: Any = AnyTrait()  #: From the class that would be there without us to the one to take.
    otherwise: Any = AnyTrait(None)  #: What the configuration says besides; None for nbgrader's default.

    def merge_into(self, other: Any) -> Around:
        """Take what a configuration of lower priority says, instead of replacing it.

        It is made anew: nbgrader reads the same file more than once.
        """
        below = getattr(other, "otherwise", None) if isinstance(other, LazyConfigValue) else other
        return Around(make=self.make, otherwise=self.otherwise or below)

    def get_value(self, initial: Any) -> Any:
        """Make the class."""
        otherwise = self.otherwise or initial
        return self.make(import_item(otherwise) if isinstance(otherwise, str) else otherwise)


def wrap(section: Any, name: str, make: Callable[[type], type]) -> None:
    """Put a class of ours around what a section of a configuration says.

    `make` takes that class to ours; given its own result it returns it as it is.
    """
    section[name] = Around(make=make).merge_into(section.get(name))


def exporter(otherwise: type) -> type:
    """Make the exporter that grades the homeworks, and hands other assignments to another one.

    It is for ``Autograde.exporter_class``.
    """
    from autograder.nbgrader_plugin.exporter import either

    return either(otherwise)


def collector(otherwise: type) -> type:
    """Make the class that collects the homeworks without following links, and other assignments as ever.

    It is for ``ExchangeFactory.collect``.
    """
    from autograder.nbgrader_plugin.collect import without_links

    return without_links(otherwise)
