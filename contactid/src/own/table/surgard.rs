//! Single letters and digits of Sur-Gard records, and of the Telenot and ITI records that the same receivers print.

use super::Rows;

/// Basic records: letters, and the digits of 3/1 and 4/2 formats.
pub(super) const SURGARD: Rows = own_codes! { Surgard "Sur-Gard":
    "A" General New Zone "alarm" "报警" -> "R"
    "B" Bypass New Zone "zone bypassed" "防区旁路" -> "H"
    "C" OpenClose Restore User "armed" "布防"
    "F" Cancel New User "alarm cancelled" "取消报警"
    "H" Bypass Restore Zone "zone no longer bypassed" "防区旁路解除"
    "O" OpenClose New User "disarmed" "撤防" -> "C"
    "P" Log New Nothing "two-way audio follows" "双向通话"
    "R" General Restore Zone "restored" "恢复"
    "T" Sensor New Zone "trouble" "故障" -> "R"
    "Z" Log New Nothing "general message" "一般消息"
    "0" Test New Nothing "test" "测试"
    "1" Fire New Zone "fire alarm" "火警" -> "9"
    "2" HoldUp New Zone "panic alarm" "紧急求助" -> "9"
    "3" Burglary New Zone "burglary alarm" "盗警" -> "9"
    "4" OpenClose Restore User "armed" "布防"
    "5" OpenClose New User "disarmed" "撤防" -> "4"
    "6" System New Nothing "service needed" "需要维护"
    "7" Medical New Zone "medical alarm" "医疗报警" -> "9"
    "8" Log New Nothing "message" "消息"
    "9" General Restore Zone "restored" "恢复"
};

/// Telenot records.
pub(super) const TELENOT: Rows = own_codes! { Telenot "Sur-Gard":
    "A" General New Zone "alarm" "报警" -> "K"
    "F" Sensor New Zone "fault" "故障" -> "K"
    "H" TestMode Restore Nothing "maintenance over" "维护结束"
    "K" General Restore Zone "restored" "恢复"
    "L" TestMode New Nothing "maintenance" "维护" -> "H"
    "N" HoldUp New Zone "emergency" "紧急求助" -> "K"
    "O" Log New Nothing "call" "呼叫"
    "Q" RemoteAccess New Nothing "remote programming" "远程编程"
    "R" Test New Nothing "test" "测试"
    "T" OpenClose Restore User "armed" "布防"
    "U" OpenClose New User "disarmed" "撤防" -> "T"
};

/// Conditions of ITI panels.
pub(super) const ITI: Rows = own_codes! { Iti "Sur-Gard":
    "A" General New Zone "alarm" "报警" -> "W"
    "B" Bypass New Zone "zone bypassed" "防区旁路"
    "C" OpenClose Restore User "closed" "布防"
    "D" Communication New Nothing "dial-out" "拨出"
    "E" Sensor New Zone "exit fault" "外出错误" -> "W"
    "G" Log New Nothing "one ring" "振铃一次"
    "I" Tamper New User "bad code entered" "密码错误"
    "J" Sensor New Zone "trouble" "故障" -> "W"
    "L" Battery New Zone "low battery" "电池电压低" -> "W"
    "N" Log New Nothing "new log" "新日志"
    "O" OpenClose New User "opened" "撤防" -> "C"
    "P" Test New Nothing "telephone test" "电话测试"
    "R" Cancel New User "cancelled" "取消报警"
    "S" Sensor New Zone "supervisory" "监管异常" -> "W"
    "T" Tamper New Zone "tamper" "防拆报警" -> "W"
    "V" General New Zone "instant" "即时报警" -> "W"
    "W" General Restore Zone "restored" "恢复"
};
