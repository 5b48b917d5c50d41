"""A panel built on a foreign dialler (my_dc09_spt or dc09_spt): sends what one JSON order on standard input says.

{"dialler": "my_dc09_spt", "port": P, "account": A, "key_hex": HEX?, "transport": "tcp"|"udp", "polls": N?,
 "clock_ahead_s": N?, "events": [["ADM-CID", {...}], ["SIA-DCS", {...}]]}

Prints {"acknowledged": [true, ...], "polls": N, "clock_offset_s": N?}. A poll is counted only when it was acknowledged.
"""

import importlib
import json
import sys
import time

PATIENCE_S = 15


def wait_until(reached):
    deadline = time.monotonic() + PATIENCE_S
    while not reached() and time.monotonic() < deadline:
        time.sleep(0.02)
    return reached()


def send(panel, kind, fields):
    try:
        panel.send_msg(kind, fields)
    except Exception as error:  # the dialler raises nothing finer when no path took the message
        print(f"{kind} {fields}: {error}", file=sys.stderr)
        return False
    return wait_until(lambda: not panel.notSent() and not panel.state().get("send active")) and panel.isConnected()


def main():
    order = json.loads(sys.stdin.readline())
    name = order["dialler"]
    dialler = getattr(importlib.import_module(f"{name}.dc09_spt"), "dc09_spt")
    key = order.get("key_hex")
    panel = dialler(order["account"], None, 0)
    panel.set_path(
        "main",
        "primary",
        "127.0.0.1",
        order["port"],
        account=order["account"],
        key=None if key is None else bytes.fromhex(key),
        type=order.get("transport", "tcp"),
    )
    path = panel.tpaths["main"]["primary"]["path"]
    path.set_offset(order.get("clock_ahead_s", 0))
    acknowledged = [send(panel, kind, fields) for kind, fields in order["events"]]
    polls = 0
    if order.get("polls"):
        panel.start_poll(1, retry_delay=0.2)
        wait_until(lambda: panel.state().get("poll count", 0) >= order["polls"])
        polls = panel.state().get("poll count", 0)
        panel.stop_poll()
    print(json.dumps({"acknowledged": acknowledged, "polls": polls, "clock_offset_s": path.get_offset()}))


main()
