import numpy as np
affine_gradients = lambda x, g: (np.outer(g, x), 1.0 * np.array(g))
scaled_cost_gradients = lambda x, g, s=3.0: tuple(s * v for v in affine_gradients(x, g))
softmax = lambda x, b: (e := np.exp(b * x - max(b * x))) / e.sum()
softmax_jacobian = lambda x, b: b * (np.diag(y := softmax(x, b)) - np.outer(y, y))
