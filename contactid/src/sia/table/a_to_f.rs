//! Codes AA to FZ.

sia_codes! {
    "BA" Burglary New Zone "burglary alarm" "盗警" -> "BH"
    "BH" Burglary Restore Zone "burglary alarm over" "盗警恢复"
    "CL" OpenClose Restore User "armed" "布防"
    "FA" Fire New Zone "fire alarm" "火警" -> "FH"
    "FH" Fire Restore Zone "fire alarm over" "火警恢复"
}
