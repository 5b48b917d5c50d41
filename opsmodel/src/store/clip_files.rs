//! The files of clips: in the folder `clips` beside the database, each under its own SHA-256, so that nobody can change one unseen.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::{Fault, StoreError};

/// Where the file of this digest is.
fn path(data: &Path, sha256: &str) -> PathBuf {
    data.join("clips").join(sha256)
}

/// Keeps a file: it is there, whole and durable, when this returns its SHA-256 in hexadecimal digits.
///
/// # Errors
/// The folder or the file cannot be written.
pub fn keep_clip(data: &Path, bytes: &[u8]) -> Result<String, StoreError> {
    let sha256 = digest(bytes);
    let file = path(data, &sha256);
    let folder = data.join("clips");
    let failed = |source| StoreError::Folder { path: file.clone(), source };
    // The same file again, or one that was spoilt since: it is written anew.
    std::fs::create_dir_all(&folder).map_err(failed)?;
    let part = folder.join(format!("{sha256}.part"));
    let written = std::fs::File::create(&part).and_then(|mut part| {
        part.write_all(bytes)?;
        part.sync_all()
    });
    written.and_then(|()| std::fs::rename(&part, &file)).map_err(failed)?;
    // The name is durable when its folder is.
    std::fs::File::open(&folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
    Ok(sha256)
}

/// Reads the file of this digest, or says what is wrong with it: it is missing, or another one now.
///
/// # Errors
/// It cannot be read.
pub fn clip_file(data: &Path, sha256: &str) -> Result<Result<Vec<u8>, Fault>, StoreError> {
    let file = path(data, sha256);
    match std::fs::read(&file) {
        Ok(bytes) if digest(&bytes) == sha256 => Ok(Ok(bytes)),
        Ok(_) => Ok(Err(Fault::Altered)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Err(Fault::Missing)),
        Err(source) => Err(StoreError::Folder { path: file, source }),
    }
}

/// What can be seen to be wrong with the file of this digest without reading it: it is missing, or of another length.
pub fn clip_fault(data: &Path, sha256: &str, bytes: u64) -> Option<Fault> {
    match std::fs::metadata(path(data, sha256)) {
        Ok(file) if file.len() == bytes => None,
        Ok(_) => Some(Fault::Altered),
        Err(_) => Some(Fault::Missing),
    }
}

/// The SHA-256 of bytes in hexadecimal digits.
fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
