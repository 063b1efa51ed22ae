//! What the engine's errors say to a person.
//!
//! Their own words are English and go to logs and JSON; [`korean`] has the others, [`hints`] the
//! next step where the table's does not fit the case, [`settings`] what is refused before the engine is
//! asked.

pub mod hints;
pub mod korean;
pub mod particulars;
pub mod settings;
