//! The fields that an act must not leave empty, in the words of the centre.

use crate::words::words;

words! {
    /// A field that must not be left empty.
    Field {
        /// Who went.
        People "people" "people" "出警人员",
        /// What was found and done.
        Findings "findings" "findings" "勘查结果",
        /// A signature.
        SignedBy "signed_by" "signature" "签字",
        /// What was lost.
        Item "item" "item" "物品名称",
        /// A text.
        Note "note" "text" "内容",
        /// A person on the call list.
        Contact "contact" "contact" "联系人",
        /// In how many seconds somebody arrives.
        Eta "eta_s" "seconds until arrival" "预计到达时间",
    }
}
