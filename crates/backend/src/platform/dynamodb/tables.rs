//! The names of the tables.

use std::sync::Arc;

/// Where each thing is kept. The keys of the tables are in `infra/tables.tf`.
#[derive(Clone)]
pub struct Tables(Arc<dyn Fn(&'static str) -> String + Send + Sync>);

impl Tables {
    /// Tells the name in AWS of a table, by what `infra/tables.tf` calls it. It is asked for those tables that
    /// are used, each time.
    pub fn named(name_of: impl Fn(&'static str) -> String + Send + Sync + 'static) -> Tables {
        Tables(Arc::new(name_of))
    }

    pub(super) fn name_of(&self, table: &'static str) -> String {
        (self.0)(table)
    }
}
