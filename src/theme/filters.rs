//! The filters that templates have besides Tera's own. All are pure: what they say depends on their arguments, and on
//! the strings and the language of the theme, which never change.

use std::collections::BTreeMap;
use std::sync::Arc;

use tera::{Kwargs, State, Tera, TeraResult, Value};

use super::Theme;
use super::locale::Numbers;

/// What the filters know.
struct Language {
    numbers: Numbers,
    strings: BTreeMap<String, String>,
}

/// Registers the filters.
pub(super) fn register(tera: &mut Tera, theme: &Theme) {
    let numbers = theme.numbers.clone();
    let language = Arc::new(Language { numbers, strings: theme.strings.clone() });
    let known = Arc::clone(&language);
    tera.register_filter("count", move |number: i64, kwargs: Kwargs, _: &State| {
        count(&known, number, &kwargs)
    });
    let known = Arc::clone(&language);
    tera.register_filter("plural", move |number: i64, kwargs: Kwargs, _: &State| {
        plural(&known.numbers, number, &kwargs)
    });
    let known = language;
    tera.register_filter("number", move |number: i64, _: Kwargs, _: &State| {
        known.numbers.write(number)
    });
    tera.register_filter("fill", fill);
}

/// `{{ n | count(of="article") }}`: the string `article_one`, `article_few` and so on, as the language has it for the
/// number, which is filled in for `{n}`.
fn count(language: &Language, number: i64, kwargs: &Kwargs) -> TeraResult<String> {
    let of = kwargs.must_get::<&str>("of")?;
    let find = |category: &str| language.strings.get(&format!("{of}_{category}"));
    let text = find(language.numbers.category(number)).or_else(|| find("other"));
    let text =
        text.ok_or_else(|| tera::Error::message(format!("there is no string `{of}_other`")))?;
    Ok(text.replace("{n}", &language.numbers.write(number)))
}

/// `{{ n | plural(one="{n} leaf", other="{n} leaves") }}`: for strings of the template's own, which may have `zero`, `two`, `few` and `many` too.
fn plural(numbers: &Numbers, number: i64, kwargs: &Kwargs) -> TeraResult<String> {
    let text = match kwargs.get::<&str>(numbers.category(number))? {
        Some(text) => text,
        None => kwargs.must_get::<&str>("other")?,
    };
    Ok(text.replace("{n}", &numbers.write(number)))
}

/// `{{ ui.search_in | fill(name=site.title) }}`: puts each argument in the place of its `{name}`.
///
/// One pass, so a value that itself holds braces is left alone. The result is escaped like any text.
#[expect(clippy::needless_pass_by_value, reason = "the signature is Tera's")]
fn fill(text: &str, kwargs: Kwargs, _: &State) -> TeraResult<String> {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        let close = rest.find('}');
        let value = match close {
            Some(close) => kwargs.get::<Value>(&rest[1..close])?,
            None => None,
        };
        if let (Some(close), Some(value)) = (close, value) {
            out.push_str(&value.to_string());
            rest = &rest[close + 1..];
        } else {
            out.push('{');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    Ok(out)
}
