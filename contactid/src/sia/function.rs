//! The function codes of DC-03 blocks.

use crate::Lang;

/// What a DC-03 block is for: one character, listed or not (DC-03, function codes).
///
/// ```
/// use contactid::{Lang, sia::Function};
/// assert_eq!(Function::NEW_EVENT.name(Lang::En), Some("new event"));
/// assert!(Function::ACKNOWLEDGE.is_system());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Function(pub u8);

macro_rules! functions {
    ($($name:ident $code:literal $en:literal $zh:literal,)*) => {
        impl Function {
            $(
                #[doc = concat!("`", $code, "`: ", $en, ".")]
                #[expect(clippy::char_lit_as_u8, reason = "the character stands in the documentation too")]
                pub const $name: Self = Self($code as u8);
            )*

            /// What DC-03 calls it; `None` for a code that it does not list.
            pub const fn name(self, lang: Lang) -> Option<&'static str> {
                match (self.canonical(), lang) {
                    $((Self::$name, Lang::En) => Some($en), (Self::$name, Lang::Zh) => Some($zh),)*
                    _ => None,
                }
            }
        }
    };
}

functions! {
    END_OF_DATA '0' "end of data" "数据结束",
    WAIT '1' "wait" "等待",
    ABORT '2' "abort" "中止",
    ACKNOWLEDGE_AND_STAND_BY '6' "acknowledge and stand by" "确认并待命",
    ACKNOWLEDGE_AND_DISCONNECT '7' "acknowledge and disconnect" "确认并断开",
    ACKNOWLEDGE '8' "acknowledge" "确认",
    REJECT '9' "reject" "拒绝",
    NEW_EVENT 'N' "new event" "新事件",
    OLD_EVENT 'O' "old event" "旧事件",
    ENVIRONMENT 'E' "environmental" "环境数据",
    CONTROL 'C' "control" "控制",
    PROGRAM 'P' "program" "编程",
    ACCOUNT '#' "account" "账号",
    ORIGIN '&' "origin ID" "来源标识",
    TEXT 'A' "ASCII text" "文本",
    CONFIGURATION '@' "configuration" "配置",
    LOGIN '?' "remote login" "远程登录",
    EXTENDED 'X' "extended" "扩展数据",
    LISTEN_IN 'L' "listen-in" "监听",
    CHANNEL_REQUEST 'V' "V-channel request" "V 通道请求",
    CHANNEL_FRAME 'v' "V-channel frame" "V 通道帧",
    VIDEO 'I' "video" "视频",
}

impl Function {
    /// The code under which the list has it: `8` and `9` also travel as the bytes 08 and 09.
    pub const fn canonical(self) -> Self {
        match self.0 {
            0x08 => Self::ACKNOWLEDGE,
            0x09 => Self::REJECT,
            _ => self,
        }
    }

    /// Whether DC-03 lists it; `3` to `5` are listed as reserved.
    pub const fn is_listed(self) -> bool {
        self.name(Lang::En).is_some() || matches!(self.0, b'3'..=b'5')
    }

    /// Whether it speaks of the exchange itself and not of the premises: `0` to `9`.
    pub const fn is_system(self) -> bool {
        self.canonical().0.is_ascii_digit()
    }

    /// Whether such a block may be answered at all. No acknowledgement is owed to `8`, `9`, `@`, `C` and `X`, even if the
    /// header asks for one (field practice).
    pub const fn may_be_acknowledged(self) -> bool {
        !matches!(
            self.canonical(),
            Self::ACKNOWLEDGE | Self::REJECT | Self::CONFIGURATION | Self::CONTROL | Self::EXTENDED
        )
    }
}
