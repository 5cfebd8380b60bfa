//! tmp
use districting::*;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let g = read_json(&std::fs::read_to_string(&a[1]).unwrap(), &Columns::default()).unwrap();
    let w = a[2].parse::<usize>().ok().filter(|w| *w > 0);
    let t = std::time::Instant::now();
    let p = tune(&g, w, a[3].parse().unwrap(), a[4].parse().unwrap(), a[5].parse().unwrap(), a[6].parse().unwrap(), a[7].parse().unwrap());
    println!("ssw {:.5} {:?} {:.2}s", check::ssw(&g, &p), check::faults(&g, &Bounds::default(), w.map_or(Wanted::Free, Wanted::Exactly), &p).len(), t.elapsed().as_secs_f64());
}
