"""Which command lines emerge's own option parser refuses.

    options.py < LINES

Each line of standard input is a JSON list of words; for each, a line `true` (refused) or `false` is printed."""
import contextlib
import io
import json
import sys

from _emerge.main import parse_opts
from portage.const import SUPPORTED_BINPKG_FORMATS

for line in sys.stdin:
    words = json.loads(line)
    with contextlib.redirect_stderr(io.StringIO()):
        try:
            options = parse_opts(words)[1]
            # As _emerge/actions.py:run_action asks, once the configuration is there.
            formats = options.get("--pkg-format", "").split()
            refused = any(name not in SUPPORTED_BINPKG_FORMATS for name in formats)
        except SystemExit:
            refused = True
    print(json.dumps(refused))
