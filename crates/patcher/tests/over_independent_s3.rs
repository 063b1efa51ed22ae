//! The engine through its public API, over DOC.
#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

#[path = "backends/independent_s3.rs"]
mod backend;
#[path = "suite/client_2017.rs"]
mod client_2017;
#[path = "suite/cycle.rs"]
mod cycle;
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
