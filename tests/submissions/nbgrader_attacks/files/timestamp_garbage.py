"""A submission that stops the run: a timestamp that is none."""


def attack(notebook, folder):
    (folder / "timestamp.txt").write_text("'; drop table grade; --\n<script>window.hw1_owned = true</script>\x1b[2J")
