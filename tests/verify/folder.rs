//! Folders of this machine.

use std::fs;
use std::path::PathBuf;

use pressmark::verify::{Difference, Signature, Site, VerifyOptions, verify};

use crate::{Quiet, World, words};

const FILES: [&str; 6] = ["a.css", "b/c/index.html", "d.txt", "e.html", "f g.html", "index.html"];

#[test]
fn each_file_that_is_not_as_it_was_built_is_named() {
    let world = World::of(&FILES);
    let check = || {
        let site = Site::Folder(world.path("public"));
        verify(&site, &VerifyOptions::default(), &Quiet).unwrap()
    };
    let report = check();
    assert!(report.is_right() && report.foreign.is_empty(), "{report:?}");
    assert_eq!((report.files, report.intact.0, &report.signature), (6, 6, &Signature::None));
    // As long as it was, shorter, longer, gone, and something that was never there.
    let old = fs::read_to_string(world.path("public/b/c/index.html")).unwrap();
    world.write("public/b/c/index.html", &old.replacen("This", "That", 1));
    world.write("public/d.txt", "short");
    world.write("public/e.html", &"long".repeat(1000));
    fs::remove_file(world.path("public/a.css")).unwrap();
    fs::remove_file(world.path("public/index.html")).unwrap();
    fs::create_dir(world.path("public/index.html")).unwrap();
    world.write("public/b/mine.txt", "x");
    let report = check();
    let expected = [
        ("a.css", "missing"),
        ("b/c/index.html", "other bytes"),
        ("d.txt", "shorter: 5 bytes"),
        ("e.html", "longer: 4000 bytes"),
        ("index.html", "cannot be read: it is no file"),
    ];
    assert_eq!(words(&report), expected.map(|(path, what)| (path, what.to_owned())));
    assert_eq!(report.problems[1].what, Difference::Other);
    assert_eq!(report.foreign, [PathBuf::from("b/mine.txt")]);
    assert_eq!((report.intact.0, report.is_right()), (1, false));
}

#[test]
fn a_folder_that_was_changed_with_its_list_is_found_by_another_list() {
    let world = World::of(&["a.html", "b.html"]);
    let forged = World::of(&["a.html", "evil.html"]);
    let public = world.path("public");
    let site = Site::Folder(forged.path("public"));
    let by_itself = verify(&site, &VerifyOptions::default(), &Quiet).unwrap();
    assert!(by_itself.is_right());
    let options = VerifyOptions { against: Some(&public), ..VerifyOptions::default() };
    let report = verify(&site, &options, &Quiet).unwrap();
    let list = words(&report);
    assert_eq!(list[0], ("b.html", "missing".to_owned()));
    assert_eq!(list[1].0, "manifest.json");
    assert_eq!(report.foreign, [PathBuf::from("evil.html")]);
    fs::remove_file(forged.path("public/manifest.json")).unwrap();
    let report = verify(&site, &options, &Quiet).unwrap();
    assert_eq!(words(&report)[1], ("manifest.json", "missing".to_owned()));
}

#[test]
fn the_program_tells_it_by_words_json_and_status() {
    let names: Vec<String> = (10..40).map(|n| format!("p{n}.html")).collect();
    let world = World::of(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let said = world.says(0, &[]);
    assert!(said.contains("as it was built: 30 of 30 files right"), "{said}");
    assert_eq!(world.says(0, &["--quiet"]), "");
    for name in &names[..20] {
        world.write(&format!("public/{name}"), "changed");
    }
    world.write("public/mine\u{1b}[31m.txt", "x");
    let said = world.says(1, &["public"]);
    assert!(said.contains("p19.html: ") && !said.contains("p20.html"), "{said}");
    assert!(said.contains("and 10 more") && said.contains("10 of 30 files right"), "{said}");
    assert!(said.contains("foreign") && !said.contains('\u{1b}'), "{said}");
    assert!(world.says(1, &["--verbose"]).contains("p29.html: shorter"));
    let quiet = world.says(1, &["--quiet"]);
    assert!(quiet.contains("p10.html") && !quiet.contains("foreign"), "{quiet}");
    let object = world.json(1, &[]);
    assert_eq!(
        (&object["ok"], &object["files"], &object["intact"]),
        (&false.into(), &30.into(), &10.into())
    );
    assert_eq!(object["problems"].as_array().unwrap().len(), 20);
    assert_eq!(object["problems"][0]["what"], "shorter");
    assert_eq!(object["problems"][0]["bytes"], 7);
    assert_eq!(object["signature"]["state"], "none");
}

#[test]
fn what_is_no_site_is_wrong_usage_and_what_is_damaged_is_not() {
    let world = World::of(&["a.html"]);
    assert!(world.says(2, &["."]).contains("holds no site"));
    assert!(world.says(2, &["public", "--against", "nowhere"]).contains("holds no site"));
    assert!(world.says(2, &["--root", "nowhere"]).contains("does not exist"));
    world.write("public/manifest.json", "{");
    assert!(world.says(1, &[]).contains("damaged"));
    world.write("site.toml", "[verify]\npublic_kee = 'x'\n");
    assert!(world.says(1, &[]).contains("did you mean `public_key`"));
}
