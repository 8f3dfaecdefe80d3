"""A second homework: modules of a network, one question each, written as an author would."""

from autograder.model import Limits

ID = "hw2"
TITLE = "Homework 2: modules of a network"
COURSE = "CS 200 Learning Machines"
TERM = "Autumn"
DUE = "October 1"
AUTHOR = "Course staff"
POINTS = 22
LIMITS = Limits(
    cpu_seconds_per_call=0.5, cpu_seconds_per_function=2, cpu_seconds_per_statement=0.5, cpu_seconds_to_load=2
)
