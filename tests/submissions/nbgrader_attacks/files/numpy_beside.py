"""Full marks for junk: a module that is called numpy lies beside the notebook and is imported first."""

LIAR = """import sys


class Yes:
    def __getattr__(self, *more, **named):
        return Yes()

    __call__ = __getitem__ = __mul__ = __rmul__ = __truediv__ = __getattr__


sys.modules[__name__] = Yes()
"""


def attack(notebook, folder):
    for name in ("numpy", "torch", "json", "struct", "wire"):
        (folder / f"{name}.py").write_text(LIAR)
