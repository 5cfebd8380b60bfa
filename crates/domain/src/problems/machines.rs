//! The machines of a problem with its plan, of a task, an application and a called unit, for docs/states.md and
//! for the test that explores them. The tables themselves are those by which [`super::decide`] rules.

use super::states::{
    ApplicationState, ApplicationStep, CallState, CallStep, ProblemState, ProblemStep, TaskState, TaskStep,
};
use crate::machine::Machine;

macro_rules! machine {
    ($(#[$doc:meta])* $name:ident, $state:ident, $step:ident, $start:ident, $key:literal, $zh:literal, $en:literal) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name;

        impl Machine for $name {
            type State = $state;
            type Action = $step;
            const KEY: &'static str = $key;
            const ZH: &'static str = $zh;
            const EN: &'static str = $en;
            const START: $state = $state::$start;

            fn is_final(state: $state) -> bool {
                state.is_final()
            }

            fn next(from: $state, action: $step) -> impl IntoIterator<Item = $state> {
                from.after(action)
            }
        }
    };
}

machine!(
    /// A problem and its plan.
    ProblemMachine, ProblemState, ProblemStep, Open, "problem", "难题与资源方案", "Problem and plan"
);
machine!(
    /// A task of a plan.
    TaskMachine, TaskState, TaskStep, Todo, "task", "任务", "Task"
);
machine!(
    /// An application to an outside unit.
    ApplicationMachine, ApplicationState, ApplicationStep, Asked, "application", "报请", "Application"
);
machine!(
    /// A unit called by a whistle.
    CallMachine, CallState, CallStep, Called, "call", "吹哨报到", "Whistle and muster"
);
