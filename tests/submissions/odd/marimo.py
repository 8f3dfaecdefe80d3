import marimo

__generated_with = "0.14.0"
app = marimo.App(width="medium")

with app.setup:
    import math
    import torch


@app.cell
def _(np, softmax):
    def softmax_jacobian(x, beta):
        y = softmax(x, beta)
        return beta * (np.diag(y) - np.outer(y, y))
    _scale = 5
    return (softmax_jacobian,)


@app.cell(hide_code=True)
def _(mo):
    mo.md(r"""# Homework""")
    return


@app.cell
def _(mo):
    slider = mo.ui.slider(1, 10)
    slider
    return (slider,)


@app.cell
def _():
    import numpy as np
    import marimo as mo
    return mo, np


@app.cell
def affine(np):
    _scale = 1
    def affine_gradients(x, dC_dy):
        return np.outer(dC_dy, x) * _scale, np.array(dC_dy, dtype=float)
    return (affine_gradients,)


@app.cell
def _(affine_gradients):
    _scale = 2
    def scaled_cost_gradients(x, dC_dy, scale=3.0):
        dW, db = affine_gradients(x, dC_dy)
        return _scale * scale * dW / 2, scale * db
    return (scaled_cost_gradients,)


app._unparsable_cell(
    r"""
    %matplotlib inline
    def broken(:
    """,
    name="_"
)


@app.function
def softmax(x, beta):
    top = max(beta * v for v in x)
    e = [math.exp(beta * v - top) for v in x]
    return [v / sum(e) for v in e]


@app.class_definition
class Nothing:
    pass


@app.cell
async def _(missing):
    await missing()
    return


if __name__ == "__main__":
    app.run()
