//! Tests of the theme as a whole.

#![allow(clippy::unwrap_used, clippy::wildcard_imports, reason = "tests")]

mod built_in;

use super::*;
use crate::config::*;
use crate::diag::{Code, Diagnostic};
use crate::files::MemFiles;

fn files(list: &[(&str, &str)]) -> MemFiles {
    let mut files = MemFiles::new();
    for (path, text) in list {
        files.insert(SitePath::parse(path).unwrap(), text.as_bytes());
    }
    files
}

fn theme(list: &[(&str, &str)]) -> Theme {
    load(&files(list), &SiteConfig::default()).unwrap().value
}

fn render(theme: &Theme, template: &str, rich: bool) -> String {
    let tera = theme.compile().unwrap();
    let entries = if rich { sample::entries(theme, &tera).unwrap() } else { vec![] };
    let context = sample::context(theme, template, rich, &entries);
    let context = tera::Context::from_serialize(&context).unwrap();
    tera.render(template, &context).unwrap_or_else(|error| panic!("{template}: {error}"))
}

fn line(report: &Diagnostic) -> (&str, u32, &str) {
    let place = report.place.as_ref().unwrap();
    let span = place.span.as_ref().unwrap();
    (place.path.as_str(), span.line, &span.excerpt[span.mark.0 as usize..span.mark.1 as usize])
}

#[test]
fn a_site_may_replace_and_extend_templates() {
    let base = "{% extends \"theme/base.html\" %}{% block footer %}<p>OURS</p>{% endblock %}";
    let page =
        "{% extends \"theme/page.html\" %}{% block main %}<h1>Mine</h1>{{ super() }}{% endblock %}";
    let theme = theme(&[("templates/base.html", base), ("templates/page.html", page)]);
    let html = render(&theme, "list.html", true);
    assert!(html.contains("<p>OURS</p>") && !html.contains("Made with"));
    let tera = theme.compile().unwrap();
    let context =
        tera::Context::from_serialize(&sample::context(&theme, "page.html", true, &[])).unwrap();
    let html = tera.render("page.html", &context).unwrap();
    assert!(
        html.contains("<h1>Mine</h1>")
            && html.contains("OURS")
            && html.contains("About this digest")
    );
}

#[test]
fn broken_site_templates_are_reported_with_their_lines() {
    let theme = theme(&[
        ("templates/a.html", "one\n{% if x %}\ntwo"),
        ("templates/page.html", "{% extends \"base.html\" %}\n{{ 1 + }}"),
    ]);
    let reports = theme.compile().unwrap_err();
    assert_eq!(reports.len(), 2, "{reports:?}");
    assert!(reports.iter().all(|report| report.code == Code::TemplateSyntax));
    assert_eq!(line(&reports[0]).0, "templates/a.html");
    let (path, at, _) = line(&reports[1]);
    assert_eq!((path, at), ("templates/page.html", 2));
}

#[test]
fn unknown_references_are_reported_with_their_lines() {
    let of = |text: &str| theme(&[("templates/a.html", text)]).compile().unwrap_err().remove(0);
    let report = of("é\n  {{ x | shuot }}");
    assert_eq!((line(&report).0, line(&report).1), ("templates/a.html", 2));
    assert!(line(&report).2.contains("shuot"), "{report:?}");
    let report = of("x\n{% include \"entri.html\" %}");
    assert_eq!(line(&report).1, 2);
    assert!(report.help.as_deref().is_some_and(|help| help.contains("entry.html")), "{report:?}");
    let report = of("{% extends \"bse.html\" %}");
    assert_eq!(line(&report), ("templates/a.html", 1, "bse.html"));
    assert_eq!(report.help.as_deref(), Some("did you mean `base.html`?"));
    let report = of("{% extends \"a.html\" %}");
    assert_eq!(report.place.unwrap().path.as_str(), "templates/a.html");
}

#[test]
fn a_failed_page_is_reported_in_its_template() {
    let theme = theme(&[("templates/a.html", "x\n{{ page.titel }}")]);
    let context =
        tera::Context::from_serialize(&sample::context(&theme, "page.html", true, &[])).unwrap();
    let error = theme.compile().unwrap().render("a.html", &context).unwrap_err();
    let report = render_error(&theme, &error, "/about/");
    assert_eq!(
        (report.code, line(&report).0, line(&report).1),
        (Code::TemplateRender, "templates/a.html", 2)
    );
    assert!(report.message.ends_with("(while rendering `/about/`)"), "{}", report.message);
}

#[test]
fn layers_cover_each_other_file_by_file() {
    let plain = theme(&[]);
    let site = theme(&[
        ("themes/broadsheet/static/style.css", "p{}"),
        ("themes/broadsheet/templates/404.html", "gone"),
        ("i18n/en.toml", "latest = \"Just in\""),
        ("static/favicon.ico", "x"),
    ]);
    assert_eq!(site.template("404.html").unwrap().text, "gone");
    assert_eq!(site.strings["latest"], "Just in");
    assert_eq!(site.strings.len(), plain.strings.len());
    assert_eq!(site.site_assets[0].output.as_str(), "favicon.ico");
    assert_ne!(site.style, plain.style);
    assert_ne!(site.fingerprint, plain.fingerprint);
    assert_eq!(plain.fingerprint, theme(&[]).fingerprint);
    assert_eq!(plain.options["made"], true);
}

#[test]
fn a_theme_that_cannot_be_used_is_reported() {
    let mut config = SiteConfig { theme: "broadshet".into(), ..SiteConfig::default() };
    let report = load(&files(&[]), &config).unwrap_err().remove(0);
    assert_eq!(
        (report.code, report.help.as_deref()),
        (Code::ThemeMissing, Some("did you mean `broadsheet`?"))
    );
    for bad in ["", "..", "../x", "a/b", "/"] {
        config.theme = bad.into();
        assert_eq!(load(&files(&[]), &config).unwrap_err()[0].code, Code::ThemeMissing, "{bad}");
    }
    config.theme = "mine".into();
    let site = files(&[
        ("themes/mine/theme.toml", "name = 1\ncontract = 9\n"),
        ("themes/mine/templates/base.html", ""),
    ]);
    let reports = load(&site, &config).unwrap_err();
    assert!(reports.iter().all(|report| report.code == Code::ThemeFile));
    assert_eq!(line(&reports[0]), ("themes/mine/theme.toml", 1, "name"));
    assert_eq!(line(&reports[1]), ("themes/mine/theme.toml", 2, "contract"));
    assert!(reports.iter().any(|report| report.message.contains("templates/home.html")));
    let broken =
        load(&files(&[("i18n/en.toml", "a = \nb = 2")]), &self::SiteConfig::default()).unwrap_err();
    assert_eq!(line(&broken[0]).1, 1);
}

#[test]
fn filters_pick_and_fill() {
    let theme = theme(&[(
        "templates/a.html",
        "{{ n | plural(one='{n} day', other='{n} days') }} {{ t | fill(name=v, n=2) }}",
    )]);
    let tera = theme.compile().unwrap();
    let render = |n: i64, v: &str| {
        let context = serde_json::json!({"n": n, "t": "{name} {x} {n} {", "v": v});
        tera.render("a.html", &tera::Context::from_serialize(&context).unwrap()).unwrap()
    };
    assert_eq!(render(1, "a"), "1 day a {x} 2 {");
    assert_eq!(render(0, "<{n}>"), "0 days &lt;{n}&gt; {x} 2 {");
    assert_eq!(render(1234, ""), "1,234 days  {x} 2 {");
}

#[test]
fn a_site_without_the_base_layer_has_none_of_it() {
    let mut list: Vec<(String, &str)> =
        REQUIRED.iter().map(|name| (format!("themes/own/templates/{name}"), "<p>")).collect();
    list.push(("themes/own/theme.toml".into(), "name = 'own'\ncontract = 1\n"));
    list.push(("themes/own/static/style.css".into(), "p { color: red }"));
    let site: Vec<(&str, &str)> = list.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    let config = SiteConfig { theme: "own".into(), ..SiteConfig::default() };
    let theme = load(&files(&site), &config).unwrap().value;
    assert!(theme.templates.iter().all(|template| template.name.starts_with(OWN)));
    assert_eq!(theme.assets.len(), 1);
    assert_eq!(theme.assets[0].bytes, b"p{color:red}");
    assert_eq!(theme.strings["latest"], "Latest");
    let base = SiteConfig { theme: "base".into(), ..SiteConfig::default() };
    assert_eq!(load(&files(&site), &base).unwrap_err()[0].code, Code::ThemeMissing);
}

#[test]
fn options_of_the_site_go_over_those_of_the_theme() {
    let with = |text: &str| {
        let path = SitePath::parse("site.toml").unwrap();
        let config = SiteConfig::parse(&format!("[theme]\n{text}"), &path).unwrap().value;
        load(&files(&[("static/logo.svg", "<svg/>"), ("site.toml", text)]), &config)
    };
    let theme = with("accent = 'teal'\nmade = false\nlogo = 'logo.svg'").unwrap().value;
    assert_eq!(theme.options["made"], false);
    assert_eq!(theme.images().collect::<Vec<_>>(), ["/logo.svg"]);
    let css = &theme.assets.iter().find(|asset| asset.path == theme.style).unwrap().bytes;
    let css = std::str::from_utf8(css).unwrap();
    assert!(css.contains("--accent-light:teal"), "{css}");
    for (bad, message, help) in [
        ("acent = 'red'", "no option `acent`", "did you mean `accent`?"),
        ("accent = 'tael'", "it is not a colour", "expected a colour"),
        ("made = 3", "it is not `true` or `false`", "expected `true` or `false`"),
        ("density = 'compakt'", "there is no such choice", "did you mean `compact`?"),
        ("panels = ['fig']", "is no such choice", "expected a list of"),
        ("logo = 'lgo.svg'", "there is no such file", "did you mean `logo.svg`?"),
        ("serif = 'a; b'", "it is not a list of fonts", "expected fonts"),
    ] {
        let report = with(bad).unwrap_err().remove(0);
        assert_eq!(
            (report.code, line(&report).0, line(&report).1),
            (Code::ThemeOption, "site.toml", 2)
        );
        assert!(report.message.contains(message), "{}", report.message);
        assert!(report.help.as_deref().unwrap().starts_with(help), "{report:?}");
    }
}

#[test]
fn what_a_theme_declares_wrongly_is_reported() {
    let declared = |text: &str| {
        let manifest = format!("name = 'B'\ncontract = 1\n{text}");
        let report =
            load(&files(&[("themes/broadsheet/theme.toml", &manifest)]), &SiteConfig::default());
        report.unwrap_err().remove(0).message
    };
    for (text, message) in [
        ("options.a = [1]", "has no type"),
        ("options.a = { type = 'colour', default = 'red' }", "no type that there is"),
        ("options.a = { type = 'choice', default = 'x' }", "lacks `choices`"),
        ("options.a = { type = 'color' }", "there is none"),
        ("options.a = { type = 'integer', min = 1, max = 3, default = 4 }", "out of range"),
        ("options.a = { type = 'bool', default = true, hlep = 'x' }", "unknown key `hlep`"),
        (
            "options.a = { type = 'color', default = 'red', property = 'a:b' }",
            "not a custom property",
        ),
    ] {
        assert!(declared(text).contains(message), "{text}: {}", declared(text));
    }
}

#[test]
fn numbers_and_words_follow_the_language() {
    let say = |language: &str, n: i64| {
        let config = SiteConfig { language: language.into(), ..SiteConfig::default() };
        let site = [("templates/a.html", "{{ n | count(of='article') }} {{ n | number }}")];
        let theme = load(&files(&site), &config).unwrap().value;
        let context = tera::Context::from_serialize(&serde_json::json!({"n": n})).unwrap();
        theme.compile().unwrap().render("a.html", &context).unwrap()
    };
    assert_eq!(say("en", 1234), "1,234 articles 1,234");
    assert_eq!(say("en-GB", 1), "1 article 1");
    assert_eq!(say("fr", 0), "0 article 0");
    assert_eq!(say("fa", 12), "۱۲ مقاله ۱۲");
    assert_eq!(say("ar", 2), "مقالان ٢");
    assert_eq!(say("ar", 3), "٣ مقالات ٣");
    assert_eq!(say("ar", 11), "١١ مقالًا ١١");
    assert_eq!(say("pl", 5), "5 articles 5");
}
