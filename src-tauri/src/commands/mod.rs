//! What the page may ask, one file per noun.

pub mod installed;
