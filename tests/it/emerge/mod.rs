//! `--emerge`: what emerge is run with, and what the real one then does.

mod builds;
mod client;
mod failures;
mod fake_emerge;
mod files;
mod install;
mod keep_away;
mod namespace;
mod signed;
