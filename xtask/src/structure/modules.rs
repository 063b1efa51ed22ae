//! Which module of a package names which: the edges, and the circles in them.
//!
//! A module names another with a path: `crate::a::B`, `super::a`, also where `B` is re-exported on the way.
//! Edges are drawn between siblings: code below `a` that names code below `b` is an edge from `a` to `b`.
//! A module and its own parent are not siblings: parts of one thing may share what is in its `mod.rs`.
//! Code that only tests are built from is left out.

use std::collections::{BTreeMap, BTreeSet};

use super::sources::Package;
use super::tokens::{Kind, Token, attribute_end, closing, is_use};

/// The path of a module from the package's root, which is empty.
type Path = Vec<String>;

/// The modules of one package.
#[derive(Debug, Default)]
pub struct Modules {
    by_path: BTreeMap<Path, Module>,
}

/// What one module says.
#[derive(Debug, Default)]
struct Module {
    file: String,
    /// Its own code, without that of modules inside.
    tokens: Vec<Token>,
    /// Modules in it that are `pub`.
    public_modules: Vec<String>,
    /// Names that it takes in, and their paths as they are written. A name is `*` where all are taken.
    uses: Vec<(String, Path)>,
}

/// One module names another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// The one that names.
    pub from: String,
    /// The one that is named.
    pub to: String,
    /// Where, and what.
    pub places: BTreeSet<String>,
}

/// Modules of which each reaches each other one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Circle {
    /// Their names, from the package's root: `account::login`.
    pub modules: Vec<String>,
    /// What binds them.
    pub edges: Vec<Edge>,
}

impl Circle {
    /// Whether its modules stand at the package's root.
    pub fn is_top_level(&self) -> bool {
        self.modules.iter().all(|module| !module.contains("::"))
    }
}

impl Modules {
    /// Reads the modules of a package, from its `lib.rs` or else its `main.rs`.
    pub fn of(package: &Package) -> Self {
        let mut modules = Self::default();
        let root = ["src/lib.rs", "src/main.rs"].into_iter().find(|root| package.file(root).is_some());
        if let Some(root) = root {
            modules.read_file(package, root, Vec::new(), "src/");
        }
        modules
    }

    /// How many modules stand at the package's root.
    pub fn count(&self) -> usize {
        self.by_path.keys().filter(|path| path.len() == 1).count()
    }

    /// `below` is the folder of the modules that the file names.
    fn read_file(&mut self, package: &Package, inner: &str, path: Path, below: &str) {
        let Some(file) = package.file(inner) else { return };
        let tokens: Vec<Token> =
            file.parts.code.iter().filter(|token| token.kind != Kind::Comment).cloned().collect();
        self.read(package, &file.path, &tokens, path, below);
    }

    fn read(&mut self, package: &Package, file: &str, tokens: &[Token], path: Path, below: &str) {
        let mut module = Module { file: file.to_owned(), ..Module::default() };
        let mut at = 0;
        while at < tokens.len() {
            let rest = &tokens[at..];
            if let Some(end) = attribute_end(tokens, at) {
                at = end + 1;
            } else if let [_, name, mark, ..] = rest
                && rest[0].is("mod")
                && name.kind == Kind::Word
                && (mark.is(";") || mark.is("{"))
            {
                if module.tokens.last().is_some_and(|last| last.is("pub")) {
                    module.tokens.pop();
                    module.public_modules.push(name.text.clone());
                }
                let inner: Path = path.iter().chain([&name.text]).cloned().collect();
                let folder = format!("{below}{}/", name.text);
                let end = closing(tokens, at + 2);
                if mark.is("{") {
                    self.read(package, file, &tokens[at + 3..end], inner, &folder);
                    at = end + 1;
                } else {
                    for candidate in [format!("{below}{}.rs", name.text), format!("{folder}mod.rs")] {
                        self.read_file(package, &candidate, inner.clone(), &folder);
                    }
                    at += 3;
                }
            } else {
                module.tokens.push(tokens[at].clone());
                at += 1;
            }
        }
        module.uses = uses(&module.tokens);
        self.by_path.insert(path, module);
    }

    /// All edges between siblings.
    pub fn edges(&self) -> Vec<Edge> {
        let mut places: BTreeMap<(Path, Path), BTreeSet<String>> = BTreeMap::new();
        for (from, module) in &self.by_path {
            for named in module.uses.iter().map(|(_, path)| path.clone()).chain(paths(&module.tokens)) {
                let Some((to, _)) = self.resolve(from, &named, 0) else { continue };
                let common = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
                if from.len() > common && to.len() > common {
                    let siblings = (from[..=common].to_vec(), to[..=common].to_vec());
                    places.entry(siblings).or_default().insert(format!(
                        "{}: {}",
                        module.file,
                        named.join("::")
                    ));
                }
            }
        }
        let edge = |((from, to), places): ((Path, Path), _)| Edge {
            from: from.join("::"),
            to: to.join("::"),
            places,
        };
        places.into_iter().map(edge).collect()
    }

    /// The module that a path leads to or into, and whether it is the module itself; `None` where the path leads
    /// out of the package.
    fn resolve(&self, from: &Path, named: &[String], depth: usize) -> Option<(Path, bool)> {
        // A re-export may lead to a re-export, but names that turn in a circle lead nowhere.
        if depth > 8 {
            return None;
        }
        let (mut at, mut rest) = self.beginning(from, named)?;
        while let Some((name, after)) = rest.split_first() {
            let child: Path = at.iter().chain([name]).cloned().collect();
            if self.by_path.contains_key(&child) {
                (at, rest) = (child, after);
                continue;
            }
            let taken = self.by_path[&at].uses.iter().find(|(taken, _)| taken == name);
            let Some((_, path)) = taken else {
                return Some((self.by_glob(&at, name, depth).unwrap_or(at), false));
            };
            let further: Path = path.iter().chain(after).cloned().collect();
            return self.resolve(&at, &further, depth + 1).or(Some((at, false)));
        }
        Some((at, true))
    }

    /// The module that a path begins at, and what follows there.
    fn beginning<'a>(&self, from: &Path, named: &'a [String]) -> Option<(Path, &'a [String])> {
        let first = named.first()?;
        if first == "crate" {
            return Some((Vec::new(), &named[1..]));
        }
        let ups = named.iter().take_while(|word| *word == "super").count();
        if ups > 0 {
            return Some((from[..from.len().checked_sub(ups)?].to_vec(), &named[ups..]));
        }
        if first == "self" {
            return Some((from.clone(), &named[1..]));
        }
        let child: Path = from.iter().chain([first]).cloned().collect();
        self.by_path.contains_key(&child).then(|| (from.clone(), named))
    }

    /// The module that a name comes from of which all names are taken in.
    fn by_glob(&self, at: &Path, name: &str, depth: usize) -> Option<Path> {
        let globs = self.by_path[at].uses.iter().filter(|(taken, _)| taken == "*");
        let mut sources = globs.filter_map(|(_, path)| Some(self.resolve(at, path, depth + 1)?.0));
        sources.find(|source| source != at && self.by_path[source].defines(name))
    }

    /// The circles at every level, the largest first.
    pub fn circles(&self) -> Vec<Circle> {
        let edges = self.edges();
        let mut circles = Vec::new();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for start in edges.iter().map(|edge| edge.from.as_str()) {
            if seen.contains(start) {
                continue;
            }
            let reached = reachable(&edges, start);
            let members: BTreeSet<&str> =
                reached.into_iter().filter(|other| reachable(&edges, other).contains(start)).collect();
            seen.extend(&members);
            if members.len() > 1 {
                let inside =
                    |edge: &&Edge| members.contains(edge.from.as_str()) && members.contains(edge.to.as_str());
                let edges = edges.iter().filter(inside).cloned().collect();
                circles.push(Circle { modules: members.into_iter().map(str::to_owned).collect(), edges });
            }
        }
        circles.sort_by_key(|circle| std::cmp::Reverse(circle.modules.len()));
        circles
    }

    /// What the package offers to others.
    pub fn public_names(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        self.offer(&Vec::new(), &mut names, 0);
        names
    }

    fn offer(&self, path: &Path, names: &mut BTreeSet<String>, depth: usize) {
        let Some(module) = self.by_path.get(path).filter(|_| depth < 8) else { return };
        names.extend(module.public_items());
        for name in &module.public_modules {
            let child: Path = path.iter().chain([name]).cloned().collect();
            self.offer(&child, names, depth + 1);
        }
        for (name, target) in public_uses(&module.tokens) {
            match self.resolve(path, &target, 0) {
                Some((module, true)) => self.offer(&module, names, depth + 1),
                _ if name == "*" => {}
                _ => drop(names.insert(name)),
            }
        }
    }
}

impl Module {
    fn defines(&self, name: &str) -> bool {
        self.tokens.windows(2).any(|pair| is_item(&pair[0]) && pair[1].is(name))
    }

    /// Names of items that are `pub` without a restriction.
    fn public_items(&self) -> Vec<String> {
        let mut names = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            if self.tokens[at].is("{") {
                at = closing(&self.tokens, at);
            } else if self.tokens[at].is("pub") && !self.tokens.get(at + 1).is_some_and(|next| next.is("(")) {
                let item = self.tokens[at + 1..].iter().take(4).position(is_item);
                let name = item.and_then(|item| self.tokens.get(at + 2 + item));
                names.extend(name.filter(|name| name.kind == Kind::Word).map(|name| name.text.clone()));
            }
            at += 1;
        }
        names.retain(|name| name != "fn");
        names
    }
}

fn is_item(token: &Token) -> bool {
    ["fn", "struct", "enum", "trait", "type", "const", "static", "union", "mod"]
        .iter()
        .any(|item| token.is(item))
}

fn reachable<'a>(edges: &'a [Edge], start: &'a str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::from([start]);
    let mut open = vec![start];
    while let Some(from) = open.pop() {
        for edge in edges.iter().filter(|edge| edge.from == from) {
            if reached.insert(&edge.to) {
                open.push(&edge.to);
            }
        }
    }
    reached
}

/// What `use` declarations take in, each with its path.
fn uses(tokens: &[Token]) -> Vec<(String, Path)> {
    let starts = (0..tokens.len()).filter(|at| is_use(tokens, *at));
    starts.flat_map(|at| use_at(tokens, at)).collect()
}

fn public_uses(tokens: &[Token]) -> Vec<(String, Path)> {
    let starts = (1..tokens.len()).filter(|at| is_use(tokens, *at) && tokens[at - 1].is("pub"));
    starts.flat_map(|at| use_at(tokens, at)).collect()
}

fn use_at(tokens: &[Token], at: usize) -> Vec<(String, Path)> {
    let end = tokens[at..].iter().position(|token| token.is(";")).map_or(tokens.len(), |end| at + end);
    let mut taken = Vec::new();
    take_tree(&tokens[at + 1..end], &[], &mut taken);
    taken
}

/// Reads `a::{b, c as d}` as its single paths.
fn take_tree(tree: &[Token], before: &[String], taken: &mut Vec<(String, Path)>) {
    let mut path = before.to_vec();
    let mut at = 0;
    while at < tree.len() && !tree[at].is("{") && !tree[at].is("as") {
        if !tree[at].is("::") {
            path.push(tree[at].text.clone());
        }
        at += 1;
    }
    if tree.get(at).is_some_and(|token| token.is("{")) {
        let inner = &tree[at + 1..closing(tree, at)];
        branches(inner).into_iter().for_each(|branch| take_tree(branch, &path, taken));
        return;
    }
    let renamed = tree.get(at + 1).map(|name| name.text.clone());
    if path.last().is_some_and(|last| last == "self") && path.len() > 1 {
        path.pop();
    }
    let name = renamed.or_else(|| path.last().cloned());
    if name.as_deref() == Some("*") {
        path.pop();
    }
    taken.extend(name.map(|name| (name, path)));
}

/// The parts between commas that are in no inner braces.
fn branches(tokens: &[Token]) -> Vec<&[Token]> {
    let (mut parts, mut begin, mut at) = (Vec::new(), 0, 0);
    while at < tokens.len() {
        if tokens[at].is("{") {
            at = closing(tokens, at);
        } else if tokens[at].is(",") {
            parts.push(&tokens[begin..at]);
            begin = at + 1;
        }
        at += 1;
    }
    parts.push(&tokens[begin..]);
    parts.retain(|part| !part.is_empty());
    parts
}

/// Paths in code that begin at the package's root or at a module above.
fn paths(tokens: &[Token]) -> Vec<Path> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let is_start = ["crate", "super", "self"].iter().any(|word| tokens[at].is(word));
        let mut path = vec![tokens[at].text.clone()];
        let mut next = at + 1;
        while let [mark, word, ..] = &tokens[next..]
            && mark.is("::")
            && word.kind == Kind::Word
        {
            path.push(word.text.clone());
            next += 2;
        }
        if is_start && path.len() > 1 {
            found.push(path);
        }
        at = next;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::sources::{File, Package};
    use super::super::tokens::{parts, tokens};
    use super::*;

    fn modules(files: &[(&str, &str)]) -> Modules {
        let files = files.iter().map(|(path, text)| File {
            path: format!("crates/x/{path}"),
            parts: parts(tokens(text)),
            is_test: false,
        });
        Modules::of(&Package::of("crates/x", files.collect()))
    }

    #[test]
    fn a_circle_is_found_through_a_re_export() {
        let modules = modules(&[
            ("src/lib.rs", "mod a; mod b; mod c; pub use b::{Thing, inner::Other as Named};"),
            ("src/a.rs", "use crate::{Thing, c};"),
            ("src/b/mod.rs", "pub mod inner; pub struct Thing; fn f() { crate::a::g() }"),
            ("src/b/inner.rs", "use super::Thing; pub struct Other;"),
            ("src/c.rs", "#[cfg(test)] mod tests { use crate::a; }"),
        ]);
        let circles = modules.circles();
        assert_eq!(
            circles.len(),
            1,
            "c names nothing outside tests, and a part may name its whole: {circles:?}"
        );
        assert_eq!(circles[0].modules, ["a", "b"]);
        assert_eq!(modules.public_names().into_iter().collect::<Vec<_>>(), ["Named", "Thing"]);
        assert_eq!(modules.count(), 3);
    }

    #[test]
    fn siblings_inside_a_module_have_circles_of_their_own() {
        let modules = modules(&[(
            "src/main.rs",
            "mod a { mod b { use super::c; } mod c { fn f() { super::b::g() } } }",
        )]);
        let circles = modules.circles();
        assert_eq!(circles[0].modules, ["a::b", "a::c"]);
        assert!(!circles[0].is_top_level());
    }
}
