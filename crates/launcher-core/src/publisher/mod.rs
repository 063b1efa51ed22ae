//! The publisher's part.

mod access;
mod compare;
mod publish;
mod releases;

pub(crate) use compare::Compared;
