"""Run a program on a terminal, press Ctrl-C at its first question, and print how it ended."""
import os
import pty
import select
import signal
import sys
import time

LIMIT = time.monotonic() + 120

child, terminal = pty.fork()
if child == 0:
    # Whoever started the tests in the background had interrupts ignored, which a new program would keep.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execv(sys.argv[1], sys.argv[1:])
shown = b""
while time.monotonic() < LIMIT:
    # emerge loses an interrupt that comes between its question and its reading of the answer, so the
    # key is pressed until that helps.
    ready, _, _ = select.select([terminal], [], [], 0.5)
    if ready:
        try:
            shown += os.read(terminal, 4096)
        except OSError:
            break
    elif b"[Yes/No]" in shown:
        os.write(terminal, b"\x03")
else:
    os.kill(child, signal.SIGKILL)
_, status = os.waitpid(child, 0)
sys.stdout.write(shown.decode(errors="replace").replace("\r\n", "\n"))
if b"[Yes/No]" not in shown:
    sys.exit("\nno question came")
if os.WIFSIGNALED(status):
    print(f"\nended by signal {os.WTERMSIG(status)}")
else:
    print(f"\nended with {os.WEXITSTATUS(status)}")
