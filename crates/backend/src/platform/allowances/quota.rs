//! The number of requests of one kind.

use super::Requester;

/// How many requests of one kind are within a minute.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quota {
    /// Its name in the store. What has the same name is counted together.
    pub(crate) action: &'static str,
    /// Of one player.
    pub(crate) player: u32,
    /// Of one address.
    pub(crate) address: u32,
    /// Of all together.
    pub(crate) everybody: u32,
}

impl Quota {
    /// The same number for every requester.
    pub(crate) const fn per_minute(action: &'static str, limit: u32) -> Quota {
        Quota { action, player: limit, address: limit, everybody: limit }
    }

    pub(super) fn of(&self, by: &Requester) -> u32 {
        match by {
            Requester::Player(_) => self.player,
            Requester::Address(_) => self.address,
            Requester::Everybody => self.everybody,
        }
    }
}
