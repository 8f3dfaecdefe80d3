"""A class: every submission to its grade, in a pool of sandboxes here or on the workers of a cluster."""

from autograder.batch.pool import Batch, Write
