"""Homework 1, part 1: for instructors only. One file per question; the folder is loaded by its path."""

from autograder.model import Limits

ID = "hw1"
TITLE = "Homework 1, part 1: gradients of affine and softmax modules"
COURSE = "DS-GA 1008 Deep Learning"
TERM = "Spring 2020"
DUE = "February 18, 2020"
AUTHOR = "Course staff"
LIMITS = Limits(
    cpu_seconds_per_call=2, cpu_seconds_per_function=20, cpu_seconds_per_statement=2, cpu_seconds_to_load=10
)
