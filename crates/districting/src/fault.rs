//! What can be wrong with a plan.

use std::fmt;

use crate::model::Quantity;

/// One way in which a plan breaks the rules.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// The assignment has not one entry for each unit.
    Length {
        /// Entries found.
        found: usize,
        /// Units in the graph.
        units: usize,
    },
    /// A district falls into several pieces.
    Broken {
        /// District.
        district: u32,
        /// How many pieces.
        pieces: usize,
    },
    /// A district has too few or too many units.
    Units {
        /// District.
        district: u32,
        /// Its units.
        units: usize,
    },
    /// A district has too few or too many residents.
    Residents {
        /// District.
        district: u32,
        /// Its residents.
        residents: u64,
    },
    /// The plan has not as many districts as wanted.
    Count {
        /// Districts found.
        found: usize,
        /// Districts wanted.
        wanted: usize,
    },
    /// A unit is in no district.
    Gap {
        /// Unit.
        unit: usize,
    },
    /// The sum of a quantity in a district is too small or too large.
    Sum {
        /// District.
        district: u32,
        /// What is summed.
        of: Quantity,
        /// The sum.
        sum: f64,
    },
    /// A district lies in several parents where none may cross.
    Crosses {
        /// District.
        district: u32,
        /// How many parents.
        parents: usize,
    },
    /// A parent has not as many districts as wanted for it.
    PerParent {
        /// Index into [`crate::Graph::parents`].
        parent: usize,
        /// Districts found.
        found: usize,
        /// Districts wanted.
        wanted: usize,
    },
    /// Units that shall lie together do not.
    Parted {
        /// Number of the pin in [`crate::Model::all_pins`], from 0.
        pin: usize,
        /// The districts that they lie in.
        districts: Vec<u32>,
    },
    /// Units that shall lie apart do not.
    Joined {
        /// Number of the pin, from 0.
        pin: usize,
        /// The district that several of them lie in.
        district: u32,
    },
    /// A unit that shall stay in today's district does not.
    Left {
        /// Number of the pin, from 0.
        pin: usize,
        /// The unit.
        unit: usize,
    },
}

impl Fault {
    /// The districts that the fault concerns.
    #[must_use]
    pub fn districts(&self) -> &[u32] {
        match self {
            Fault::Broken { district, .. }
            | Fault::Units { district, .. }
            | Fault::Residents { district, .. }
            | Fault::Sum { district, .. }
            | Fault::Crosses { district, .. }
            | Fault::Joined { district, .. } => std::slice::from_ref(district),
            Fault::Parted { districts, .. } => districts,
            Fault::Length { .. }
            | Fault::Count { .. }
            | Fault::Gap { .. }
            | Fault::PerParent { .. }
            | Fault::Left { .. } => &[],
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Length { found, units } => write!(f, "the plan has {found} entries for {units} units"),
            Fault::Broken { district, pieces } => write!(f, "district {district} falls into {pieces} pieces"),
            Fault::Units { district, units } => write!(f, "district {district} has {units} units"),
            Fault::Residents { district, residents } => {
                write!(f, "district {district} has {residents} residents")
            }
            Fault::Count { found, wanted } => {
                write!(f, "the plan has {found} districts, wanted are {wanted}")
            }
            Fault::Gap { unit } => write!(f, "unit {unit} is in no district"),
            Fault::Sum { district, of, sum } => write!(f, "district {district} has {sum} in {of}"),
            Fault::Crosses { district, parents } => {
                write!(f, "district {district} lies in {parents} parents")
            }
            Fault::PerParent { parent, found, wanted } => {
                write!(f, "parent {parent} has {found} districts, wanted are {wanted}")
            }
            Fault::Parted { pin, districts } => {
                write!(f, "what pin {} holds together lies in {} districts", pin + 1, districts.len())
            }
            Fault::Joined { pin, district } => {
                write!(f, "what pin {} sets apart lies together in district {district}", pin + 1)
            }
            Fault::Left { pin, unit } => {
                write!(f, "unit {unit}, which pin {} keeps in today's district, has left it", pin + 1)
            }
        }
    }
}
