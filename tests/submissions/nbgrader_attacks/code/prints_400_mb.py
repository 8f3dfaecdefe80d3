# Lost disk: 400 MB of output.
line = "x" * 999_999
for _ in range(400):
    print(line)


def softmax(x, beta):
    for _ in range(400):
        print(line)
    return x
