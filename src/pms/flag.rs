//! USE flags as words.

/// The flag, with `-` where it is off.
pub fn signed(flag: &str, enabled: bool) -> String {
    let sign = if enabled { "" } else { "-" };
    format!("{sign}{flag}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_off_has_a_sign() {
        assert_eq!(super::signed("ssl", true), "ssl");
        assert_eq!(super::signed("ssl", false), "-ssl");
    }
}
