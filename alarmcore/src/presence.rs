//! Who is at the desk: told by the caller, who knows the screens and the sessions.

use crate::words::words;

words! {
    /// What is known of a person at the desk.
    Presence {
        /// There: a screen of theirs is connected.
        Here "here" "Present" "在岗",
        /// This is the last sign of them: they count as gone when the time that the policy gives is over.
        Silent "silent" "Silent" "失联",
        /// They said that they go.
        Left "left" "Logged out" "已退出",
    }
}

words! {
    /// Why an owner counts as gone.
    Absence {
        /// Nothing was seen of them for as long as the policy allows.
        Silent "silent" "Connection lost" "连接中断",
        /// They logged out.
        LoggedOut "logged-out" "Logged out" "已退出登录",
    }
}
