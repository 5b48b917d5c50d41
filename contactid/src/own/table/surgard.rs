//! Single letters and digits of Sur-Gard records, and of the Telenot and ITI records that the same receivers print.

use crate::own::{OwnCode, OwnEntry, OwnList};

/// Basic records: letters, and the digits of 3/1 and 4/2 formats.
pub(super) static SURGARD: &[OwnEntry] = own_codes! { Surgard:
    "A" General Zone "alarm" "报警"
    "B" Bypass Zone "zone bypassed" "防区旁路"
    "C" OpenClose User "armed" "布防"
    "F" Cancel User "alarm cancelled" "取消报警"
    "H" Bypass Zone "zone no longer bypassed" "防区旁路解除"
    "O" OpenClose User "disarmed" "撤防"
    "P" Log Nothing "two-way audio follows" "双向通话"
    "R" General Zone "restored" "恢复"
    "T" Sensor Zone "trouble" "故障"
    "Z" Log Nothing "general message" "一般消息"
    "0" Test Nothing "test" "测试"
    "1" Fire Zone "fire alarm" "火警"
    "2" HoldUp Zone "panic alarm" "紧急求助"
    "3" Burglary Zone "burglary alarm" "盗警"
    "4" OpenClose User "armed" "布防"
    "5" OpenClose User "disarmed" "撤防"
    "6" System Nothing "service needed" "需要维护"
    "7" Medical Zone "medical alarm" "医疗报警"
    "8" Log Nothing "message" "消息"
    "9" General Zone "restored" "恢复"
};

/// Telenot records.
pub(super) static TELENOT: &[OwnEntry] = own_codes! { Telenot:
    "A" General Zone "alarm" "报警"
    "F" Sensor Zone "fault" "故障"
    "H" TestMode Nothing "maintenance over" "维护结束"
    "K" General Zone "restored" "恢复"
    "L" TestMode Nothing "maintenance" "维护"
    "N" HoldUp Zone "emergency" "紧急求助"
    "O" Log Nothing "call" "呼叫"
    "Q" RemoteAccess Nothing "remote programming" "远程编程"
    "R" Test Nothing "test" "测试"
    "T" OpenClose User "armed" "布防"
    "U" OpenClose User "disarmed" "撤防"
};

/// Conditions of ITI panels.
pub(super) static ITI: &[OwnEntry] = own_codes! { Iti:
    "A" General Zone "alarm" "报警"
    "B" Bypass Zone "zone bypassed" "防区旁路"
    "C" OpenClose User "closed" "布防"
    "D" Communication Nothing "dial-out" "拨出"
    "E" Sensor Zone "exit fault" "退出故障"
    "G" Log Nothing "one ring" "振铃一次"
    "I" Tamper User "bad code entered" "密码错误"
    "J" Sensor Zone "trouble" "故障"
    "L" Battery Zone "low battery" "电池电压低"
    "N" Log Nothing "new log" "新日志"
    "O" OpenClose User "opened" "撤防"
    "P" Test Nothing "telephone test" "电话测试"
    "R" Cancel User "cancelled" "取消报警"
    "S" Sensor Zone "supervisory" "监管异常"
    "T" Tamper Zone "tamper" "防拆报警"
    "V" General Zone "instant" "即时报警"
    "W" General Zone "restored" "恢复"
};
