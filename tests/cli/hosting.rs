//! `pressmark hosting`, workflows, and warnings about hosts.

use serde_json::Value;

use crate::folder::{ARTICLE, Folder};

const WORKFLOWS: [(&str, &str); 3] = [
    ("github", ".github/workflows/pages.yml"),
    ("gitlab", ".gitlab-ci.yml"),
    ("forgejo", ".forgejo/workflows/pages.yml"),
];

#[test]
fn a_snippet_is_all_that_goes_to_standard_output() {
    let folder = Folder::with(&[
        ("content/articles/a.md", ARTICLE),
        ("site.toml", "base_url = \"https://example.org/digest/\"\n"),
    ]);
    for (server, part) in [
        ("nginx", "alias \"/srv/news/\";"),
        ("caddy", "root * \"/srv/news\""),
        ("apache", "ErrorDocument 404 \"/digest/404.html\""),
    ] {
        let run = folder.run(&["hosting", server, "--folder", "/srv/news/"]).expect(0);
        assert!(run.out.contains(part), "{}", run.out);
        assert_eq!(run.err, "");
    }
    assert!(!folder.path("public").exists());
    let run = folder.run(&["hosting", "nginx"]).expect(0);
    assert!(run.out.contains("alias \"/srv/www/\";"), "{}", run.out);
    let run = folder.run(&["hosting", "caddy", "-u", "/elsewhere/"]).expect(0);
    assert!(run.out.contains("handle_path /elsewhere/*"), "{}", run.out);
    for args in [&["hosting", "iis"][..], &["hosting", "nginx", "--folder", "/srv/$x"]] {
        assert_eq!(folder.run(args).expect(2).out, "");
    }
    folder.write("site.toml", "titel = \"x\"\n");
    let run = folder.run(&["hosting", "nginx"]).expect(1);
    assert!(run.out.is_empty() && run.err.contains("E0102"), "{}", run.err);
}

#[test]
fn a_workflow_is_written_once_and_builds_with_commands_that_there_are() {
    for (forge, path) in WORKFLOWS {
        let folder = Folder::empty();
        let run = folder.run(&["init", "--ci", forge]).expect(0);
        assert!(run.out.contains(&format!("made  {path}\n")), "{}", run.out);
        assert!(run.out.contains("made  site.toml\n"), "{}", run.out);
        let text = folder.read(path);
        let read: Value = serde_saphyr::from_str(&text).unwrap();
        assert!(read.is_object(), "{forge}");
        assert!(text.contains("cargo install --locked --git ") && text.contains(".pressmark"));
        assert!(!text.contains("--strict\n"), "warnings do not keep a site from being published");
        let build = text.split("bin/pressmark ").filter_map(|rest| rest.strip_prefix("build"));
        let options: Vec<&str> = build.map(|rest| rest.lines().next().unwrap()).collect();
        assert_eq!(options.len(), 1, "{forge}");
        let args: Vec<&str> = std::iter::once("build").chain(options[0].split(' ')).collect();
        folder.run(&args.into_iter().filter(|arg| !arg.is_empty()).collect::<Vec<_>>()).expect(0);
        assert!(folder.path("public/index.html").exists());
        folder.write(path, "mine");
        let run = folder.run(&["init", "--ci", forge]).expect(0);
        assert!(run.out.contains(&format!("kept  {path}\n")), "{}", run.out);
        assert_eq!(folder.read(path), "mine");
    }
}

#[test]
fn a_site_that_is_there_gets_a_workflow_and_nothing_else() {
    let folder = Folder::with(&[("content/articles/a.md", ARTICLE)]);
    let run = folder.run(&["init", "--ci", "github"]).expect(0);
    assert_eq!(run.out, "made  .github/workflows/pages.yml\nnext: pressmark build\n");
    assert!(!folder.path("site.toml").exists());
}

#[test]
fn a_build_warns_when_its_host_holds_less() {
    let large = "x".repeat((25 << 20) + 1);
    let folder = Folder::with(&[
        ("content/articles/a.md", ARTICLE),
        ("site.toml", "[hosting]\nfiles = [\"cloudflare\"]\n"),
        ("static/large.bin", &large),
    ]);
    let run = folder.run(&["build"]).expect(0);
    assert!(run.err.contains("W0811") && run.err.contains("large.bin"), "{}", run.err);
    // The report of the last build holds when nothing has changed.
    let again = folder.run(&["build"]).expect(0);
    assert_eq!(again.err, run.err);
    folder.write("site.toml", "[hosting]\nfiles = [\"netlify\"]\n");
    assert_eq!(folder.run(&["build"]).expect(0).err, "");
}
