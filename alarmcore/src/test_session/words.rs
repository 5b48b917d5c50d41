//! The closed vocabularies of a test session.

use contactid::EventCode;

use super::TestRefusal;
use crate::expect::code;
use crate::words::words;

words! {
    /// Why an account is on test.
    TestReason {
        /// Before it is taken into service.
        Commissioning "commissioning" "Commissioning" "开通调试",
        /// The yearly or quarterly inspection.
        Inspection "inspection" "Inspection" "定期检测",
        /// A repair, and the test after it.
        Repair "repair" "Repair" "维修",
        /// The customer tries their own installation.
        Customer "customer" "Test by the customer" "用户自测",
        /// Something else is going on at the site: building works, a fire drill.
        Works "works" "Works on the site" "现场施工",
    }
}

words! {
    /// What the codeword that was spoken turned out to be.
    Proof {
        /// The right one.
        Right "right" "Codeword right" "口令正确",
        /// The one that stands on the card, and that nobody else has reviewed there: it proves nothing yet.
        Unreviewed "unreviewed" "Codeword not reviewed yet" "口令尚未复核",
        /// A wrong one.
        Wrong "wrong" "Codeword wrong" "口令错误",
        /// The duress codeword: whoever asks is being threatened.
        Duress "duress" "Duress code" "胁迫口令",
    }
}

impl Proof {
    /// Why no test begins on such a word, whatever else is asked for; nothing for the right one, and for one that only proves nothing.
    pub const fn refused(self) -> Option<TestRefusal> {
        match self {
            Self::Right | Self::Unreviewed => None,
            Self::Wrong => Some(TestRefusal::CodewordWrong),
            Self::Duress => Some(TestRefusal::DuressGiven),
        }
    }

    /// The code of Contact ID by which the same word, given at the keypad, would be reported: 121 "duress code used", 461 "wrong
    /// code entered"; nothing for the right one.
    pub const fn reported(self) -> Option<EventCode> {
        match self {
            Self::Right | Self::Unreviewed => None,
            Self::Wrong => Some(const { code(461) }),
            Self::Duress => Some(const { code(121) }),
        }
    }
}

words! {
    /// What a test has to be proved for: the one who asks says the right codeword, or a second person agrees.
    ProofFor {
        /// For none.
        Nothing "nothing" "Nothing" "均不要求",
        /// Where any class of life safety is tested.
        LifeSafety "life-safety" "Tests of life safety" "涉及人身安全的测试",
        /// For each.
        Everything "everything" "Every test" "所有测试",
    }
}

words! {
    /// How a test ended.
    TestEnd {
        /// A person ended it.
        ByPerson "by-person" "Ended by a person" "人工结束",
        /// It was at its limit.
        AtLimit "at-limit" "Ended at its limit" "到时自动恢复",
    }
}
