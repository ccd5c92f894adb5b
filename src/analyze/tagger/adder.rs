//! Features as numbers: what a template sees at a word, hashed.

/// Room for the features of a word.
const MOST: usize = 64;

/// Templates that see nothing but the word. They come first.
const OWN: usize = 11;

/// Collects features: each call is a template of its own.
pub(super) struct Adder {
    features: [u32; MOST],
    template: usize,
}

impl Adder {
    pub(super) fn new() -> Self {
        Self { features: [0; MOST], template: 0 }
    }

    /// Leaves room for the features of a word by itself, which are known.
    pub(super) fn behind_own() -> Self {
        Self { features: [0; MOST], template: OWN }
    }

    /// Returns the features of a word by itself.
    pub(super) fn own(&self) -> &[u32] {
        &self.features[..OWN]
    }

    /// Returns the features of a word at its place.
    pub(super) fn others(&self) -> &[u32] {
        &self.features[OWN..self.template]
    }

    /// Adds the feature of the next template: the hash of two values.
    pub(super) fn one(&mut self, a: u64, b: u64) {
        let place = self.template;
        self.template += 1;
        // The finishing steps of MurmurHash3 (Appleby), with the template and the second part mixed in.
        let template = self.template as u64;
        let mut mixed = (a ^ template << 57).wrapping_mul(0xff51_afd7_ed55_8ccd);
        mixed = (mixed ^ mixed >> 33 ^ b).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        mixed ^= mixed >> 33;
        self.features[place] =
            u32::try_from(mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32).unwrap_or_default();
    }
}
