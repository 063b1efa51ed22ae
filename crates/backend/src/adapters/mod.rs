//! What the ports are made of here.

mod quickjs;
mod sqlite;

pub use quickjs::{EngineLimits, ModuleError, QuickJs};
pub use sqlite::Database;
