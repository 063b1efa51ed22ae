//! The history of a channel's pointer, and the number of the next release.
//!
//! The bucket keeps every version of `version.json`. The current one need not have the highest number: the
//! 2017 tool uses its own numbers, and an old version may have been restored. Players refuse a release that
//! does not come after theirs, so the next number is higher than all of them.

use futures::stream::{self, StreamExt, TryStreamExt};
use naru_protocol::{FormatError, Limits, Pointer};
use naru_store::{FailureKind, ObjectRef, ObjectVersion};

use super::ReleaseLog;
use crate::remote::{ReadError, ReadPointer, decode_pointer, read_pointer_bytes};
use crate::{ProgressSink, PublishError, Warning};

/// Old pointers read at once.
const CONCURRENT_READS: usize = 32;

/// The versions of a channel's pointer.
#[derive(Debug, Default)]
pub(crate) struct History {
    /// Newest first.
    pointers: Vec<PastPointer>,
    unreadable: Vec<Unreadable>,
}

/// One version of the pointer.
#[derive(Debug, Clone)]
pub(crate) struct PastPointer {
    pub(crate) pointer: Pointer,
    /// Whether it is what players get now.
    pub(crate) is_live: bool,
}

/// A version that is no pointer, or one that only a newer Naru reads.
#[derive(Debug)]
struct Unreadable {
    version: String,
    problem: String,
    /// What 2017 clients take for its release number.
    number: Option<u64>,
}

/// The position of a channel's next release in the order of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Next {
    pub(crate) epoch: u64,
    pub(crate) number: u64,
}

impl History {
    /// Each release once, the highest number first. Of several versions with one number, the one that
    /// was written last.
    pub(crate) fn releases(&self) -> Vec<&PastPointer> {
        let mut releases: Vec<&PastPointer> = self.pointers.iter().collect();
        // The sort is stable, so the newest version of a number stays the first of them.
        releases.sort_by_key(|past| std::cmp::Reverse(past.pointer.version));
        releases.dedup_by_key(|past| past.pointer.version);
        releases
    }

    /// The highest number that was ever published on the channel.
    pub(crate) fn highest(&self) -> Option<u64> {
        let readable = self.pointers.iter().map(|past| past.pointer.version);
        readable.chain(self.unreadable.iter().filter_map(|version| version.number)).max()
    }

    /// The number and the epoch after every one that players may have seen.
    pub(crate) fn next(&self) -> Result<Next, FormatError> {
        let number = self.highest().map_or(1, |highest| highest + 1);
        Limits::check_number(number)?;
        let epoch = self.pointers.iter().map(|past| past.pointer.order().0).max().unwrap_or(0);
        Ok(Next { epoch, number })
    }

    /// Whether some player may have a release that the live one does not follow: one with a higher
    /// number, or another one with the same number. Only a new release brings such players on.
    pub(crate) fn outranks(&self, live: &Pointer) -> bool {
        let is_same = |past: &Pointer| past.filedb_version == live.filedb_version;
        let mut pointers = self.pointers.iter().map(|past| &past.pointer);
        self.highest() > Some(live.version)
            || pointers.any(|past| past.order() >= live.order() && !is_same(past))
    }

    /// Whether the 2017 tool has ever published here, so that players may still use its client.
    pub(crate) fn has_2017_releases(&self) -> bool {
        self.pointers.iter().any(|past| past.pointer.release.is_none())
    }

    /// The pointers whose file lists 2017 clients may hold, newest first: all since the highest one was
    /// written. Every earlier list has grown into the list of the highest. Mostly it is the live one
    /// alone.
    pub(crate) fn unsettled(&self) -> Vec<&Pointer> {
        let pointers = || self.pointers.iter().map(|past| &past.pointer);
        let highest = pointers().map(Pointer::order).max();
        // Of several with the highest number, none is known to have grown from another.
        let oldest = pointers().rposition(|pointer| Some(pointer.order()) == highest);
        let mut unsettled: Vec<&Pointer> = Vec::new();
        for pointer in pointers().take(oldest.map_or(0, |at| at + 1)) {
            if unsettled.iter().all(|seen| seen.filedb_version != pointer.filedb_version) {
                unsettled.push(pointer);
            }
        }
        unsettled
    }

    /// Names the versions that can't be shown as releases.
    pub(crate) fn warn(&self, progress: &dyn ProgressSink) {
        for Unreadable { version, problem, .. } in &self.unreadable {
            let (version, problem) = (version.clone(), problem.clone());
            progress.warn(Warning::UnreadableRelease { version, problem });
        }
    }
}

impl ReleaseLog {
    /// Every version of the channel's pointer. Read the live pointer first: a later write changes its tag, and
    /// then the conditional write that replaces it is refused.
    pub(crate) async fn history(&self) -> Result<History, PublishError> {
        self.newest_history(usize::MAX).await
    }

    /// The newest versions of the channel's pointer.
    pub(crate) async fn newest_history(&self, most: usize) -> Result<History, PublishError> {
        let key = self.keys().pointer(&self.options.channel);
        let mut versions = self.store.versions(&key).await?;
        versions.truncate(most);
        let reads = versions.into_iter().map(|version| self.past_pointer(&key, version));
        // Collected before they are polled: a lazy map would tie the future to one thread.
        let reads: Vec<_> = reads.collect();
        let past: Vec<Past> = stream::iter(reads).buffered(CONCURRENT_READS).try_collect().await?;
        let mut history = History::default();
        for past in past {
            match past {
                Past::Pointer(pointer) => history.pointers.push(pointer),
                Past::Unreadable(version) => history.unreadable.push(version),
                Past::Gone => {}
            }
        }
        Ok(history)
    }

    /// One old pointer. One that can't be read must not hide the others.
    async fn past_pointer(&self, key: &str, version: ObjectVersion) -> Result<Past, PublishError> {
        let object = ObjectRef::at(key, &version.version);
        let unreadable = |problem: String, number| {
            Past::Unreadable(Unreadable { version: version.version.clone(), problem, number })
        };
        let bytes = match read_pointer_bytes(&*self.store, &object).await {
            Ok(Some(read)) => read.bytes,
            // A lifecycle rule may expire it between the listing and this.
            Ok(None) => return Ok(Past::Gone),
            Err(error) if error.kind == FailureKind::BadAnswer => {
                return Ok(unreadable(error.to_string(), None));
            }
            Err(error) => return Err(error.into()),
        };
        Ok(match decode_pointer(key, &bytes) {
            Ok(pointer) => Past::Pointer(PastPointer { pointer, is_live: version.newest }),
            Err(error) => unreadable(error.to_string(), Pointer::number_in(&bytes)),
        })
    }

    /// What players get now.
    pub(crate) async fn live_pointer(&self) -> Result<Option<ReadPointer>, ReadError> {
        let object = ObjectRef::newest(self.keys().pointer(&self.options.channel));
        crate::remote::read_pointer(&*self.store, &object).await
    }
}

enum Past {
    Pointer(PastPointer),
    Unreadable(Unreadable),
    Gone,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(numbers: &[(u64, &str)]) -> History {
        let past = |&(version, list): &(u64, &str)| PastPointer {
            pointer: Pointer { version, filedb_version: list.into(), release: None },
            is_live: false,
        };
        History { pointers: numbers.iter().map(past).collect(), unreadable: Vec::new() }
    }

    fn unsettled(history: &History) -> Vec<&str> {
        history.unsettled().iter().map(|pointer| &*pointer.filedb_version).collect()
    }

    #[test]
    fn a_number_is_never_given_again() {
        assert_eq!(history(&[]).next().expect("fits").number, 1);
        assert_eq!(history(&[(1, "d"), (3, "c"), (2, "b"), (1, "a")]).next().expect("fits").number, 4);
        let mut newer = history(&[(1, "a")]);
        let (version, problem) = ("v".to_owned(), "a newer format".to_owned());
        newer.unreadable.push(Unreadable { version, problem, number: Some(7) });
        assert_eq!(newer.next().expect("fits").number, 8, "2017 clients have seen 7");
        assert!(history(&[(Limits::NUMBER, "a")]).next().is_err(), "no client could read the next");
    }

    #[test]
    fn each_number_is_listed_once() {
        let history = history(&[(1, "d"), (3, "c"), (2, "b"), (1, "a")]);
        let listed: Vec<_> = history
            .releases()
            .iter()
            .map(|past| (past.pointer.version, &*past.pointer.filedb_version))
            .collect();
        assert_eq!(listed, [(3, "c"), (2, "b"), (1, "d")], "the 1 that was written last");
    }

    #[test]
    fn lists_since_the_highest_release_are_the_ones_that_clients_may_hold() {
        assert_eq!(unsettled(&history(&[(3, "c"), (2, "b"), (1, "a")])), ["c"], "it has grown from them");
        assert_eq!(unsettled(&history(&[(1, "d"), (3, "c"), (2, "b"), (1, "a")])), ["d", "c"]);
        assert_eq!(unsettled(&history(&[(2, "b"), (3, "c"), (2, "b")])), ["b", "c"], "b was restored");
        assert_eq!(unsettled(&history(&[(2, "c"), (2, "b"), (1, "a")])), ["c", "b"], "two were called 2");
        assert_eq!(unsettled(&history(&[])), [""; 0]);
    }

    #[test]
    fn a_live_release_that_some_players_can_not_follow_is_outranked() {
        let live = |history: &History| history.pointers[0].pointer.clone();
        for (numbers, outranked) in [
            (&[(2, "b"), (1, "a")][..], false),
            (&[(2, "b"), (2, "b")], false),
            (&[(1, "a"), (2, "b"), (1, "a")], true),
            (&[(2, "c"), (2, "b"), (1, "a")], true),
        ] {
            let history = history(numbers);
            assert_eq!(history.outranks(&live(&history)), outranked, "{numbers:?}");
        }
    }
}
