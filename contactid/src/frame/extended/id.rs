//! The letters of the extended fields.

/// One list of the letters, so that reading and writing cannot differ.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $letter:literal $most:expr,)*) => {
        /// An extended field that a list of DC-09 names.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ExtendedId {
            $($(#[$doc])* $name,)*
        }

        impl ExtendedId {
            /// Every field, in the order of its letter.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The field of this letter.
            pub const fn new(letter: char) -> Option<Self> {
                match letter {
                    $($letter => Some(Self::$name),)*
                    _ => None,
                }
            }

            /// The letter behind the opening bracket.
            pub const fn letter(self) -> char {
                match self { $(Self::$name => $letter),* }
            }

            /// How many bytes its value may have at most, without the letter: by pysiaalarm, which is one receiver's
            /// opinion and not the standard's text. `None` where even that says nothing.
            pub const fn most(self) -> Option<usize> {
                match self { $(Self::$name => $most),* }
            }
        }
    };
}

ids! {
    /// Authentication hash, in hexadecimal.
    Authentication 'A' Some(12),
    /// Supervision category, such as `CDP` (2021 and 2026).
    Category 'C' Some(64),
    /// Number of the network path (2026).
    Path 'G' None,
    /// When the event happened.
    Time 'H' Some(21),
    /// Alarm text.
    AlarmText 'I' Some(256),
    /// Network path, one digit (2013), or a JSON object (2026). The length holds for the path.
    PathOrJson 'J' Some(1),
    /// An encryption key, in hexadecimal.
    Key 'K' Some(64),
    /// Location.
    Location 'L' Some(256),
    /// MAC address: twelve hexadecimal digits.
    Mac 'M' Some(12),
    /// Network address, in hexadecimal.
    Address 'N' Some(128),
    /// Building.
    Building 'O' Some(256),
    /// Programming, in Windows-1252.
    Programming 'P' Some(256),
    /// Room.
    Room 'R' Some(256),
    /// Site.
    Site 'S' Some(256),
    /// What set the alarm off.
    Trigger 'T' Some(1),
    /// Addresses of pictures and sound, comma between them.
    Verification 'V' Some(256),
    /// Longitude.
    Longitude 'X' Some(12),
    /// Latitude.
    Latitude 'Y' Some(12),
    /// Altitude.
    Altitude 'Z' Some(12),
}
