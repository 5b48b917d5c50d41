//! States of channels as dialled: Ademco High Speed and Super Fast, Scancom, CESA.

use crate::own::{OwnCode, OwnEntry, OwnList};

/// Channel states by their digit, status digits with an `S` before them.
pub(super) static HIGH_SPEED: &[OwnEntry] = own_codes! { HighSpeed:
    "1" General Zone "channel alarm" "通道报警"
    "2" OpenClose Zone "opening" "撤防"
    "3" General Zone "channel restored" "通道恢复"
    "4" OpenClose Zone "closing" "布防"
    "5" Log Zone "channel normal" "通道正常"
    "6" General Zone "channel alarm still present" "通道报警仍存在"
    "S0" Log Nothing "sent through AlarmNet" "经 AlarmNet 发送"
    "S1" Duress Nothing "duress" "胁迫"
    "S2" OpenClose Nothing "opening" "撤防"
    "S3" Bypass Nothing "zones bypassed" "有防区旁路"
    "S4" OpenClose Nothing "closing" "布防"
    "S5" Sensor Nothing "trouble" "故障"
    "S6" System Nothing "system trouble" "系统故障"
    "S7" Log Nothing "all normal" "一切正常"
    "S8" Battery Nothing "low battery" "电池电压低"
    "S9" Test Nothing "test" "测试"
};

/// Channel states by their digit, status digits with an `S` before them, and channels with the use they usually have
/// with a `C` before them.
pub(super) static SCANCOM: &[OwnEntry] = own_codes! { Scancom:
    "0" Sensor Zone "channel trouble" "通道故障"
    "1" General Zone "channel alarm" "通道报警"
    "2" OpenClose Zone "opening" "撤防"
    "3" General Zone "channel restored" "通道恢复"
    "4" OpenClose Zone "closing" "布防"
    "5" Log Zone "channel quiet" "通道静止"
    "6" General Zone "channel alarm still present" "通道报警仍存在"
    "C1" Fire Nothing "fire" "火警"
    "C2" HoldUp Nothing "personal attack" "人身袭击"
    "C3" Burglary Nothing "intruder" "入侵"
    "C5" Cancel Nothing "cancel" "取消报警"
    "C6" General Nothing "technical alarm or emergency" "技术报警或紧急情况"
    "C7" Burglary Nothing "second (confirmed) alarm" "第二次(已确认)报警"
    "C8" System Nothing "trouble" "故障"
    "S1" Duress Nothing "duress" "胁迫"
    "S2" OpenClose Nothing "opening" "撤防"
    "S3" Bypass Nothing "zones bypassed" "有防区旁路"
    "S4" OpenClose Nothing "closing" "布防"
    "S5" Sensor Nothing "zone trouble" "防区故障"
    "S6" System Nothing "system trouble" "系统故障"
    "S7" Log Nothing "all quiet" "一切静止"
    "S8" Battery Nothing "low battery" "电池电压低"
    "S9" Test Nothing "test" "测试"
};

/// Event digits.
pub(super) static CESA: &[OwnEntry] = own_codes! { Cesa:
    "0" Log Zone "audio follows" "随后转入语音"
    "1" General Zone "alarm" "报警"
    "2" General Zone "restored" "恢复"
    "3" General Zone "status: in alarm" "状态:报警"
    "4" General Zone "status: normal" "状态:正常"
};
