//! What a file is by its first bytes: the containers that clips are taken in, and what is often taken for one of them.

use super::{ClipKind, ClipRefusal};

/// The header of a file of WebM names its kind within so many bytes.
const EBML_HEADER: usize = 128;
/// Brands of ISO base media that are pictures (ISO/IEC 23008-12, AVIF), not clips.
const PICTURES: [&[u8; 4]; 7] = [b"avif", b"avis", b"heic", b"heix", b"hevc", b"mif1", b"msf1"];
/// Brands of ISO base media that hold sound alone.
const SOUNDS: [&[u8; 4]; 2] = [b"M4A ", b"M4B "];

impl ClipKind {
    /// What a file is that is sent as this media type: both the type and the file's first bytes have to be of one that is taken.
    ///
    /// ```
    /// use alarmcore::{ClipKind, ClipRefusal};
    ///
    /// assert_eq!(ClipKind::of_file("audio/ogg", b"OggS"), Ok(ClipKind::Sound));
    /// let refusal = ClipRefusal::NotItsMedia { media: "video/mp4".into(), found: Some("audio/ogg".into()) };
    /// assert_eq!(ClipKind::of_file("video/mp4", b"OggS"), Err(refusal));
    /// ```
    ///
    /// # Errors
    /// [`ClipRefusal::NotThisMedia`], and [`ClipRefusal::NotItsMedia`] where the bytes are of another type, or of none that is known.
    pub fn of_file(media: &str, bytes: &[u8]) -> Result<Self, ClipRefusal> {
        let kind = Self::of_media(media).ok_or_else(|| ClipRefusal::NotThisMedia { media: media.into() })?;
        let found = found(bytes);
        // One container holds a video or sound alone, and says which only sometimes.
        let container = |media: &str| match media {
            "audio/mp4" => "video/mp4".to_owned(),
            "audio/webm" => "video/webm".to_owned(),
            other => other.to_owned(),
        };
        if found.map(container) == Some(container(media)) {
            return Ok(kind);
        }
        Err(ClipRefusal::NotItsMedia { media: media.into(), found: found.map(str::to_owned) })
    }
}

/// The media type of a file that begins with these bytes, where that can be told.
fn found(bytes: &[u8]) -> Option<&'static str> {
    let at = |place: usize, four: &[u8]| bytes.get(place..place + four.len()) == Some(four);
    if at(4, b"ftyp") {
        let brand = bytes.get(8..12)?;
        let is = |brands: &[&[u8; 4]]| brands.iter().any(|known| known.as_slice() == brand);
        return Some(if is(&PICTURES) {
            "image/heif"
        } else if is(&SOUNDS) {
            "audio/mp4"
        } else {
            "video/mp4"
        });
    }
    if at(0, b"\x1aE\xdf\xa3") {
        let header = &bytes[..bytes.len().min(EBML_HEADER)];
        let is_webm = header.windows(4).any(|kind| kind == b"webm");
        return Some(if is_webm { "video/webm" } else { "video/matroska" });
    }
    if (at(0, b"RIFF") || at(0, b"RF64")) && at(8, b"WAVE") {
        return Some("audio/wav");
    }
    let known: [(&[u8], &str); 8] = [
        (b"OggS", "audio/ogg"),
        (b"ID3", "audio/mpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF8", "image/gif"),
        (b"fLaC", "audio/flac"),
        (b"%PDF-", "application/pdf"),
        (b"PK\x03\x04", "application/zip"),
    ];
    let known = known.iter().find(|(first, _)| bytes.starts_with(first)).map(|(_, media)| *media);
    known.or_else(|| is_mpeg_sound(bytes).then_some("audio/mpeg"))
}

/// Does a frame of MPEG sound begin here (ISO/IEC 11172-3, 2.4.2.3)? Of layer II or III: nobody has files of layer I, and what begins
/// like one is text.
fn is_mpeg_sound(bytes: &[u8]) -> bool {
    let &[0xff, second, third, ..] = bytes else { return false };
    let (version, layer, rate, sampling) = ((second >> 3) & 3, (second >> 1) & 3, third >> 4, (third >> 2) & 3);
    second >> 5 == 0b111 && version != 0b01 && matches!(layer, 0b01 | 0b10) && rate != 0b1111 && sampling != 0b11
}
