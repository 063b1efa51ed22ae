//! npm, started without the developer's and the CI's secrets.

use std::env;
use std::process::Command;

/// `npm` without a secret in its environment, because packages run code during installation.
pub fn npm() -> Command {
    // On Windows npm is a script, which is found by its whole name only.
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    without_secrets(&mut npm);
    npm
}

/// Takes keys and tokens out of what a program will find in its environment.
pub fn without_secrets(command: &mut Command) {
    for (name, _) in env::vars_os().filter(|(name, _)| name.to_str().is_none_or(is_secret)) {
        command.env_remove(name);
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let families = ["AWS_", "TAURI_SIGNING_", "APPLE_", "WINDOWS_CERTIFICATE"];
    let words = ["TOKEN", "SECRET", "PASSWORD", "PRIVATE", "CREDENTIAL", "API_KEY"];
    families.iter().any(|family| name.starts_with(family)) || words.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_tokens_are_secrets_and_the_rest_is_not() {
        for name in [
            "AWS_ACCESS_KEY_ID",
            "aws_session_token",
            "TAURI_SIGNING_PRIVATE_KEY",
            "APPLE_PASSWORD",
            "GITHUB_TOKEN",
            "ACTIONS_ID_TOKEN_REQUEST_URL",
            "NODE_AUTH_TOKEN",
            "GOOGLE_APPLICATION_CREDENTIALS",
        ] {
            assert!(is_secret(name), "a package of npm has no business with {name}");
        }
        for name in ["PATH", "HOME", "HTTPS_PROXY", "npm_config_cache", "NARU_BRAND", "CI"] {
            assert!(!is_secret(name), "npm needs {name}");
        }
    }
}
