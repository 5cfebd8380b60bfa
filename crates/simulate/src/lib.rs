//! How good warnings are: power, days to detection and false alarms, measured on made and on real reports.
//!
//! Outbreaks of known size, shape and speed are planted in a background in which nothing else is budding; the product's own
//! finders (`app::findings`, `app::ByWords`) look at it as they look in a district, and `warnings::merge` makes warnings of
//! what they find. Three simpler methods look at the same reports and live by the same rules. Everything follows from the
//! seed, on any number of threads.
//!
//! ```
//! use simulate::{Plan, Background};
//! let plan = Plan { backgrounds: vec![Background::Demo], ..Plan::quick(7) };
//! assert_eq!(plan.nominal, 1.0);
//! ```

mod background;
mod dice;
mod district;
mod measure;
mod methods;
mod outbreak;
mod stream;

pub use background::{Background, Letter, letters, read_letters};
pub use measure::{Alarms, Found, Interval, Plan, Report, interval, measure};
pub use methods::Method;
pub use outbreak::{Outbreak, Shape};
pub use stream::{Group, GroupFound, OnStream, groups, on_stream};
