"""A third homework: what happens while a network is trained, one question each, written as an author would."""

from autograder.model import Limits

ID = "hw3"
TITLE = "Homework 3: training a network"
COURSE = "CS 200 Learning Machines"
TERM = "Autumn"
DUE = "November 5"
AUTHOR = "Course staff"
POINTS = 26
LIMITS = Limits(
    cpu_seconds_per_call=0.5, cpu_seconds_per_function=2, cpu_seconds_per_statement=0.5, cpu_seconds_to_load=2
)
