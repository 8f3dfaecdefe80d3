"""Print the confusion matrix of the catalogue: ``python -m tests.catalogue [SECRETS]`` from the repository's root."""

import sys
from collections import Counter

from tests.catalogue import ENTRIES
from tests.catalogue._matrix import counts, judge_all, lines
from tests.catalogue._pipeline import pipelines


def main() -> int:
    secrets = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    everything = []
    complaints: Counter[str] = Counter()
    with pipelines() as make:
        for number in range(secrets):
            found = judge_all(make(number), ENTRIES)
            everything += found
            complaints.update(f"{j.entry.id}: {complaint}" for j in found for complaint in j.complaints)
    for line in lines(counts(everything), f"{len(ENTRIES)} entries under {secrets} secrets"):
        print(line)
    for complaint, times in complaints.items():
        print(f"{times:>3} of {secrets}  {complaint}")
    return 1 if complaints else 0


sys.exit(main())
