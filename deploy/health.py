"""Ask a health page whether Airflow, or one part of it, is well: `health.py URL [PART]`; exit code 0 if so.

Used by docker-compose.yml instead of `airflow jobs check`, which takes seconds of processor time each time.
"""

import json
import sys
import urllib.request

with urllib.request.urlopen(sys.argv[1], timeout=8) as page:  # noqa: S310
    parts = sys.argv[2:]
    sys.exit(bool(parts) and any(json.load(page)[part]["status"] != "healthy" for part in parts))
