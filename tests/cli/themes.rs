//! `pressmark theme`, and what `docs/themes.md` says.

use crate::folder::{ARTICLE, Folder};

#[test]
fn a_copy_of_a_theme_is_made_once_and_looks_the_same() {
    let folder =
        Folder::with(&[("content/articles/a.md", ARTICLE), ("site.toml", "title = \"T\"\n")]);
    folder.run(&["build"]).expect(0);
    let before = folder.read("public/index.html");
    let run = folder.run(&["theme", "eject", "broadsheet", "--to", "mine"]).expect(0);
    assert!(run.out.contains("themes/mine") && run.out.contains("theme = \"mine\""), "{}", run.out);
    folder.write("site.toml", "theme = \"mine\"\ntitle = \"T\"\n");
    folder.run(&["theme", "check", "--strict"]).expect(0);
    folder.run(&["build"]).expect(0);
    assert_eq!(folder.read("public/index.html"), before);
    folder.write("themes/mine/static/style.css", "p { color: red }");
    let run = folder.run(&["theme", "eject", "broadsheet", "--to", "mine"]).expect(2);
    assert!(run.err.contains("is there already"), "{}", run.err);
    assert_eq!(folder.read("themes/mine/static/style.css"), "p { color: red }");
    for args in [
        &["theme", "eject", "broadshet"][..],
        &["theme", "eject", "base"],
        &["theme", "eject", "--to", "../x"],
        &["theme", "eject", "--to", "base"],
    ] {
        folder.run(args).expect(2);
    }
    let list = folder.run(&["theme", "list"]).expect(0).out;
    assert!(
        list.contains("-\tbroadsheet\tbuilt in\t") && list.contains("*\tmine\tsite\t"),
        "{list}"
    );
    assert!(list.contains("-\twire\tbuilt in\t"), "{list}");
    folder.run(&["theme", "check", "wire", "--strict"]).expect(0);
    let json = folder.run(&["theme", "list", "--json"]).expect(0).json();
    assert_eq!(json[1]["name"], "mine");
    assert_eq!(json[1]["used"], true);
}

#[test]
fn what_is_wrong_with_a_theme_is_told_with_its_place() {
    let folder = Folder::with(&[
        ("content/articles/a.md", ARTICLE),
        (
            "templates/article.html",
            "{% extends \"theme/article.html\" %}\n{% block main %}<p style=\"x\">{% if article.titel %}{% endif %}{% endblock main %}\n",
        ),
    ]);
    let run = folder.run(&["theme", "check"]).expect(1);
    assert!(run.err.contains("E0711") && run.err.contains("W0712"), "{}", run.err);
    assert!(
        run.err.contains("templates/article.html:2") && run.err.contains("`title`"),
        "{}",
        run.err
    );
    folder.write("templates/article.html", "{% extends \"theme/article.html\" %}\n{% block main %}<p style=\"x\">{% endblock main %}\n");
    folder.run(&["theme", "check"]).expect(0);
    folder.run(&["theme", "check", "--strict"]).expect(1);
    let run = folder.run(&["theme", "check", "none", "--format", "json"]).expect(1);
    assert!(run.err.contains("E0703"), "{}", run.err);
    folder.write("site.toml", "[theme]\nacent = \"red\"\n");
    assert!(folder.run(&["theme", "check"]).expect(1).err.contains("did you mean `accent`?"));
}

#[test]
fn the_manual_of_themes_can_be_followed() {
    let manual = include_str!("../../docs/themes.md");
    let block = |after: &str, lang: &str| {
        let rest = manual.split(after).nth(1).unwrap();
        rest.split(&format!("```{lang}\n")).nth(1).unwrap().split("```").next().unwrap().to_owned()
    };
    let folder = Folder::with(&[
        ("content/articles/a.md", ARTICLE),
        ("static/logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
    ]);
    folder.write("site.toml", &block("or, with options:", "toml"));
    folder.write("templates/base.html", &block("write `templates/base.html`", "html"));
    folder.run(&["theme", "check", "--strict"]).expect(0);
    folder.run(&["build", "--strict"]).expect(0);
    let page = folder.read("public/index.html");
    assert!(
        page.contains("Printed with love.")
            && page.contains("src=\"logo.svg\"")
            && page.contains("data-density=\"compact\""),
        "{page}"
    );
    for line in manual.lines().filter(|line| line.starts_with("pressmark theme ")) {
        folder.run(&line.split(' ').skip(1).collect::<Vec<_>>()).expect(0);
    }
}
