"""The foreign receiver pysiaalarm: one JSON order a line in, one JSON answer a line out.

{"decode": HEX, "account": A, "key": KEY?}  what pysiaalarm reads in a frame, and its reply
"""

import json
import sys

from pysiaalarm.account import SIAAccount
from pysiaalarm.base_server import BaseSIAServer
from pysiaalarm.utils import Counter


def decode(order):
    account = SIAAccount(order["account"], order.get("key"), allowed_timeband=None)
    event = BaseSIAServer({order["account"]: account}, Counter()).parse_and_check_event(bytes.fromhex(order["decode"]))
    refused = type(event).__name__ == "NAKEvent"
    read = None
    if not refused:
        read = {
            "crc": event.valid_message,
            "token": event.message_type.value,
            "encrypted": event.encrypted,
            "sequence": event.sequence,
            "receiver": event.receiver,
            "line": event.line,
            "account": event.account,
            "qualifier": event.event_qualifier,
            "event": event.event_type,
            "partition": event.partition,
            "code": event.code,
            "area": event.ri,
            "user": event.id,
            "message": event.message,
            "extended": event.x_data,
            "timestamp": event.timestamp.strftime("%H:%M:%S,%m-%d-%Y") if event.timestamp else None,
        }
    return {"read": read, "reply": event.create_response().hex()}


for line in sys.stdin:
    print(json.dumps(decode(json.loads(line))), flush=True)
