"""Ask a health page whether one part of Airflow is well: `health.py URL PART`; exit code 0 if it is.

Used by docker-compose.yml instead of `airflow jobs check`, which takes seconds of processor time each time.
"""

import json
import sys
import urllib.request

url, part = sys.argv[1:]
with urllib.request.urlopen(url, timeout=8) as page:  # noqa: S310
    sys.exit(json.load(page)[part]["status"] != "healthy")
