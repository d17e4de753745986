"""Makes the catalogue for tap-zendesk: the loader's own discovery, of the named streams alone.

    python catalogue.py config.json tickets users organizations … > catalogue.json

`tap-zendesk --discover` tries each stream it knows, and stops at the first that a desk has not
(satisfaction ratings, telephone numbers). All that is named is chosen. Runs in the loader's environment.
"""

import json
import sys

from tap_zendesk import discover
from zenpy import Zenpy


def main(path, names):
    unknown = [name for name in names if name not in discover.STREAMS]
    if unknown or not names:
        sys.exit(f"name streams of: {', '.join(sorted(discover.STREAMS))}"
                 + (f"; unknown: {', '.join(unknown)}" if unknown else ""))
    with open(path, encoding="utf-8") as file:
        config = json.load(file)
    discover.STREAMS = {name: discover.STREAMS[name] for name in names}
    client = Zenpy(subdomain=config["subdomain"], oauth_token=config["access_token"])
    streams = discover.discover_streams(client, config)
    for stream in streams:
        for about in stream["metadata"]:
            if not about["breadcrumb"]:
                about["metadata"]["selected"] = True
    json.dump({"streams": streams}, sys.stdout, indent=2)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: catalogue.py config.json STREAM…")
    main(sys.argv[1], sys.argv[2:])
