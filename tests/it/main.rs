//! One binary for all tests of the whole program; one module per subject.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr)]

mod adopt;
mod binhost;
mod cache;
mod changes;
mod cli;
mod compare;
mod completions;
mod cpu;
mod emerge;
mod fleet;
mod freeze;
mod html;
mod observed;
mod options;
mod packages;
mod plan;
mod portage;
mod readme;
mod reads;
mod resolver_suite;
mod scenarios;
mod secrets;
mod steps;
mod stranger;
mod suggest;
mod support;
mod survey;
mod unreadable;
mod vectors;
mod why;
mod workstation;
