//! Indexes over real connections: what is asked for, what counts, what is said when it goes wrong.

mod answers;
mod copies;
pub mod machine;
pub mod server;
mod ways;
