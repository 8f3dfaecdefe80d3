"""The instructor's browser: code cells whose text, language or tags end what they are shown in."""

from tests.nbgrader_attacks import code


def attack(notebook, folder):
    for text in ("</code></pre><script>window.hw1_owned = true</script>", "# </textarea><img src=x onerror='window.hw1_owned=true'>", "%%html\n<script>window.hw1_owned = true</script>", "%%javascript\nwindow.hw1_owned = true"):
        cell = code(text, tags=['"><script>window.hw1_owned = true</script>'], magics_language='"><script>window.hw1_owned = true</script>')
        notebook["cells"].insert(0, cell)
