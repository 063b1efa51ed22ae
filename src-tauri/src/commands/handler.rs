//! The registry's commands as Tauri knows them. What each is given and answers is held to its line: a function of
//! another signature does not compile.

use std::path::PathBuf;

use naru_launcher_core::view::*;
use tauri::{AppHandle, Builder, Runtime};

use super::{account, folders, game, job, launcher, publisher, scores, settings};

macro_rules! handler {
    ($(
        $(#[doc = $doc:literal])+
        [$($window:ident),+] $module:ident::$name:ident($($given:ident: $kind:ty),*) -> $answer:ty;
    )+) => {
        $(
            $(#[doc = $doc])+
            #[tauri::command]
            async fn $name<R: Runtime>(app: AppHandle<R>, $($given: $kind),*) -> Result<$answer, Problem> {
                $module::$name(&app, $($given),*).await
            }
        )+

        /// Answers the commands, from windows that have the right.
        pub(crate) fn with_commands<R: Runtime>(builder: Builder<R>) -> Builder<R> {
            builder.invoke_handler(tauri::generate_handler![$($name),+])
        }
    };
}

commands!(handler);
