"""Faults that are ours or our caller's, never a student's.

Whatever a student can cause is a status in the results. An exception of this tree stops the run with one line and exit
code 2::

    AutograderError
    |-- InputError: AssignmentError, SecretError
    |-- SandboxError: IsolationError, ClusterError
    |-- OutputError: DiskError
    `-- LeakError, ReportError, CanaryError
"""


class AutograderError(Exception):
    """Base of every fault the autograder reports; its text is one line: what, where, the value, what to do."""


class InputError(AutograderError):
    """The caller gave something that cannot be used."""


class AssignmentError(InputError):
    """A question file breaks a rule of `autograder.model`; the text says which rule, where."""


class SecretError(InputError):
    """The secret is missing, unreadable, or not the one that graded before."""


class SandboxError(AutograderError):
    """The sandbox cannot be started, died, or broke its protocol."""


class IsolationError(SandboxError):
    """The machine does not allow the isolation that was asked for."""


class ClusterError(SandboxError):
    """Amid a run the scheduler of a cluster was lost, or all of its workers."""


class OutputError(AutograderError):
    """A result cannot be written; where it is one student's, the others go on."""


class DiskError(OutputError):
    """Nothing more can be written: the disk is full, fails or is read-only."""


class LeakError(AutograderError):
    """A release holds what students may not read; nothing of it was written."""


class ReportError(AutograderError):
    """A document cannot be made; no grade depends on one."""


class CanaryError(AutograderError):
    """The reference did not earn everything, or the stub earned something: the fault is ours."""
