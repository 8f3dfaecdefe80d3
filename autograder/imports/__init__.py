"""Submissions as other people's platforms hand them out: a download becomes a folder that ``hw1 grade`` takes.

Each platform's names are read in a file of their own, by pure functions; nothing outside OUTPUT is written, and every
file of the download is accounted for.
"""
