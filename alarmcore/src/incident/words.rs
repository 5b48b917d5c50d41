//! The closed vocabularies of an incident: kinds, causes, results, verdicts, with their labels.

use contactid::Class;

use super::avs::AvsLevel;
use crate::words::words;

words! {
    /// What an incident is about.
    Kind {
        /// Fire.
        Fire "fire" "Fire" "火警",
        /// Hold-up.
        HoldUp "hold-up" "Hold-up" "劫盗报警",
        /// A code entered or spoken under threat.
        Duress "duress" "Duress" "胁迫",
        /// Medical help wanted.
        Medical "medical" "Medical" "医疗求助",
        /// Combustible gas or carbon monoxide.
        Gas "gas" "Gas" "燃气报警",
        /// Intrusion.
        Burglary "burglary" "Burglary" "盗警",
        /// An enclosure opened, wrong codes tried.
        Tamper "tamper" "Tamper" "防拆报警",
        /// Water, temperature, refrigeration.
        Environment "environment" "Environment" "环境报警",
        /// An alarm whose kind the panel did not say.
        General "general" "General alarm" "一般报警",
        /// A person watched over gave no sign.
        Welfare "welfare" "Welfare" "人员监护",
        /// A door forced or held.
        Access "access" "Access" "门禁",
        /// Not armed or disarmed as it should be.
        Schedule "schedule" "Open and close" "撤布防异常",
        /// Mains power lost for longer than the wait.
        Power "power" "Mains power" "交流电源",
        /// Battery low or missing.
        Battery "battery" "Battery" "电池故障",
        /// A line, or the panel itself, is not heard.
        Communication "communication" "Communication" "通信故障",
        /// Any other trouble of the installation.
        Trouble "trouble" "System trouble" "系统故障",
        /// A panel that says more than a working one would: what it says is logged only.
        Runaway "runaway" "Runaway panel" "频繁上报",
        /// A zone or a trouble that had not restored some time after its incident was closed.
        Unrestored "unrestored" "Not restored" "未恢复",
        /// Frames that somebody may have made up.
        Security "security" "Line security" "链路安全",
        /// The centre itself fails in part.
        Centre "centre" "The centre itself" "中心自身",
        /// Signals of an account without a card.
        UnknownAccount "unknown-account" "Unknown account" "未知用户",
        /// A code in no list.
        UnknownCode "unknown-code" "Unknown code" "未知代码",
    }
}

words! {
    /// The three ways incidents are grouped and ended.
    Family {
        /// People are in danger: never held, logged or joined in silence.
        LifeSafety "life-safety" "Life safety" "人身安全",
        /// Somebody has to find out whether it is real: ends through one of the three branches.
        Alarm "alarm" "Alarm" "警情",
        /// Something is out of order: settled without the branches.
        Service "service" "Trouble" "故障",
    }
}

impl Kind {
    /// The kind of incident that a signal of this class makes.
    pub const fn of(class: Class) -> Self {
        match class {
            Class::Fire => Self::Fire,
            Class::HoldUp => Self::HoldUp,
            Class::Duress => Self::Duress,
            Class::Medical => Self::Medical,
            Class::Gas => Self::Gas,
            Class::Burglary => Self::Burglary,
            Class::Tamper => Self::Tamper,
            Class::Environment => Self::Environment,
            Class::General => Self::General,
            Class::Personnel => Self::Welfare,
            Class::Access | Class::RemoteAccess => Self::Access,
            Class::OpenClose | Class::Cancel | Class::Schedule => Self::Schedule,
            Class::MainsPower => Self::Power,
            Class::Battery => Self::Battery,
            Class::Communication => Self::Communication,
            Class::System
            | Class::Sounder
            | Class::Peripheral
            | Class::Sensor
            | Class::FireSupervisory
            | Class::Disable
            | Class::Bypass
            | Class::Test
            | Class::TestMode
            | Class::Log
            | Class::Program
            | Class::Vendor
            | Class::Other => Self::Trouble,
        }
    }

    /// How grave the danger is that it tells of, the gravest highest; 0 where nobody is in danger by what it says.
    ///
    /// A fire comes first (GB 26875.1): it spreads to everybody in the house, and whoever is to come must be told within the
    /// minute. Then whoever is threatened by somebody; then whoever needs help or air.
    pub(crate) const fn danger(self) -> u8 {
        match self {
            Self::Fire => 3,
            Self::HoldUp | Self::Duress => 2,
            Self::Medical | Self::Gas => 1,
            _ => 0,
        }
    }

    /// What an incident of this kind is about once something of another raises it: the graver danger, and of two that are
    /// alike what came first; where nobody was in danger, what came last.
    pub(crate) const fn raised_by(self, other: Self) -> Self {
        if self.danger() == 0 || other.danger() > self.danger() { other } else { self }
    }

    /// How incidents of this kind are grouped and ended.
    pub const fn family(self) -> Family {
        match self {
            Self::Fire | Self::HoldUp | Self::Duress | Self::Medical | Self::Gas => Family::LifeSafety,
            Self::Burglary
            | Self::Tamper
            | Self::Environment
            | Self::General
            | Self::Welfare
            | Self::Access
            | Self::Schedule => Family::Alarm,
            Self::Power
            | Self::Battery
            | Self::Communication
            | Self::Trouble
            | Self::Runaway
            | Self::Unrestored
            | Self::Security
            | Self::Centre
            | Self::UnknownAccount
            | Self::UnknownCode => Family::Service,
        }
    }
}

words! {
    /// How a call to a contact went.
    ///
    /// A result is read by its word or by the two letters of [`CallResult::code`].
    CallResult {
        /// Answered, and the codeword was right.
        #[serde(alias = "OK")]
        CodeOk "code-ok" "Answered, codeword right" "接通,口令正确",
        /// Answered, and the codeword was wrong.
        #[serde(alias = "WC")]
        WrongCode "wrong-code" "Answered, codeword wrong" "接通,口令错误",
        /// Answered with the duress codeword: the person is being threatened.
        #[serde(alias = "DC")]
        DuressCode "duress-code" "Answered with the duress code" "接通,胁迫口令",
        /// Answered; no codeword was asked for.
        #[serde(alias = "AN")]
        Answered "answered" "Answered" "接通",
        /// Answered, and would not say a codeword or hung up.
        #[serde(alias = "RF")]
        Refused "refused" "Answered, no codeword given" "接通,拒绝提供口令",
        /// Nobody answered.
        #[serde(alias = "NA")]
        NoAnswer "no-answer" "No answer" "无人接听",
        /// Busy.
        #[serde(alias = "BY")]
        Busy "busy" "Busy" "占线",
        /// A machine answered.
        #[serde(alias = "AM")]
        Machine "machine" "Answering machine" "语音信箱",
        /// Somebody answered who has nothing to do with the site.
        #[serde(alias = "WN")]
        WrongNumber "wrong-number" "Wrong number" "号码有误",
        /// The number is not in service.
        #[serde(alias = "DN")]
        Disconnected "disconnected" "Number disconnected" "号码停用",
        /// The number does not work or belongs to somebody else.
        #[serde(alias = "BN")]
        BadNumber "bad-number" "Bad number" "号码错误",
    }
}

impl CallResult {
    /// Two letters, as operators write them.
    pub const fn code(self) -> &'static str {
        match self {
            Self::CodeOk => "OK",
            Self::WrongCode => "WC",
            Self::DuressCode => "DC",
            Self::Answered => "AN",
            Self::Refused => "RF",
            Self::NoAnswer => "NA",
            Self::Busy => "BY",
            Self::Machine => "AM",
            Self::WrongNumber => "WN",
            Self::Disconnected => "DN",
            Self::BadNumber => "BN",
        }
    }

    /// Does it say that nobody of the site will ever be reached under this number?
    pub const fn is_dead(self) -> bool {
        matches!(self, Self::WrongNumber | Self::Disconnected | Self::BadNumber)
    }

    /// Was somebody of the site, or somebody at the site, spoken to?
    pub const fn is_reached(self) -> bool {
        matches!(self, Self::CodeOk | Self::WrongCode | Self::DuressCode | Self::Answered | Self::Refused)
    }

    /// Was it the user, or another contact, as who they say they are? Whoever says a wrong word, or none when asked, is a stranger
    /// until they are known; whoever says the duress word is the user, and in danger.
    pub const fn reaches_user(self) -> bool {
        matches!(self, Self::CodeOk | Self::DuressCode | Self::Answered)
    }
}

words! {
    /// By what something on the scene was observed.
    Source {
        /// Pictures.
        Video "video" "Pictures" "视频",
        /// Sound.
        Audio "audio" "Sound" "声音",
        /// Somebody on the spot.
        Person "person" "Somebody on the spot" "现场人员",
    }
}

words! {
    /// What was observed.
    Sight {
        /// Nobody.
        Nobody "nobody" "Nobody" "无人",
        /// People; what they want is unknown.
        People "people" "People" "有人",
        /// Damage, theft or trespass.
        Property "property" "Damage or theft" "破坏或盗窃",
        /// Weapons, violence or threats.
        Life "life" "Weapons or violence" "凶器或暴力",
    }
}

impl Sight {
    /// The level of AVS-01 that it is evidence of.
    pub const fn level(self) -> Option<AvsLevel> {
        match self {
            Self::Nobody => None,
            Self::People => Some(AvsLevel::PEOPLE),
            Self::Property => Some(AvsLevel::PROPERTY),
            Self::Life => Some(AvsLevel::LIFE),
        }
    }
}

words! {
    /// Why an alarm was false. Every false alarm has one; the statistics that improve the installation rest on it.
    Cause {
        /// A user's own mistake in arming, disarming or leaving.
        UserError "user-error" "User error" "用户误操作",
        /// Staff, family or a visitor set it off.
        Person "person" "Person on the premises" "人员误触发",
        /// A pet or another animal.
        Animal "animal" "Animal" "动物触发",
        /// A detector is defective.
        Detector "detector" "Detector defective" "探测器故障",
        /// The panel or a module is defective.
        Panel "panel" "Panel defective" "主机故障",
        /// Mounted or wired wrongly, or something stands in the way.
        Installation "installation" "Installation fault" "安装问题",
        /// Weather, draught, insects, vibration.
        Environment "environment" "Environment" "环境干扰",
        /// Mains or battery.
        Power "power" "Power" "电源问题",
        /// The line or the radio.
        Line "line" "Line" "线路问题",
        /// The equipment was being tested.
        Test "test" "Equipment test" "测试设备",
        /// Nothing was found on the scene. Not a cause that a telephone call can establish.
        Unexplained "unexplained" "Nothing found on the scene" "现场未发现异常",
    }
}

impl Cause {
    /// The resolution that a false alarm of this cause closes with.
    pub const fn resolution(self) -> Resolution {
        match self {
            Self::UserError | Self::Person | Self::Animal => Resolution::FalseByPerson,
            Self::Detector
            | Self::Panel
            | Self::Installation
            | Self::Environment
            | Self::Power
            | Self::Line
            | Self::Unexplained => Resolution::FalseByEquipment,
            Self::Test => Resolution::Test,
        }
    }
}

words! {
    /// What an incident was, once it is closed.
    Resolution {
        /// A real alarm.
        Real "real" "Real alarm" "真实警情",
        /// False, by equipment or its surroundings.
        FalseByEquipment "false-by-equipment" "False, equipment" "设备误报",
        /// False, by a person.
        FalseByPerson "false-by-person" "False, person" "人为误报",
        /// The equipment was being tested.
        Test "test" "Equipment test" "测试设备",
        /// Undetermined: inspected, and nothing found.
        NoFinding "no-finding" "Undetermined: nothing found" "无法判断:现场检查无异常",
        /// Undetermined: the owner secured the scene.
        SecuredByOwner "secured-by-owner" "Undetermined: secured by the owner" "无法判断:用户到场处置",
        /// Undetermined: a guard was kept.
        KeptGuarded "kept-guarded" "Undetermined: kept guarded" "无法判断:派员看守",
        /// Undetermined: the police took it.
        HandedToPolice "handed-to-police" "Undetermined: handed to the police" "无法判断:移交公安",
        /// Not an alarm: a trouble or an unclear signal that was dealt with.
        Settled "settled" "Settled" "已处理",
        /// Nobody looked at it: the group of a storm shows it.
        Merged "merged" "Merged into a group" "已并入合并警情",
    }
}

words! {
    /// How branch 2 ends where the scene leaves it undetermined.
    SceneEnd {
        /// A unit inspected the scene and found nothing; owes its papers.
        NoFinding "no-finding" "Inspected, nothing found" "现场检查无异常",
        /// The owner, or another contact, is there and secures it.
        SecuredByOwner "secured-by-owner" "Secured by the owner" "用户到场处置",
        /// A unit stays as guard until a time, and is asked how things stand.
        KeptGuarded "kept-guarded" "Kept guarded" "派员看守",
        /// The police accepted it.
        HandedToPolice "handed-to-police" "Handed to the police" "移交公安",
    }
}

impl SceneEnd {
    /// The resolution that an incident closes with that ended so.
    pub const fn resolution(self) -> Resolution {
        match self {
            Self::NoFinding => Resolution::NoFinding,
            Self::SecuredByOwner => Resolution::SecuredByOwner,
            Self::KeptGuarded => Resolution::KeptGuarded,
            Self::HandedToPolice => Resolution::HandedToPolice,
        }
    }
}

words! {
    /// The first level of the tree of resolutions. Below it stand causes, ends and settlements.
    ResolveGroup {
        /// A real alarm.
        Real "real" "Real alarm" "真实警情",
        /// False, by equipment: has a cause.
        FalseByEquipment "false-by-equipment" "False, equipment" "设备误报",
        /// False, by a person: has a cause.
        FalseByPerson "false-by-person" "False, person" "人为误报",
        /// The equipment was being tested.
        Test "test" "Equipment test" "测试设备",
        /// Nobody can say: branch 2, and one of its ends.
        Undetermined "undetermined" "Undetermined" "无法判断",
        /// Not an alarm: has a settlement.
        Settled "settled" "Settled" "已处理",
    }
}

impl Resolution {
    /// Under which group of the tree it stands.
    pub const fn group(self) -> ResolveGroup {
        match self {
            Self::Real => ResolveGroup::Real,
            Self::FalseByEquipment => ResolveGroup::FalseByEquipment,
            Self::FalseByPerson => ResolveGroup::FalseByPerson,
            Self::Test => ResolveGroup::Test,
            Self::NoFinding | Self::SecuredByOwner | Self::KeptGuarded | Self::HandedToPolice => {
                ResolveGroup::Undetermined
            }
            Self::Settled | Self::Merged => ResolveGroup::Settled,
        }
    }
}

impl ResolveGroup {
    /// The causes that stand below it; none where an alarm was not false.
    pub fn causes(self) -> impl Iterator<Item = Cause> {
        Cause::ALL.iter().copied().filter(move |cause| cause.resolution().group() == self)
    }

    /// The ends that stand below it.
    pub fn ends(self) -> impl Iterator<Item = SceneEnd> {
        SceneEnd::ALL.iter().copied().filter(move |end| end.resolution().group() == self)
    }
}

words! {
    /// How a trouble or an unclear signal was dealt with.
    Settlement {
        /// It restored.
        Restored "restored" "Restored" "已恢复",
        /// A repair was ordered.
        RepairOrdered "repair-ordered" "Repair ordered" "已报修",
        /// The customer was told.
        CustomerTold "customer-told" "Customer told" "已告知用户",
        /// The centre's cards were corrected or completed.
        CardsCorrected "cards-corrected" "Cards corrected" "资料已更正",
        /// Expected, such as an announced power cut.
        Expected "expected" "Expected" "已知情况",
        /// The equipment was being tested.
        Test "test" "Equipment test" "测试设备",
    }
}

words! {
    /// On whose word an alarm is real.
    Basis {
        /// The unit on the scene.
        Scene "scene" "Unit on the scene" "现场人员确认",
        /// The owner or another contact, by telephone.
        Contact "contact" "Contact by telephone" "用户电话确认",
        /// Pictures or sound.
        Video "video" "Pictures or sound" "音视频复核",
        /// A witness, or the police themselves.
        Witness "witness" "Witness or police" "目击者或警方确认",
    }
}

words! {
    /// What the unit found when it looked at doors or windows.
    Check {
        /// Not looked at, or nothing of the kind there.
        Unchecked "unchecked" "Not checked" "未检查",
        /// Closed and whole.
        Intact "intact" "Intact" "完好",
        /// Open, without damage.
        Open "open" "Open" "未关闭",
        /// Broken or forced.
        Damaged "damaged" "Damaged" "被破坏",
    }
}

words! {
    /// Who takes over, or is told.
    Authority {
        /// The police (110).
        Police "police" "Police" "公安",
        /// The fire brigade (119).
        Fire "fire" "Fire brigade" "消防",
        /// The ambulance (120).
        Ambulance "ambulance" "Ambulance" "急救",
        /// The insurer.
        Insurer "insurer" "Insurer" "保险公司",
    }
}

words! {
    /// What a customer answered who was asked by machine. It closes nothing.
    ContactAnswer {
        /// All is well.
        AllWell "all-well" "All is well" "一切正常",
        /// They want help.
        Help "help" "Help wanted" "需要帮助",
        /// They do not know: they are not there.
        Away "away" "Not on the premises" "不在现场",
        /// No answer came.
        Silent "silent" "No answer" "无答复",
    }
}
