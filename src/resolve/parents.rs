//! What stands above what: `parent` of the records.

use rustc_hash::FxHashMap;

use crate::diag::{Code, Diagnostic};
use crate::files::SitePath;

/// Something that may have a parent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node<'a> {
    /// A parent in the same space is preferred: the kind of an entity.
    pub(super) space: usize,
    /// The record's id, parent and file; none without record.
    pub(super) record: Option<(&'a str, Option<&'a str>, &'a SitePath)>,
}

/// Returns the parent of each node; reports unknown parents and loops, which are cut. O(nodes).
pub(super) fn parents(nodes: &[Node<'_>], reports: &mut Vec<Diagnostic>) -> Vec<Option<usize>> {
    let mut by_id: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    let records = nodes.iter().enumerate().filter_map(|(at, node)| Some((at, node, node.record?)));
    for (at, _, (id, ..)) in records.clone() {
        by_id.entry(id).or_default().push(at);
    }
    let mut above = vec![None; nodes.len()];
    for (at, node, (_, parent, path)) in records.clone() {
        let Some(parent) = parent else { continue };
        let found = by_id.get(parent).and_then(|all| {
            all.iter()
                .copied()
                .find(|host| nodes[*host].space == node.space)
                .or(all.first().copied())
        });
        if found.is_none() {
            let message = format!("no record has the id `{parent}`");
            let ids = records.clone().map(|(_, _, (id, ..))| id);
            reports.push(
                Diagnostic::new(Code::RecordParent, message)
                    .help("`parent` is the `id` of another record")
                    .did_you_mean(parent, ids)
                    .in_file(path),
            );
        }
        above[at] = found;
    }
    cut_loops(nodes, &mut above, reports);
    above
}

/// Cuts each loop at the node where walking up from the first node of the table comes back.
fn cut_loops(nodes: &[Node<'_>], above: &mut [Option<usize>], reports: &mut Vec<Diagnostic>) {
    // Number of the walk that came by, from 1: who meets its own trace runs in a loop.
    let mut seen = vec![0; nodes.len()];
    for start in 0..nodes.len() {
        let mut at = start;
        while seen[at] == 0 {
            seen[at] = start + 1;
            let Some(host) = above[at] else { break };
            if seen[host] == start + 1 {
                above[at] = None;
                if let Some((id, _, path)) = nodes[at].record {
                    let message = format!("the parents of `{id}` lead back to it");
                    reports.push(
                        Diagnostic::new(Code::RecordParent, message)
                            .help("remove one `parent` of the loop")
                            .in_file(path),
                    );
                }
                break;
            }
            at = host;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_are_found_by_id_and_loops_are_cut() {
        let path = SitePath::parse("content/topics/x.toml").unwrap();
        let node = |id, parent, space| Node { space, record: Some((id, parent, &path)) };
        let mut reports = Vec::new();
        let nodes = [
            node("a", Some("b"), 0),
            node("b", Some("c"), 1),
            node("b", None, 0),
            node("c", Some("d"), 0),
            node("d", Some("c"), 0),
            node("e", Some("dd"), 0),
            node("f", Some("f"), 0),
        ];
        let above = parents(&nodes, &mut reports);
        assert_eq!(above, [Some(2), Some(3), None, Some(4), None, None, None]);
        let texts: Vec<&str> = reports.iter().map(|report| report.message.as_str()).collect();
        assert_eq!(
            texts,
            [
                "no record has the id `dd`",
                "the parents of `d` lead back to it",
                "the parents of `f` lead back to it"
            ]
        );
    }
}
