//! What the services do, step by step, over the ports.

mod board;
mod datasets;
mod feed_statistics;
mod issue_run;
mod login;
mod playing;
mod rate;
mod refusal;
mod refused_logins;
mod register_player;
mod submit_score;

pub use board::standing_of;
pub(crate) use board::{public_name, to_standing};
pub use datasets::{change_dataset, delete_dataset};
pub use feed_statistics::feed_statistics;
pub use issue_run::issue_run;
pub use login::Accounts;
pub(crate) use login::short_name;
pub use rate::Allowances;
pub use refusal::Refusal;
pub use register_player::register_player;
pub use submit_score::submit_score;
