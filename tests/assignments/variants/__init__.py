"""A homework whose first question differs from student to student: its factor, and how many numbers a case has."""

from autograder.model import Limits

ID = "hw4"
TITLE = "Homework 4: numbers of your own"
COURSE = "CS 200 Learning Machines"
TERM = "Autumn"
DUE = "December 1"
AUTHOR = "Course staff"
POINTS = 9
LIMITS = Limits(
    cpu_seconds_per_call=0.5, cpu_seconds_per_function=2, cpu_seconds_per_statement=0.5, cpu_seconds_to_load=2
)
