//! What Naru's tests are made of: seeded build trees, faults on the wire, hermetic environments.
//!
//! Everything that looks random comes from a seed, and every seed is in the `Debug` form of what it
//! made, so that a failed assertion names the run that repeats it.

// A test's set-up that fails must stop the test at that line.
#![allow(clippy::unwrap_used)]

mod chaos;
mod hermetic;
mod http;
mod mutation;
mod origin;
mod snapshot;
mod tree;

pub use chaos::{ChaosProxy, Fault, Nth, Rule, Seen};
pub use hermetic::Hermetic;
pub use mutation::{Changes, Mutation};
pub use origin::Origin;
pub use snapshot::{Entry, snapshot};
pub use tree::{Shape, Tree, TreeFile};
