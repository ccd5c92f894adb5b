//! Drawings: each shows what a table beside it says too. No text is in them but titles, and their look is the theme's.

use std::fmt::Write as _;

use jiff::civil::Date;

use super::escape;

/// Size of a drawing that is as wide as a text.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 160.0;
/// Room around points.
const EDGE: f64 = 10.0;
/// Fewer points than this show nothing that a table does not.
const LEAST: usize = 3;

/// Figures that are further apart are hardly about the same, and could not be told apart in a drawing.
const MOST_TIMES: f64 = 50.0;

/// A figure on a day.
#[derive(Debug)]
pub(super) struct Point {
    pub(super) day: Date,
    pub(super) value: f64,
    /// What is shown to those who ask.
    pub(super) title: String,
}

/// Returns how many days a date is after another one.
fn days(from: Date, to: Date) -> f64 {
    from.until(to).map_or(0.0, |span| f64::from(span.get_days()))
}

/// Draws points by day and value, from zero up; none when there are too few, all of one day, or of sizes that cannot be compared.
pub(super) fn plot(points: &[Point]) -> Option<String> {
    let first = points.iter().map(|point| point.day).min()?;
    let last = points.iter().map(|point| point.day).max()?;
    let span = days(first, last);
    let top = points.iter().map(|point| point.value).fold(0.0, f64::max);
    let bottom = points.iter().map(|point| point.value).fold(0.0, f64::min);
    let smallest = points.iter().map(|point| point.value.abs()).fold(f64::INFINITY, f64::min);
    let is_alike = top.max(-bottom) <= smallest * MOST_TIMES;
    if points.len() < LEAST || span <= 0.0 || top <= bottom || !is_alike {
        return None;
    }
    let mut svg = format!(
        "<svg class=\"plot\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" aria-hidden=\"true\" focusable=\"false\">\
         <path class=\"axis\" d=\"M0 {zero:.1}H{WIDTH}\"/>",
        zero = height(0.0, bottom, top),
    );
    for point in points {
        let x = EDGE + days(first, point.day) / span * (WIDTH - 2.0 * EDGE);
        let y = height(point.value, bottom, top);
        let title = escape(&point.title);
        let _ = write!(
            svg,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"><title>{title}</title></circle>"
        );
    }
    svg.push_str("</svg>");
    Some(svg)
}

fn height(value: f64, bottom: f64, top: f64) -> f64 {
    HEIGHT - EDGE - (value - bottom) / (top - bottom) * (HEIGHT - 2.0 * EDGE)
}

/// Draws a bar for each number.
pub(super) fn bars(counts: &[usize]) -> Option<String> {
    let most = counts.iter().copied().max().filter(|most| *most > 0)?;
    let wide = WIDTH / small(counts.len());
    let mut svg = format!(
        "<svg class=\"bars\" viewBox=\"0 0 {WIDTH} {BARS}\" preserveAspectRatio=\"none\" aria-hidden=\"true\" focusable=\"false\">"
    );
    for (at, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let tall = (small(*count) / small(most) * (BARS - 2.0)).max(2.0);
        let _ = write!(
            svg,
            "<rect x=\"{:.2}\" y=\"{:.1}\" width=\"{:.2}\" height=\"{tall:.1}\"/>",
            small(at) * wide + wide * 0.08,
            BARS - tall,
            wide * 0.84,
        );
    }
    svg.push_str("</svg>");
    Some(svg)
}

/// Height of bars.
const BARS: f64 = 72.0;

/// Returns a number that is too small to lose anything.
fn small(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

/// Somebody in a drawing of who is named with whom.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) name: String,
    pub(super) url: String,
    pub(super) count: usize,
}

/// Size of a drawing of who is named with whom.
const GRAPH: (f64, f64) = (460.0, 320.0);
/// Letters of a name in it.
const LETTERS: usize = 22;

/// Draws lines from one name to others; the more often, the thicker.
pub(super) fn graph(nodes: &[Node]) -> Option<String> {
    let most = nodes.iter().map(|node| node.count).max().filter(|_| nodes.len() >= LEAST)?;
    let (wide, high) = GRAPH;
    let (mid_x, mid_y) = (wide / 2.0, high / 2.0);
    let mut lines = String::new();
    let mut names = String::new();
    for (at, node) in nodes.iter().enumerate() {
        let turn = (small(at) + 0.5) / small(nodes.len()) * std::f64::consts::TAU;
        let (x, y) = (mid_x + turn.sin() * wide * 0.30, mid_y - turn.cos() * high * 0.42);
        let thick = 1.0 + 5.0 * small(node.count) / small(most);
        let _ = write!(
            lines,
            "<path d=\"M{mid_x:.1} {mid_y:.1}L{x:.1} {y:.1}\" stroke-width=\"{thick:.1}\"/>"
        );
        let short: String = node.name.chars().take(LETTERS).collect();
        let dots = if short.len() < node.name.len() { "…" } else { "" };
        let anchor = match x - mid_x {
            dx if dx > 20.0 => "start",
            dx if dx < -20.0 => "end",
            _ => "middle",
        };
        let shift = if anchor == "middle" { y + (y - mid_y).signum() * 16.0 } else { y + 4.0 };
        let beside = match anchor {
            "start" => x + 8.0,
            "end" => x - 8.0,
            _ => x,
        };
        let _ = write!(
            names,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"/><a href=\"{}\" tabindex=\"-1\"><text x=\"{beside:.1}\" y=\"{shift:.1}\" text-anchor=\"{anchor}\">{}{dots}</text></a>",
            escape(&node.url),
            escape(&short),
        );
    }
    Some(format!(
        "<svg class=\"graph\" viewBox=\"0 0 {wide} {high}\" aria-hidden=\"true\" focusable=\"false\">{lines}<circle class=\"self\" cx=\"{mid_x:.1}\" cy=\"{mid_y:.1}\" r=\"7\"/>{names}</svg>"
    ))
}
