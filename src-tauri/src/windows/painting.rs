//! How the web view paints where there is no GPU.

use tauri::{Runtime, WebviewWindow};

/// Lets the processor paint a window where there is no GPU.
///
/// WebKitGTK paints through OpenGL by default. Without a GPU, Mesa emulates OpenGL and compiles a shader
/// for each kind of drawing before the first frame (`cargo xtask bench window`). WebGL needs OpenGL, so
/// this is not for a window with a game in it.
#[cfg(target_os = "linux")]
pub(crate) fn suit_machine<R: Runtime>(window: &WebviewWindow<R>) -> tauri::Result<()> {
    use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt, WebViewExt};

    if linux::has_gpu(std::path::Path::new("/dev")) {
        return Ok(());
    }
    window.with_webview(|view| {
        if let Some(settings) = view.inner().settings() {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        }
    })
}

/// The web views of other systems choose by themselves.
#[cfg(not(target_os = "linux"))]
pub(crate) fn suit_machine<R: Runtime>(_window: &WebviewWindow<R>) -> tauri::Result<()> {
    Ok(())
}

#[cfg(target_os = "linux")]
mod linux {
    use std::path::Path;

    /// Folders below the devices' one, and how the names of what can draw begin there: render nodes of
    /// the kernel's drivers (<https://docs.kernel.org/gpu/drm-uapi.html#render-nodes>), NVIDIA's own
    /// driver, and WSL.
    const NODES: [(&str, &str); 3] = [("dri", "renderD"), ("", "nvidia0"), ("", "dxg")];

    pub(super) fn has_gpu(devices: &Path) -> bool {
        NODES.iter().any(|(folder, name)| has_node(&devices.join(folder), name))
    }

    fn has_node(folder: &Path, name: &str) -> bool {
        let mut entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.any(|entry| entry.file_name().to_string_lossy().starts_with(name))
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_screen_without_a_render_node_is_no_gpu() {
            let devices = tempfile::tempdir().expect("a folder");
            assert!(!has_gpu(devices.path()), "a machine without any graphics device");
            std::fs::create_dir(devices.path().join("dri")).expect("made");
            std::fs::write(devices.path().join("dri/card0"), "").expect("written");
            assert!(!has_gpu(devices.path()), "a plain frame buffer shows pictures and draws none");
            std::fs::write(devices.path().join("dri/renderD128"), "").expect("written");
            assert!(has_gpu(devices.path()), "the kernel's driver can draw");
        }

        #[test]
        fn nvidia_and_wsl_have_nodes_of_their_own() {
            for node in ["nvidia0", "dxg"] {
                let devices = tempfile::tempdir().expect("a folder");
                std::fs::write(devices.path().join(node), "").expect("written");
                assert!(has_gpu(devices.path()), "{node}");
            }
        }
    }
}
