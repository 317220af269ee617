//! The manual page, made from [`crate::cli`], and the completions, which ask `bincheck --complete`.

use std::io::{self, Write};

use super::manual;
use crate::cli::Generate;

/// Write one of them.
///
/// # Errors
/// Writing to the stream fails.
pub fn write(what: Generate, out: &mut dyn Write) -> io::Result<()> {
    let script = match what {
        Generate::Man => return manual::write(out),
        Generate::Bash => include_str!("../../completions/bincheck.bash"),
        Generate::Zsh => include_str!("../../completions/_bincheck"),
        Generate::Fish => include_str!("../../completions/bincheck.fish"),
    };
    out.write_all(script.as_bytes())
}
