//! `naru serve`

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Report;
use crate::language::Language;

/// A local cloud that is ready.
pub struct ServeReport<'a> {
    /// The name of its identity pool.
    pub identity_pool: &'a str,
    /// The login provider that its identities come from.
    pub developer_provider: &'a str,
    /// What a shell has to set to use it.
    pub variables: &'a [(&'static str, String)],
}

impl Report for ServeReport<'_> {
    fn json(&self) -> impl Serialize {
        let variables = self.variables.iter();
        let environment: Map<String, Value> =
            variables.map(|(name, value)| ((*name).into(), value.as_str().into())).collect();
        json!({
            "ready": true,
            "identity_pool": self.identity_pool,
            "developer_provider": self.developer_provider,
            "environment": environment,
        })
    }

    fn lines(&self, _language: Language) -> Vec<String> {
        exports(self.variables)
    }
}

/// The lines for a shell. A session token of an earlier login would go with our keys, and no server
/// takes the two together.
pub fn exports(variables: &[(&'static str, String)]) -> Vec<String> {
    let exports = variables.iter().map(|(name, value)| format!("export {name}={value}"));
    std::iter::once("unset AWS_SESSION_TOKEN".to_owned()).chain(exports).collect()
}
