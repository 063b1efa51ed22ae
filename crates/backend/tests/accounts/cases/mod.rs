//! The login on every host that it runs on: `crate::login_host::LoginHost` of the test program that
//! mounts this starts it, with the embedded cloud as Kakao and Cognito.

pub mod embedded;
mod login;
mod refresh;
