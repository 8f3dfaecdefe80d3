"""Formulas, the proof of our own lines, and the judgment of students' lines."""
