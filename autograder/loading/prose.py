"""What an assignment computes with: its files without the texts that only people read.

While an author writes, it is prompts and derivations that change; what PyTorch finds does not change with them.
"""

import ast
import hashlib
from collections import Counter
from collections.abc import Iterator, Set
from typing import Final

from autograder.loading.assignment import package_files
from autograder.model import Assignment

_READERS: Final = {"derivations": 0, "setting": 0, "question": "prompt", "Question": "prompt"}
"""Functions of the engine that take such a text, and which argument it is."""


def code_sha256(assignment: Assignment) -> str:
    """Digest of an assignment's files and of which variant it is; a text that only people read makes no difference.

    Such a text is a docstring, or what `derivations`, `setting` and `question(prompt=...)` are given: spelled out,
    or by a name that stands for nothing else and is used for nothing else in the whole package.
    """
    if assignment.folder is None:
        raise AssertionError("an assignment that was loaded has a folder")
    files = package_files(assignment.folder)
    trees = {name: ast.parse(content) for name, content in files.items() if name.endswith(".py")}
    pieces = {name: hashlib.sha256(content).digest() for name, content in files.items()}
    for name, said in _without_prose(trees).items():
        pieces[name] = hashlib.sha256(said.encode("utf-8", "surrogatepass")).digest()
    digest = hashlib.sha256(f"variant {assignment.variant}".encode())
    for name, piece in sorted(pieces.items()):
        digest.update(hashlib.sha256(name.encode("utf-8", "surrogateescape")).digest() + piece)
    return digest.hexdigest()


def _without_prose(trees: dict[str, ast.Module]) -> dict[str, str]:
    """Spell out what each file does."""
    elsewhere = {name for tree in trees.values() for node in ast.walk(tree) for name in _reached(node)}
    for tree in trees.values():
        for text in _prose(tree, elsewhere):
            text.value = ""
    return {name: ast.dump(tree) for name, tree in trees.items()}


def _prose(tree: ast.Module, elsewhere: Set[str]) -> list[ast.Constant]:
    """Find the texts in one file; `elsewhere` are names that may be used from other places."""
    nodes = list(ast.walk(tree))
    read = [text for node in nodes if isinstance(node, ast.Call) for text in _read(node, elsewhere)]
    found = [text for text in read if isinstance(text, ast.Constant)]
    found += [node.value for node in nodes if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)]
    uses = Counter(node.id for node in nodes if isinstance(node, ast.Name))
    given = Counter(text.id for text in read if isinstance(text, ast.Name))
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant() as text):
                # It is named where it is set and where it is read, and nowhere else.
                if uses[name] == given[name] + 1 and not elsewhere & {name, "*"}:
                    found.append(text)
    return [text for text in found if isinstance(text.value, str)]


def _read(call: ast.Call, elsewhere: Set[str]) -> list[ast.expr]:
    """Take the text that a call is given, if it is one of the engine's that take a text."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    place = _READERS.get(name)
    if place is None or f"def {name}" in elsewhere:
        return []
    if isinstance(place, int):
        return call.args[place : place + 1]
    return [one.value for one in call.keywords if one.arg == place]


def _reached(node: ast.AST) -> Iterator[str]:
    """Iterate over the names by which a file reaches into another, or into itself from behind; what it defines."""
    match node:
        case ast.Attribute(attr=name) | ast.alias(name=name):
            yield name
        case ast.Constant(value=str(name)) if name.isidentifier():
            yield name
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield f"def {name}"
