# Lost time: loops for ever, here and in every function.
def spin(*args, **kwargs):
    while True:
        pass


affine_gradients = scaled_cost_gradients = softmax = softmax_jacobian = spin
spin()
