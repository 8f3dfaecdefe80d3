"""The instructor's browser: pages beside the notebook, which formgrader would serve as its own, and a link to them."""

from tests.nbgrader_attacks import markdown


def attack(notebook, folder):
    page = "<script>window.hw1_owned = true</script>"
    for name in ("solution.html", "solution.svg", "x.xhtml", "x.htm", "evil.js", "evil.css", "noextension", "style.css"):
        (folder / name).write_text(page)
    notebook["cells"].insert(0, markdown("[See my solution](solution.html) ![x](solution.svg)"))
