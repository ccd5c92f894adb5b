//! Names the program by its source: what an earlier build of a site kept may be used by the same
//! program only.

use std::fs;
use std::path::{Path, PathBuf};

/// All that decides what the program makes of a site.
const SOURCES: [&str; 3] = ["src", "themes", "Cargo.lock"];

fn main() -> std::io::Result<()> {
    let mut files = Vec::new();
    for source in SOURCES {
        println!("cargo::rerun-if-changed={source}");
        collect(Path::new(source), &mut files)?;
    }
    files.sort();
    // FNV-1a, twice with different starts: enough to tell versions of one program apart.
    let mut sums = [0xcbf2_9ce4_8422_2325_u64, 0x6c62_272e_07bb_0142];
    for file in &files {
        let mut bytes = file.to_string_lossy().into_owned().into_bytes();
        bytes.push(0);
        bytes.extend(fs::read(file)?);
        for byte in bytes {
            for sum in &mut sums {
                *sum = (*sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
    }
    println!("cargo::rustc-env=PRESSMARK_ENGINE={:016x}{:016x}", sums[0], sums[1]);
    Ok(())
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if !path.is_dir() {
        // A package without lock file is another one than ours, and names itself by the rest.
        if path.exists() {
            files.push(path.to_owned());
        }
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        collect(&entry?.path(), files)?;
    }
    Ok(())
}
