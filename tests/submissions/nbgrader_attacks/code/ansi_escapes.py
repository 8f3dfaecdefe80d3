# The instructor's terminal: escape sequences that clear the screen, set its title or look like other students' lines.
escape = "\x1b]0;OWNED\x07\x1b[2J\x1b[31mhonest 0 of 50\x1b[0m\r\n\u202e\x9b1;31m"
print(escape)


def affine_gradients(x, dC_dy):
    raise RuntimeError(escape)


raise ImportError(escape, name=escape)
