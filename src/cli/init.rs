//! `pressmark init`: the files of a new site. Nothing that exists is ever changed.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use pressmark::diag::Error;
use pressmark::files::SitePath;

use super::args::{Forge, InitArgs};
use super::term::shown;
use super::{Failure, Outcome, Session, Volume};

const WELCOME: &str = "content/articles/welcome.md";
const FILES: &[(&str, &str)] = &[
    ("site.toml", include_str!("init/site.toml")),
    (WELCOME, include_str!("init/welcome.md")),
    ("content/pages/about.md", include_str!("init/about.md")),
    (".gitignore", "/public\n/.pressmark\n"),
];

/// Returns the path of a forge's workflow, and the workflow.
fn workflow(forge: Forge) -> (&'static str, &'static str) {
    match forge {
        Forge::Github => (".github/workflows/pages.yml", include_str!("init/github.yml")),
        Forge::Gitlab => (".gitlab-ci.yml", include_str!("init/gitlab.yml")),
        Forge::Forgejo => (".forgejo/workflows/pages.yml", include_str!("init/forgejo.yml")),
    }
}

/// Writes the files that are missing, and says which.
pub(super) fn run(args: &InitArgs, session: &mut Session) -> Result<Outcome, Failure> {
    let folder =
        args.dir.as_ref().map_or_else(|| session.root.clone(), |dir| session.root.join(dir));
    let mut lines = Vec::new();
    // Somebody who has articles needs no example.
    let has_articles = fs::read_dir(folder.join("content/articles"))
        .is_ok_and(|mut entries| entries.next().is_some());
    let workflow = args.ci.map(workflow);
    // Somebody who has a site wants the workflow and nothing else.
    let has_site = folder.join("site.toml").exists() || folder.join("content").is_dir();
    let files = if workflow.is_some() && has_site { &[] } else { FILES };
    for (name, content) in files.iter().chain(workflow.as_ref()) {
        if *name == WELCOME && has_articles && !folder.join(name).exists() {
            continue;
        }
        let path = SitePath::parse(name)
            .ok_or_else(|| Error::internal(format!("`{name}` is no usable path")))?
            .on_disk(&folder);
        let made = create(&path, content)?;
        lines.push(format!("{}  {}\n", if made { "made" } else { "kept" }, shown(&path)));
    }
    lines.push(format!("next: pressmark build{}\n", root_flag(&folder)));
    if session.volume != Volume::Quiet {
        session.out.write(lines.concat().as_bytes())?;
    }
    Ok(Outcome::Clean)
}

/// Writes a file that does not exist yet; returns false when it does.
pub(super) fn create(path: &Path, content: &str) -> Result<bool, Error> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| Error::io("create", folder, error))?;
    }
    // Creating and looking in one step: a file made in between, or a link to one, is safe too.
    let mut file = match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(false),
        Err(error) => return Err(Error::io("create", path, error)),
    };
    file.write_all(content.as_bytes()).map_err(|error| Error::io("write", path, error))?;
    Ok(true)
}

/// Returns the option that names `folder`, as it can be typed.
fn root_flag(folder: &Path) -> String {
    let mut plain: PathBuf = folder.components().collect();
    if let Ok(inside) = plain.strip_prefix(".") {
        plain = inside.to_owned();
    }
    let name = shown(&plain);
    let bare = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | '\\' | ':');
    match name.as_str() {
        "." => String::new(),
        name if name.chars().all(bare) => format!(" --root {name}"),
        name if !name.contains('\'') => format!(" --root '{name}'"),
        _ => " --root DIR".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_command_can_be_typed() {
        assert_eq!(root_flag(Path::new(".")), "");
        assert_eq!(root_flag(Path::new("./a")), " --root a");
        assert_eq!(root_flag(Path::new("my site")), " --root 'my site'");
        assert_eq!(root_flag(Path::new("it's")), " --root DIR");
    }
}
