//! How the engine reports its progress.

use naru_protocol::{Channel, RelPath};

/// What the engine is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Reading the build folder or the install folder.
    Scan,
    /// Sending files to the store.
    Upload,
    /// Waiting for the edge to drop the old pointer.
    Invalidate,
    /// Taking over what is here already: an interrupted download, moved files, unchanged pieces.
    Gather,
    /// Fetching what is missing into the stage, and verifying each piece.
    Download,
    /// Putting staged files in their places.
    Apply,
    /// Comparing the install folder with the manifest.
    Verify,
}

/// How much a phase has to do; `None` where it is not known beforehand.
#[derive(Debug, Clone, Copy, Default)]
pub struct Total {
    /// Bytes.
    pub bytes: Option<u64>,
    /// Files.
    pub items: Option<u64>,
}

/// A remark for the user; the work continues.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// The bucket was filled by the 2017 publisher: files are verified by MD5 only.
    Release2017,
    /// A file was changed by the player and by the release: the player's stays.
    KeptChanged {
        /// Which file.
        path: RelPath,
        /// Where the release's lies now: beside it, unless a thousand names there are taken.
        ours: Option<RelPath>,
    },
    /// The ledger could not be read: which release is installed is not known. The files are compared
    /// with the newest one of a channel, and a new ledger is written.
    BrokenLedger {
        /// What is wrong with it.
        problem: String,
        /// Whose newest release is taken.
        channel: Channel,
    },
    /// A file or folder of the player's was where a file of the release goes; it was moved aside, under
    /// this name.
    MovedAside(String),
    /// The executable bit of a file could not be set; its bytes are right.
    ModeRefused(RelPath),
    /// The system refused, however often it was tried, to put a file of the release in place or to
    /// remove an old one. The update was finished without it: what was there before is still there,
    /// and the next repair or update tries again.
    SetAside {
        /// Which file.
        path: RelPath,
        /// What the system said.
        reason: String,
    },
    /// A file of a 2017 release is not installed for its name; the text has the name and the reason.
    RefusedName(String),
    /// The invalidation failed; players see the release when the edge's own
    /// copy expires.
    NotInvalidated(String),
    /// The build has a file or a folder of a name that the bucket needs for itself: it is left out.
    ReservedName(RelPath),
    /// Folders of the build that have nothing in them: a release has files only.
    EmptyFolders(Vec<String>),
    /// Files and folders that are published although their names are those of keys and passwords.
    Secrets(Vec<String>),
    /// Keys of the live release that the store has lost: players can't install it whole.
    LostObjects(Vec<String>),
    /// Files whose names a 2017 client can't put into a URL, in a bucket that has such clients.
    NotFor2017(Vec<String>),
    /// A version of `version.json` is no pointer, so its release is left out of the list.
    UnreadableRelease {
        /// The store's name for the version.
        version: String,
        /// What is wrong with it.
        problem: String,
    },
}

/// Hears of the phases of one piece of work.
pub trait ProgressSink: Send + Sync {
    /// A phase begins; it ends when the returned value is dropped.
    fn start(&self, phase: Phase, total: Total) -> Box<dyn PhaseProgress>;

    /// A warning.
    fn warn(&self, warning: Warning);
}

/// Receives the steps of one phase, from several threads, as often as they happen. The receiver throttles
/// and draws.
pub trait PhaseProgress: Send + Sync {
    /// This many more bytes are done.
    fn bytes(&self, more: u64);

    /// This many more bytes are done without a transfer, so they do not count for the rate.
    fn present(&self, bytes: u64) {
        self.bytes(bytes);
    }

    /// One more file is done.
    fn item(&self, path: &str);

    /// Whether the work was cancelled. Checked while hashing files, which dropping a future does not stop.
    fn is_stopped(&self) -> bool {
        false
    }
}

/// Reports nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl ProgressSink for Silent {
    fn start(&self, _phase: Phase, _total: Total) -> Box<dyn PhaseProgress> {
        Box::new(Silent)
    }

    fn warn(&self, _warning: Warning) {}
}

impl PhaseProgress for Silent {
    fn bytes(&self, _more: u64) {}

    fn item(&self, _path: &str) {}
}
