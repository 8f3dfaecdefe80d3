"""Grades in the formats of other people's platforms, each format in a file: pure functions from records to bytes.

What a platform reads a student by is never guessed: a spreadsheet that was downloaded from it is filled in, by exact
ids, and whoever matches nobody, or matches two, is named.
"""
