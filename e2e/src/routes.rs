//! The endpoints that the program says it has: read off the two files in which they are registered.

/// Where residents' and staff's endpoints are registered.
const FILES: [&str; 2] =
    [include_str!("../../crates/web/src/resident.rs"), include_str!("../../crates/web/src/console.rs")];

/// An endpoint: `POST`, `/q/{code}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The path with the names of its parts in braces.
    pub path: String,
}

/// All endpoints, in the order in which they are registered.
///
/// # Panics
/// When a registration is written in a way that this cannot read: then nothing may be assumed about it.
#[must_use]
pub fn routes() -> Vec<Route> {
    FILES.iter().flat_map(|file| registered(file)).collect()
}

fn registered(file: &str) -> Vec<Route> {
    let mut found = Vec::new();
    for registration in file.split(".route(").skip(1) {
        let path = registration.split('"').nth(1).expect("a route's path is a literal");
        let rest = registration.split('"').nth(2).unwrap_or_default();
        let how = rest.split(".route(").next().unwrap_or_default();
        let before = found.len();
        for (call, method) in [("get(", "GET"), ("post(", "POST")] {
            if how.contains(call) {
                found.push(Route { method, path: path.to_owned() });
            }
        }
        assert!(found.len() > before, "{path}: neither get(…) nor post(…)");
        for other in ["put(", "patch(", "delete(", "any(", "head("] {
            assert!(!how.contains(other), "{path}: {other}…) is not known here");
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_files_are_read() {
        let routes = routes();
        let has = |method, path: &str| routes.iter().any(|r| r.method == method && r.path == path);
        assert!(has("POST", "/q/{code}") && has("GET", "/q/{code}") && has("POST", "/q/report"));
        assert!(has("GET", "/console/live") && !has("POST", "/console/live"));
        assert!(routes.len() > 25, "{}", routes.len());
    }
}
