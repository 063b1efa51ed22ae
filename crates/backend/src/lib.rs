//! The game services.
