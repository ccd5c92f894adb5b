//! What people are called, as articles come to say it and cease to.

use std::fs;

use crate::assert_clean;
use crate::live::Follower;
use crate::world::World;

#[test]
fn a_role_is_listed_as_long_as_an_article_has_it() {
    let article = |day: u32, text: &str| {
        format!(
            "+++\ntitle = \"Day {day}\"\ndate = 2024-05-{day:02}\npeople = [\"Ada Moreau\"]\n+++\n\n{text}\n"
        )
    };
    let calm = article(6, "Ada Moreau came. It rained.");
    let first = [("content/articles/a.md".to_owned(), calm.clone().into_bytes())];
    let world = World::new(&first.into_iter().collect());
    let mut follower = Follower::new(&world);
    let mut seen = Vec::new();
    for (name, text) in [
        ("a.md", calm.clone()),
        ("b.md", article(7, "Minister Ada Moreau came. It rained.")),
        ("c.md", article(8, "The former minister Ada Moreau came. It rained.")),
        // The same, in another sentence; then before the others; then not any more.
        ("b.md", article(7, "It rained. Minister Ada Moreau came.")),
        ("a.md", article(6, "Minister Ada Moreau came. It rained.")),
        ("b.md", article(7, "It rained. Ada Moreau came.")),
        ("a.md", calm),
        ("c.md", article(8, "It rained. Ada Moreau came.")),
    ] {
        fs::write(world.article(name), &text).unwrap();
        assert_clean(&world, &text);
        assert_eq!(follower.difference(&world), "", "{text}");
        let page = world.output().join("people/ada-moreau/index.json");
        seen.push(fs::read_to_string(page).unwrap().matches("role.title").count());
    }
    assert_eq!(seen, [0, 1, 2, 2, 2, 2, 1, 0]);
}
