//! Staff at work: lists, cases, forms.

super::words! {
    desk: "我的工作", "My work";
}
