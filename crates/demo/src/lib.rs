//! The demo district: real public names and codes of 13 sub-districts and 312 committees; everything else
//! (precincts, map, doorways, units, people, what they say) is invented.
//!
//! Pure: the same seed and the same moment give the same district and the same history, to the byte.
//!
//! ```
//! let district = demo::District::xuhui(7);
//! assert_eq!(district.places.iter().filter(|p| p.depth == 3).count(), 312);
//! let now = "2026-03-02T02:00:00Z".parse().unwrap();
//! let stories = demo::history(&district, 7, now, 2);
//! assert!(stories.iter().all(|s| s.at <= now));
//! ```

mod background;
mod chance;
mod course;
mod district;
mod history;
mod people;
pub mod precincts;
pub mod registrations;
mod texts;

pub use background::{Said, background, of_one_matter};
pub use district::{District, Doorway, Place};
pub use history::{Joined, Later, Story, history};
pub use people::{SHOWCASE, Staff};

/// The seed of the district that `pianqu demo` shows.
pub const SEED: u64 = 310_104;
