//! The themes inside the program: what each of them holds to.

use std::collections::BTreeSet;

use super::*;

/// Returns every theme inside the program, with the options that a site gives it.
fn themes() -> Vec<Theme> {
    let names = layers::built_in();
    assert!(names.contains("broadsheet") && names.contains("wire"), "{names:?}");
    let of = |name: String| SiteConfig { theme: name, ..SiteConfig::default() };
    names.into_iter().map(|name| load(&files(&[]), &of(name)).unwrap().value).collect()
}

fn pages() -> impl Iterator<Item = &'static str> {
    REQUIRED
        .iter()
        .chain(OPTIONAL)
        .copied()
        .filter(|name| !matches!(*name, "base.html" | "entry.html"))
}

#[test]
fn every_template_renders_with_all_values_and_with_none() {
    for theme in themes() {
        renders(&theme);
    }
}

/// Renders every template of a theme; into the folder that `PRESSMARK_PREVIEW` names, when there is one.
fn renders(theme: &Theme) {
    let out = std::env::var_os("PRESSMARK_PREVIEW");
    let out = out.map(|out| std::path::PathBuf::from(out).join(&theme.name));
    for template in pages() {
        for rich in [true, false] {
            let html = render(theme, template, rich);
            assert_tidy(&html, &format!("{}: {template}", theme.name));
            if let Some(out) = &out {
                let name = if rich { template.to_owned() } else { format!("poor-{template}") };
                std::fs::create_dir_all(out.join("assets")).unwrap();
                std::fs::write(out.join(name), html).unwrap();
            }
        }
    }
    if let Some(out) = out {
        for asset in &theme.assets {
            std::fs::write(asset.path.on_disk(&out), &asset.bytes).unwrap();
        }
    }
}

/// Holds a page to what all pages have in common.
fn assert_tidy(html: &str, name: &str) {
    assert_eq!(html.matches("<h1").count(), 1, "{name}");
    assert!(html.starts_with("<!doctype html>\n<html lang=\"en\" dir=\"ltr\">"), "{name}");
    assert!(!html.contains("&lt;p&gt;") && !html.contains("&lt;article"), "{name}");
    assert!(!html.contains("&lt;tr") && !html.contains("&lt;svg"), "{name}");
    assert!(
        !html.contains("/>") && !html.contains("\n\n") && !html.contains("\n  "),
        "{name}:\n{html}"
    );
    for element in ["section", "table", "tbody", "tr", "td", "dl", "ul", "aside"] {
        let open = [" ", ">"].map(|end| html.matches(&format!("<{element}{end}")).count());
        let close = html.matches(&format!("</{element}>")).count();
        assert_eq!(open.iter().sum::<usize>(), close, "{name}: {element}");
    }
    // A row of a table stands in a table, and only there.
    for (at, _) in html.match_indices("<tr") {
        let before = &html[..at];
        assert!(before.rfind("<table") > before.rfind("</table>"), "{name}: a row without a table");
    }
}

#[test]
fn text_is_escaped_and_html_is_not() {
    for theme in themes() {
        let html = render(&theme, "home.html", true);
        assert!(html.contains("Oslo &lt;and&gt; its suburbs"), "{}", theme.name);
        assert!(html.contains("content=\"A &quot;short&quot; &lt;description&gt;\""));
        assert!(html.contains("<script type=\"application/ld+json\">{}</script>"));
    }
}

#[test]
fn themes_load_nothing_from_elsewhere_and_run_nothing() {
    for theme in themes() {
        loads_nothing_from_elsewhere(&theme);
    }
}

fn loads_nothing_from_elsewhere(theme: &Theme) {
    for template in &theme.templates {
        for bad in ["style=", "http://", "https://", "onclick", "onload", "@import", "<style"] {
            assert!(!template.text.contains(bad), "{} holds {bad}", template.name);
        }
        let scripts = template.text.split("<script").skip(1);
        for script in scripts {
            assert!(script.starts_with(" src=\"{{ site.assets["), "{}: {script}", template.name);
        }
    }
    let css = &theme.assets.iter().find(|asset| asset.path == theme.style).unwrap().bytes;
    let css = std::str::from_utf8(css).unwrap();
    assert!(css.len() < 25_000, "{}: {}", theme.name, css.len());
    assert!(!css.contains("url(") && !css.contains("@import"));
    assert!(!css.contains("/*") && !css.contains('\n'));
    for physical in [
        "margin-left",
        "margin-right",
        "padding-left",
        "padding-right",
        "text-align:left",
        "text-align:right",
        "float:",
    ] {
        assert!(!css.contains(physical), "{}: {physical}", theme.name);
    }
    for wanted in ["prefers-reduced-motion", "prefers-contrast", "forced-colors", "@media print"] {
        assert!(css.contains(wanted), "{}: {wanted}", theme.name);
    }
}

#[test]
fn strings_and_templates_agree() {
    let themes = themes();
    let theme = &themes[0];
    let mut used = BTreeSet::new();
    for template in themes.iter().flat_map(|theme| &theme.templates) {
        for rest in template.text.split("ui.").skip(1) {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            used.insert(rest[..end.unwrap_or(rest.len())].to_owned());
        }
        for rest in template.text.split("count(of=\"").skip(1) {
            let name = &rest[..rest.find('"').unwrap()];
            let forms = theme.numbers.categories();
            used.extend(forms.iter().map(|form| format!("{name}_{form}")));
        }
    }
    // Views ask for strings by literal names, and for families of them by the site's own words.
    let known: BTreeSet<String> = theme.strings.keys().cloned().collect();
    // Only some languages have it.
    let views = source("plan/view").replace("\"date_first\"", "");
    for name in ["get(\"", "fill(\""].iter().flat_map(|call| views.split(call).skip(1)) {
        used.insert(name[..name.find('"').unwrap()].to_owned());
    }
    let literals: BTreeSet<String> =
        views.split('"').filter(|part| known.contains(*part)).map(str::to_owned).collect();
    used.extend(literals);
    // It stands in the place of names, before there are views.
    used.insert("name_removed".to_owned());
    // They are in the search index, not on pages.
    used.extend(["search_asks", "search_years"].map(str::to_owned));
    let kinds = Kinds::default();
    used.extend(kinds.all().map(|kind| format!("kind_{}", kinds.plural(kind))));
    used.extend((1..=12).map(|month| format!("month_{month}")));
    used.extend((1..=7).flat_map(|day| [format!("weekday_{day}"), format!("weekday_short_{day}")]));
    used.extend(rules(theme).iter().map(|rule| rule_key(rule)));
    assert_eq!(used, known);
}

#[test]
fn every_rule_is_explained_to_readers() {
    let theme = theme(&[]);
    let rules = rules(&theme);
    assert!(rules.contains("title.first-line") && rules.contains("topic.keyword"), "{rules:?}");
    for rule in rules {
        assert!(theme.strings.contains_key(&rule_key(&rule)), "no string for the rule `{rule}`");
    }
}

/// Returns the source below a folder of `src`, as text.
fn source(folder: &str) -> String {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(folder);
    let files = walkdir::WalkDir::new(root).sort_by_file_name().into_iter();
    let files = files.map(|entry| entry.unwrap().into_path());
    let rust = files.filter(|path| path.extension().is_some_and(|ending| ending == "rs"));
    rust.map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

/// Returns the names of all rules that derive what pages show, as they stand in the source.
fn rules(theme: &Theme) -> BTreeSet<String> {
    let source = source("");
    let fields = [
        "title",
        "date",
        "summary",
        "source",
        "author",
        "boilerplate",
        "topic",
        "name",
        "quote",
        "figure",
        "role",
    ];
    let is_rule = |text: &&str| {
        text.split_once('.').is_some_and(|(field, rule)| {
            let is_name = |c: char| c.is_ascii_lowercase() || c == '-';
            fields.contains(&field) && !rule.is_empty() && rule.chars().all(is_name)
        })
    };
    let found = source.split('"').filter(is_rule);
    // Templates have such names too.
    found.filter(|text| theme.template(text).is_none()).map(str::to_owned).collect()
}

/// Returns the name of the string for a rule.
fn rule_key(rule: &str) -> String {
    format!("rule_{}", rule.replace(['.', '-'], "_"))
}

/// Returns the names in braces of a string, each once.
fn filled(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

#[test]
fn every_language_says_everything() {
    let table = |tag: &str| -> std::collections::BTreeMap<String, String> {
        let path = format!("{}/themes/base/i18n/{tag}.toml", env!("CARGO_MANIFEST_DIR"));
        toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    };
    let english = table("en");
    // A string with forms for numbers has those that the language has, and no others.
    let families: BTreeSet<&str> = english
        .keys()
        .filter_map(|key| key.strip_suffix("_one"))
        .filter(|name| english.contains_key(&format!("{name}_other")))
        .collect();
    assert!(families.contains("article") && families.len() > 5, "{families:?}");
    for tag in ["ar", "de", "en", "es", "fa", "fr"] {
        let said = table(tag);
        let forms = Numbers::new(tag).categories();
        let family = |key: &str| {
            let name = key.strip_suffix("_one").or_else(|| key.strip_suffix("_other"))?;
            families.get(name)
        };
        let mut wanted: BTreeSet<String> =
            english.keys().filter(|key| family(key).is_none()).cloned().collect();
        for name in &families {
            wanted.extend(forms.iter().map(|form| format!("{name}_{form}")));
        }
        let mut found: BTreeSet<String> = said.keys().cloned().collect();
        // Languages without it write the first day as any other.
        found.remove("date_first");
        let missing: Vec<_> = wanted.difference(&found).collect();
        let odd: Vec<_> = found.difference(&wanted).collect();
        assert!(missing.is_empty() && odd.is_empty(), "{tag}: lacks {missing:?}, and has {odd:?}");
        for (key, text) in &said {
            assert!(!text.trim().is_empty() && text == text.trim(), "{tag}: {key}");
            let Some(original) = english.get(key) else { continue };
            let is_form = families.iter().any(|name| key.starts_with(&format!("{name}_")));
            // A form for one number may say it in words.
            if !is_form || key.ends_with("_other") {
                assert_eq!(filled(text), filled(original), "{tag}: {key}");
            }
        }
    }
}
