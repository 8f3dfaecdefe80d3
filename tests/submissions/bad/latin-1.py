# Übung 1, René
import numpy as np


def softmax(x, beta):
    return np.exp(beta * x) / np.exp(beta * x).sum()
