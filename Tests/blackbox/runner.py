"""Runs black-box tests one after the other and counts what they found."""

import importlib
import os
import sys
import time
import traceback

from harness import Harness

# In this order: what takes longest comes last.
TESTS = ("zenpy_client", "second_client", "openapi", "schemathesis_client", "peer_port", "tokens",
         "accounts", "removal", "operator_errors", "signed_head", "search", "views", "incremental",
         "zendesk_import", "attachments", "conflicts", "events", "handoffs", "warehouse", "webhooks",
         "dead_office", "founder_gone", "time_zones", "late_joiner", "boundary", "disk_faults")
# By name only: what they measure needs a machine that does nothing else.
BY_HAND = ("load",)


def main():
    chosen = [name.removesuffix(".py") for name in sys.argv[1:]] or list(TESTS)
    unknown = [name for name in chosen if name not in TESTS + BY_HAND]
    if unknown:
        known = ", ".join(TESTS + BY_HAND)
        sys.exit(f"there is no test {', '.join(unknown)}; there are {known}")
    passed = failed = 0
    for name in chosen:
        start = time.monotonic()
        print(f"-- {name}", flush=True)
        harness = Harness(name, os.environ["HELIO_BIN"])
        try:
            importlib.import_module(name).run(harness)
        except Exception as error:
            traceback.print_exc(limit=6)
            harness.check("the test ran to its end", False, repr(error))
            harness.show_logs()
        finally:
            harness.close()
        passed += harness.passed
        failed += harness.failed
        print(f"   {name}: {time.monotonic() - start:.0f} s", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
