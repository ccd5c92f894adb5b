//! Who publishes: a word that each copy of a site has of its own, and the lock that goes with it.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use pressmark::diag::Error;
use pressmark::write::Lock;

/// This copy of a site, while one target is published to.
pub(super) struct Owner {
    pub(super) word: String,
    /// A lock of this word at the target is left over as long as this one is held.
    _lock: Lock,
}

impl Owner {
    /// Keeps others who publish this folder to this target away.
    pub(super) fn of(root: &Path, target: &str) -> Result<Self, Error> {
        let folder = root.join(".pressmark/publish");
        fs::create_dir_all(&folder).map_err(|error| Error::io("create", &folder, error))?;
        let plain: String =
            target.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        let lock = Lock::take(&folder.join(format!("{plain}.lock")), || {
            Error::usage(format!("this site is being published to `{target}` already"))
                .help("wait until that has ended")
        })?;
        let path = folder.join("owner");
        let known = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(error) => return Err(Error::io("read", &path, error)),
        };
        let mut owner = known.trim().to_owned();
        if owner.len() != 32 {
            owner = word()?;
            fs::write(&path, &owner).map_err(|error| Error::io("write", &path, error))?;
        }
        Ok(Self { word: owner, _lock: lock })
    }
}

/// Returns a word that nobody else has.
pub(super) fn word() -> Result<String, Error> {
    pressmark::ids::random_word().ok_or_else(|| Error::internal("the system has no random numbers"))
}
