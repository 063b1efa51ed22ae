//! The score service: the board and the statistics, and what the game asks for itself.

mod board;
mod requests;

use std::sync::Arc;

pub use requests::{GameRequest, GameResponse};

use crate::account::Account;
use crate::services_client::Services;
use crate::state_cell::Events;
use crate::view::LauncherEvent;

/// Asks the score service, as the player where he is logged in.
pub struct Scores {
    services: Option<Services>,
    account: Arc<Account>,
    events: Events<LauncherEvent>,
}

impl Scores {
    pub(crate) fn new(
        services: Option<Services>,
        account: Arc<Account>,
        events: Events<LauncherEvent>,
    ) -> Self {
        Self { services, account, events }
    }
}
