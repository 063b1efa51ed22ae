//! A window with one line of text and nothing behind it: what the launcher's start is compared with
//! (`cargo xtask bench window`).

fn main() -> tauri::Result<()> {
    tauri::Builder::default().run(tauri::generate_context!("src-tauri/examples/empty_window/tauri.conf.json"))
}
