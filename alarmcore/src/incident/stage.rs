//! Where an incident stands on its way through the three branches.

use crate::words::words;

words! {
    /// Where an incident stands. Who owns it is a separate matter: an incident of any stage can be released.
    Stage {
        /// Nobody has looked at it yet.
        New "new" "New" "未处理",
        /// An operator has it.
        Taken "taken" "Taken" "已接警",
        /// Contacts are being called.
        Verifying "verifying" "Verifying" "核实中",
        /// Undetermined; a unit has been asked to go. Branch 2.
        PreProcessed "pre-processed" "Pre-processed, undetermined" "预处理(无法判断)",
        /// A unit accepted and is on its way.
        Dispatched "dispatched" "Dispatched" "已出警",
        /// A unit is on the scene.
        OnScene "on-scene" "On scene" "现场勘查",
        /// Found false, on the scene or by two persons; what is owed of a dispatch is still to be recorded.
        FalseOnScene "false-on-scene" "False, record owed" "误报待登记",
        /// Left undetermined on the scene, and secured; what is owed is still to be recorded.
        Undetermined "undetermined" "Undetermined, records owed" "无法判断待登记",
        /// Confirmed real. Branch 3.
        Real "real" "Real" "真实警情",
        /// The owner has been called to the scene.
        OwnerNotified "owner-notified" "Owner notified" "已通知用户到场",
        /// Handed to police, fire brigade, ambulance or insurer.
        HandedOff "handed-off" "Handed off" "已移交",
        /// The losses are listed and signed.
        LossListed "loss-listed" "Losses listed" "已清点损失",
        /// The case record is written; ready to close.
        Recorded "recorded" "Case recorded" "已登记警情记录",
        /// Closed.
        Closed "closed" "Closed" "消警成功",
    }
}
