//! `--emerge`: what emerge is run with, and what the real one then does.

mod builds;
pub mod client;
mod failures;
mod fake_emerge;
mod files;
mod full_disk;
mod install;
mod keep_away;
pub mod namespace;
mod signed;
