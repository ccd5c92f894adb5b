//! How a language writes numbers, and which form of a word it puts beside them.

use std::fmt;
use std::sync::Arc;

use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_decimal::options::DecimalFormatterOptions;
use icu_locale_core::Locale;
use icu_plurals::{PluralCategory, PluralRules};
use icu_provider::DataError;

/// The rules of a language, from the data of Unicode (CLDR).
#[derive(Clone)]
pub struct Numbers {
    language: String,
    /// None for a language that Unicode has no data of, which is then written as English is.
    rules: Option<Arc<Rules>>,
}

impl Numbers {
    /// Returns the rules of a language, by its BCP 47 tag.
    pub fn new(language: &str) -> Self {
        let locale = |language: &str| Locale::try_from_str(language).ok();
        // Without a country, Unicode has no opinion any more; most of those who write Arabic write these.
        let tag = if language == "ar" { "ar-u-nu-arab" } else { language };
        let known = locale(tag).and_then(|locale| rules(&locale).ok());
        let rules = known.or_else(|| rules(&locale("en")?).ok());
        Self { language: language.to_owned(), rules: rules.map(Arc::new) }
    }

    /// Writes a number with the digits and separators of the language.
    ///
    /// # Examples
    /// ```
    /// use pressmark::theme::Numbers;
    /// assert_eq!(Numbers::new("de").write(12_345), "12.345");
    /// assert_eq!(Numbers::new("fa").write(2024), "۲٬۰۲۴");
    /// ```
    pub fn write(&self, number: i64) -> String {
        match &self.rules {
            Some(rules) => rules.0.format(&Decimal::from(number)).to_string(),
            None => number.to_string(),
        }
    }

    /// Writes a number that counts nothing, such as a year: with the digits of the language, and no separators.
    pub fn digits(&self, number: i64) -> String {
        let written = self.write(number);
        written.chars().filter(|c| c.is_numeric() || *c == '-').collect()
    }

    /// Returns the end of the names of strings for a number: `one`, `two`, `few`, `many`, `other` or `zero`.
    pub fn category(&self, number: i64) -> &'static str {
        let category = |rules: &Arc<Rules>| name(rules.1.category_for(number.unsigned_abs()));
        self.rules.as_ref().map_or("other", category)
    }

    /// Returns all categories that the language has.
    pub fn categories(&self) -> Vec<&'static str> {
        let all = |rules: &Arc<Rules>| rules.1.categories().map(name).collect();
        self.rules.as_ref().map_or_else(|| vec!["other"], all)
    }
}

/// How numbers are written, and which category each has.
type Rules = (DecimalFormatter, PluralRules);

fn rules(locale: &Locale) -> Result<Rules, DataError> {
    let formatter = DecimalFormatter::try_new(locale.into(), DecimalFormatterOptions::default())?;
    Ok((formatter, PluralRules::try_new_cardinal(locale.into())?))
}

fn name(category: PluralCategory) -> &'static str {
    match category {
        PluralCategory::Zero => "zero",
        PluralCategory::One => "one",
        PluralCategory::Two => "two",
        PluralCategory::Few => "few",
        PluralCategory::Many => "many",
        PluralCategory::Other => "other",
    }
}

impl fmt::Debug for Numbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Numbers({})", self.language)
    }
}

impl PartialEq for Numbers {
    fn eq(&self, other: &Self) -> bool {
        self.language == other.language
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_their_language_does() {
        for (language, expected, year) in [
            ("en", "12,345", "2024"),
            ("de", "12.345", "2024"),
            ("es", "12.345", "2024"),
            ("fr", "12\u{202f}345", "2024"),
            ("fa", "۱۲٬۳۴۵", "۲۰۲۴"),
            ("ar", "١٢٬٣٤٥", "٢٠٢٤"),
            ("ar-MA", "12.345", "2024"),
            ("xx-unknown", "12,345", "2024"),
            ("not a tag", "12,345", "2024"),
        ] {
            let numbers = Numbers::new(language);
            assert_eq!(numbers.write(12_345), expected, "{language}");
            assert_eq!(numbers.digits(2024), year, "{language}");
        }
    }

    #[test]
    fn words_beside_numbers_have_the_forms_of_their_language() {
        let of = |language: &str, numbers: &[i64]| -> Vec<&str> {
            let language = Numbers::new(language);
            numbers.iter().map(|n| language.category(*n)).collect()
        };
        assert_eq!(of("en", &[0, 1, 2]), ["other", "one", "other"]);
        assert_eq!(of("fr", &[0, 1, 2, 1_000_000]), ["one", "one", "other", "many"]);
        assert_eq!(of("fa", &[0, 1, 2]), ["one", "one", "other"]);
        assert_eq!(
            of("ar", &[0, 1, 2, 3, 11, 100]),
            ["zero", "one", "two", "few", "many", "other"]
        );
        assert_eq!(of("ja", &[1]), ["other"]);
        assert_eq!(Numbers::new("ar").categories().len(), 6);
    }
}
