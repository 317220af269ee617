//! Indexes over real connections: what is requested, what counts, what is reported when it goes wrong.

mod cache;
mod dns;
mod downgrade;
mod floods;
pub mod machine;
mod responses;
pub mod server;
mod slow;
mod transports;
