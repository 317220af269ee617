//! Tests of the whole crate from outside, one module a subject.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr)]

mod vectors;
