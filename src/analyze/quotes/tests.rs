//! Tests of who said what.

use super::*;

fn said(text: &str) -> Vec<String> {
    let document = Document::read(text);
    let speaker = |quote: &Quote| match quote.speaker {
        Speaker::Name(number) => document.names()[number].range.slice(text),
        Speaker::Words(range) => range.slice(text),
        Speaker::Unresolved => "?",
    };
    let line = |quote: &Quote| format!("{}: {}", speaker(quote), quote.range.slice(text));
    document.quotes().iter().filter(|quote| quote.direct).map(line).collect()
}

#[test]
fn participles_and_nouns_say_nothing() {
    let text = "In another tweet, John Kerry called the plan \"a bad idea,\" warning against haste.\n\n\
                When asked why, John Kerry responded: \"We had no choice at all.\"";
    assert_eq!(
        said(text),
        ["John Kerry: \"a bad idea,\"", "John Kerry: \"We had no choice at all.\""]
    );
}

#[test]
fn a_colon_announces_the_next_paragraph() {
    let text =
        "Maria Santos went on, and John Kerry responded:\n\n\"There was no other way to do it.\"";
    assert_eq!(said(text), ["John Kerry: \"There was no other way to do it.\""]);
}

#[test]
fn the_speaker_may_stand_at_the_end_of_the_sentence() {
    let text = "\"It was a great shock\" for the people of the town and for all who live near the old river bridge and \
                the market, Maria Santos said.\n\n\"Nobody is to leave this room,\" Maria Santos barked.";
    assert_eq!(
        said(text),
        [
            "Maria Santos: \"It was a great shock\"",
            "Maria Santos: \"Nobody is to leave this room,\""
        ]
    );
}

#[test]
fn a_paragraph_that_is_one_quotation_goes_on() {
    let text = "\"We have no water left,\" said Maria Santos, who lives in Manila.\n\n\
                \"It has been like this for weeks on end.\"\n\n\
                The old pump stood idle near the market.\n\n\"Nobody will tell who said this here.\"";
    let said = said(text);
    assert_eq!(said[1], "Maria Santos: \"It has been like this for weeks on end.\"");
    assert_eq!(said[2], "?: \"Nobody will tell who said this here.\"");
}

#[test]
fn marks_of_markup_and_marks_that_nothing_closes_hold_no_speech() {
    assert!(said("<tweet date=\"May 6, in the evening\"> and so on.").is_empty());
    assert!(said("Maria Santos said: \"It goes on and on and on without an end").is_empty());
    let next = "Maria Santos said: \"It goes on and on and on.\n\n\"And here it ends after all.\"";
    assert_eq!(said(next).len(), 2);
}

#[test]
fn speakers_stand_beside_the_verb() {
    let text = "\"We have no water left,\" said Maria Santos, who lives in Manila.\n\n\
                Santos told reporters: \"Nobody came to help us.\" She added that it was \"the worst week\" of her life.\n\n\
                The so-called \"smart\" pump was made by a company in Cebu.";
    assert_eq!(
        said(text),
        [
            "Maria Santos: \"We have no water left,\"",
            "Santos: \"Nobody came to help us.\"",
            "Santos: \"the worst week\"",
        ]
    );
}

#[test]
fn only_statements_are_reported() {
    let text = "Maria Santos said the dam would hold. Santos warned that the river was rising. The Harbour Board announced a \
                scheme for families with boats. Santos found a guide who knew the river. Santos repeated her earlier \
                warning about the old dam.";
    let document = Document::read(text);
    let reported: Vec<&str> =
        document.quotes().iter().map(|quote| quote.range.slice(text)).collect();
    assert_eq!(reported, ["the dam would hold.", "the river was rising."]);
}

fn reported(text: &str) -> Vec<String> {
    let document = Document::read(text);
    let quotes = document.quotes();
    let speaker = |quote: &Quote| match quote.speaker {
        Speaker::Name(number) => document.names()[number].range.slice(text),
        _ => "?",
    };
    let line = |quote: &Quote| format!("{}: {}", speaker(quote), quote.range.slice(text));
    quotes.iter().filter(|quote| !quote.direct).map(line).collect()
}

#[test]
fn what_somebody_denies_or_does_not_say_is_no_statement() {
    for text in [
        "John Kerry denied that the city paid for the bridge.",
        "John Kerry did not say that the port would close.",
        "John Kerry hasn't said that the port would close.",
        "John Kerry has never said that the port would close.",
        "If John Kerry says that the port will close, it will.",
        "John Kerry said nothing about the fact that the port is closed.",
        "John Kerry refused to say that the port is closed.",
        "The port, John Kerry said, shows what was lost.",
    ] {
        assert_eq!(reported(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn statements_may_stand_before_who_made_them() {
    let text = "The port will close for a month, John Kerry said on Monday. \
                When the port closed, John Kerry said it would open again soon. \
                Maria Santos said $22 billion had been spent.";
    assert_eq!(
        reported(text),
        [
            "John Kerry: The port will close for a month",
            "John Kerry: it would open again soon.",
            "Maria Santos: $22 billion had been spent."
        ]
    );
}

#[test]
fn neither_owners_nor_parts_of_a_phrase_speak() {
    let text = "\"We have no water left,\" Maria Santos's spokesman said on Monday.\n\n\
                \"It is far too late,\" the chairman of the Red Cross said.\n\n\
                \"We will look into that,\" the UN agency said.";
    assert_eq!(
        said(text),
        [
            "Maria Santos's spokesman: \"We have no water left,\"",
            "the chairman of the Red Cross: \"It is far too late,\"",
            "UN agency: \"We will look into that,\"",
        ]
    );
}

#[test]
fn names_inside_quotation_marks_do_not_speak() {
    let text = "\"Why did they send Pedro Alvarez to Panama?\" asks John Kerry, and he writes \"It all comes down to respect.\"";
    assert_eq!(
        said(text),
        [
            "John Kerry: \"Why did they send Pedro Alvarez to Panama?\"",
            "John Kerry: \"It all comes down to respect.\""
        ]
    );
}

#[test]
fn a_pronoun_is_the_subject_of_the_sentence_before() {
    let text = "Maria Santos pointed to the words of John Kerry. \"They say that it is late,\" she pointed out.";
    assert_eq!(said(text), ["Maria Santos: \"They say that it is late,\""]);
}

#[test]
fn a_pronoun_is_somebody_of_its_gender() {
    let text = "Maria Santos met John Kerry in Quito. \"They say that it is late,\" she said. Kerry was glad. \"We had no choice at \
                all,\" she added.";
    assert_eq!(
        said(text),
        [
            "Maria Santos: \"They say that it is late,\"",
            "Maria Santos: \"We had no choice at all,\"",
        ]
    );
    // Nobody is better than somebody else.
    let text = "John Kerry went home. \"We had no choice at all,\" she said.";
    assert_eq!(said(text), ["?: \"We had no choice at all,\""]);
}

#[test]
fn whom_a_quotation_accords_to_speaks() {
    let text = "\"We had no choice at all,\" according to John Kerry. Maria Santos left.";
    assert_eq!(said(text), ["John Kerry: \"We had no choice at all,\""]);
}

#[test]
fn words_that_begin_no_phrase_are_nobody() {
    let text = "\"We had no choice at all,\" they said.\n\nIn answer to questions it said \"the plan is dead.\"";
    assert_eq!(said(text), ["?: \"We had no choice at all,\"", "?: \"the plan is dead.\""]);
}

#[test]
fn marks_close_as_they_were_opened() {
    let text = "John Kerry said ‹‹we had no choice at all.›› Maria Santos said “the \"smart\" pump is no pump.” \
                John Kerry said “it was mixed up in a hurry\" on Monday.";
    assert_eq!(
        said(text),
        [
            "John Kerry: ‹‹we had no choice at all.››",
            "Maria Santos: “the \"smart\" pump is no pump.”",
            "John Kerry: “it was mixed up in a hurry\""
        ]
    );
}

#[test]
fn speech_may_stand_in_single_marks() {
    let text = "‘It’s the workers’ town, and ours,’ said Maria Santos. ‘We won’t leave it,’ John Kerry said.";
    assert_eq!(
        said(text),
        ["Maria Santos: ‘It’s the workers’ town, and ours,’", "John Kerry: ‘We won’t leave it,’"]
    );
    for text in [
        "Maria Santos said the workers' town, and the miners' town, are closed.",
        "Rock 'n' roll, Maria Santos said, is what the '60s were about, and the ‘smart’ ones know.",
        "'Tis the season, and the workers' feast, said Maria Santos.",
    ] {
        assert_eq!(said(text), Vec::<String>::new(), "{text}");
    }
}
