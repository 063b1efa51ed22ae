//! The engine through its public API, over a store in memory.
#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

#[path = "backends/memory.rs"]
mod backend;
#[path = "suite/client_2017.rs"]
mod client_2017;
#[path = "suite/cycle.rs"]
mod cycle;
#[path = "suite/faults.rs"]
mod faults;
#[path = "suite/launching.rs"]
mod launching;
#[path = "suite/ledger.rs"]
mod ledger;
#[path = "suite/looking.rs"]
mod looking;
#[path = "suite/lost.rs"]
mod lost;
#[path = "suite/meanwhile.rs"]
mod meanwhile;
#[path = "suite/names.rs"]
mod names;
#[path = "suite/numbers.rs"]
mod numbers;
#[path = "suite/players_files.rs"]
mod players_files;
#[path = "suite/publishing.rs"]
mod publishing;
#[path = "suite/vanishing.rs"]
mod vanishing;
#[path = "suite/world.rs"]
mod world;
