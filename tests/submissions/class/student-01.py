import numpy as np

# HW1, all functions. I wrote out the sums from my notes instead of looking for the numpy one-liners.


def affine_gradients(x, dC_dy):
    m = len(dC_dy)
    n = len(x)
    dC_dW = np.zeros((m, n))
    dC_db = np.zeros(m)
    for i in range(m):
        for j in range(n):
            # dC/dw_ij = sum_k dC/dy_k * dy_k/dw_ij, and only k = i survives
            dC_dW[i, j] = dC_dy[i] * x[j]
        dC_db[i] = dC_dy[i]
    return dC_dW, dC_db


def scaled_cost_gradients(x, dC_dy, scale=3.0):
    dC_dW, dC_db = affine_gradients(x, dC_dy)
    return scale * dC_dW, scale * dC_db


def softmax(x, beta):
    # subtracting the largest exponent changes nothing mathematically, and exp cannot overflow any more
    z = [beta * v for v in x]
    top = max(z)
    e = [np.exp(v - top) for v in z]
    total = sum(e)
    return np.array([v / total for v in e])


def softmax_jacobian(x, beta):
    y = softmax(x, beta)
    K = len(x)
    J = np.zeros((K, K))
    for i in range(K):
        for j in range(K):
            if i == j:
                # sum over the others, not 1 - y_i: that one cancels when y_i is close to 1
                others = 0.0
                for n in range(K):
                    if n != i:
                        others += y[n]
                J[i, j] = beta * y[i] * others
            else:
                J[i, j] = -beta * y[i] * y[j]
    return J


if __name__ == "__main__":
    print(softmax(np.array([1.0, 2.0, 3.0]), 0.5))
    print(softmax_jacobian(np.array([1.0, 2.0, 3.0]), 0.5))
