"""A homework of losses, for what others lack: a word as a switch, a whole number, a reference that cancels."""

ID = "losses"
TITLE = "Homework 5: losses and a cell"
COURSE = "C 5"
TERM = "Some term"
DUE = "Some day"
POINTS = 32
