//! Indexes over real connections: what is asked for, what counts, what is said when it goes wrong.

mod cache;
mod dns;
mod downgrade;
mod floods;
pub mod machine;
mod responses;
pub mod server;
mod slow;
mod transports;
