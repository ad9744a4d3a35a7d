//! [`Room`]: how much memory the tree of a text may take, and how many mistakes of it are reported: texts come from strangers
//! too, and one of nothing but short tokens has a tree of eighty times its length.

/// Bytes that a tree may take for each byte of its text. What people write takes less.
const PER_BYTE: u64 = 10;
/// Bytes beyond that, for all texts of a profile together: trees of dense texts of a few megabytes.
pub(crate) const SPARE: u64 = 256 << 20;
/// Most mistakes that are reported of one text.
pub(super) const MOST_MISTAKES: usize = 20_000;

/// What a parser keeps. Bytes are counted as what grows takes at most while it grows.
pub(super) struct Room {
    kept: u64,
    most: u64,
    pub(super) mistakes: usize,
}

impl Room {
    pub(super) fn of(text: &str, spare: u64) -> Room {
        Room { kept: 0, most: (text.len() as u64).saturating_mul(PER_BYTE).saturating_add(spare), mistakes: 0 }
    }

    /// Counts bytes that are kept; whether there is room for them.
    pub(super) fn keep(&mut self, bytes: usize) -> bool {
        self.kept = self.kept.saturating_add(bytes as u64);
        self.kept <= self.most
    }

    /// What is left beyond the text's own share, at most what was given.
    pub(super) fn left(&self, spare: u64) -> u64 {
        spare.min(self.most.saturating_sub(self.kept))
    }
}

#[cfg(test)]
mod tests {
    use crate::parse::parse_within;
    use ordain_model::diagnostic::Diagnostics;
    use ordain_model::source::Sources;

    /// The codes of the messages, and what is left of so much spare room.
    fn read(text: &str, mut spare: u64) -> (Vec<&'static str>, u64) {
        let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
        let id = sources.add("main.hcl", text);
        let syntax = parse_within(&sources, id, &mut spare, &mut diagnostics);
        assert_eq!(syntax.body.span.end as usize, text.len());
        (diagnostics.items().iter().map(|item| item.code.name).collect(), spare)
    }

    #[test]
    fn what_people_write_needs_no_spare_room() {
        let files = [
            include_str!("../../../../profiles/soc2/logs.hcl"),
            include_str!("../../../../profiles/soc2/network.hcl"),
            include_str!("../../../../profiles/soc2/controls.hcl"),
            include_str!("../../../../examples/01-first-plan/main.hcl"),
        ];
        for text in files {
            assert_eq!(read(text, 0), (vec![], 0));
        }
    }

    #[test]
    fn the_room_is_shared_and_its_end_is_said_once() {
        let dense = format!("a = [{}]\n", "1,".repeat(1_000));
        let (codes, left) = read(&dense, 1 << 20);
        assert!(codes.is_empty() && left < 1 << 20, "{codes:?} {left}");
        assert_eq!(read(&dense, 10_000), (vec!["too-large"], 0));
    }
}
