//! Whether this machine has credentials for the bucket.

use std::time::Duration;

use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_credential_types::provider::ProvideCredentials;
use tokio::time::timeout;

use super::Publisher;

/// A profile may ask a program or a server for its credentials.
const LOOKING: Duration = Duration::from_secs(10);

impl Publisher {
    /// Shows the page for publishing to a user with credentials.
    pub(crate) async fn look_for_credentials(&self) {
        if self.is_configured && self.has_credentials().await {
            self.context.state.change(|state| state.access.shown = true);
        }
    }

    /// Only what is on this machine is looked at: the whole chain would have every player's launcher
    /// ask the network for a virtual machine's credentials.
    async fn has_credentials(&self) -> bool {
        let provided = async {
            if let Some(sdk) = &self.aws {
                return match sdk.credentials_provider() {
                    Some(provider) => provider.provide_credentials().await.is_ok(),
                    None => false,
                };
            }
            EnvironmentVariableCredentialsProvider::new().provide_credentials().await.is_ok()
                || ProfileFileCredentialsProvider::builder().build().provide_credentials().await.is_ok()
        };
        timeout(LOOKING, provided).await.unwrap_or(false)
    }
}
