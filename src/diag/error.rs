//! What stops the program itself: one opaque type.
//!
//! # Design
//!
//! Callers outside the library can do only three things with a failure: show
//! it, choose an exit code, or ask whether it is of one of the few sorts they
//! can react to. So the type is opaque, its kind private, and predicates such
//! as [`Error::is_usage`] are the interface. The path of the file that failed
//! is always in the message.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// A failure that is not about the content of the user's site.
#[derive(Debug)]
pub struct Error(Box<Kind>);

#[derive(Debug)]
enum Kind {
    Io { doing: &'static str, path: PathBuf, source: io::Error },
    Network { doing: &'static str, source: io::Error },
    Remote { message: String, help: Option<String> },
    Usage { message: String, help: Option<String> },
    Internal(String),
}

impl Error {
    /// Returns the failure of a file operation; `doing` is a verb such as "read".
    pub fn io(doing: &'static str, path: &Path, source: io::Error) -> Self {
        Self(Box::new(Kind::Io { doing, path: path.to_owned(), source }))
    }

    /// Returns the failure of a network operation; `doing` says which, such as "open the port".
    pub fn network(doing: &'static str, source: io::Error) -> Self {
        Self(Box::new(Kind::Network { doing, source }))
    }

    /// Returns the failure of a place or program that the site is published by; the message says what was tried.
    pub fn remote(message: impl Into<String>) -> Self {
        Self(Box::new(Kind::Remote { message: message.into(), help: None }))
    }

    /// Returns a failure that the user mends by calling the program differently.
    pub fn usage(message: impl Into<String>) -> Self {
        Self(Box::new(Kind::Usage { message: message.into(), help: None }))
    }

    /// Returns a failure of Pressmark itself: a broken invariant that was noticed in time.
    pub fn internal(message: impl Into<String>) -> Self {
        Self(Box::new(Kind::Internal(message.into())))
    }

    /// Adds what to do about it; kept for failures of usage and of remote places.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        if let Kind::Usage { help, .. } | Kind::Remote { help, .. } = &mut *self.0 {
            *help = Some(text.into());
        }
        self
    }

    /// Returns whether calling the program differently would help.
    pub fn is_usage(&self) -> bool {
        matches!(&*self.0, Kind::Usage { .. })
    }

    /// Returns whether a file or folder does not exist.
    pub fn is_not_found(&self) -> bool {
        matches!(&*self.0, Kind::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }

    /// Returns the help text, if there is one.
    pub fn help_text(&self) -> Option<&str> {
        match &*self.0 {
            Kind::Usage { help, .. } | Kind::Remote { help, .. } => help.as_deref(),
            Kind::Io { .. } | Kind::Network { .. } | Kind::Internal(_) => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::Io { doing, path, source } => {
                write!(f, "cannot {doing} `{}`: {source}", path.display())
            }
            Kind::Network { doing, source } => write!(f, "cannot {doing}: {source}"),
            Kind::Usage { message, .. } | Kind::Remote { message, .. } => f.write_str(message),
            Kind::Internal(message) => write!(f, "internal error: {message}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.0 {
            Kind::Io { source, .. } | Kind::Network { source, .. } => Some(source),
            Kind::Usage { .. } | Kind::Remote { .. } | Kind::Internal(_) => None,
        }
    }
}
