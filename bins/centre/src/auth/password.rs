//! Passwords: argon2id digests, made and checked away from the async threads.

use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

/// The shortest password that is taken, in characters.
pub const PASSWORD_MIN_CHARS: usize = 8;
/// The longest password that is taken, in bytes: hashing must not become a way to load the machine.
pub const PASSWORD_MAX_BYTES: usize = 512;

/// Why a password cannot be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Fewer than [`PASSWORD_MIN_CHARS`] characters.
    #[error("a password needs at least {PASSWORD_MIN_CHARS} characters, this one has {0}")]
    Short(usize),
    /// More than [`PASSWORD_MAX_BYTES`] bytes.
    #[error("a password has at most {PASSWORD_MAX_BYTES} bytes, this one has {0}")]
    Long(usize),
    /// The system gave no random salt.
    #[error("the system gave no random salt")]
    NoSalt,
}

/// The digest to store for `password`, in PHC form. Takes some 20 ms on purpose: not for an async thread.
pub fn digest(password: &str) -> Result<String, PasswordError> {
    let chars = password.chars().count();
    if chars < PASSWORD_MIN_CHARS {
        return Err(PasswordError::Short(chars));
    }
    if password.len() > PASSWORD_MAX_BYTES {
        return Err(PasswordError::Long(password.len()));
    }
    match Argon2::default().hash_password(password.as_bytes()) {
        Ok(digest) => Ok(digest.to_string()),
        Err(_) => Err(PasswordError::NoSalt),
    }
}

/// Whether `password` is the one behind `stored`. An unknown log-in (`None`) costs the same time as a known one,
/// so that the answer's delay does not tell which log-ins exist.
pub(super) fn matches(password: &str, stored: Option<&str>) -> bool {
    static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| digest("nobody has this password").ok());
    let known = stored.is_some();
    let Some(stored) = stored.or(NOBODY.as_deref()) else { return false };
    let Ok(stored) = PasswordHash::new(stored) else { return false };
    password.len() <= PASSWORD_MAX_BYTES
        && Argon2::default().verify_password(password.as_bytes(), &stored).is_ok()
        && known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_password_of_a_known_login_matches() {
        let stored = digest("correct horse").unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert!(matches("correct horse", Some(&stored)));
        assert!(!matches("correct house", Some(&stored)));
        assert!(!matches("nobody has this password", None));
        assert!(!matches("correct horse", Some("not a digest")));
    }

    #[test]
    fn a_short_or_endless_password_is_refused() {
        assert_eq!(digest("七个字符的密码"), Err(PasswordError::Short(7)));
        assert_eq!(digest(&"x".repeat(513)), Err(PasswordError::Long(513)));
    }
}
