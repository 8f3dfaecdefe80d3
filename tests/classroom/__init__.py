"""nbgrader's own command line, as instructors and students run it: several people, a local exchange, two databases."""
