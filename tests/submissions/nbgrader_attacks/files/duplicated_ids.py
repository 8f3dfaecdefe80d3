"""Full marks for junk: each of the instructor's cells is there three times, the copies with other texts."""

import copy


def attack(notebook, folder):
    for cell in list(notebook["cells"]):
        for place in (0, len(notebook["cells"])):
            again = copy.deepcopy(cell)
            again["source"] = "20.0"
            notebook["cells"].insert(place, again)
