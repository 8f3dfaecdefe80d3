"""A submission that is never graded: the notebook says that it is written in R."""

ANSWERS = "right"


def attack(notebook, folder):
    notebook["metadata"]["kernelspec"] = {"name": "ir", "display_name": "R", "language": "R"}
    notebook["metadata"]["language_info"] = {"name": "R\"><script>window.hw1_owned = true</script>", "file_extension": "/../../x.r", "pygments_lexer": "html"}
