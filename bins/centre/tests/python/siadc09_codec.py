"""The foreign codec siadc09: one JSON order a line in, one JSON answer a line out.

{"decode": HEX, "key_hex": HEX?}  what siadc09 reads in a frame
{"encode": {...}, "key_hex": HEX?}  a frame that siadc09 writes: {"hex": HEX}
"""

import datetime
import json
import sys

from siadc09.account import Account
from siadc09.message import EventMessage, NullMessage, parse_frame
from siadc09.util import totimestamp
from siadc09.xdata import Data, XData


def number(text):
    return None if text is None else int(text, 16)


def events(data):
    if data is None:
        return []
    if getattr(data, "event", None) is not None:
        event = data.event
        return [{"qualifier": event.qualifier, "code": event.code, "group": event.group, "number": event.addr}]
    found = []
    for block in getattr(data, "blocks", []):
        for event in getattr(block, "events", None) or []:
            modifiers = {code: modifier.value for code, modifier in event.modifiers.items()}
            found.append({"code": event.code, "address": event.addr, "area": modifiers.get("ri")})
    return found


def decode(order):
    key = order.get("key_hex")
    message = parse_frame(bytes.fromhex(order["decode"]), None if key is None else bytes.fromhex(key))
    return {
        "token": message.idtoken,
        "encrypted": message.encrypted,
        "sequence": message.seq,
        "receiver": message.account.rcvr,
        "line": message.account.pref,
        "account": "%X" % message.account.acct,
        "content": None if message.data is None else message.data.content.decode(),
        "events": events(message.data),
        "extended": {field.prefix: field.valuestr() for field in message.xdata},
        "timestamp": None if message.timestamp is None else totimestamp(message.timestamp),
    }


def encode(order):
    fields = order["encode"]
    account = Account(
        acct=number(fields["account"]),
        pref=number(fields.get("line")),
        rcvr=number(fields.get("receiver")),
        key=order.get("key_hex"),
    )
    stamp = fields.get("unix")
    if stamp is not None:
        stamp = datetime.datetime.fromtimestamp(stamp, datetime.UTC)
    if fields["token"] == "NULL":
        message = NullMessage(account, timestamp=stamp)
    else:
        message = EventMessage(
            account,
            config={
                "idtoken": fields["token"],
                "data": Data(content=fields["data"].encode()),
                "xdata": [XData(prefix, value, encoding="utf-8") for prefix, value in fields.get("extended", {}).items()],
                "timestamp": stamp,
            },
        )
    return {"hex": message.encode(seq=fields["sequence"]).hex()}


def main():
    for line in sys.stdin:
        order = json.loads(line)
        answer = decode(order) if "decode" in order else encode(order)
        print(json.dumps(answer, ensure_ascii=False), flush=True)


main()
