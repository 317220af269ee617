//! `--emerge`: what emerge is run with, and what the real one then does.

mod at_once;
mod builds;
pub mod client;
mod exclusion;
mod export;
mod failures;
mod fake_emerge;
mod files;
mod full_disk;
mod install;
pub mod namespace;
mod same;
mod signed;
mod sonames;
mod users;
