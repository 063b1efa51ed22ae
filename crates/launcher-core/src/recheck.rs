//! Asking for a check. What a check is, and who carries it out, is composed elsewhere.

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// What is to be asked anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Check {
    /// What the server offers to install.
    Game,
    /// That, and whether there is a newer launcher.
    All,
}

/// For features whose changes affect the server's answer.
#[derive(Clone)]
pub(crate) struct Recheck(UnboundedSender<Check>);

impl Recheck {
    pub(crate) fn channel() -> (Self, UnboundedReceiver<Check>) {
        let (sender, receiver) = unbounded_channel();
        (Self(sender), receiver)
    }

    /// Asks for a check in the background.
    pub(crate) fn ask(&self, check: Check) {
        // The receiver is gone when the launcher ends.
        self.0.send(check).ok();
    }
}
