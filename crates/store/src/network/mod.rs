//! Network settings: which proxy to use for an address, which certificates to trust, and AWS's own settings.
//! Both HTTP clients are built here, so that the same rules apply to all requests.
//!
//! The root of a program reads the environment and passes it down; no other code reads it.

mod aws;
mod certificates;
mod client;
mod no_proxy;
mod proxies;
mod variables;

pub use aws::AwsError;
pub(crate) use aws::own_endpoint;
pub use certificates::{BundleError, NoCertificates, check_certificates};
pub use client::{ClientError, safe_redirects};
pub use proxies::{Proxy, ProxyError};
pub use variables::{VariableError, VariableProblem};

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;

use proxies::Proxies;

/// The network settings of the environment.
#[derive(Clone, Default)]
pub struct Network {
    proxies: Proxies,
    variables: BTreeMap<&'static str, OsString>,
}

/// Shows which variables are set, and no value: there are AWS's secret keys among them.
impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let variables: Vec<_> = self.variables.keys().collect();
        f.debug_struct("Network").field("proxies", &self.proxies).field("variables", &variables).finish()
    }
}

impl Network {
    /// Reads the relevant variables through `variable`. An empty one counts as unset, because CI systems set
    /// missing variables to an empty value.
    pub fn of(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
        let variables = variables::NAMES.iter().filter_map(|name| Some((*name, variable(name)?)));
        Self { proxies: Proxies::of(&variable), variables: variables.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_gets_into_a_log() {
        let network = Network::of(|name| match name {
            "HTTPS_PROXY" => Some("http://user:hidden@proxy:3128".into()),
            "AWS_SECRET_ACCESS_KEY" => Some("hidden".into()),
            _ => None,
        });
        let shown = format!("{network:?}");
        assert!(!shown.contains("hidden"), "{shown}");
        assert!(shown.contains("AWS_SECRET_ACCESS_KEY"), "that it is set may be told: {shown}");
    }
}
