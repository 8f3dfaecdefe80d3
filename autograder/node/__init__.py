"""What another machine needs to grade a share of the class, in one archive for instructors."""

from autograder.node.archive import node_archive
