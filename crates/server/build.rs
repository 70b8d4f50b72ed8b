//! Puts the page and the built-in course into the binary.
//!
//! The page is built by Node in `web/` when there is Node; without it the build passes, warns, and the server serves a
//! page that says what is missing. `LYCEUM_WEB=skip` leaves it out on purpose; `LYCEUM_WEB=FOLDER` takes it from a
//! folder where it was built already.

use std::{
    env, fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

use sha2::{Digest, Sha256};

/// The folders and files of `web/` that the page is made of.
const SOURCES: [&str; 8] =
    ["src", "build", "public", "index.html", "package.json", "package-lock.json", "vite.config.ts", "svelte.config.js"];

fn main() {
    let crate_folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where the crate is"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo says where to build"));
    let root = crate_folder.join("../..");
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=LYCEUM_WEB");

    let page = page(&root.join("web"), &out);
    write_assets(page.as_deref(), &out);
    let courses = root.join("courses");
    println!("cargo:rerun-if-changed={}", courses.display());
    write_courses(&courses, &out);
}

/// Returns the folder of the page as built, if it could be.
fn page(web: &Path, out: &Path) -> Option<PathBuf> {
    for source in SOURCES {
        println!("cargo:rerun-if-changed={}", web.join(source).display());
    }
    match env::var("LYCEUM_WEB") {
        Ok(value) if value == "skip" => return None,
        Ok(folder) if !folder.is_empty() => {
            println!("cargo:rerun-if-changed={folder}");
            return Some(folder.into());
        }
        _ => {}
    }
    if !web.join("package.json").is_file() {
        println!("cargo:warning=the page is left out: there is no web/package.json");
        return None;
    }
    let runs = |program: &str, arguments: &[&str], folder: &Path| {
        let output = Command::new(program).args(arguments).current_dir(folder).output();
        match output {
            Ok(output) if output.status.success() => Ok(()),
            Ok(output) => Err(String::from_utf8_lossy(&output.stderr).trim().replace('\n', " | ")),
            Err(error) => Err(error.to_string()),
        }
    };
    if let Err(error) = runs("npm", &["--version"], web) {
        println!("cargo:warning=the page is left out, because it is built by Node 20 and npm: {error}");
        return None;
    }
    // Built in a copy, so that the source folder stays as it is and two builds do not meet.
    let copy = out.join("web");
    let built = copy_sources(web, &copy).map_err(|error| error.to_string());
    let built = built.and_then(|()| match copy.join("node_modules/.package-lock.json").is_file() && same_lock(&copy) {
        true => Ok(()),
        false => runs("npm", &["ci", "--no-audit", "--no-fund"], &copy).inspect(|()| note_lock(&copy)),
    });
    match built.and_then(|()| runs("npm", &["run", "build"], &copy)) {
        Ok(()) => Some(copy.join("dist")),
        Err(error) => {
            println!("cargo:warning=the page is left out, because it could not be built: {error}");
            None
        }
    }
}

/// The lock file that `node_modules` was installed by.
const INSTALLED: &str = "installed-lock.json";

fn same_lock(copy: &Path) -> bool {
    let read = |name| fs::read(copy.join(name)).ok();
    read(INSTALLED).is_some() && read(INSTALLED) == read("package-lock.json")
}

fn note_lock(copy: &Path) {
    let _ = fs::copy(copy.join("package-lock.json"), copy.join(INSTALLED));
}

fn copy_sources(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(to)?.flatten() {
        let keep = ["node_modules", INSTALLED];
        if keep.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        match entry.file_type()?.is_dir() {
            true => fs::remove_dir_all(entry.path())?,
            false => fs::remove_file(entry.path())?,
        }
    }
    for (path, name) in files(from, &["node_modules", "dist"]) {
        let target = to.join(&name);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::copy(path, target)?;
    }
    Ok(())
}

/// Returns the files under a folder with their names in it, in order.
fn files(folder: &Path, without: &[&str]) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![(folder.to_owned(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if without.contains(&name.as_str()) {
                continue;
            }
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push((entry.path(), format!("{prefix}{name}/"))),
                Ok(kind) if kind.is_file() => found.push((entry.path(), format!("{prefix}{name}"))),
                _ => {}
            }
        }
    }
    found.sort_by(|a, b| a.1.cmp(&b.1));
    found
}

/// Writes the table of the page's files, each also compressed where that makes it smaller.
fn write_assets(page: Option<&Path>, out: &Path) {
    let packed = out.join("packed");
    let _ = fs::remove_dir_all(&packed);
    fs::create_dir_all(&packed).expect("OUT_DIR can be written");
    let mut table = String::from("&[\n");
    for (at, (path, name)) in page.iter().flat_map(|page| files(page, &[])).enumerate() {
        let bytes = fs::read(&path).expect("what was built can be read");
        let tag: String = hex::encode(&Sha256::digest(&bytes)[..8]);
        let keep = |ending: &str, packed_bytes: Vec<u8>| -> String {
            if packed_bytes.len() * 10 > bytes.len() * 9 {
                return "None".into();
            }
            let path = packed.join(format!("{at}.{ending}"));
            fs::write(&path, packed_bytes).expect("OUT_DIR can be written");
            format!("Some(include_bytes!({path:?}))")
        };
        let plain = packed.join(format!("{at}"));
        fs::write(&plain, &bytes).expect("OUT_DIR can be written");
        let brotli = keep("br", brotli(&bytes));
        let gzip = keep("gz", gzip(&bytes));
        table += &format!(
            "    Asset {{ path: {name:?}, tag: \"\\\"{tag}\\\"\", plain: include_bytes!({plain:?}), \
             brotli: {brotli}, gzip: {gzip} }},\n"
        );
    }
    table += "]\n";
    fs::write(out.join("assets.rs"), table).expect("OUT_DIR can be written");
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut packed, 1 << 16, 11, 22);
    writer.write_all(bytes).expect("memory can be written");
    drop(writer);
    packed
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(bytes).expect("memory can be written");
    writer.finish().expect("memory can be written")
}

/// Writes the table of the built-in course's files, and a tag for all of them.
fn write_courses(courses: &Path, out: &Path) {
    let mut hash = Sha256::new();
    let mut table = String::from("&[\n");
    for (path, name) in files(courses, &[]) {
        println!("cargo:rerun-if-changed={}", path.display());
        let bytes = fs::read(&path).expect("a course can be read");
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(name.as_bytes());
        hash.update(&bytes);
        let path = path.canonicalize().expect("a course can be found");
        table += &format!("    ({name:?}, include_bytes!({path:?})),\n");
    }
    table += "]\n";
    fs::write(out.join("courses.rs"), table).expect("OUT_DIR can be written");
    let tag: String = hex::encode(&hash.finalize()[..8]);
    println!("cargo:rustc-env=LYCEUM_COURSES_TAG={tag}");
}
