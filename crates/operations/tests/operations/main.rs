//! The operations over a store in memory: plan, answer, outcome, and what a failure leaves behind.

mod failing;
mod game;
mod releasing;
mod world;
