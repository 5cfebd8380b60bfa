//! One family of icons, drawn for this program: 24 units, strokes of 2, round ends. Always beside a word,
//! so hidden from screen readers.

macro_rules! icons {
    ($($(#[$doc:meta])* $name:ident $path:literal;)+) => {
        $($(#[$doc])* pub const $name: &str =
            concat!(r#"<svg viewBox="0 0 24 24" aria-hidden="true"><path d=""#, $path, r#""/></svg>"#);)+
        /// All of them with their names, for the page that shows them.
        pub const ALL: &[(&str, &str)] = &[$((stringify!($name), $name)),+];
    };
}

icons! {
    /// A receiver: ring somebody.
    PHONE "M5 4h4l2 5-3 2a12 12 0 0 0 5 5l2-3 5 2v4a2 2 0 0 1-2 2A17 17 0 0 1 3 6a2 2 0 0 1 2-2z";
    /// A tick: done, kept.
    TICK "M5 13l5 5L20 7";
    /// A triangle: careful.
    CARE "M12 4L2 20h20zM12 10v5M12 17.5v.1";
    /// A clock: time is running.
    CLOCK "M12 3a9 9 0 1 0 .1 0M12 7v5l3 3";
    /// A house: where.
    PLACE "M4 11l8-7 8 7v9h-5v-6H9v6H4z";
    /// Several heads: voices.
    VOICES "M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM3 20c0-4 3-6 6-6s6 2 6 6M16 5a3 3 0 0 1 0 6M17 14c2 1 4 3 4 6";
    /// A magnifying glass: search.
    SEARCH "M10.5 4a6.5 6.5 0 1 0 .1 0M15.5 15.5L21 21";
    /// A printer.
    PRINT "M7 9V3h10v6M5 18H3v-8h18v8h-2M7 14h10v7H7z";
    /// A sheet with columns: spreadsheet.
    SHEET "M4 4h16v16H4zM4 10h16M4 15h16M10 4v16";
    /// A plus: new.
    PLUS "M12 5v14M5 12h14";
    /// An arrow that turns back: undo, return.
    BACK "M9 5L4 10l5 5M4 10h10a6 6 0 0 1 0 12h-3";
    /// A person.
    PERSON "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-5 4-7 8-7s8 2 8 7";
    /// A square of dots: door codes.
    CODE "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2h-2zM18 18h2v2h-2z";
    /// A tray: my work.
    TRAY "M4 13V5h16v8M3 13h5l2 3h4l2-3h5v7H3z";
    /// A list.
    LIST "M8 6h13M8 12h13M8 18h13M3 6h.1M3 12h.1M3 18h.1";
    /// A cog wheel reduced to a dial: the system.
    DIAL "M12 4a8 8 0 1 0 .1 0M12 12l4-4";
    /// A question mark.
    HELP "M9 9a3 3 0 1 1 4 3c-1 .5-1 1-1 2M12 17.5v.1M12 3a9 9 0 1 0 .1 0";
}
