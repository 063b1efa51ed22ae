//! A branding folder that packages can be made from.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use naru_brand::{BrandFile, Package};

/// A branding folder that packages can be made from.
#[derive(Debug)]
pub struct Branding {
    /// Where it is, from the root of the file system on.
    pub folder: PathBuf,
    /// What its `brand.toml` says.
    pub brand: BrandFile,
    /// And what that says of packages.
    pub package: Package,
}

impl Branding {
    /// Reads it and looks whether all is there: the build after it takes long.
    pub fn read(folder: &Path) -> Result<Self> {
        let folder = std::path::absolute(folder).context("the branding folder")?;
        let file = folder.join("brand.toml");
        let text = fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
        let brand = BrandFile::parse(&text).with_context(|| format!("in {}", folder.display()))?;
        let Some(package) = brand.package.clone() else {
            bail!("{}: [package] is missing: packages need its `name` and `identifier`", file.display());
        };
        let branding = Self { folder, brand, package };
        for (key, art) in [("package.icon", branding.icon()), ("the picture", branding.art("hero.svg"))] {
            if !art.is_file() {
                bail!("{}: {key}: {} is no file", file.display(), art.display());
            }
        }
        Ok(branding)
    }

    /// The picture that the packages' icons are made from.
    pub fn icon(&self) -> PathBuf {
        self.folder.join(self.package.icon())
    }

    fn art(&self, name: &str) -> PathBuf {
        self.folder.join("art").join(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demo() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../brands/demo")
    }

    /// A copy of the demo's folder with another `brand.toml`, and what reading it says.
    fn refused(change: impl Fn(String) -> String, without: &[&str]) -> String {
        let copy = tempfile::tempdir().expect("a folder");
        fs::create_dir(copy.path().join("art")).expect("made");
        for name in ["art/icon.svg", "art/hero.svg"].iter().filter(|name| !without.contains(name)) {
            fs::copy(demo().join(name), copy.path().join(name)).expect("copied");
        }
        let text = fs::read_to_string(demo().join("brand.toml")).expect("the demo's brand");
        fs::write(copy.path().join("brand.toml"), change(text)).expect("written");
        format!("{:#}", Branding::read(copy.path()).expect_err("it is wrong"))
    }

    #[test]
    fn the_demo_s_branding_folder_can_be_packaged() {
        let branding = Branding::read(&demo()).expect("packages are made of it");
        assert!(branding.folder.is_absolute(), "the page and the app are built from other folders");
    }

    #[test]
    fn a_mistake_is_named_by_file_and_key_before_anything_is_built() {
        let same = |text: String| text;
        let error = refused(|text| text.replace("dev.naru.", "dev..naru."), &[]);
        assert!(error.contains("brand.toml") && error.contains("identifier = \"dev..naru."), "{error}");
        let error = refused(same, &["art/icon.svg"]);
        assert!(
            error.contains("brand.toml") && error.contains("package.icon") && error.contains("art/icon.svg"),
            "{error}"
        );
        let error = refused(same, &["art/hero.svg"]);
        assert!(error.contains("art/hero.svg"), "the page can't be built without: {error}");
        let without = |text: String| {
            let of_packages = ["[package]", "name = ", "identifier = "];
            let others = text.lines().filter(|line| !of_packages.iter().any(|start| line.starts_with(start)));
            others.collect::<Vec<_>>().join("\n")
        };
        let error = refused(without, &[]);
        assert!(error.contains("brand.toml: [package] is missing"), "{error}");
    }

    #[test]
    fn a_folder_without_a_brand_is_named() {
        let nothing = tempfile::tempdir().expect("a folder");
        let error = format!("{:#}", Branding::read(nothing.path()).expect_err("nothing is there"));
        assert!(error.contains("brand.toml") && error.contains("No such file"), "{error}");
    }
}
