//! Packages inspected over real connections: what is read, how much of it, and what is reported when it
//! goes wrong.

mod by_command;
mod floods;
mod formats;
mod hostile;
mod inspect;
mod measure;
mod servers;
mod whole;
