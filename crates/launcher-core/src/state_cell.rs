//! The state behind one lock. Every change of it goes out as events, in the order of the changes.
//!
//! The cell knows no feature. A feature is handed a [`Slice`]: its own part of the state, and no other.
//! All slices are behind the same lock, so a closure that holds one must not ask another.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc::UnboundedSender;

/// A whole state, and what is seen of it.
pub(crate) trait State: Send + 'static {
    /// What is seen.
    type Shown: Send;
    /// What goes out when that has changed.
    type Event: Send + 'static;

    fn shown(&self) -> Self::Shown;
    /// One event for each part that differs, in the order in which they go out.
    fn events(before: &Self::Shown, after: &Self::Shown) -> Vec<Self::Event>;
}

/// Where events go.
pub(crate) struct Events<E>(UnboundedSender<E>);

impl<E> Events<E> {
    pub(crate) fn new(sender: UnboundedSender<E>) -> Self {
        Self(sender)
    }

    /// Sends an event that no change of the state brings about.
    pub(crate) fn emit(&self, event: E) {
        // The receiver is gone when the runtime shuts down.
        self.0.send(event).ok();
    }
}

impl<E> Clone for Events<E> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// The state, and what of it was shown last.
pub(crate) struct StateCell<S: State> {
    content: Mutex<Content<S>>,
    events: Events<S::Event>,
}

struct Content<S: State> {
    state: S,
    shown: S::Shown,
}

impl<S: State> StateCell<S> {
    pub(crate) fn new(state: S, events: Events<S::Event>) -> Arc<Self> {
        let shown = state.shown();
        Arc::new(Self { content: Mutex::new(Content { state, shown }), events })
    }

    /// What is seen at this moment.
    pub(crate) fn shown(&self) -> S::Shown {
        self.lock().state.shown()
    }

    /// A part of the state, for the feature that owns it.
    pub(crate) fn slice<T: 'static>(
        self: &Arc<Self>,
        part: fn(&S) -> &T,
        part_mut: fn(&mut S) -> &mut T,
    ) -> Slice<T> {
        Slice(Arc::new(Part { cell: Arc::clone(self), part, part_mut }))
    }

    fn lock(&self) -> MutexGuard<'_, Content<S>> {
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A feature's own part of the state.
pub(crate) struct Slice<T>(Arc<dyn Access<T>>);

impl<T> Slice<T> {
    pub(crate) fn read<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        read(&self.0.read())
    }

    /// Changes it. Changes go out as events before the lock is released.
    pub(crate) fn change<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        change(&mut self.0.change())
    }
}

impl<T> Clone for Slice<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// Hides from a feature what the rest of the state is.
trait Access<T>: Send + Sync {
    fn read(&self) -> Box<dyn Deref<Target = T> + '_>;
    fn change(&self) -> Box<dyn DerefMut<Target = T> + '_>;
}

struct Part<S: State, T> {
    cell: Arc<StateCell<S>>,
    part: fn(&S) -> &T,
    part_mut: fn(&mut S) -> &mut T,
}

impl<S: State, T> Access<T> for Part<S, T> {
    fn read(&self) -> Box<dyn Deref<Target = T> + '_> {
        Box::new(Reading { content: self.cell.lock(), part: self.part })
    }

    fn change(&self) -> Box<dyn DerefMut<Target = T> + '_> {
        Box::new(Changing { content: self.cell.lock(), part: self })
    }
}

struct Reading<'a, S: State, T> {
    content: MutexGuard<'a, Content<S>>,
    part: fn(&S) -> &T,
}

impl<S: State, T> Deref for Reading<'_, S, T> {
    type Target = T;

    fn deref(&self) -> &T {
        (self.part)(&self.content.state)
    }
}

struct Changing<'a, S: State, T> {
    content: MutexGuard<'a, Content<S>>,
    part: &'a Part<S, T>,
}

impl<S: State, T> Deref for Changing<'_, S, T> {
    type Target = T;

    fn deref(&self) -> &T {
        (self.part.part)(&self.content.state)
    }
}

impl<S: State, T> DerefMut for Changing<'_, S, T> {
    fn deref_mut(&mut self) -> &mut T {
        (self.part.part_mut)(&mut self.content.state)
    }
}

impl<S: State, T> Drop for Changing<'_, S, T> {
    fn drop(&mut self) {
        let after = self.content.state.shown();
        // Under the lock: the order of events is the order of changes. Compared with what was shown
        // last, not with the moment before: what is seen may also change with the time alone.
        for event in S::events(&self.content.shown, &after) {
            self.part.cell.events.emit(event);
        }
        self.content.shown = after;
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

    use super::*;

    /// Two features; only the sum of the first and the second are seen.
    #[derive(Default)]
    struct Two {
        first: Vec<u32>,
        second: String,
    }

    #[derive(Debug, PartialEq)]
    enum Event {
        Sum(u32),
        Text(String),
    }

    impl State for Two {
        type Shown = (u32, String);
        type Event = Event;

        fn shown(&self) -> Self::Shown {
            (self.first.iter().sum(), self.second.clone())
        }

        fn events(before: &Self::Shown, after: &Self::Shown) -> Vec<Event> {
            let sum = (before.0 != after.0).then_some(Event::Sum(after.0));
            let text = (before.1 != after.1).then(|| Event::Text(after.1.clone()));
            sum.into_iter().chain(text).collect()
        }
    }

    type Slices = (Slice<Vec<u32>>, Slice<String>);

    fn slices() -> (Slices, UnboundedReceiver<Event>) {
        let (sender, receiver) = unbounded_channel();
        let cell = StateCell::new(Two::default(), Events::new(sender));
        let first = cell.slice(|two| &two.first, |two| &mut two.first);
        let second = cell.slice(|two| &two.second, |two| &mut two.second);
        ((first, second), receiver)
    }

    fn sent(receiver: &mut UnboundedReceiver<Event>) -> Vec<Event> {
        std::iter::from_fn(|| receiver.try_recv().ok()).collect()
    }

    #[test]
    fn what_is_seen_otherwise_goes_out_and_nothing_else() {
        let ((first, second), mut receiver) = slices();
        assert_eq!(first.change(|numbers| numbers.len()), 0);
        first.change(|numbers| numbers.push(0));
        assert_eq!(sent(&mut receiver), [], "the sum is what it was");
        first.change(|numbers| numbers.push(7));
        second.change(|text| text.push('x'));
        assert_eq!(sent(&mut receiver), [Event::Sum(7), Event::Text("x".into())]);
        assert_eq!((first.read(Vec::len), second.read(String::len)), (2, 1));
    }

    #[test]
    fn events_are_in_the_order_of_changes_whoever_makes_them() {
        let ((first, _), mut receiver) = slices();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..250).for_each(|_| first.change(|numbers| numbers.push(1))));
            }
        });
        let expected: Vec<Event> = (1..=1000).map(Event::Sum).collect();
        assert_eq!(sent(&mut receiver), expected);
    }

    #[test]
    fn a_change_that_panics_leaves_the_cell_usable() {
        let ((first, _), mut receiver) = slices();
        let crash = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            first.change(|numbers| {
                numbers.push(3);
                panic!("halfway");
            })
        }));
        crash.expect_err("it panicked");
        assert_eq!(sent(&mut receiver), [Event::Sum(3)], "what was changed is told all the same");
        first.change(|numbers| numbers.push(1));
        assert_eq!(sent(&mut receiver), [Event::Sum(4)]);
    }
}
