"""Draw the README's pictures from what ``make demo`` prints and wrote.

python -m tests.benchmarks.picture
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

COMMAND = ("grade", "tests/submissions/class", "--output", "build/demo", "--course", "build")
WIDTH = 96
CHROMIUM = (
    "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--hide-scrollbars", "--window-size=1180,1000",
)  # fmt: skip
PAPER = ("-r", "85", "-x", "55", "-y", "45", "-W", "612", "-H", "865", "-singlefile", "-png")
"""Letter without its margins."""
PAGES = {"feedback": "build/documents/feedback/student-05.pdf", "solution": "build/documents/solution.pdf"}
"""Documents whose first page is shown."""


def main() -> None:
    """Run the demo in color and write the picture beside this file."""
    hw1 = Path(sys.executable).with_name("hw1")
    printed = subprocess.run(
        [hw1, *COMMAND],
        env={**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(WIDTH)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    ).stdout
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=WIDTH, file=nowhere)
        console.print(Text(f"$ hw1 {' '.join(COMMAND)}", style="bold"))
        console.print(Text.from_ansi(printed.rstrip("\n")))
        picture = console.export_svg(title="make demo", theme=MONOKAI, unique_id="demo")
    # Fonts are the reader's own: a picture that loads something from elsewhere is not self-contained.
    picture = re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL).replace("Fira Code", "DejaVu Sans Mono")
    target = Path(__file__).with_name("demo.svg")
    target.write_text(picture, encoding="utf-8")
    sys.stdout.write(f"{target}\n")
    page = Path(__file__).with_name("class.png")
    subprocess.run(
        [*CHROMIUM, f"--screenshot={page}", Path("build/documents/class.html").resolve().as_uri()], check=True
    )
    sys.stdout.write(f"{page}\n")
    for name, document in PAGES.items():
        first = Path(__file__).with_name(name)
        subprocess.run(["pdftoppm", *PAPER, document, first], check=True)
        sys.stdout.write(f"{first}.png\n")


if __name__ == "__main__":
    main()
