"""A panel built on a foreign dialler (my_dc09_spt or dc09_spt): sends what one JSON order on standard input says.

{"dialler": "my_dc09_spt", "host": H, "port": P, "account": A, "key_hex": HEX?, "transport": "tcp"|"udp",
 "receiver": N?, "line": N?, "polls": N, "events": [["ADM-CID", {...}], ["SIA-DCS", {...}]]}

Prints {"acknowledged": N, "polls": N, "connected": B, "errors": [...]}; a dialler counts only what was acknowledged.
"""

import importlib
import json
import logging
import sys
import time


class Complaints(logging.Handler):
    """The diallers raise some of their troubles and only log the others."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.errors = []

    def emit(self, record):
        self.errors.append(record.getMessage())


def main():
    order = json.load(sys.stdin)
    complaints = Complaints()
    logging.getLogger().addHandler(complaints)
    name = order["dialler"]
    dialler = getattr(importlib.import_module(f"{name}.dc09_spt"), "dc09_spt")
    key = order.get("key_hex")
    panel = dialler(order["account"], order.get("receiver"), order.get("line", 0))
    panel.set_path(
        "main",
        "primary",
        order["host"],
        order["port"],
        account=order["account"],
        key=None if key is None else bytes.fromhex(key),
        type=order.get("transport", "tcp"),
    )
    acknowledged = 0
    for kind, fields in order["events"]:
        panel.send_msg(kind, fields)
        deadline = time.monotonic() + 15
        while (panel.notSent() or panel.state().get("send active")) and time.monotonic() < deadline:
            time.sleep(0.02)
        if panel.notSent() == 0 and panel.isConnected():
            acknowledged += 1
    polls = 0
    if order.get("polls"):
        panel.start_poll(1, retry_delay=0.2)
        deadline = time.monotonic() + 15
        while panel.state().get("poll count", 0) < order["polls"] and time.monotonic() < deadline:
            time.sleep(0.05)
        polls = panel.state().get("poll count", 0)
        panel.stop_poll()
    print(
        json.dumps(
            {
                "acknowledged": acknowledged,
                "polls": polls,
                "connected": panel.isConnected(),
                "errors": complaints.errors,
            }
        )
    )


main()
