//! Understanding short Chinese civic texts.
