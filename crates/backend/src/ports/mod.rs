//! What the services need from the world. Each store has an adapter for SQLite and one for DynamoDB:
//! `tests/contract` says what all of them must do.

mod allowance;
mod clock;
mod dataset_store;
mod login_providers;
mod player_identities;
mod player_records;
mod playing_store;
mod run_store;
mod score_board;
mod score_store;
mod simulation;
mod statistics;
mod store_error;
mod token_verifier;

pub use allowance::Allowance;
pub use clock::{Clock, SystemClock};
pub use dataset_store::{Commit, DatasetStore};
pub use login_providers::LoginProviders;
pub use player_identities::{PlayerIdentities, PlayerToken};
pub use player_records::PlayerRecords;
pub use playing_store::PlayingStore;
pub use run_store::RunStore;
pub use score_board::ScoreBoard;
pub use score_store::{Recorded, ScoreStore, ScoreStream};
pub use simulation::{ReplayError, Rules, Simulation};
pub use statistics::Statistics;
pub use store_error::StoreError;
pub use token_verifier::{TokenError, TokenVerifier};
