"""Documents from an assignment and grades; never runs student code."""
