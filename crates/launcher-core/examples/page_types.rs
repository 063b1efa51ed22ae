//! Prints `ui/src/backend/types.ts`.

fn main() {
    print!("{}", naru_launcher_core::view::typescript());
}
