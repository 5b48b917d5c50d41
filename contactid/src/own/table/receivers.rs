//! What receivers tell of themselves: the system codes of an MX8000, by the two digits of their byte.

use super::Rows;

pub(super) const MX8000: Rows = own_codes! { Mx8000 "Honeywell MX8000":
    "70" System New Device "line card trouble" "线路卡故障" -> "72"
    "71" Communication New Device "telephone line trouble" "电话线故障" -> "73"
    "72" System Restore Device "line card normal" "线路卡恢复"
    "73" Communication Restore Device "telephone line normal" "电话线恢复"
    "77" MainsPower New Nothing "mains lost" "交流电断电" -> "78"
    "78" MainsPower Restore Nothing "mains restored" "交流电恢复"
    "79" Battery New Device "battery trouble" "电池故障" -> "7A"
    "7A" Battery Restore Device "battery normal" "电池恢复"
    "7B" Communication New Nothing "computer trouble" "计算机故障" -> "7D"
    "7D" Communication Restore Nothing "computer normal" "计算机恢复"
    "7E" Log New Device "log off" "注销"
    "7F" Log New Device "log on" "登录"
};
