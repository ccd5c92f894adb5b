//! The signature of a manifest, as `minisign` makes and checks it.
//!
//! In: the path of a secret key and perhaps its password, from the environment. Out: the bytes of `manifest.json.minisig`, which
//! stands beside `manifest.json` at the target. As the manifest has the prints of all other files, one signature covers the site.
//!
//! A signature holds chance, so the same manifest has many. What is at a target is therefore kept as long as it is right.

use std::fmt;
use std::fs;
use std::io::{Cursor, ErrorKind};
use std::path::Path;

use jiff::Timestamp;
use minisign::{SecretKey, SecretKeyBox, SignatureBox};

use crate::config::PublicKey;
use crate::diag::Error;
use crate::files::SitePath;
use crate::ids::Fingerprint;
use crate::write::MANIFEST;

/// Name of the signature beside the manifest.
pub const SIGNATURE: &str = "manifest.json.minisig";
/// What the environment says about who signs.
const KEY: &str = "PRESSMARK_MINISIGN_KEY";
const PASSWORD: &str = "PRESSMARK_MINISIGN_PASSWORD";
/// A secret key in its file: algorithm, how it is locked (two bytes), and more.
const KEY_BYTES: usize = 158;
const LOCK: std::ops::Range<usize> = 2..4;
const NOT_LOCKED: [u8; 2] = [0, 0];
/// The digits of a signature of 64 bytes.
const DIGITS: usize = 88;

/// Returns the path of the signature.
pub(super) fn path() -> Result<SitePath, Error> {
    SitePath::parse(SIGNATURE).ok_or_else(|| Error::internal("the signature has no usable path"))
}

/// Who signs: a secret key that is open.
pub struct Signer {
    secret: SecretKey,
    public: PublicKey,
}

/// What the key's own type would show is the secret.
impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("public", &self.public).finish_non_exhaustive()
    }
}

impl Signer {
    /// Opens the key that the environment names; nothing when it names none.
    ///
    /// Opening a key with a password takes seconds and a gigabyte of memory, as `minisign` means it to.
    ///
    /// # Errors
    /// A usage failure when the file is no secret key, or the password does not open it; neither is shown.
    pub fn open(env: &[(String, String)]) -> Result<Option<Self>, Error> {
        let find = |name: &str| {
            let found = env.iter().find(|(each, _)| each == name);
            found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
        };
        let Some(path) = find(KEY).map(Path::new) else { return Ok(None) };
        let text = fs::read_to_string(path).map_err(|error| Error::io("read", path, error))?;
        let shown = path.display();
        let damaged = || {
            Error::usage(format!("`{shown}` is no secret key of minisign"))
                .help(format!("set `{KEY}` to a file that `minisign -G` made"))
        };
        let line = text.lines().nth(1).unwrap_or_default().trim();
        let bytes = bytes_of(line).filter(|bytes| bytes.len() == KEY_BYTES).ok_or_else(damaged)?;
        let secret = if bytes[LOCK] == NOT_LOCKED {
            // `minisign -G -W` leaves the check sum out, which the other way to read a key insists on.
            SecretKey::from_bytes(&bytes).map_err(|_| damaged())?
        } else {
            let password = find(PASSWORD).ok_or_else(|| {
                Error::usage(format!("the key `{shown}` has a password"))
                    .help(format!("set `{PASSWORD}` to it; nothing is asked here"))
            })?;
            let locked = SecretKeyBox::from(text.clone());
            locked.into_secret_key(Some(password.to_owned())).map_err(|_| {
                Error::usage(format!("`{PASSWORD}` does not open the key `{shown}`"))
                    .help("try it with `minisign -S`, which asks for it")
            })?
        };
        let public = PublicKey::of(&secret).ok_or_else(damaged)?;
        let signer = Self { secret, public };
        // A key whose halves do not belong together would sign what nobody can check.
        let proof = signer.sign(b"", None)?;
        check(b"", &proof, &signer.public).map_err(|_| damaged())?;
        Ok(Some(signer))
    }

    /// Returns the key that others check with.
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// Signs a manifest; the moment is noted when there is one.
    ///
    /// # Errors
    /// When the system has no random numbers.
    pub fn sign(&self, manifest: &[u8], now: Option<Timestamp>) -> Result<Vec<u8>, Error> {
        // In the manner of `minisign`, and the print that `pressmark publish --json` tells.
        let time = now.map_or_else(String::new, |now| format!("timestamp:{}\t", now.as_second()));
        let trusted = format!("{time}file:{MANIFEST}\tprint:{}", Fingerprint::of(manifest));
        let untrusted = format!("signature of {MANIFEST} by pressmark");
        let signed = minisign::sign(None, &self.secret, manifest, Some(&trusted), Some(&untrusted));
        let signed = signed.map_err(|error| Error::internal(format!("cannot sign: {error}")))?;
        Ok(signed.to_bytes())
    }
}

/// Why a signature says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistrust {
    /// It is none of minisign.
    Damaged,
    /// Somebody else has signed.
    OtherKey,
    /// What was signed is something else.
    OtherBytes,
}

impl fmt::Display for Mistrust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Damaged => "it is damaged, or no signature of minisign",
            Self::OtherKey => "it was made by another key",
            Self::OtherBytes => "the list of files, or the signature, was changed",
        })
    }
}

/// Checks the signature of a manifest, and returns what the signer wrote into it.
///
/// # Errors
/// When the signature is not that of the key's owner for exactly these bytes.
pub fn check(manifest: &[u8], signature: &[u8], key: &PublicKey) -> Result<String, Mistrust> {
    let text = std::str::from_utf8(signature).map_err(|_| Mistrust::Damaged)?;
    // A last line that is cut short would be read beyond its end.
    let last = text.lines().nth(3).unwrap_or_default().trim();
    if last.len() != DIGITS || !last.ends_with("==") {
        return Err(Mistrust::Damaged);
    }
    let signature = SignatureBox::from_string(text).map_err(|_| Mistrust::Damaged)?;
    if signature.keynum() != key.inner().keynum() {
        return Err(Mistrust::OtherKey);
    }
    let (is_quiet, is_printed, may_be_old) = (true, false, true);
    let manifest = Cursor::new(manifest);
    minisign::verify(key.inner(), &signature, manifest, is_quiet, is_printed, may_be_old)
        .map_err(|_| Mistrust::OtherBytes)?;
    signature.trusted_comment().map_err(|_| Mistrust::Damaged)
}

/// Returns the signature that lies in a folder.
///
/// # Errors
/// When the file cannot be read.
pub fn signature_of(folder: &Path) -> Result<Option<Vec<u8>>, Error> {
    let path = folder.join(SIGNATURE);
    match fs::read(&path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("read", &path, error)),
    }
}

/// A manifest's signature, with the key that tells whether another one is as good.
#[derive(Debug)]
pub(super) struct Signed {
    pub(super) bytes: Vec<u8>,
    pub(super) key: PublicKey,
}

/// What becomes of the signature at a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// It is right, or there is none and none is wanted.
    Keep,
    Write(Vec<u8>),
    /// It would be wrong beside the next manifest, and nobody signs that.
    Remove,
}

impl Change {
    /// Decides by what is at the target, and whether the manifest there is the one that is published.
    pub(super) fn of(
        signed: Option<&Signed>,
        manifest: &[u8],
        there: Option<&[u8]>,
        is_same: bool,
    ) -> Self {
        match (signed, there) {
            (Some(signed), Some(there))
                if is_same && check(manifest, there, &signed.key).is_ok() =>
            {
                Self::Keep
            }
            (Some(signed), _) => Self::Write(signed.bytes.clone()),
            (None, Some(_)) if !is_same => Self::Remove,
            (None, _) => Self::Keep,
        }
    }
}

/// Decodes Base64 with its padding; nothing when it is none.
fn bytes_of(digits: &str) -> Option<Vec<u8>> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let plain = digits.trim_end_matches('=');
    let is_whole = digits.len().is_multiple_of(4) && digits.len() - plain.len() < 3;
    let (mut out, mut bits, mut held) = (Vec::new(), 0_u32, 0_u32);
    for digit in plain.bytes() {
        let value = DIGITS.iter().position(|each| *each == digit)?;
        bits = bits << 6 | u32::try_from(value).ok()?;
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from(bits >> held & 0xff).ok()?);
            bits &= (1 << held) - 1;
        }
    }
    is_whole.then_some(out)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Made for tests; it has signed nothing else.
    const PLAIN: &str = "untrusted comment: minisign encrypted secret key\n\
        RWQAAEIyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAq5DvlRYMX5tcAVgsxiQJiYUXmdCWIgIg0Va1TXGeBFDc8GBoqsmDnqp0TiF8FI4PCXO6dEfiyTheYVS+h0lfVQtInJrXl/LdAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
    /// The same key behind the password `tide and time`, with less work than `minisign` asks for.
    const LOCKED: &str = "untrusted comment: minisign encrypted secret key\n\
        RWRTY0IyAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8AgAAAAAAAAAAAAAEAAAAAoaCb2+ufnE6ep1k/hEZ0nawDkGZGJDrSS6XiMMz1lmR23+dfNa9ZTJkd02ZLhkoFUWu0yUFwXS9A9dRZedrAaorwR5nltuRI/BpmMbecsxncjcL7/trQvVop4w8OgTMH/ESJU8Covtk=\n";
    const PUBLIC: &str = "RWSrkO+VFgxfm6p0TiF8FI4PCXO6dEfiyTheYVS+h0lfVQtInJrXl/Ld";
    const OTHER: &str = "RWQgyUDLnlagDV2bLCfzT3Eenn1Gd8N2HWFEItHN5o3sasfhOL7Nf+HP";
    /// Signatures of `hello` and the end of a line that `minisign` made: as it does by default, and as it did before.
    const HASHED: &str = "untrusted comment: signature from minisign secret key\n\
        RUSrkO+VFgxfm2L8yFNThiMF0NoTNTziOqU3eYIIc/Go0t5erBWMH5ebObqjjO76h0J8pnsKz+aQuN0D5AyRbHVNYxHrYeETzQg=\n\
        trusted comment: timestamp:1795945368\tfile:f\thashed\n\
        03BcGNaiX3jiOq5DKkeqBqhoqL+StX3riRNztqBZJHiz8078n0S3LA3VV2K5ZPj+IyV7HUBefm0MbXFL3bqdDg==\n";
    const OLD: &str = "untrusted comment: signature from minisign secret key\n\
        RWSrkO+VFgxfmz981xEQldw+f3JrycL3KB9jDfDy+P+r+GuYAC418LbfaMlVtjRbuFVcZdxMPoDXgHHCntuIqO+WhWaj/6JOWAc=\n\
        trusted comment: timestamp:1795945368\tfile:f\n\
        prXFaZbzydCOs0265qLTca4G/McNFWJyVIMs0yiaskUqBCV18xZTI/VPmeRPCkzO1LfwnoeHG3MMcRCiuYMkAg==\n";

    fn open(key: &str, password: Option<&str>) -> Result<Signer, String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.key");
        fs::write(&path, key).unwrap();
        let mut env = vec![(KEY.to_owned(), path.to_str().unwrap().to_owned())];
        env.extend(password.map(|password| (PASSWORD.to_owned(), password.to_owned())));
        Signer::open(&env)
            .map(Option::unwrap)
            .map_err(|error| format!("{error} {:?}", error.help_text()))
    }

    pub(in crate::publish) fn signer() -> Signer {
        open(PLAIN, None).unwrap()
    }

    fn key(text: &str) -> PublicKey {
        PublicKey::parse(text).unwrap()
    }

    #[test]
    fn a_key_signs_with_its_password_and_without_one() {
        for (secret, password) in
            [(PLAIN, None), (PLAIN, Some("unused")), (LOCKED, Some("tide and time"))]
        {
            let signer = open(secret, password).unwrap();
            assert_eq!(signer.public_key().to_string(), PUBLIC);
            let now = Timestamp::from_second(1_714_953_600).unwrap();
            let timed = signer.sign(b"the list", Some(now)).unwrap();
            let comment = check(b"the list", &timed, &key(PUBLIC)).unwrap();
            let print = Fingerprint::of(b"the list");
            assert_eq!(comment, format!("timestamp:1714953600\tfile:manifest.json\tprint:{print}"));
            let timeless = signer.sign(b"the list", None).unwrap();
            assert!(!check(b"the list", &timeless, &key(PUBLIC)).unwrap().contains("time"));
            assert!(!format!("{signer:?}").contains("secret"));
        }
        assert!(Signer::open(&[]).unwrap().is_none());
        assert!(Signer::open(&[(KEY.to_owned(), String::new())]).unwrap().is_none());
    }

    #[test]
    fn what_does_not_open_a_key_is_said_and_not_shown() {
        let said = open(LOCKED, Some("hunter2")).unwrap_err();
        assert!(said.contains("does not open") && !said.contains("hunter2"), "{said}");
        let said = open(LOCKED, None).unwrap_err();
        assert!(said.contains("has a password") && said.contains(PASSWORD), "{said}");
        // The halves of the last key do not belong together.
        let broken = PLAIN.replace("q5DvlRYMX5tcAVg", "q5DvlRYMX5tcAVh");
        for bad in ["", "hunter2", "a\nhunter2\n", &PLAIN[..200], &broken, PUBLIC] {
            let said = open(bad, Some("hunter2")).unwrap_err();
            assert!(said.contains("no secret key") && !said.contains("hunter2"), "{said}");
        }
        let missing = Signer::open(&[(KEY.to_owned(), "/nowhere/a.key".to_owned())]).unwrap_err();
        assert!(missing.to_string().contains("/nowhere/a.key"));
    }

    #[test]
    fn what_minisign_signed_is_right_and_everything_else_is_not() {
        for signature in [HASHED, OLD] {
            let check = |bytes: &[u8], signature: &str, by: &str| {
                check(bytes, signature.as_bytes(), &key(by))
            };
            assert!(check(b"hello\n", signature, PUBLIC).unwrap().starts_with("timestamp:"));
            assert_eq!(check(b"hellO\n", signature, PUBLIC), Err(Mistrust::OtherBytes));
            assert_eq!(check(b"hello\n", signature, OTHER), Err(Mistrust::OtherKey));
            let comment = signature.replace("file:f", "file:g");
            assert_eq!(check(b"hello\n", &comment, PUBLIC), Err(Mistrust::OtherBytes));
            // Whatever is cut off or put in, nothing breaks and nothing is trusted.
            for at in 0..signature.len() - 1 {
                assert!(check(b"hello\n", &signature[..at], PUBLIC).is_err(), "{at}");
            }
            let lines: Vec<&str> = signature.lines().collect();
            let short = [&lines[..3], &["AA=="]].concat().join("\n");
            assert_eq!(check(b"hello\n", &short, PUBLIC), Err(Mistrust::Damaged));
            for (at, line) in lines.iter().enumerate().skip(1) {
                for cut in 0..line.len() {
                    let mut lines = lines.clone();
                    lines[at] = &line[..cut];
                    assert!(check(b"hello\n", &lines.join("\n"), PUBLIC).is_err(), "{at} {cut}");
                }
            }
        }
    }

    #[test]
    fn a_signature_is_kept_while_it_is_right() {
        let who = signer();
        let sign = |bytes: &[u8]| who.sign(bytes, None).unwrap();
        let signed = Signed { bytes: sign(b"new"), key: who.public_key().clone() };
        let of = |signed: Option<&Signed>, there: Option<&[u8]>, is_same| {
            Change::of(signed, b"new", there, is_same)
        };
        let write = Change::Write(signed.bytes.clone());
        let (right, wrong) = (sign(b"new"), sign(b"old"));
        assert_eq!(of(Some(&signed), None, true), write);
        assert_eq!(of(Some(&signed), None, false), write);
        assert_eq!(of(Some(&signed), Some(&wrong), true), write);
        assert_eq!(of(Some(&signed), Some(&right), false), write);
        assert_eq!(of(Some(&signed), Some(&right), true), Change::Keep);
        assert_eq!(of(None, Some(&wrong), false), Change::Remove);
        assert_eq!(of(None, Some(&right), true), Change::Keep);
        assert_eq!(of(None, None, false), Change::Keep);
    }

    #[test]
    fn base64_is_decoded() {
        for (digits, bytes) in [
            ("", &b""[..]),
            ("aA==", b"h"),
            ("aGU=", b"he"),
            ("aGVs", b"hel"),
            ("+/+/", b"\xfb\xff\xbf"),
        ] {
            assert_eq!(bytes_of(digits).as_deref(), Some(bytes), "{digits}");
        }
        for bad in ["a", "a===", "aA=", "a-Vs", "aGVsb"] {
            assert_eq!(bytes_of(bad), None, "{bad}");
        }
    }
}
