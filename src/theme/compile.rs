//! From a [`Theme`] to the template engine, and from its errors to reports.

use std::ops::Range;

use tera::{ErrorKind, Tera};

use super::{BASE, OWN, Template, Theme, filters};
use crate::diag::{Code, Diagnostic};

impl Theme {
    /// Compiles the templates.
    ///
    /// # Errors
    /// Reports every template that is not valid, with its place.
    pub fn compile(&self) -> Result<Tera, Vec<Diagnostic>> {
        let mut tera = Tera::new();
        filters::register(&mut tera, self);
        let prefix = tera.set_fallback_prefixes([OWN, BASE]);
        let texts =
            self.templates.iter().map(|template| (template.name.as_str(), template.text.as_str()));
        match prefix.and_then(|()| tera.add_raw_templates(texts)) {
            Ok(()) => Ok(tera),
            Err(error) => Err(self.syntax_errors(&error)),
        }
    }

    /// Returns the reports for a failed compilation: one for each template that cannot be parsed.
    ///
    /// Tera stops at the first such template, so all are tried one by one.
    fn syntax_errors(&self, error: &tera::Error) -> Vec<Diagnostic> {
        if matches!(error.kind(), ErrorKind::SyntaxError(_)) {
            let failures = self.templates.iter().filter_map(|template| {
                let failure = Tera::new().add_raw_template(&template.name, &template.text).err()?;
                matches!(failure.kind(), ErrorKind::SyntaxError(_)).then(|| self.reports(&failure))
            });
            let reports: Vec<Diagnostic> = failures.flatten().collect();
            if !reports.is_empty() {
                return reports;
            }
        }
        self.reports(error)
    }

    /// Returns the reports for an error of Tera's.
    fn reports(&self, error: &tera::Error) -> Vec<Diagnostic> {
        let code = Code::TemplateSyntax;
        match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
                vec![self.place(
                    Diagnostic::new(code, sentence(report.message())),
                    report.filename(),
                    &report.span().range,
                )]
            }
            ErrorKind::MissingParent { current, parent } => {
                let message = format!(
                    "the template extends `{}`, which does not exist",
                    parent.escape_debug()
                );
                let report = self.did_you_mean(Diagnostic::new(code, message), parent);
                let text = self.template(current).map_or("", |template| &template.text);
                let at = text.find(parent.as_str()).unwrap_or(0);
                vec![self.place(report, current, &(at..at + parent.len()))]
            }
            ErrorKind::CircularExtend { tpl, .. } => {
                vec![self.whole(
                    Diagnostic::new(
                        code,
                        "the template extends itself, directly or through others",
                    ),
                    tpl,
                )]
            }
            ErrorKind::CircularInclude { tpl, .. } => {
                vec![self.whole(
                    Diagnostic::new(
                        code,
                        "the template includes itself, directly or through others",
                    ),
                    tpl,
                )]
            }
            ErrorKind::Msg(text) => self.printed(text),
            other => vec![Diagnostic::new(code, sentence(&other.to_string()))],
        }
    }

    /// Returns the reports for references that do not exist, which Tera hands over as printed text only.
    fn printed(&self, text: &str) -> Vec<Diagnostic> {
        let whole =
            || Diagnostic::new(Code::TemplateSyntax, sentence(text.lines().next().unwrap_or(text)));
        let mut reports = Vec::new();
        for block in text.split("\n\n") {
            let Some(message) = block.lines().next().and_then(|line| line.strip_prefix("error: "))
            else {
                continue;
            };
            let mut report = Diagnostic::new(Code::TemplateSyntax, sentence(message));
            if let Some(unknown) =
                message.strip_prefix("Unknown template `").and_then(|rest| rest.strip_suffix('`'))
            {
                report = self.did_you_mean(report, unknown);
            }
            let place = block
                .lines()
                .find_map(|line| line.trim_start().strip_prefix("--> "))
                .and_then(|place| {
                    let (rest, column) = place.rsplit_once(':')?;
                    let (name, line) = rest.rsplit_once(':')?;
                    Some((name, line.parse::<usize>().ok()?, column.parse::<usize>().ok()?))
                });
            let width = block
                .lines()
                .last()
                .map_or(1, |line| line.bytes().filter(|byte| *byte == b'^').count());
            reports.push(match place {
                Some((name, line, column)) => {
                    let source = self.template(name).map_or("", |template| &template.text);
                    self.place(report, name, &range(source, line, column, width))
                }
                None => report,
            });
        }
        if reports.is_empty() { vec![whole()] } else { reports }
    }

    /// Places a report in the template `name`.
    fn place(&self, report: Diagnostic, name: &str, range: &Range<usize>) -> Diagnostic {
        match self.template(name) {
            Some(Template { path, text, .. }) => report.at(path, text, range.clone()),
            None => report,
        }
    }

    fn whole(&self, report: Diagnostic, name: &str) -> Diagnostic {
        match self.template(name) {
            Some(template) => report.in_file(&template.path),
            None => report,
        }
    }

    fn did_you_mean(&self, report: Diagnostic, unknown: &str) -> Diagnostic {
        let names = self.templates.iter().map(|template| template.name.as_str());
        report.did_you_mean(
            unknown,
            names
                .flat_map(|name| [Some(name), name.strip_prefix(OWN), name.strip_prefix(BASE)])
                .flatten(),
        )
    }
}

/// Returns the report for a page that could not be rendered; `page` is its URL or path.
pub fn render_error(theme: &Theme, error: &tera::Error, page: &str) -> Diagnostic {
    let mut report = match theme.reports(error).into_iter().next() {
        Some(report) => report,
        None => Diagnostic::new(Code::TemplateRender, "the template failed"),
    };
    report.code = Code::TemplateRender;
    report.severity = Code::TemplateRender.severity();
    report.message = format!("{} (while rendering `{}`)", report.message, page.escape_debug());
    report
}

/// Returns a message of Tera's in the form that reports have: lower-case start, no trailing period.
fn sentence(message: &str) -> String {
    let message = message.trim().trim_end_matches('.');
    let mut chars = message.chars();
    match chars.next() {
        // An acronym stays as it is.
        Some(first) if !chars.as_str().starts_with(char::is_uppercase) => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => message.to_owned(),
    }
}

/// Returns the byte range of `width` characters at a line and a column, both from 1.
fn range(source: &str, line: usize, column: usize, width: usize) -> Range<usize> {
    let before: usize =
        source.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = source.get(before..).unwrap_or("");
    let bytes = |chars: usize| rest.char_indices().nth(chars).map_or(rest.len(), |(at, _)| at);
    let first = column.saturating_sub(1);
    before + bytes(first)..before + bytes(first.saturating_add(width))
}
