//! Which templates of the base layer a theme uses.
//!
//! A theme that uses none has none: their words would have values made that nobody reads.

use std::collections::BTreeSet;

use super::{BASE, Template};

/// Adds those of the shared templates that others name: by their names in quotes, or by a component that they define
/// and nobody else does.
pub(super) fn add_wanted(templates: &mut Vec<Template>, mut shared: Vec<Template>) {
    let own: BTreeSet<String> = templates.iter().flat_map(|one| defined(&one.text)).collect();
    loop {
        let is_wanted = |one: &Template| {
            let name = one.name.strip_prefix(BASE).unwrap_or(&one.name);
            let components: Vec<String> =
                defined(&one.text).into_iter().filter(|name| !own.contains(name)).collect();
            templates.iter().any(|user| {
                names(&user.text, name)
                    || names(&user.text, &one.name)
                    || components.iter().any(|component| calls(&user.text, component))
            })
        };
        let (wanted, rest): (Vec<Template>, Vec<Template>) =
            shared.into_iter().partition(is_wanted);
        if wanted.is_empty() {
            return;
        }
        templates.extend(wanted);
        shared = rest;
    }
}

/// Returns whether a text names a template.
fn names(text: &str, name: &str) -> bool {
    ["\"", "'", "`"].iter().any(|quote| text.contains(&format!("{quote}{name}{quote}")))
}

/// Returns whether a text calls a component. An element of HTML with the same name costs time only.
fn calls(text: &str, component: &str) -> bool {
    let open = format!("<{component}");
    text.match_indices(&open).any(|(at, _)| {
        !text[at + open.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_')
    })
}

/// Returns the names of the components that a text defines.
fn defined(text: &str) -> Vec<String> {
    let after = |(at, word): (usize, &str)| {
        let is_tag = text[..at].trim_end().ends_with(['%', '-']);
        let rest = text[at + word.len()..].trim_start();
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_')?;
        (is_tag && rest[end..].trim_start().starts_with('(')).then(|| rest[..end].to_owned())
    };
    text.match_indices("component ").filter_map(after).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::SitePath;

    fn wanted(own: &str, shared: &[(&str, &str)]) -> Vec<String> {
        let path = SitePath::parse("x.html").unwrap();
        let template = |name: &str, text: &str| Template {
            name: name.to_owned(),
            text: text.to_owned(),
            path: path.clone(),
        };
        let mut templates = vec![template("theme/own.html", own)];
        let shared = shared.iter().map(|(name, text)| template(&format!("{BASE}{name}"), text));
        add_wanted(&mut templates, shared.collect());
        templates.into_iter().skip(1).map(|one| one.name).collect()
    }

    #[test]
    fn a_shared_template_comes_when_somebody_names_it() {
        let shared = [
            ("head.html", "{{ <date /> }}"),
            ("parts.html", "{%- component date(value) -%}{%- endcomponent date -%}"),
            ("other.html", "{% component dates(x) %}{% endcomponent %}"),
        ];
        assert!(wanted("<p>no <dates></p>", &shared[..2]).is_empty());
        assert_eq!(
            wanted("{% include \"head.html\" %}", &shared),
            ["base/head.html", "base/parts.html"]
        );
        assert_eq!(wanted("{% include 'base/other.html' %}", &shared), ["base/other.html"]);
        let own = "{% component date(value) %}{% endcomponent date %}{{ <date value={1} /> }}";
        assert!(wanted(own, &shared).is_empty());
    }
}
