"""Lost time: Markdown, mathematics and code on which the renderers of pages take hours."""

from tests.nbgrader_attacks import code, markdown


def attack(notebook, folder):
    for text in (r"\begin{a}" * 5000, "[" * 200_000, "[a](" * 100_000, "*a_ " * 100_000, "> " * 9000, "- " * 9000):
        notebook["cells"].append(markdown(text))
    notebook["cells"] += [code("!ls\n" * 50_000), code("(" * 200_000)]
