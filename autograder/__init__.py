"""The engine: runs, compares, scores. It knows no question."""
