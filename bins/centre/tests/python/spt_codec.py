"""The foreign panels' codecs my_dc09_spt and dc09_spt: one JSON order a line in, one JSON answer a line out.

{"module": NAME, "encode": {...}, "key": KEY?}  a frame that it writes: {"hex": HEX}
{"module": NAME, "answer": HEX, "sequence": N, "key": KEY?}  what it reads in an answer
"""

import importlib
import json
import logging
import sys

# It warns of what it leaves out; the test knows.
logging.disable(logging.WARNING)


def codec(order, fields):
    """dc09_spt takes its key as text, my_dc09_spt as bytes."""
    msg = importlib.import_module(order["module"] + ".msg")
    key = order.get("key")
    receiver, line = fields.get("receiver"), fields.get("line")
    return msg, msg.dc09_msg(
        fields.get("account"),
        None if key is None else key.encode(),
        None if receiver is None else int(receiver, 16),
        None if line is None else int(line, 16),
    )


def encode(order):
    fields = order["encode"]
    msg, frame = codec(order, fields)
    content = "]"
    if fields["token"] == "ADM-CID":
        content = msg.dc05_msg.dc05event(fields["account"], fields["params"])
    elif fields["token"] == "SIA-DCS":
        content = msg.dc03_msg.dc03event(fields["account"], fields["params"])
    if fields["extra"]:
        content += msg.dc09_msg.dc09_extra(fields["extra"])
    return {"hex": frame.dc09block(fields["sequence"], fields["token"], content).encode("ascii").hex()}


def answer(order):
    _, frame = codec(order, {})
    kind, offset = frame.dc09answer(order["sequence"], bytes.fromhex(order["answer"]).decode("ascii"))
    return {"answer": kind, "timed": offset is not None}


for line in sys.stdin:
    order = json.loads(line)
    print(json.dumps(encode(order) if "encode" in order else answer(order)), flush=True)
