//! The host that an instance comes from, as a value that is neither a number nor a reference.

/// A binhost, by its place among all that were fetched.
///
/// Where it is optional, `None` is the local PKGDIR.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HostId(u32);

impl HostId {
    /// The host at a place.
    pub fn new(place: usize) -> HostId {
        HostId(u32::try_from(place).unwrap_or(u32::MAX))
    }

    /// Every host of a list, with its id.
    pub fn number<T>(hosts: impl IntoIterator<Item = T>) -> impl Iterator<Item = (HostId, T)> {
        let hosts = hosts.into_iter().enumerate();
        hosts.map(|(place, host)| (HostId::new(place), host))
    }

    /// Its row in a table with one for each host.
    pub fn of<T>(self, table: &[T]) -> Option<&T> {
        table.get(self.index())
    }

    /// The same, to change it.
    pub fn of_mut<T>(self, table: &mut [T]) -> Option<&mut T> {
        table.get_mut(self.index())
    }

    fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_finds_its_row() {
        let mut table = ["first", "second"];
        let ids: Vec<HostId> = HostId::number(table).map(|(id, _)| id).collect();
        assert_eq!(ids, [HostId::new(0), HostId::new(1)]);
        assert_eq!(ids[1].of(&table), Some(&"second"));
        assert_eq!(HostId::new(2).of(&table), None);
        assert_eq!(HostId::new(usize::MAX).of(&table), None);
        if let Some(row) = ids[0].of_mut(&mut table) {
            *row = "changed";
        }
        assert_eq!(table, ["changed", "second"]);
    }
}
