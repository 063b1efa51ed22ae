//! The page's types are those of the launcher.

#[test]
fn the_page_has_the_types_that_the_launcher_sends() {
    let written = include_str!("../../../../ui/src/backend/types.ts");
    assert!(
        written == naru_launcher_core::view::typescript(),
        "run: cargo run -p naru-launcher-core --example page_types > ui/src/backend/types.ts"
    );
}
