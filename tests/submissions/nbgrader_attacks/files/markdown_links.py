"""The instructor's browser: links and pictures that run something, or send the reader elsewhere."""

from tests.nbgrader_attacks import markdown

PIECES = (
    "[points](javascript:window.hw1_owned=true)", "[points](JaVaScRiPt&colon;window.hw1_owned=true)", "[points](java\tscript:window.hw1_owned=true)",
    "[points](data:text/html;base64,PHNjcmlwdD53aW5kb3cuaHcxX293bmVkPXRydWU8L3NjcmlwdD4=)", "<javascript:window.hw1_owned=true>",
    "![x](x\"onerror=\"window.hw1_owned=true)", "![x\" onerror=\"window.hw1_owned=true](x)", "[a][1]\n\n[1]: javascript:window.hw1_owned=true 'x'",
    "![x](x 'a\" onerror=\"window.hw1_owned=true')", "[points](vbscript:x)", "[points]( javascript:window.hw1_owned=true)", "[points](&#106;avascript:window.hw1_owned=true)",
    "![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIi8+)",
)


def attack(notebook, folder):
    for piece in PIECES:
        notebook["cells"].insert(0, markdown(piece))
