"""The instructor's browser: scripts and event handlers in Markdown and raw cells."""

from tests.nbgrader_attacks import markdown, raw

PIECES = (
    "<script>window.hw1_owned = true</script>",
    "<img src=x onerror='window.hw1_owned=true'>",
    "<svg/onload=window.hw1_owned=true>",
    "<details open ontoggle=window.hw1_owned=true>",
    "<iframe srcdoc='<script>parent.hw1_owned = true</script>'></iframe>",
    "<object data='data:text/html,<script>parent.hw1_owned=true</script>'></object>",
    "<math><mtext><table><mglyph><style><img src=x onerror=window.hw1_owned=true>",
    "<meta http-equiv=refresh content='0;url=javascript:window.hw1_owned=true'>",
    "<base href='http://192.0.2.1/'>", "<form action='/formgrader/api/grade/1'><input name=x></form>",
    "<noscript><p title='</noscript><img src=x onerror=window.hw1_owned=true>'>",
    "```html\n<script>window.hw1_owned = true</script>\n",
    "```<script>window.hw1_owned = true</script>\nx\n```", "`` <script>window.hw1_owned = true</script>", "$<script>window.hw1_owned = true</script>$",
    "<scr<script>ipt>window.hw1_owned = true</scr</script>ipt>", "&lt;script&gt;window.hw1_owned = true&lt;/script&gt;", "<\nscript>window.hw1_owned = true</script>",
    "<!--><script>window.hw1_owned = true</script-->", "<?xml <script>window.hw1_owned = true</script>?>", "\x00<script>window.hw1_owned = true</script>",
    "# <script>window.hw1_owned = true</script>", "| a |\n|---|\n| <script>window.hw1_owned = true</script> |", "$$\\begin{x}<script>window.hw1_owned=true</script>$$",
)


def attack(notebook, folder):
    for piece in PIECES:
        notebook["cells"].insert(0, markdown(piece))
        for mime in ("text/html", "text/markdown", "text/latex", "", "application/javascript"):
            notebook["cells"].insert(0, raw(piece, raw_mimetype=mime, format=mime))
