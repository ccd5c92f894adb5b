//! Stable pagination.
//!
//! Pages are numbered from the oldest item, so page N holds the same items for
//! ever once it is full. The newest page, at the list's bare URL, holds between
//! n and 2n-1 items; a new item touches that page only. When it would hold 2n,
//! its n oldest become the next numbered page.

use std::ops::Range;

/// How a list, oldest item first, is cut into pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pages {
    total: usize,
    size: usize,
}

impl Pages {
    /// Cuts `total` items into pages of `size`.
    pub fn new(total: usize, size: usize) -> Self {
        Self { total, size: size.max(1) }
    }

    /// Returns how many numbered pages there are, besides the newest.
    pub fn numbered(self) -> usize {
        (self.total / self.size).saturating_sub(1)
    }

    /// Returns the positions of the items on page `number`, from 1; on the newest when none.
    pub fn items(self, number: Option<usize>) -> Range<usize> {
        match number {
            Some(number) => (number - 1) * self.size..number * self.size,
            None => self.numbered() * self.size..self.total,
        }
    }

    /// Returns the page that holds the item at a position.
    pub fn number_of(self, place: usize) -> Option<usize> {
        let number = place / self.size + 1;
        (number <= self.numbered()).then_some(number)
    }

    /// Returns all pages, the newest first.
    pub fn all(self) -> impl Iterator<Item = Option<usize>> {
        std::iter::once(None).chain((1..=self.numbered()).rev().map(Some))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn short_lists_have_one_page() {
        assert_eq!(Pages::new(39, 20).numbered(), 0);
        assert_eq!(Pages::new(40, 20).numbered(), 1);
        assert_eq!(Pages::new(0, 20).items(None), 0..0);
    }

    proptest! {
        #[test]
        fn pages_cover_the_list_and_numbered_ones_never_change(total in 0usize..500, size in 1usize..30) {
            let pages = Pages::new(total, size);
            let mut seen = 0;
            for number in 1..=pages.numbered() {
                prop_assert_eq!(pages.items(Some(number)), seen..seen + size);
                prop_assert_eq!(pages.items(Some(number)), Pages::new(total + 1, size).items(Some(number)));
                for place in seen..seen + size {
                    prop_assert_eq!(pages.number_of(place), Some(number));
                }
                seen += size;
            }
            for place in seen..total {
                prop_assert_eq!(pages.number_of(place), None);
            }
            let newest = pages.items(None);
            prop_assert_eq!(newest.clone(), seen..total);
            prop_assert!(newest.len() < 2 * size && (newest.len() >= size || total < size));
        }
    }
}
