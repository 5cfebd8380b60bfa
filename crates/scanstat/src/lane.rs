//! The width of counters: 16 bits where the counts fit, since twice as many are added at once.

/// A counter.
pub(crate) trait Lane: Copy + Default + Send + PartialOrd {
    /// The value, or the nearest that fits.
    fn clamp(value: i32) -> Self;
    fn get(self) -> i32;
    fn plus(self, other: Self) -> Self;
    fn minus(self, other: Self) -> Self;
}

impl Lane for i16 {
    #[inline(always)]
    fn clamp(value: i32) -> Self {
        value.clamp(i32::from(Self::MIN), i32::from(Self::MAX)) as Self
    }
    #[inline(always)]
    fn get(self) -> i32 {
        i32::from(self)
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self.wrapping_add(other)
    }
    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        self.wrapping_sub(other)
    }
}

impl Lane for i32 {
    #[inline(always)]
    fn clamp(value: i32) -> Self {
        value
    }
    #[inline(always)]
    fn get(self) -> i32 {
        self
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self.wrapping_add(other)
    }
    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        self.wrapping_sub(other)
    }
}
