import torch, numpy as np
import torch.nn as nn, torch.nn.functional as F
from torch import Tensor
from numba import njit
import pandas as pd, matplotlib.pyplot as plt
from scipy.special import softmax as scipys

device = torch.device("cpu")
plt.figure()


class Net(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x


@torch.no_grad()
def affine_gradients(x: torch.Tensor, dC_dy: Tensor) -> tuple[Tensor, Tensor]:
    return np.outer(dC_dy, x), np.array(dC_dy, dtype=float)


@njit(cache=True)
def scaled_cost_gradients(x, dC_dy, scale: Tensor | float = 3.0, *, device=device, like=torch.float64):
    dW, db = affine_gradients(x, dC_dy)
    return scale * dW, scale * db


@njit
def softmax(x, beta):
    import torch, matplotlib.pyplot as plot
    z: Tensor = beta * np.asarray(x, dtype=float)
    e = np.exp(z - z.max())
    return e / e.sum()


def softmax_jacobian(x, beta):
    def inner(v: torch.Tensor) -> Tensor: ...
    y = softmax(x, beta)
    return beta * (np.diag(y) - np.outer(y, y))

