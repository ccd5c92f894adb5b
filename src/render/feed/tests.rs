//! Every format is read back by a reader that is not ours, with friendly and with hostile text.

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::render::xml::tests::{Element, kept, read};

fn entry() -> FeedEntry {
    FeedEntry {
        id: "tag:example.org,2024:articles/a".to_owned(),
        url: "\u{1}articles/a/?x=1&y=2".to_owned(),
        title: "Fish & \"chips\" <b>".to_owned(),
        published: Some("2024-05-01T12:00:00+02:00".to_owned()),
        updated: "2024-05-02T08:00:00Z".to_owned(),
        summary: Some("1 < 2.".to_owned()),
        content_html: Some("<p><a href=\"\u{1}topics/sea/\">Sea</a> &amp; land</p>".to_owned()),
        authors: vec!["Ann Example".to_owned(), "Bo Example".to_owned()],
        categories: vec![("sea".to_owned(), "The Sea".to_owned())],
        source: Some(("The Paper".to_owned(), Some("https://paper.example/a?b&c".to_owned()))),
        rights: Some("© The Paper".to_owned()),
        language: Some("en-GB".to_owned()),
    }
}

fn feed(entries: Vec<&FeedEntry>) -> Feed<'_> {
    Feed {
        title: "News & more".to_owned(),
        subtitle: Some("All <of> it".to_owned()),
        id: "tag:example.org,2024:feed".to_owned(),
        self_url: "\u{1}feed.xml".to_owned(),
        home_url: "\u{1}".to_owned(),
        updated: entries.iter().map(|entry| entry.updated.clone()).max(),
        author: Some("The editors"),
        language: "en",
        entries,
    }
}

fn atom_of(feed: &Feed<'_>) -> String {
    let entries: Vec<String> = feed.entries.iter().map(|entry| atom_entry(entry)).collect();
    atom(feed, entries.iter().map(String::as_str))
}

fn texts<'a>(elements: &'a [Element], path: &str) -> Vec<&'a str> {
    elements.iter().filter(|one| one.path == path).map(|one| one.text.as_str()).collect()
}

fn json(bytes: Vec<u8>) -> Value {
    // The reader refuses the bare mark, which the last pass would have replaced.
    let text = String::from_utf8(bytes).unwrap().replace('\u{1}', "\\u0001");
    serde_json::from_str(&text).unwrap()
}

#[test]
fn atom_feeds_hold_all_that_an_entry_says() {
    let entry = entry();
    insta::assert_snapshot!(atom_of(&feed(vec![&entry])).replace('\u{1}', "SITE/"), @r#"
    <?xml version="1.0" encoding="utf-8"?>
    <feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
    <id>tag:example.org,2024:feed</id>
    <title>News &amp; more</title>
    <subtitle>All &lt;of&gt; it</subtitle>
    <link rel="alternate" type="text/html" href="SITE/"/>
    <link rel="self" type="application/atom+xml" href="SITE/feed.xml"/>
    <updated>2024-05-02T08:00:00Z</updated>
    <author><name>The editors</name></author>
    <generator>Pressmark</generator>
    <entry xml:lang="en-GB">
    <id>tag:example.org,2024:articles/a</id>
    <title>Fish &amp; &quot;chips&quot; &lt;b&gt;</title>
    <link rel="alternate" type="text/html" href="SITE/articles/a/?x=1&amp;y=2"/>
    <published>2024-05-01T12:00:00+02:00</published>
    <updated>2024-05-02T08:00:00Z</updated>
    <author><name>Ann Example</name></author>
    <author><name>Bo Example</name></author>
    <category term="sea" label="The Sea"/>
    <link rel="via" href="https://paper.example/a?b&amp;c"/>
    <source><title>The Paper</title></source>
    <rights>© The Paper</rights>
    <summary>1 &lt; 2.</summary>
    <content type="html">&lt;p&gt;&lt;a href=&quot;SITE/topics/sea/&quot;&gt;Sea&lt;/a&gt; &amp;amp; land&lt;/p&gt;</content>
    </entry>
    </feed>
    "#);
}

#[test]
fn rss_feeds_hold_all_that_an_entry_says() {
    let entry = entry();
    insta::assert_snapshot!(rss(&feed(vec![&entry])).replace('\u{1}', "SITE/"), @r#"
    <?xml version="1.0" encoding="utf-8"?>
    <rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
    <channel>
    <title>News &amp; more</title>
    <link>SITE/</link>
    <description>All &amp;lt;of&amp;gt; it</description>
    <atom:link rel="self" type="application/rss+xml" href="SITE/feed.xml"/>
    <language>en</language>
    <lastBuildDate>Thu, 02 May 2024 08:00:00 GMT</lastBuildDate>
    <generator>Pressmark</generator>
    <item>
    <title>Fish &amp; &quot;chips&quot; &lt;b&gt;</title>
    <link>SITE/articles/a/?x=1&amp;y=2</link>
    <guid isPermaLink="false">tag:example.org,2024:articles/a</guid>
    <pubDate>Wed, 01 May 2024 10:00:00 GMT</pubDate>
    <dc:creator>Ann Example</dc:creator>
    <dc:creator>Bo Example</dc:creator>
    <category>The Sea</category>
    <dc:source>The Paper</dc:source>
    <atom:link rel="via" href="https://paper.example/a?b&amp;c"/>
    <dc:rights>© The Paper</dc:rights>
    <dc:language>en-GB</dc:language>
    <description>1 &amp;lt; 2.</description>
    <content:encoded>&lt;p&gt;&lt;a href=&quot;SITE/topics/sea/&quot;&gt;Sea&lt;/a&gt; &amp;amp; land&lt;/p&gt;</content:encoded>
    </item>
    </channel>
    </rss>
    "#);
}

#[test]
fn json_feeds_hold_all_that_an_entry_says() {
    let entry = entry();
    let bytes = json_feed(&feed(vec![&entry]));
    insta::assert_snapshot!(String::from_utf8(bytes).unwrap().replace('\u{1}', "SITE/"), @r#"
    {
      "version": "https://jsonfeed.org/version/1.1",
      "title": "News & more",
      "home_page_url": "SITE/",
      "feed_url": "SITE/feed.xml",
      "description": "All <of> it",
      "authors": [
        {
          "name": "The editors"
        }
      ],
      "language": "en",
      "items": [
        {
          "id": "tag:example.org,2024:articles/a",
          "url": "SITE/articles/a/?x=1&y=2",
          "external_url": "https://paper.example/a?b&c",
          "title": "Fish & \"chips\" <b>",
          "content_html": "<p><a href=\"SITE/topics/sea/\">Sea</a> &amp; land</p>",
          "summary": "1 < 2.",
          "date_published": "2024-05-01T12:00:00+02:00",
          "date_modified": "2024-05-02T08:00:00Z",
          "authors": [
            {
              "name": "Ann Example"
            },
            {
              "name": "Bo Example"
            }
          ],
          "tags": [
            "The Sea"
          ],
          "language": "en-GB",
          "_pressmark": {
            "source": "The Paper",
            "rights": "© The Paper"
          }
        }
      ]
    }
    "#);
}

#[test]
fn feeds_without_entries_are_valid() {
    let feed = Feed { subtitle: None, author: None, ..feed(Vec::new()) };
    let atom = read(&atom_of(&feed));
    assert_eq!(texts(&atom, "feed/updated"), ["1970-01-01T00:00:00Z"]);
    assert_eq!(texts(&atom, "feed/author/name"), ["News & more"]);
    assert_eq!(texts(&atom, "feed/id").len(), 1);
    let rss = read(&rss(&feed));
    // Descriptions are HTML inside of XML.
    assert_eq!(texts(&rss, "rss/channel/description"), ["News &amp; more"]);
    assert_eq!(texts(&rss, "rss/channel/lastBuildDate"), [] as [&str; 0]);
    assert_eq!(json(json_feed(&feed))["items"], Value::Array(Vec::new()));
}

#[test]
fn an_author_of_blanks_is_no_author() {
    let feed = Feed { author: Some("  "), ..feed(Vec::new()) };
    assert_eq!(texts(&read(&atom_of(&feed)), "feed/author/name"), ["News & more"]);
}

#[test]
fn a_json_item_always_has_a_text() {
    let entry = FeedEntry { content_html: None, ..entry() };
    let bare = FeedEntry { summary: None, ..entry.clone() };
    let json = json(json_feed(&feed(vec![&entry, &bare])));
    assert_eq!(json["items"][0]["content_text"], "1 < 2.");
    assert_eq!(json["items"][1]["content_text"], "");
}

#[test]
fn no_text_of_an_article_passes_for_markup_or_an_address() {
    let hostile = "\u{1}]]></title></entry></feed><script>alert(1)</script>&amp;\u{0}\u{FFFF}\"'";
    let entry = FeedEntry {
        title: hostile.to_owned(),
        summary: Some(hostile.to_owned()),
        authors: vec![hostile.to_owned()],
        categories: vec![(hostile.to_owned(), hostile.to_owned())],
        source: Some((hostile.to_owned(), None)),
        rights: Some(hostile.to_owned()),
        language: Some(hostile.to_owned()),
        url: "https://example.org/".to_owned(),
        content_html: None,
        ..entry()
    };
    let feed = Feed {
        title: hostile.to_owned(),
        self_url: String::new(),
        home_url: String::new(),
        ..feed(vec![&entry])
    };
    let (atom, rss) = (atom_of(&feed), rss(&feed));
    for document in [&atom, &rss] {
        assert!(!document.contains(['\u{0}', '\u{1}', '\u{FFFF}']));
        assert!(!document.contains("<script"));
        read(document);
    }
    assert_eq!(texts(&read(&atom), "feed/entry/title"), [kept(hostile)]);
    assert!(!json_feed(&feed).contains(&1));
}

proptest! {
    #[test]
    fn any_text_comes_back_out_of_every_format(
        all in proptest::collection::vec(any::<String>(), 9),
        html: Option<String>,
    ) {
        let one = FeedEntry {
            id: all[0].clone(),
            url: all[1].clone(),
            title: all[2].clone(),
            published: Some(all[3].clone()),
            updated: all[4].clone(),
            summary: Some(all[5].clone()),
            content_html: html.clone(),
            authors: vec![all[6].clone()],
            categories: vec![(all[7].clone(), all[8].clone())],
            source: Some((all[7].clone(), Some(all[8].clone()))),
            rights: Some(all[6].clone()),
            language: Some(all[5].clone()),
        };
        let feed = Feed {
            title: all[8].clone(),
            self_url: all[0].clone(),
            language: &all[2],
            updated: Some(all[4].clone()),
            ..feed(vec![&one])
        };
        let atom = read(&atom_of(&feed));
        prop_assert_eq!(texts(&atom, "feed/entry/title"), [kept(&one.title)]);
        prop_assert_eq!(texts(&atom, "feed/entry/summary"), [kept(&all[5])]);
        prop_assert_eq!(texts(&atom, "feed/entry/author/name"), [kept(&all[6])]);
        let category = atom.iter().find(|one| one.path == "feed/entry/category").unwrap();
        prop_assert_eq!(category.attribute("term").unwrap(), kept(&all[7]));
        let rss = read(&rss(&feed));
        prop_assert_eq!(texts(&rss, "rss/channel/item/title"), [kept(&one.title)]);
        prop_assert_eq!(texts(&rss, "rss/channel/item/dc:creator"), [kept(&all[6])]);
        let content: Vec<String> = html.iter().map(|html| html.replace('\u{1}', "")).collect();
        let read: Vec<String> = texts(&rss, "rss/channel/item/content:encoded")
            .iter()
            .map(|text| text.replace('\u{1}', ""))
            .collect();
        prop_assert_eq!(read, content.iter().map(|html| kept(html)).collect::<Vec<_>>());
        let json = json(json_feed(&feed));
        prop_assert_eq!(json["items"][0]["title"].as_str().unwrap(), one.title.replace('\u{1}', ""));
        prop_assert_eq!(json["items"][0]["url"].as_str().unwrap(), &one.url);
    }
}
