//! The game's part of the state.

use std::path::PathBuf;
use std::sync::Arc;

use naru_patcher::GameFiles;

use super::action::action;
use super::installed::Installed;
use crate::lease::Holder;
use crate::view::{self, Action, Offer};

/// What is known of the game.
pub(crate) struct GameState {
    /// The install folder that counts.
    pub(crate) folder: PathBuf,
    pub(crate) installed: Installed,
    answer: Answer,
    /// The check that is under way.
    pub(super) check: Option<u64>,
    /// Damaged files that `verify` found and that are not repaired yet.
    pub(super) wounds: u64,
    pub(super) playing: Option<PlayedGame>,
}

/// What the server answered last, and for which choice of a channel.
#[derive(Default)]
struct Answer {
    offer: Option<Offer>,
    channel: Option<String>,
}

/// A game that runs.
pub(super) enum PlayedGame {
    /// With the files that it may read.
    Ours(Arc<GameFiles>),
    /// A native game that an earlier launcher has started.
    Earlier,
}

impl GameState {
    pub(crate) fn new(folder: PathBuf) -> Self {
        let installed = Installed::look(&folder);
        Self { folder, installed, answer: Answer::default(), check: None, wounds: 0, playing: None }
    }

    /// What is seen, of a player who has chosen the channel `chosen` and follows `follows`.
    pub(crate) fn shown(&self, chosen: Option<&str>, follows: &str) -> view::Game {
        let mut game = view::Game {
            folder: self.folder.to_string_lossy().into_owned(),
            installed: self.installed.release.clone(),
            unreadable: self.installed.unreadable.clone(),
            offer: self.offer(chosen),
            playing: self.playing.is_some(),
            wounds: self.wounds,
            action: Action::None,
        };
        game.action = action(&game, follows);
        game
    }

    pub(crate) fn holder(&self) -> Option<Holder> {
        self.playing.is_some().then_some(Holder::Game)
    }

    /// An answer for another channel than the chosen one is none.
    pub(super) fn offer(&self, chosen: Option<&str>) -> Offer {
        match &self.answer.offer {
            _ if self.check.is_some() => Offer::Checking,
            Some(offer) if self.answer.channel.as_deref() == chosen => offer.clone(),
            _ => Offer::Unknown,
        }
    }

    /// Takes what the server offers to a player who has chosen this channel.
    pub(super) fn take_answer(&mut self, channel: Option<String>, offer: Offer) {
        self.answer = Answer { offer: Some(offer), channel };
    }

    /// The game is in another folder from here on, of which nothing is known yet.
    pub(super) fn switch_to(&mut self, folder: PathBuf) {
        self.folder = folder;
        (self.answer, self.wounds) = (Answer::default(), 0);
    }
}
