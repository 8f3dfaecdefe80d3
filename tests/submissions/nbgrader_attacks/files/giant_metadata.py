"""Lost disk: 8 MB of metadata, deep and wide, that would be copied at each step."""


def attack(notebook, folder):
    deep = {}
    for _ in range(200):
        deep = {"x": deep}
    notebook["metadata"]["deep"] = deep
    notebook["metadata"]["wide"] = {f"key-{number}": "x" * 1000 for number in range(4000)}
    notebook["cells"][0]["metadata"]["wide"] = ["x" * 1000] * 4000
