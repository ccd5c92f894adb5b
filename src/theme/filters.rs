//! The filters that templates have besides Tera's own. All are pure.

use tera::{Kwargs, State, Tera, TeraResult, Value};

/// Registers the filters.
pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("plural", plural);
    tera.register_filter("fill", fill);
}

/// `{{ n | plural(one=ui.article_one, other=ui.article_other) }}`: picks a string by number and fills `{n}` in.
#[expect(clippy::needless_pass_by_value, reason = "the signature is Tera's")]
fn plural(number: i64, kwargs: Kwargs, _: &State) -> TeraResult<String> {
    let one = kwargs.must_get::<&str>("one")?;
    let other = kwargs.must_get::<&str>("other")?;
    let text = if number == 1 { one } else { other };
    Ok(text.replace("{n}", &number.to_string()))
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
