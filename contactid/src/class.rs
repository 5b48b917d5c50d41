//! What kind of event a code reports, what its number counts, and the two languages in which both are named.

/// A language that every code, class and kind of number is named in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
pub enum Lang {
    /// Simplified Chinese, in the words of the alarm trade.
    Zh,
    /// English.
    En,
}

/// One list for the variants, their stable words and their labels, so that none of the three can miss a case.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident $word:literal $en:literal $zh:literal,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        pub enum $name {
            $($(#[$doc])* #[cfg_attr(feature = "serde", serde(rename = $word))] $variant,)*
        }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The stable word that rules, files and reports write for it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// The label that a person reads.
            pub const fn label(self, lang: Lang) -> &'static str {
                match (self, lang) { $((Self::$variant, Lang::En) => $en, (Self::$variant, Lang::Zh) => $zh,)* }
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

words! {
    /// The kind of event, the same for both code lists: what rules, queues and statistics sort by.
    ///
    /// A qualifier says whether the event began or ended; the class is the same for both. Only [`Class::OpenClose`] reads
    /// its qualifier otherwise: new is opening (disarm), restore is closing (arm).
    Class {
        /// A person asks for medical help, fell, or did not check in.
        Medical "medical" "Medical" "医疗求助",
        /// Fire, smoke, heat, water flow, a pulled call point.
        Fire "fire" "Fire" "火警",
        /// Panic and hold-up, silent or audible.
        HoldUp "hold-up" "Hold-up" "劫盗报警",
        /// A code entered under threat.
        Duress "duress" "Duress" "胁迫",
        /// Intrusion of any zone type.
        Burglary "burglary" "Burglary" "盗警",
        /// Combustible gas or carbon monoxide.
        Gas "gas" "Gas" "燃气报警",
        /// Around-the-clock zones that are neither burglary, fire nor gas: water, temperature, refrigeration.
        Environment "environment" "Environment" "环境报警",
        /// An alarm whose kind the panel did not say.
        General "general" "General alarm" "一般报警",
        /// An enclosure opened, a keypad tried with wrong codes.
        Tamper "tamper" "Tamper" "防拆报警",
        /// Mains power of the control panel itself.
        MainsPower "mains-power" "Mains power" "交流电源",
        /// The standby battery of the control panel itself.
        Battery "battery" "Battery" "电池",
        /// Trouble inside the control panel.
        System "system" "System trouble" "系统故障",
        /// Trouble of a sounder or relay circuit.
        Sounder "sounder" "Sounder and relay trouble" "警号与继电器故障",
        /// Trouble of a module, expander or printer, its own supply included.
        Peripheral "peripheral" "Peripheral trouble" "外围设备故障",
        /// A line, radio or network path failed.
        Communication "communication" "Communication trouble" "通信故障",
        /// Trouble of a loop or sensor, a radio sensor's battery included.
        Sensor "sensor" "Sensor trouble" "防区与探测器故障",
        /// Extinguishing equipment out of its normal condition.
        FireSupervisory "fire-supervisory" "Fire supervisory" "消防监管",
        /// Disarming and arming.
        OpenClose "open-close" "Open and close" "撤布防",
        /// A user withdrew an alarm, or a report of one.
        Cancel "cancel" "Cancel" "取消报警",
        /// Somebody reached the panel from afar.
        RemoteAccess "remote-access" "Remote access" "远程访问",
        /// Doors, cards and codes.
        Access "access" "Access control" "门禁",
        /// A part switched off on purpose.
        Disable "disable" "Disabled part" "设备停用",
        /// A zone left out of protection.
        Bypass "bypass" "Bypass" "防区旁路",
        /// A test report.
        Test "test" "Test" "测试",
        /// A test of the installation begins or ends.
        TestMode "test-mode" "Test mode" "测试状态",
        /// Schedules, and departures from them: not armed in time, arming failed, closing time extended.
        Schedule "schedule" "Schedule" "时间表",
        /// People watched over: no activity, help arrived, service staff on site.
        Personnel "personnel" "Personnel" "人员监护",
        /// What is only written down: the panel's own log, relays, photos, announcements of what follows.
        Log "log" "Event log" "事件记录",
        /// Programming, settings, user codes, firmware.
        Program "program" "Programming" "编程设置",
        /// A meaning agreed between one panel and its centre.
        Vendor "vendor" "Site or vendor defined" "自定义事件",
        /// A code that no list explains.
        Other "other" "Other" "其他",
    }
}

words! {
    /// What the number (Contact ID) or address (SIA) beside a code counts.
    NumberIs {
        /// A zone, numbered as in the panel's zone list.
        Zone "zone" "zone" "防区",
        /// A user of the panel.
        User "user" "user" "用户",
        /// An area, also called partition or group.
        Area "area" "area" "分区",
        /// A single point of a loop.
        Point "point" "point" "探测点",
        /// A device of the panel.
        Device "device" "device" "设备",
        /// An expansion module.
        Expander "expander" "expander" "扩展模块",
        /// A door.
        Door "door" "door" "门",
        /// An output or sounder circuit.
        Output "output" "output" "输出",
        /// A relay.
        Relay "relay" "relay" "继电器",
        /// A telephone line.
        Line "line" "line" "线路",
        /// A network path.
        Network "network" "network path" "网络通道",
        /// A radio receiver of the panel.
        Receiver "receiver" "radio receiver" "无线接收机",
        /// A line card of the centre's receiver.
        LineCard "linecard" "line card" "线路卡",
        /// A printer.
        Printer "printer" "printer" "打印机",
        /// A stored text message.
        Message "message" "message" "消息",
        /// A condition number of the vendor.
        Condition "condition" "condition" "状态号",
        /// A customer-specific function.
        Custom "custom" "custom function" "自定义功能",
        /// The dealer's number.
        Dealer "dealer" "dealer" "经销商",
        /// The manufacturer's number.
        Manufacturer "manufacturer" "manufacturer" "制造商",
        /// A programming computer.
        Downloader "downloader" "downloader" "编程终端",
        /// The code has no number; what stands in its place is to be ignored.
        Nothing "none" "none" "无",
    }
}

/// Where the meaning of a code comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The standard: SIA DC-05-2016 for Contact ID, SIA DC-03-2017 for SIA.
    Standard,
    /// A list of the named vendors or programs; the standard has no such code.
    Vendor(&'static str),
    /// The standard has the code, and the named vendor uses it in a meaning of its own. The names give both.
    Shared(&'static str),
}
