//! What must hold for any bytes: shared by the fuzz targets and by the test that replays their corpus.

#[path = "checks/audio.rs"]
mod audio;
#[path = "checks/dc03.rs"]
mod dc03;
#[path = "checks/dc09.rs"]
mod dc09;
#[path = "checks/dc09_session.rs"]
mod dc09_session;
#[path = "checks/keyed.rs"]
mod keyed;
#[path = "checks/link.rs"]
mod link;
#[path = "checks/oh_session.rs"]
mod oh_session;
#[path = "checks/phone.rs"]
mod phone;
#[path = "checks/records.rs"]
mod records;
#[path = "checks/vds_session.rs"]
mod vds_session;

/// A target: its name, and what must hold for any bytes.
pub type Target = (&'static str, fn(&[u8]));

/// The targets of every family.
pub const FAMILIES: &[&[Target]] = &[
    dc09::TARGETS,
    dc09_session::TARGETS,
    phone::TARGETS,
    audio::TARGETS,
    keyed::TARGETS,
    records::TARGETS,
    link::TARGETS,
    oh_session::TARGETS,
    dc03::TARGETS,
    vds_session::TARGETS,
];

/// Runs one target on these bytes.
#[allow(dead_code, reason = "the corpus test goes through the families")]
pub fn run(target: &str, bytes: &[u8]) {
    let (_, check) =
        FAMILIES.iter().copied().flatten().find(|(name, _)| *name == target).expect("a target of this name");
    check(bytes);
}

/// Operations: a byte that says which, one that says how much, then that much.
fn operations(bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let [operation, length, behind @ ..] = rest else { return None };
        let (told, behind) = behind.split_at(usize::from(*length).min(behind.len()));
        rest = behind;
        Some((*operation, told))
    })
}
