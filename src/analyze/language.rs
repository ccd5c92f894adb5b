//! The language of a text.

/// Fewer characters do not tell a language.
const LANGUAGE_CHARS: usize = 60;

/// No more than this is read to tell the language.
const LANGUAGE_SAMPLE: usize = 1_000;

/// Returns the ISO 639-1 code of the text's language, if it can be told.
pub(super) fn language(text: &str) -> Option<String> {
    let sample: &str =
        text.char_indices().nth(LANGUAGE_SAMPLE).map_or(text, |(end, _)| &text[..end]);
    if sample.chars().take(LANGUAGE_CHARS).count() < LANGUAGE_CHARS {
        return None;
    }
    if is_plainly_english(sample) {
        return Some("en".to_owned());
    }
    let info = whatlang::detect(sample).filter(whatlang::Info::is_reliable)?;
    short_code(info.lang()).map(str::to_owned)
}

/// Whether enough of the first words are the commonest ones of English, and of English only.
///
/// Telling a language apart from all others costs more than the rest of the analysis of a short
/// article, and most articles need not be asked.
fn is_plainly_english(text: &str) -> bool {
    const ASKED: usize = 80;
    let (mut all, mut english, mut common, mut found) = (0, 0, 0, 0u32);
    for word in text.split_ascii_whitespace().take(ASKED) {
        all += 1;
        if let Some(number) = commonest(word) {
            common += 1;
            english += usize::from(number < ENGLISH);
            found |= 1 << number;
        }
    }
    // Six different ones are in no other language.
    let many = found.count_ones() >= 6 && common * 6 >= all;
    all >= 20 && (english * 10 >= all || found & 1 != 0 && common * 4 >= all || many)
}

/// Words that are of English only have lower numbers.
const ENGLISH: u32 = 12;

/// Returns a number for one of the commonest words of English; that of `the` is 0.
fn commonest(word: &str) -> Option<u32> {
    Some(match word {
        "the" => 0,
        "and" => 1,
        "that" => 2,
        "with" => 3,
        "from" => 4,
        "which" => 5,
        "this" => 6,
        "have" => 7,
        "their" => 8,
        "were" => 9,
        "been" => 10,
        "said" => 11,
        // Each of these is a word of some other language, too; so many of them beside `the` are not.
        "of" => 12,
        "to" => 13,
        "in" => 14,
        "a" => 15,
        "for" => 16,
        "on" => 17,
        "by" => 18,
        "is" => 19,
        "was" => 20,
        "it" => 21,
        "its" => 22,
        "at" => 23,
        "has" => 24,
        "are" => 25,
        "be" => 26,
        "will" => 27,
        _ => return None,
    })
}

/// Returns the two-letter code of a language.
fn short_code(language: whatlang::Lang) -> Option<&'static str> {
    const CODES: &[(&str, &str)] = &[
        ("afr", "af"),
        ("aka", "ak"),
        ("amh", "am"),
        ("ara", "ar"),
        ("aze", "az"),
        ("bel", "be"),
        ("ben", "bn"),
        ("bul", "bg"),
        ("cat", "ca"),
        ("ces", "cs"),
        ("cmn", "zh"),
        ("cym", "cy"),
        ("dan", "da"),
        ("deu", "de"),
        ("ell", "el"),
        ("eng", "en"),
        ("epo", "eo"),
        ("est", "et"),
        ("fin", "fi"),
        ("fra", "fr"),
        ("guj", "gu"),
        ("heb", "he"),
        ("hin", "hi"),
        ("hrv", "hr"),
        ("hun", "hu"),
        ("hye", "hy"),
        ("ind", "id"),
        ("ita", "it"),
        ("jav", "jv"),
        ("jpn", "ja"),
        ("kan", "kn"),
        ("kat", "ka"),
        ("khm", "km"),
        ("kor", "ko"),
        ("lat", "la"),
        ("lav", "lv"),
        ("lit", "lt"),
        ("mal", "ml"),
        ("mar", "mr"),
        ("mkd", "mk"),
        ("mya", "my"),
        ("nep", "ne"),
        ("nld", "nl"),
        ("nob", "nb"),
        ("ori", "or"),
        ("pan", "pa"),
        ("pes", "fa"),
        ("pol", "pl"),
        ("por", "pt"),
        ("ron", "ro"),
        ("rus", "ru"),
        ("sin", "si"),
        ("slk", "sk"),
        ("slv", "sl"),
        ("sna", "sn"),
        ("spa", "es"),
        ("srp", "sr"),
        ("swe", "sv"),
        ("tam", "ta"),
        ("tel", "te"),
        ("tgl", "tl"),
        ("tha", "th"),
        ("tuk", "tk"),
        ("tur", "tr"),
        ("ukr", "uk"),
        ("urd", "ur"),
        ("uzb", "uz"),
        ("vie", "vi"),
        ("yid", "yi"),
        ("zul", "zu"),
    ];
    let code = language.code();
    CODES.iter().find(|(long, _)| *long == code).map(|(_, short)| *short)
}
