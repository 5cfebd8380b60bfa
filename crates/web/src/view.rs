//! The pages as plain structs: fill one in, call [`Template::render`], send the text.
//!
//! Nothing here reads a request, a clock or the store. Whatever a person typed is escaped by the templates.
//!
//! ```
//! use web::view::resident::{Frame, ReportForm};
//! use web::view::Template as _;
//! use web::words::Lang;
//!
//! let page = ReportForm {
//!     frame: Frame { lang: Lang::En, district: "Xuhui".into(), helpline: "12345".into(), ..Frame::default() },
//!     place: "Lane 25, no. 3".into(),
//!     ..ReportForm::default()
//! };
//! assert!(page.render().unwrap().contains("Report to the committee"));
//! ```

pub mod console;
pub mod icons;
pub mod resident;

pub use askama::Template;

/// A field that was filled in wrongly, and what is wrong in one sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The name of the field in the form.
    pub field: &'static str,
    /// One sentence in the language of the page.
    pub text: String,
}

/// What is wrong with one field, if anything.
fn error_of<'a>(errors: &'a [FieldError], field: &str) -> Option<&'a str> {
    errors.iter().find(|e| e.field == field).map(|e| e.text.as_str())
}
