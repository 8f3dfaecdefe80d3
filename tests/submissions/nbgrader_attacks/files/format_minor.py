"""A run that stops for the whole class: a minor version of the format that does not exist."""


def attack(notebook, folder):
    notebook["nbformat_minor"] = 9_999_999
