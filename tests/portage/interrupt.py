"""Run a program on a terminal, press Ctrl-C at its first question, and print how it ended."""
import glob
import os
import platform
import pty
import select
import signal
import sys
import time

LIMIT = time.monotonic() + 120

# Numbers of the system calls read, select and pselect6, by which a process waits for the terminal.
CALLS = {"x86_64": (0, 23, 270), "aarch64": (63, 72, 72), "riscv64": (63, 72, 72)}.get(platform.machine())


def waits_for_terminal(session):
    """Whether a process of the session waits for what is typed; also where that cannot be seen."""
    is_visible = False
    for file in glob.glob("/proc/[0-9]*/syscall"):
        try:
            if os.getsid(int(file.split("/")[2])) != session:
                continue
            with open(file, encoding="ascii") as text:
                words = text.read().split()
            is_visible = is_visible or bool(CALLS)
        except (OSError, ValueError):
            continue
        if CALLS and len(words) > 1 and words[0].isdigit():
            call, first = int(words[0]), int(words[1], 16)
            # read(0, …), or select(1, …), which looks at nothing but 0
            if call == CALLS[0] and first == 0 or call in CALLS[1:] and first == 1:
                return True
    return not is_visible


child, terminal = pty.fork()
if child == 0:
    # Whoever started the tests in the background had interrupts ignored, which a new program would keep.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execv(sys.argv[1], sys.argv[1:])
shown = b""
while time.monotonic() < LIMIT:
    ready, _, _ = select.select([terminal], [], [], 0.1)
    if ready:
        try:
            shown += os.read(terminal, 4096)
        except OSError:
            break
    elif b"[Yes/No]" in shown and waits_for_terminal(child):
        # emerge loses an interrupt that comes between its question and its reading of the answer, and another that comes
        # while it ends would change how it ends: the key is pressed when, and as often as, it waits for an answer.
        os.write(terminal, b"\x03")
        time.sleep(0.1)
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
