//! Indexes over real connections: what is asked for, what counts, what is said when it goes wrong.

mod cache;
pub mod machine;
mod responses;
pub mod server;
mod transports;
