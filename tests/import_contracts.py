"""A kind of import contract that import-linter does not have: what a package may import, and nothing else."""

from __future__ import annotations

import sys

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class OnlyContract(Contract):
    """Every module of these packages imports the standard library, these packages, and what is allowed, directly.

    So a package that is new, ours or others', is forbidden until it is named.
    """

    type_name = "only"

    importers = fields.ListField(subfield=fields.StringField())
    allowed = fields.ListField(subfield=fields.StringField(), required=False, default=[])

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        del verbose
        importers: list[str] = list(self.importers)  # type: ignore[call-overload]
        allowed: list[str] = list(self.allowed)  # type: ignore[call-overload]
        if absent := [name for name in importers if name not in graph.modules]:
            raise ValueError(f"There is no {', '.join(absent)}.")
        wrong = sorted(
            (importer, imported)
            for package in importers
            for importer in {package} | graph.find_descendants(package)
            for imported in graph.find_modules_directly_imported_by(importer)
            if imported.partition(".")[0] not in sys.stdlib_module_names
            and not any(f"{imported}.".startswith(f"{name}.") for name in (*importers, *allowed))
        )
        return ContractCheck(kept=not wrong, metadata={"wrong": wrong})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported in check.metadata["wrong"]:
            output.print_error(f"-   {importer} -> {imported}", bold=False)
        output.new_line()
