//! Signatures: right, wrong, missing, and made or checked by `minisign` itself.

use std::fs;

use pressmark::publish::Signer;

use crate::{World, minisign};

/// Made for tests, as are their public halves.
const ONE: (&str, &str) = (
    "RWQAAEIyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAq5DvlRYMX5tcAVgsxiQJiYUXmdCWIgIg0Va1TXGeBFDc8GBoqsmDnqp0TiF8FI4PCXO6dEfiyTheYVS+h0lfVQtInJrXl/LdAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "RWSrkO+VFgxfm6p0TiF8FI4PCXO6dEfiyTheYVS+h0lfVQtInJrXl/Ld",
);
const OTHER: &str = "RWQgyUDLnlagDV2bLCfzT3Eenn1Gd8N2HWFEItHN5o3sasfhOL7Nf+HP";
const SIGNATURE: &str = "public/manifest.json.minisig";

/// A site that is signed by the first key.
pub(crate) fn signed(names: &[&str]) -> World {
    let world = World::of(names);
    world.write("a.key", &format!("untrusted comment: x\n{}\n", ONE.0));
    world.write("a.pub", &format!("untrusted comment: x\n{}\n", ONE.1));
    let path = world.path("a.key").to_str().unwrap().to_owned();
    let signer = Signer::open(&[("PRESSMARK_MINISIGN_KEY".to_owned(), path)]).unwrap().unwrap();
    let manifest = fs::read(world.path("public/manifest.json")).unwrap();
    fs::write(world.path(SIGNATURE), signer.sign(&manifest, None).unwrap()).unwrap();
    world
}

#[test]
fn a_signature_has_to_be_there_and_right_when_there_is_a_key() {
    let world = signed(&["a.html", "b.html"]);
    let said = world.says(0, &[]);
    assert!(said.contains("not checked") && !said.contains("foreign"), "{said}");
    for key in [ONE.1, "a.pub"] {
        let said = world.says(0, &["--key", key]);
        assert!(said.contains("signature  right (file:manifest.json print:"), "{said}");
    }
    let object = world.json(0, &["--key", "a.pub"]);
    assert_eq!(
        (&object["signature"]["state"], &object["signature"]["key"]),
        (&"right".into(), &ONE.1.into())
    );
    assert!(world.says(1, &["--key", OTHER]).contains("made by another key"));
    // The settings may name it, and the option goes before.
    world.write("site.toml", &format!("[verify]\npublic_key = '{OTHER}'\n"));
    assert_eq!(world.json(1, &[])["signature"]["state"], "wrong");
    world.says(0, &["--key", ONE.1]);
    world.write("site.toml", &format!("verify.public_key = '{}'\n", ONE.1));
    world.says(0, &[]);
    // A file and the list that were changed together.
    let forged = World::of(&["a.html", "c.html"]);
    for name in ["manifest.json", "c.html"] {
        fs::copy(forged.path("public").join(name), world.path("public").join(name)).unwrap();
    }
    let said = world.says(1, &[]);
    assert!(said.contains("the list of files, or the signature, was changed"), "{said}");
    assert!(said.contains("2 of 2 files right"), "{said}");
    world.write(SIGNATURE, "untrusted comment: x\nx\n");
    assert!(world.says(1, &["--quiet"]).contains("damaged"));
    fs::remove_file(world.path(SIGNATURE)).unwrap();
    assert!(world.says(1, &[]).contains("there is no `manifest.json.minisig`"));
    assert_eq!(world.json(1, &[])["signature"]["state"], "missing");
}

#[test]
fn what_is_no_public_key_is_wrong_usage_and_not_shown() {
    let world = signed(&["a.html"]);
    for bad in ["hunter2", ONE.0, "a.key"] {
        let said = world.says(2, &["--key", bad]);
        assert!(said.contains("no public key"), "{said}");
        assert!(!said.contains("hunter2") && !said.contains(&ONE.0[8..40]), "{said}");
    }
    world.write("site.toml", &format!("[verify]\npublic_key = '{}'\n", ONE.0));
    let said = world.says(1, &[]);
    assert!(said.contains("verify.public_key") && !said.contains(&ONE.0[8..40]), "{said}");
}

#[test]
fn minisign_checks_what_pressmark_signed_and_the_other_way_round() {
    let world = signed(&["a.html"]);
    let public = world.path("public");
    let check = ["-V", "-P", ONE.1, "-m", "manifest.json"];
    let Some(output) = minisign(&public, &check) else { return };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let key = ["-G", "-W", "-f", "-p", "b.pub", "-s", "b.key"];
    assert!(minisign(world.dir.path(), &key).unwrap().status.success());
    for more in [&["-t", "by hand"][..], &["-l"]] {
        fs::remove_file(world.path(SIGNATURE)).unwrap();
        let sign = [&["-S", "-s", "../b.key", "-m", "manifest.json"], more].concat();
        let output = minisign(&public, &sign).unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        world.says(0, &["--key", "b.pub"]);
        world.says(1, &["--key", "a.pub"]);
    }
}
