"""Homework 1, part 1: for instructors only. One file per question; the folder is loaded by its path."""

ID = "hw1"
TITLE = "Homework 1, part 1: gradients of affine and softmax modules"
COURSE = "DS-GA 1008 Deep Learning"
TERM = "Spring 2020"
DUE = "February 18, 2020"
AUTHOR = "Course staff"
