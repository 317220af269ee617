//! Plans: tables of small systems with what emerge would merge on them, held against bincheck and
//! against the real emerge.

mod check;
mod roots;
pub mod system;
mod vectors;
