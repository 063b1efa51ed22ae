/// Every command that a page can call, one line each: the windows that may call it, the function that carries it out,
/// what it is given and what it answers. Any of them may answer a `Problem` instead.
///
/// All else is made from this list: `handler.rs` makes Tauri's handler, `build.rs` the rights of the windows,
/// `ipc_matrix.rs` the test of those rights, and `typescript.rs` the page's own functions, documented with the
/// sentences here. `build.rs` includes this file, so that it names nothing else of the crate.
macro_rules! commands {
    ($expand:ident) => {
        $expand! {
            /// Everything the page shows, now. The first page that asks has the launcher opened.
            [main] launcher::launcher() -> Launcher;
            /// The page can be seen: until then the launcher would show a native message.
            [main] launcher::page_ready() -> ();
            /// The studio's news.
            [main] launcher::news() -> Vec<NewsItem>;
            /// Puts the newer launcher in place of this one and restarts; answers only when that did not work.
            [main] launcher::install_launcher() -> ();

            /// Asks the server what there is to install.
            [main] game::check() -> ();
            /// Installs the release on offer.
            [main] game::update() -> ();
            /// Compares every file with the release.
            [main] game::verify() -> ();
            /// Fetches what differs from the release.
            [main] game::repair() -> ();
            /// Starts the game.
            [main] game::play() -> ();

            /// Stops the work for now; what has arrived is kept.
            [main] job::pause() -> ();
            /// Goes on with paused work.
            [main] job::resume() -> ();
            /// Stops the work for good.
            [main] job::cancel() -> ();
            /// Puts ended work away.
            [main] job::dismiss() -> ();

            /// Opens a provider's page.
            [main] account::log_in(provider: String, way: LoginWay) -> ();
            /// Closes the provider's page.
            [main] account::cancel_login() -> ();
            /// Forgets the login, here and in the login window.
            [main] account::log_out() -> ();
            /// Asks the services for the public name; it comes with the account.
            [main] account::learn_public_name() -> ();
            /// The name that other players see; null for none.
            [main] account::choose_public_name(name: Option<String>) -> ();

            /// A page of the board.
            [main] scores::board(after: Option<String>) -> Board;
            /// How often which scores were reached.
            [main] scores::statistics() -> Statistics;

            /// Changes one setting.
            [main] settings::change_settings(change: SettingsChange) -> ();

            /// Asks for an install folder in the system's dialog; null when the player closed it.
            [main] folders::choose_install_folder() -> Option<FolderLook>;
            /// Moves the installed game there, or installs there from now on.
            [main] folders::move_install(folder: PathBuf) -> ();
            /// Shows the install folder in the system's own way.
            [main] folders::open_install_folder() -> ();
            /// Shows the folder of the logs.
            [main] folders::open_logs() -> ();
            /// Writes what support needs into one file, without secrets; answers its path.
            [main] folders::save_support_bundle() -> String;
            /// Asks for the folder to publish; null when the publisher closed the dialog.
            [main] folders::choose_build_folder() -> Option<String>;

            /// Compares the build folder with the live release; a job while it runs.
            [main] publisher::compare_build() -> Build;
            /// Publishes what was compared.
            [main] publisher::publish(notes: String) -> ();
            /// The releases of the channel, newest first.
            [main] publisher::releases() -> Vec<ReleaseRow>;
            /// Publishes an earlier release again.
            [main] publisher::roll_back(number: u64) -> ();
        }
    };
}
