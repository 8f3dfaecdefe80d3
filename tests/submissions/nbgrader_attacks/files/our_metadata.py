"""Full marks for junk: our own metadata says what was earned, and marks cells as what they are not."""


def attack(notebook, folder):
    script = "<script>window.hw1_owned = true</script>"
    notebook["metadata"]["autograder"] = {"assignment": "../../x", "earned": 50, "written": script}
    for cell, written in zip(notebook["cells"], ("q1a", "q1a", script, "../x", 5, None, [], {"a": 1}, "q99", "x" * 100_000)):
        cell["metadata"]["autograder"] = {"written": written, "earned": 20, "assignment": "hw1"}
