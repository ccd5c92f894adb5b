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
    // Of the words that are asked for.
    const LONGEST: usize = 5;
    let words = text.split_ascii_whitespace().take(ASKED);
    let (mut all, mut english, mut more, mut the) = (0, 0, 0, false);
    for word in words {
        all += 1;
        the |= word == "the";
        match word {
            _ if word.len() > LONGEST => {}
            "the" | "and" | "that" | "with" | "from" | "which" | "this" | "have" | "their"
            | "were" | "been" | "said" => english += 1,
            // Each of these is a word of some other language, too; so many of them beside `the` are not.
            "of" | "to" | "in" | "a" | "for" | "on" | "by" | "is" | "was" | "it" | "its" | "at"
            | "has" | "are" | "be" | "will" => more += 1,
            _ => {}
        }
    }
    all >= 20 && (english * 10 >= all || the && (english + more) * 4 >= all)
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
