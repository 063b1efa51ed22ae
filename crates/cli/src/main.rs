//! naru
fn main() {}
