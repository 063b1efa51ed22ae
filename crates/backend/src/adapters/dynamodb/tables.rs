//! The names of the tables.

/// Where each thing is kept. The keys of the tables are in `infra/tables.tf`.
#[derive(Debug, Clone)]
pub struct Tables {
    pub(super) runs: String,
    pub(super) scores: String,
    pub(super) board: String,
    pub(super) statistics: String,
    pub(super) counted: String,
    pub(super) allowances: String,
    pub(super) datasets: String,
    pub(super) players: String,
    pub(super) playing: String,
}

impl Tables {
    /// Asks for the name in AWS of each table, by what `infra/tables.tf` calls it.
    pub fn named(name_of: impl Fn(&'static str) -> String) -> Tables {
        Tables {
            runs: name_of("runs"),
            scores: name_of("scores"),
            board: name_of("board"),
            statistics: name_of("statistics"),
            counted: name_of("counted"),
            allowances: name_of("allowances"),
            datasets: name_of("datasets"),
            players: name_of("players"),
            playing: name_of("playing"),
        }
    }
}
