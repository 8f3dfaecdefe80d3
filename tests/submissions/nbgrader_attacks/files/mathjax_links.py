"""The instructor's browser: mathematics with links, styles and HTML in it."""

from tests.nbgrader_attacks import markdown

PIECES = (
    r"$\href{javascript:window.hw1_owned=true}{\text{points}}$", r"$$\unicode{<script>window.hw1_owned=true</script>}$$",
    r"$\style{position:fixed;top:0;left:0;width:100%;height:100%;background:white}{\text{50 of 50}}$", r"$\class{score}{x}$ $\cssId{submission_id}{x}$",
    r"$\require{html}\data{x=1}{y}$ $\htmlData{a=b}{x}$", r"$\def\x{\x\x}\x$", r"\begin{align}\href{javascript:window.hw1_owned=true}{x}\end{align}",
    r"$\let\a\href \a{javascript:window.hw1_owned=true}{x}$", r"$\csname href\endcsname{javascript:window.hw1_owned=true}{x}$",
    r"$\newcommand{\href}[2]{x}\href{javascript:window.hw1_owned=true}{x}$",
)


def attack(notebook, folder):
    for piece in PIECES:
        notebook["cells"].insert(0, markdown(piece))
