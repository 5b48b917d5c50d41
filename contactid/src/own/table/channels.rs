//! States of channels as dialled: Ademco High Speed and Super Fast, Scancom, CESA.

use super::Rows;

/// Channel states by their digit, status digits with an `S` before them.
pub(super) const HIGH_SPEED: Rows = own_codes! { HighSpeed "Ademco":
    "1" General New Zone "channel alarm" "通道报警" -> "3"
    "2" OpenClose New Zone "opening" "撤防" -> "4"
    "3" General Restore Zone "channel restored" "通道恢复"
    "4" OpenClose Restore Zone "closing" "布防"
    "5" Log Restore Zone "channel normal" "通道正常"
    "6" General Status Zone "channel alarm still present" "通道报警仍存在"
    "S0" Log New Nothing "sent through AlarmNet" "经 AlarmNet 发送"
    "S1" Duress New Nothing "duress" "胁迫"
    "S2" OpenClose New Nothing "opening" "撤防" -> "S4"
    "S3" Bypass New Nothing "zones bypassed" "有防区旁路"
    "S4" OpenClose Restore Nothing "closing" "布防"
    "S5" Sensor New Nothing "trouble" "故障"
    "S6" System New Nothing "system trouble" "系统故障"
    "S7" Log New Nothing "all normal" "一切正常"
    "S8" Battery New Nothing "low battery" "电池电压低"
    "S9" Test New Nothing "test" "测试"
};

/// Channel states by their digit, status digits with an `S` before them, and channels with the use they usually have
/// with a `C` before them.
pub(super) const SCANCOM: Rows = own_codes! { Scancom "Scancom":
    "0" Sensor New Zone "channel trouble" "通道故障" -> "3"
    "1" General New Zone "channel alarm" "通道报警" -> "3"
    "2" OpenClose New Zone "opening" "撤防" -> "4"
    "3" General Restore Zone "channel restored" "通道恢复"
    "4" OpenClose Restore Zone "closing" "布防"
    "5" Log Restore Zone "channel quiet" "通道正常"
    "6" General Status Zone "channel alarm still present" "通道报警仍存在"
    "C1" Fire New Nothing "fire" "火警"
    "C2" HoldUp New Nothing "personal attack" "人身袭击"
    "C3" Burglary New Nothing "intruder" "入侵"
    "C5" Cancel New Nothing "cancel" "取消报警"
    "C6" General New Nothing "technical alarm or emergency" "技术报警或紧急情况"
    "C7" Burglary New Nothing "second (confirmed) alarm" "二次复核报警"
    "C8" System New Nothing "trouble" "故障"
    "S1" Duress New Nothing "duress" "胁迫"
    "S2" OpenClose New Nothing "opening" "撤防" -> "S4"
    "S3" Bypass New Nothing "zones bypassed" "有防区旁路"
    "S4" OpenClose Restore Nothing "closing" "布防"
    "S5" Sensor New Nothing "zone trouble" "防区故障"
    "S6" System New Nothing "system trouble" "系统故障"
    "S7" Log New Nothing "all quiet" "一切正常"
    "S8" Battery New Nothing "low battery" "电池电压低"
    "S9" Test New Nothing "test" "测试"
};

/// Event digits.
pub(super) const CESA: Rows = own_codes! { Cesa "CESA":
    "0" Log New Zone "audio follows" "随后转入语音"
    "1" General New Zone "alarm" "报警" -> "2"
    "2" General Restore Zone "restored" "恢复"
    "3" General Status Zone "status: in alarm" "状态：报警" -> "4"
    "4" General Restore Zone "status: normal" "状态：正常"
};
