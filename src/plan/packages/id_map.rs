//! Values by package.

use crate::plan::packages::plan_package::Id;

/// A value for some of the packages of a plan, which are numbered from zero.
#[derive(Debug)]
pub(in crate::plan) struct IdMap<T>(Vec<Option<T>>);

impl<T> Default for IdMap<T> {
    fn default() -> IdMap<T> {
        IdMap(Vec::new())
    }
}

impl<T> IdMap<T> {
    /// The value of a package.
    pub fn get(&self, id: Id) -> Option<&T> {
        self.0.get(id.0 as usize)?.as_ref()
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, id: Id) -> Option<&mut T> {
        self.0.get_mut(id.0 as usize)?.as_mut()
    }

    /// Whether a package has a value.
    pub fn has(&self, id: Id) -> bool {
        self.get(id).is_some()
    }

    /// Give a package a value.
    pub fn insert(&mut self, id: Id, value: T) {
        *self.place(id) = Some(value);
    }

    /// The value of a package, the default one where it had none.
    pub fn or_default(&mut self, id: Id) -> &mut T
    where
        T: Default,
    {
        self.place(id).get_or_insert_with(T::default)
    }

    /// Take the value of a package away.
    pub fn remove(&mut self, id: Id) -> Option<T> {
        self.0.get_mut(id.0 as usize)?.take()
    }

    fn place(&mut self, id: Id) -> &mut Option<T> {
        let place = id.0 as usize;
        if place >= self.0.len() {
            self.0.resize_with(place + 1, || None);
        }
        &mut self.0[place]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stays_with_its_package() {
        let mut map: IdMap<Vec<u8>> = IdMap::default();
        assert!(!map.has(Id(3)) && map.remove(Id(3)).is_none());
        map.or_default(Id(3)).push(7);
        map.insert(Id(1), vec![1]);
        assert!(map.has(Id(1)) && !map.has(Id(0)) && !map.has(Id(2)));
        assert_eq!(map.get(Id(3)), Some(&vec![7]));
        assert_eq!(map.remove(Id(3)), Some(vec![7]));
        assert_eq!(map.get_mut(Id(3)), None);
    }
}
