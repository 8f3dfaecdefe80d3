"""Code of the student's in the grader: files that Python, Jupyter, nbgrader or we might read lie beside the notebook."""


def attack(notebook, folder):
    mark = "import pathlib\npathlib.Path('hw1_attack_was_here').touch()\npart = main = configure = lambda *a, **k: None\n"
    for name in (
        "hw1_check", "autograder", "nbgrader_config", "jupyter_config", "jupyter_nbconvert_config", "ipython_config", "jupyter_server_config",
        "sitecustomize", "usercustomize", "conftest", "solutions", "autograder/__init__", "nbgrader/__init__", "conf/nbgrader_config",
    ):
        path = folder / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(mark)
    (folder / "gradebook.db").write_bytes(b"SQLite format 3\0")
    (folder / ".autograder").mkdir()
    (folder / ".autograder" / "secret").write_text("0" * 64)
