//! The stable codes of reports, each with its severity, title and explanation.
//!
//! `docs/diagnostics.md` is generated from this table and compared by a test.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How grave a report is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; changes no exit code.
    Note,
    /// The site is written; something was left out or guessed.
    Warning,
    /// Nothing is written; the last good site stays.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

macro_rules! codes {
    ($($variant:ident $code:literal $severity:ident $title:literal $explanation:literal;)+) => {
        /// The stable code of a report: `E` for errors, `W` for warnings, `N` for notes;
        /// the first two digits name the stage.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $title] $variant,)+
        }

        impl Code {
            /// Every code, in order.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Returns the code as it is printed, such as `E0102`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// Returns the severity that the code has by default.
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)+ }
            }

            /// Returns a heading of a few words.
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)+ }
            }

            /// Returns a paragraph: when it comes up, and what to do.
            pub fn explanation(self) -> &'static str {
                match self { $(Self::$variant => $explanation,)+ }
            }
        }
    };
}

codes! {
    ConfigSyntax "E0101" Error "the configuration is not valid TOML"
        "`site.toml` (or a theme's `theme.toml`) cannot be read as TOML. The report points at the first place where the reader gave up; quotes, brackets and `=` just before it are the usual cause.";
    ConfigKey "E0102" Error "unknown setting"
        "A key of the configuration is not one that Pressmark knows. Keys are never ignored, because a misspelt one would silently not apply. Settings of your own belong in `[extra]`.";
    ConfigType "E0103" Error "a setting has the wrong type"
        "A setting holds, say, a string where a number is expected. The help line names the expected shape.";
    ConfigValue "E0104" Error "a setting has an invalid value"
        "A setting has the right type, but its value is out of range or malformed: a URL without a host, an unknown time zone, an entity kind whose folder is taken.";
    CommandNotAllowed "E0105" Error "the site wants to run a program"
        "`[digest] command` names a program that finds names in place of what is built in. Whoever wrote the settings decides what it does on this machine, so a site that came from somewhere else must not start it unasked. Look at it, then allow it with `--allow-command`.";
    ModelUnsupported "E0106" Error "the site wants a model, and this program cannot run one"
        "`[digest] model` names a model that finds names in place of what is built in. Running it takes libraries that most sites do not need, so a program has to be built for it: `cargo build --release --features ner-onnx`.";
    ModelUnusable "E0107" Error "the model that finds names cannot be used"
        "A file of `[digest] model` or `tokenizer` is missing, cannot be read or is none; or it is not that of a GLiNER model in span mode; or ONNX Runtime, the library that runs models, cannot be loaded. The report says which. Pressmark contains neither a model nor the library: the environment variable `ORT_DYLIB_PATH` says where the library is, and without it the system looks for it.";
    FileEncoding "W0201" Warning "the file is not UTF-8 and was skipped"
        "Pressmark reads UTF-8, with or without a byte order mark, and never guesses another encoding, because a wrong guess damages names without anybody noticing. The report gives the offset of the first invalid byte. Convert the file, for instance with `iconv -f WINDOWS-1252 -t UTF-8`.";
    FileSize "W0202" Warning "the file is too large and was skipped"
        "An article, record or page is larger than `[security] max_file_size`. The bound keeps a misplaced disk image from filling the memory.";
    FileLink "W0203" Warning "a symbolic link was not followed"
        "A symbolic link points outside `content/`, is broken, or forms a loop. Such links could publish files of the machine that nobody meant to publish, so the file was skipped.";
    FileUnreadable "W0204" Warning "the file cannot be read and was skipped"
        "The operating system refused to open or list a file or folder, usually because of its permissions.";
    FileName "W0205" Warning "the file name is not UTF-8 and was skipped"
        "The name of a file cannot be shown as text, so no URL can be made from it. Rename it.";
    FrontMatterSyntax "E0211" Error "the front matter cannot be read"
        "The block at the top of the file starts as TOML (`+++`), YAML (`---`) or JSON (`{`) and is not valid in that format.";
    FrontMatterOpen "E0212" Error "the front matter is not closed"
        "The file starts with a front matter fence, and no closing fence follows.";
    FrontMatterType "E0213" Error "a front matter key has the wrong type"
        "A key holds, say, a number where a list of names is expected.";
    FrontMatterValue "E0214" Error "a front matter key has an invalid value"
        "A key has the right type, but its value cannot be used: a date that does not exist, an unknown `rights` mode.";
    FrontMatterPath "E0215" Error "a path leaves the output folder"
        "A `slug`, `path` or alias contains `..`, a drive letter, a reserved name or a control character, or is absolute where it may not be. Paths from articles stay inside the site.";
    FrontMatterKey "W0221" Warning "unknown front matter key"
        "A top-level key is not one that Pressmark knows, so it has no effect. Values of your own belong in `[extra]`.";
    FrontMatterTwice "W0222" Warning "a key and its synonym are both set"
        "Two spellings of the same key are set (such as `updated` and `lastmod`); the first of the documented spellings wins.";
    HtmlRemoved "W0301" Warning "unsafe HTML was removed"
        "The text holds HTML that could run code or load files from elsewhere; the unsafe elements or attributes were dropped and the rest kept. `[security] html` chooses between `sanitise` and `escape`.";
    UrlRemoved "W0302" Warning "an unsafe URL was removed"
        "A link or image used a scheme that can run code (`javascript:`, `data:`, `vbscript:`); the text was kept and the link dropped.";
    ArticleEmpty "W0303" Warning "the article has no text"
        "The file holds no text besides front matter and boilerplate. A page is still made when it has a title.";
    DigestCommand "E0304" Error "the command that finds names failed"
        "The program of `[digest] command` could not be started, ended early, took longer than two minutes for one article, or answered with something else than `{\"mentions\":[[start,end,kind],...]}`. The report says which, and for which article. Nothing is written; articles that it answered for are not asked about again.";
    DigestModel "E0305" Error "the model that finds names failed"
        "The model of `[digest] model` could not be run on an article, or answered with other numbers than a GLiNER model does. The report says which, and for which article. Nothing is written.";
    RecordTwice "E0401" Error "two records have the same id"
        "Two topic or entity records share an id within their kind. An id names one thing for ever; give one of them another.";
    RecordName "W0402" Warning "a name belongs to two records"
        "The same name or alias stands in two records, so a mention of it is not linked to either. Remove it from one, or make the alias longer.";
    RecordParent "E0403" Error "a parent does not exist or forms a loop"
        "`parent` of a topic or place names no known record, or following it comes back to the start.";
    RecordKind "E0404" Error "unknown entity kind"
        "An entity's `kind` is neither built in (person, organization, place, event, work) nor declared in `[entities.kinds]`.";
    KindConflict "W0405" Warning "front matter and record disagree on the kind"
        "An article lists a name under one kind, and a record of that name has another. The record wins.";
    RecordUnused "W0406" Warning "a record is not used"
        "No article names the topic or entity. Reported by `check` only.";
    DecisionFile "E0411" Error "the decisions cannot be read"
        "`content/decisions.toml` is not UTF-8, not valid TOML, too large, or not a list of `[[decision]]` tables. Nothing is built without it, because names that somebody has rejected would be published.";
    DecisionValue "E0412" Error "a decision cannot be used"
        "A decision has an unknown action or kind, or lacks a key that its action needs: `name` for all about names; `into` for `merge`, `form` for `split`, `to` for `rename`, `kind` for `kind`; `topic` and `article` for `accept-topic` and `reject-topic`; `quote`, `figure` or `role`, and `article`, for those about quotations, figures and roles. A name that no record has needs a `kind` too.";
    DecisionIdle "N0413" Note "a decision has no effect"
        "A decision is about a name that no article holds any more, about an article that does not exist, about words that the article does not say any more or that are no quotation, figure or role of it, or asks to merge two names that both have a record file. It may stay, or be removed from `content/decisions.toml`. What depends on articles is reported by `check` only.";
    NotReviewed "E0414" Error "suggestions are not reviewed"
        "`gate` under `[review]` is `block`, and there are names, topics, quotations, figures or roles that only the program found. Reported by `check`, whose exit status is 3 when there is no other error. `pressmark review` lists them, and `pressmark review accept` and `reject` decide about them.";
    RedactionFile "E0421" Error "what was taken down cannot be read"
        "`content/redactions.toml` is empty, not UTF-8, not valid TOML, too large, or not a list of `[[redaction]]` tables. Nothing is built without it, because what was taken down would be published.";
    RedactionValue "E0422" Error "a redaction cannot be used"
        "An entry of `content/redactions.toml` names neither an article nor a name, or an article that does not exist, has no `date`, or has a key that is not known. Nothing is built, because what it is about would be published. `pressmark redact` writes entries that hold. See docs/redaction.md.";
    RedactionPlace "W0423" Warning "nothing says where an article was removed"
        "An entry of `content/redactions.toml` has no `at`, and the article's file does not tell any more where its page was, because its front matter cannot be read. So no page stands at the old address to say that something was removed. Write the address yourself, as `at = [\"articles/2024/talks/\"]`, or `at = []` if nothing is to stand there.";
    RedactionMoved "W0424" Warning "a redacted name stood in the name of a file"
        "The name of an article's file or folder holds a name that was taken down, and addresses are made of it. The page is at another address now, without the name, and links to the old one lead nowhere. A picture or other file whose name holds the name is left out. Rename the file, and set `slug` or `path` if you want another address.";
    RedactionLeft "E0425" Error "an output would hold a redacted name"
        "A name that was taken down would still be in a page or another output: it stands in a template, in `site.toml` or in a string of `i18n/`. Nothing is written. Remove it there.";
    RedactionPart "E0426" Error "a redacted name is a part of a longer one"
        "`pressmark redact --name` was asked for a name that stands nowhere in the site but as a part of longer ones, which are of others or would keep the rest of their words. Nothing is written. Take down the longer name, or repeat it with `--only-these-words`.";
    LinkBroken "W0501" Warning "broken internal link"
        "A link points at a file or page of this site that does not exist. `check` treats this as an error.";
    AnchorBroken "W0502" Warning "broken anchor"
        "A link points at a heading or anchor that the target page does not have. `check` treats this as an error.";
    ExternalBroken "W0511" Warning "broken external link"
        "An address of another site does not answer, or its server says that there is nothing (404, 410). Reported by `check --links` only. Write the new address, or that of a copy: the report names the article's `archive_url`, or where the Internet Archive would have a copy of that time (nobody has looked whether there is one). Since when the address is broken is known from earlier checks. See docs/links.md.";
    ExternalMoved "N0512" Note "an external link has moved"
        "A server sends visitors to another address for good (301, 308). Links to the old one work for as long as the server knows it. Write the new address, which the report names. Reported by `check --links` only.";
    ExternalDoubtful "N0513" Note "an external link cannot be checked"
        "A program cannot tell whether the link works: the server wants people or a login (401, 403), a wait (429), is in trouble (5xx), is closed by law (451), or its `robots.txt` forbids programs to ask; or the address belongs to this machine or a private network, which is asked only with `--allow-private`. Such links often work in a browser, so this never fails a check, with `--strict` neither. Reported by `check --links` only.";
    UrlCollision "E0601" Error "two outputs have the same URL"
        "Two pages, or a page and a redirect or asset, would be written to the same place. Nothing is silently dropped: rename one, or set its `slug` or `path`.";
    ArticleUndated "W0602" Warning "the article has no date for its URL"
        "`article_url` builds URLs from the date, and the article has none. It is put at the path of its file instead. Set `date`, or put the date into the file's name.";
    TemplateSyntax "E0701" Error "a template cannot be compiled"
        "A template of the theme or of the site is not valid. The report points into the template.";
    TemplateRender "E0702" Error "a template failed while rendering"
        "A template used a variable that the page does not have, or a filter on a value of the wrong type. The report points into the template and names the page.";
    ThemeMissing "E0703" Error "the theme does not exist"
        "`theme` names neither a folder under `themes/` nor a theme that is built in.";
    ThemeFile "E0704" Error "a theme file is invalid"
        "A file of the theme (`theme.toml`, `i18n/*.toml`, an asset) cannot be used.";
    TemplateUnknown "W0705" Warning "the template of an article does not exist"
        "`template` in the front matter names a template that neither the theme nor the site's `templates` folder has, so the page is shown with the usual one. Articles that come from another generator often name one of its templates; remove the key, or write the template.";
    ThemeOption "E0706" Error "an option of the theme cannot be used"
        "`[theme]` in `site.toml` has an option that the theme does not declare, or a value that the option cannot have. docs/theme-options.md lists the options of the built-in themes; those of another theme are in its `theme.toml`.";
    ThemeValue "E0711" Error "a template reads what no page has"
        "A template of the theme or the site names a value that is not in the contract (docs/theme-contract.md), a string that no language has, an option that the theme does not declare, or a file that it does not bring. Where such a value is shown, pages cannot be made; where it is only asked for, the answer is always no. Reported by `pressmark theme check` only.";
    ThemeUnsafe "W0712" Warning "a theme shows, runs or loads what it should not"
        "A template shows a text without escapes, so that an article could write HTML into the page; or it has a script, a style or a handler inside of the page, or loads a file from another host, which the policy of `content_security_policy` forbids. Reported by `pressmark theme check` only.";
    ThemeString "W0713" Warning "a string is missing in a language"
        "A theme has a string in English, and other strings in another language, but not this one. Readers of that language see it in English. Reported by `pressmark theme check` only.";
    FeedsNeedBase "N0801" Note "outputs that need absolute URLs were left out"
        "RSS and `sitemap.xml` must hold absolute URLs, so they are only written when `base_url` is set. The Atom and JSON feeds are written in any case.";
    HostLimit "W0811" Warning "the site is larger than its host holds"
        "The settings say where the site is published (`base_url` at `github.io`, `gitlab.io` or `pages.dev`, or `cloudflare` in `files` under `[hosting]`), and that host is known to hold less: GitHub Pages 1 GB; GitLab Pages 1 GB and 200,000 files; Cloudflare Pages 20,000 files, or 100,000 where it is paid for, of 25 MiB each. The site is written all the same.";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let known = Self::ALL.iter().find(|code| code.as_str() == text);
        known.copied().ok_or_else(|| serde::de::Error::custom(format!("unknown code `{text}`")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_sorted_and_named_for_their_severity() {
        let mut seen = std::collections::BTreeSet::new();
        for code in Code::ALL {
            assert!(seen.insert(code.as_str()), "{code} stands twice");
            let letter = match code.severity() {
                Severity::Note => 'N',
                Severity::Warning => 'W',
                Severity::Error => 'E',
            };
            assert!(code.as_str().starts_with(letter), "{code}");
        }
    }
}
