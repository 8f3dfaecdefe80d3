"""A run that stops for the whole class: brackets in brackets, 100,000 deep."""


def attack(notebook, folder):
    (folder / "hw1.ipynb").write_text('{"nbformat": 4, "nbformat_minor": 5, "metadata": ' + "[" * 100_000 + "]" * 100_000 + ', "cells": []}')
    return "as it is"
