//! The text form that sealed things share: base64url without padding, for columns, JSON and logs of counts.

/// Gives a type with `as_bytes` and `from_bytes` its text form: `Display`, `FromStr` and serde.
macro_rules! text_form {
    ($name:ident) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                use base64ct::Encoding as _;
                f.write_str(&base64ct::Base64UrlUnpadded::encode_string(self.as_bytes()))
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::OpenError;

            fn from_str(text: &str) -> Result<Self, $crate::OpenError> {
                use base64ct::Encoding as _;
                let bytes = base64ct::Base64UrlUnpadded::decode_vec(text)
                    .map_err(|_| $crate::OpenError::Damaged("it is not base64url"))?;
                $name::from_bytes(&bytes)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use text_form;
