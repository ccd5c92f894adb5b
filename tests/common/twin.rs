//! Reads the twins of articles, as other programs do.

use serde_json::Value;

fn number(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

/// Fails unless every offset of a twin is a place in its text, inside of the sentence that it says; returns the
/// number of mentions, and of quotations and figures.
pub(crate) fn assert_places(path: &str, twin: &Value, text: &str) -> (usize, usize) {
    let sentences = twin["sentences"].as_array().unwrap();
    for sentence in sentences {
        let range = number(&sentence[0])..number(&sentence[1]);
        assert!(text.get(range).is_some_and(|text| !text.is_empty()), "{path}: {sentence}");
    }
    let (mut mentions, mut facts) = (0, 0);
    let links = twin["entities"].as_array().unwrap().iter();
    for mention in links.flat_map(|link| link["mentions"].as_array().unwrap()) {
        mentions += 1;
        let (start, end) = (number(&mention["start"]), number(&mention["end"]));
        assert_eq!(text.get(start..end), mention["form"].as_str(), "{path}: {mention}");
        let sentence = &sentences[number(&mention["sentence"]) - 1];
        let inside = number(&sentence[0]) <= start && end <= number(&sentence[1]);
        assert!(inside, "{path}: {mention} is not in the sentence {sentence}");
    }
    let said = twin["quotes"].as_array().unwrap().iter();
    for fact in said.chain(twin["figures"].as_array().unwrap()) {
        facts += 1;
        let (start, end) = (number(&fact["start"]), number(&fact["end"]));
        assert_eq!(text.get(start..end), fact["text"].as_str(), "{path}: {fact}");
        let sentence = &sentences[number(&fact["sentence"]) - 1];
        let begins = number(&sentence[0]) <= start && start < number(&sentence[1]);
        assert!(begins, "{path}: {fact} does not begin in the sentence {sentence}");
        for key in ["speaker", "by", "what", "as_of"] {
            let words = fact.get(key).and_then(Value::as_str);
            assert!(words.is_none_or(|words| text.contains(words)), "{path}: {fact}");
        }
    }
    (mentions, facts)
}
