//! URL paths from front matter that can never leave the output folder.

use crate::text::is_reserved;

/// The longest part of a path, in bytes; file systems allow 255, and suffixes must fit.
const MAX_PART: usize = 120;

/// Checks a `path` or alias; a slash at either end is dropped.
///
/// # Errors
/// Says why the path is not safe.
pub(super) fn safe_path(text: &str) -> Result<String, String> {
    let path = text.strip_prefix('/').unwrap_or(text);
    let path = path.strip_suffix('/').unwrap_or(path);
    path.split('/').try_for_each(check_part)?;
    Ok(path.to_owned())
}

/// Checks a `slug`: one part of a path.
///
/// # Errors
/// Says why the slug is not safe.
pub(super) fn safe_slug(text: &str) -> Result<String, String> {
    if text.contains('/') {
        return Err("it holds a `/`".to_owned());
    }
    check_part(text)?;
    Ok(text.to_owned())
}

fn check_part(part: &str) -> Result<(), String> {
    if part.is_empty() {
        return Err("a part of it is empty".to_owned());
    }
    if matches!(part, "." | "..") {
        return Err(format!("it holds `{part}`"));
    }
    if part.chars().any(char::is_control) {
        return Err("it holds a control character".to_owned());
    }
    // A colon makes drive letters and streams; Windows refuses the others in names.
    if let Some(c) =
        part.chars().find(|c| matches!(c, '\\' | ':' | '<' | '>' | '"' | '|' | '?' | '*'))
    {
        return Err(format!("it holds `{c}`"));
    }
    // Servers decode these before they look for the file.
    let lower = part.to_ascii_lowercase();
    if let Some(code) = ["%2e", "%2f", "%5c", "%00"].iter().find(|code| lower.contains(**code)) {
        return Err(format!("it holds `{code}`"));
    }
    if part.ends_with(['.', ' ']) || part.starts_with(' ') {
        return Err("a part of it starts or ends with a space, or ends with a dot".to_owned());
    }
    if is_reserved(part) {
        return Err(format!("Windows reserves the name `{part}`"));
    }
    if part.len() > MAX_PART {
        return Err(format!("a part of it is longer than {MAX_PART} bytes"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::files::SitePath;

    #[test]
    fn paths_are_kept_or_refused() {
        for (text, path) in
            [("/old/", "old"), ("2024/01/01/x.html", "2024/01/01/x.html"), ("اخبار/x", "اخبار/x")]
        {
            assert_eq!(safe_path(text).as_deref(), Ok(path));
        }
        let long = "x".repeat(121);
        for bad in [
            "",
            "/",
            "//evil",
            "..",
            "a/../b",
            "a/./b",
            "C:/x",
            "a\\b",
            "a\0b",
            "con",
            "a/NUL.txt",
            "a//b",
            "%2E%2e/x",
            "a./b",
            &long,
            "https://x.org/",
        ] {
            assert!(safe_path(bad).is_err(), "{bad:?}");
        }
        assert!(safe_slug("a/b").is_err() && safe_slug("/a").is_err());
        assert_eq!(safe_slug("2024").as_deref(), Ok("2024"));
    }

    proptest! {
        #[test]
        fn accepted_paths_never_escape(text in "[a-z./\\\\:%2eE\\PC]{0,24}") {
            for path in [safe_path(&text), safe_slug(&text)].into_iter().flatten() {
                let root = std::path::Path::new("root");
                let joined = root.join(&path);
                prop_assert!(joined.starts_with(root));
                prop_assert!(joined.components().all(|c| matches!(c, std::path::Component::Normal(_))));
                prop_assert!(SitePath::parse(&path).is_some());
            }
        }
    }
}
