# Something stays behind: threads, timers, alarms and exit handlers that go on after the answer.
import atexit
import signal
import threading
import time


def forever():
    while True:
        time.sleep(0.01)


atexit.register(forever)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGALRM, lambda *a: forever())
signal.setitimer(signal.ITIMER_REAL, 0.05)
threading.Thread(target=forever).start()
