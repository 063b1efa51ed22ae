//! `naru serve` for the tests that need a store and an edge.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::place::{Answer, Place};

const SERVE: &str = "serve --data cloud --s3-port 0 --edge-port 0 --control-port 0 --services-port 0 \
                     --kakao-port 0 --invalidation-seconds 0";

/// A running `naru serve`; ended when this is dropped.
pub struct Server {
    process: Child,
    /// The variables that it printed.
    pub environment: Vec<(String, String)>,
    /// Its `result` line.
    pub ready: Value,
    data: Place,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended = self.process.kill();
        let _ended = self.process.wait();
    }
}

impl Server {
    pub fn start() -> Self {
        Self::start_in(Place::new())
    }

    /// Starts with the variables of a place.
    pub fn start_in(data: Place) -> Self {
        let arguments: Vec<&str> = SERVE.split(' ').chain(["--json"]).collect();
        let mut process = data.command(&arguments).stdout(Stdio::piped()).spawn().expect("naru serve starts");
        let stdout = process.stdout.take().expect("its standard output");
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).expect("its ready line");
        let ready: Value = serde_json::from_str(&line).expect("JSON");
        let variables = ready["environment"].as_object().expect("variables");
        let environment = variables
            .iter()
            .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()))
            .collect();
        Self { process, environment, ready, data }
    }

    /// Another one on the same data folder.
    pub fn second(&self) -> Answer {
        self.data.naru(&SERVE.split(' ').collect::<Vec<_>>())
    }

    /// A variable that it printed.
    pub fn variable(&self, name: &str) -> &str {
        let found = self.environment.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_else(|| panic!("serve names no {name}"))
    }

    /// A place whose commands publish to and update from this server.
    pub fn place(&self) -> Place {
        self.environment.iter().fold(Place::new(), |place, (name, value)| place.with(name, value))
    }

    /// Asks the process to end, as a service manager does.
    pub fn terminate(mut self) -> Option<i32> {
        let id = self.process.id().to_string();
        std::process::Command::new("kill").arg(id).status().expect("kill");
        self.process.wait().expect("its end").code()
    }
}
