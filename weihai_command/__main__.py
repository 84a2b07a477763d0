"""`python -m weihai_command` is `weihai-command`."""

import sys

from .cli import main

sys.exit(main())
