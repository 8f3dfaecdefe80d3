"""Formulas, the proof of our own lines, and the judgement of students' lines."""
