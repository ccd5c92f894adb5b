//! A progress bar, for builds that take longer than a second.

use std::io::IsTerminal;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use pressmark::build::{Progress, Step};
use pressmark::{publish, verify};

use super::term::one_line;
use super::{Session, Volume};

/// A build that is done by then shows no bar, which would only flicker.
const PATIENCE: Duration = Duration::from_secs(1);

/// A bar on standard error, if that is a terminal.
pub(super) struct Bar {
    line: ProgressBar,
    start: Instant,
    wanted: bool,
    shown: OnceLock<()>,
}

impl Bar {
    /// Returns a bar that is not shown yet.
    pub(super) fn new(session: &Session) -> Self {
        let line = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let wanted = session.volume != Volume::Quiet && std::io::stderr().is_terminal();
        Self { line, start: Instant::now(), wanted, shown: OnceLock::new() }
    }

    /// Takes the bar off the screen, so that the report can be shown.
    pub(super) fn clear(&self) {
        self.line.finish_and_clear();
    }

    /// Begins a step that consists of `total` items (0: unknown).
    pub(super) fn start(&self, message: &'static str, total: usize) {
        let template = if total == 0 { "{msg}" } else { "{msg:12} {wide_bar} {pos}/{len}" };
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.line.set_style(style.progress_chars("=> "));
        }
        self.line.set_length(total as u64);
        self.line.set_position(0);
        self.line.set_message(message);
        self.show_when_late();
    }

    /// One more item of the step is done.
    pub(super) fn step(&self) {
        self.line.inc(1);
        self.show_when_late();
    }

    fn show_when_late(&self) {
        if self.wanted && self.shown.get().is_none() && self.start.elapsed() >= PATIENCE {
            self.shown.get_or_init(|| self.line.set_draw_target(ProgressDrawTarget::stderr()));
        }
    }
}

impl Progress for Bar {
    fn begin(&self, step: Step, total: usize) {
        let message = match step {
            Step::Load => "loading",
            Step::Read => "reading",
            Step::Join => "joining",
            Step::Render => "rendering",
            Step::Commit => "putting in place",
        };
        self.start(message, total);
    }

    fn advance(&self) {
        self.step();
    }
}

impl publish::Progress for Bar {
    fn begin(&self, step: publish::Step, files: usize) {
        let message = match step {
            publish::Step::Send => "sending",
            publish::Step::Remove => "removing",
        };
        self.start(message, files);
    }

    fn advance(&self, _: u64) {
        Progress::advance(self);
    }

    fn waiting(&self, who: &str) {
        self.line.set_message(format!("waiting for {}", one_line(who)));
        self.show_when_late();
    }
}

impl verify::Progress for Bar {
    fn begin(&self, files: usize) {
        self.start("verifying", files);
    }

    fn advance(&self) {
        Progress::advance(self);
    }
}
