//! `[verify]`: by which key the list of a site's files is signed.

use std::fmt;

use super::section::Section;
use crate::diag::{Code, Diagnostic};

/// What every public key of minisign begins with: `Ed`, its algorithm, in Base64.
const BEGIN: &str = "RW";
/// The length of a public key, in digits of Base64.
const DIGITS: usize = 56;

/// `[verify]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerifySettings {
    /// The key that the manifest has to be signed by; none when nothing is asked of it.
    pub public_key: Option<PublicKey>,
}

/// A public key of minisign, which says who signed something.
///
/// # Examples
/// ```
/// use pressmark::config::PublicKey;
/// let text = "RWQBAgMEBQYHCNdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea";
/// assert_eq!(PublicKey::parse(text).unwrap().to_string(), text);
/// assert!(PublicKey::parse("secret").is_err());
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey(minisign::PublicKey);

impl PublicKey {
    /// Reads a key, or the text of the file that `minisign -G` writes it to.
    ///
    /// # Errors
    /// Returns why the text is no public key. The text itself is not in it: it may be a secret key.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut lines = text.trim().lines().map(str::trim);
        let first = lines.next().unwrap_or_default();
        let is_file = first.starts_with("untrusted comment:");
        let key = if is_file { lines.next().unwrap_or_default() } else { first };
        if key.len() != DIGITS || !key.starts_with(BEGIN) || lines.next().is_some() {
            return Err(format!("it is none of the {DIGITS} characters of a public key"));
        }
        let parsed = minisign::PublicKey::from_base64(key);
        parsed.map(Self).map_err(|_| "it is not Base64".to_owned())
    }

    /// Returns the public half of a secret key; nothing when that is damaged.
    pub(crate) fn of(secret: &minisign::SecretKey) -> Option<Self> {
        minisign::PublicKey::from_secret_key(secret).ok().map(Self)
    }

    /// Borrows the key for those who check with it.
    pub(crate) fn inner(&self) -> &minisign::PublicKey {
        &self.0
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_base64())
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

pub(super) fn read_verify(mut section: Section<'_>, verify: &mut VerifySettings) {
    const SHAPE: &str = "a public key of minisign, such as the second line of `minisign.pub`";
    let found = section.texts().into_iter().find(|(key, ..)| *key == "public_key");
    let Some((_, place, Some(text))) = found else {
        verify.public_key = section.parsed("public_key", SHAPE, PublicKey::parse);
        return section.finish();
    };
    let _known = section.raw("public_key");
    match PublicKey::parse(text) {
        Ok(key) => verify.public_key = Some(key),
        // Somebody may have mistaken the secret key for it, so the report shows nothing of the value.
        Err(why) => {
            let message = format!("`verify.public_key` is not valid: {why}");
            let problem =
                Diagnostic::new(Code::ConfigValue, message).help(format!("expected {SHAPE}"));
            section.report_hidden(problem, place);
        }
    }
    section.finish();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::SiteConfig;
    use crate::files::SitePath;

    const KEY: &str = "RWQBAgMEBQYHCNdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea";

    #[test]
    fn a_key_is_read_as_it_is_and_from_its_file() {
        let key = PublicKey::parse(KEY).unwrap();
        assert_eq!(key.to_string(), KEY);
        let file = format!("untrusted comment: minisign public key 0807060504030201\n{KEY}\n");
        assert_eq!(PublicKey::parse(&file), Ok(key));
        let short = &KEY[..DIGITS - 1];
        let other = KEY.replacen("RW", "RX", 1);
        let odd = format!("{short}!");
        let more = format!("{file}more\n");
        for bad in ["", "x", short, &other, &odd, &more, "untrusted comment: x"] {
            assert!(PublicKey::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_no_key_is_reported_and_not_shown() {
        let read = |value: &str| {
            let text = format!("[verify]\npublic_key = '{value}'\n");
            SiteConfig::parse(&text, &SitePath::parse("site.toml").unwrap())
        };
        assert_eq!(read(KEY).unwrap().value.verify.public_key.unwrap().to_string(), KEY);
        let problems = read("RWRTY0Iyhunter2").unwrap_err();
        let said = format!("{problems:?}");
        assert!(said.contains("verify.public_key") && !said.contains("hunter2"), "{said}");
    }
}
