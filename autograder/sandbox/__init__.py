"""Run what students wrote, apart from everything else.

`running.Sandbox` owns one warm process (`_worker`) at one level of isolation and runs one submission at a time in
children of it; `prover.Prover` does the same for written answers. Nothing is imported here: an import of an untrusted
side must not bring the grader's along.
"""
