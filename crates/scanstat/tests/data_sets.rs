//! Twelve data sets with the settings that parameter files usually have, against every window by hand: as many clusters, of the
//! same places, times and ratios to the sixth digit.

#![expect(clippy::unwrap_used, reason = "what cannot be read here is a fault of the test")]

mod by_hand;

use by_hand::{Ask, Cells, Dice, Ground, analysed, compare, day, lived, spans, table};

/// Settings that all have; what a set says itself comes after and counts.
const BASE: &str = "[Input]\nCaseFile=a.cas\nControlFile=a.ctl\nPopulationFile=a.pop\nCoordinatesFile=a.geo\n\
    CoordinatesType=0\nPrecisionCaseTimes=3\n[Analysis]\nScanAreas=1\n[Inference]\nMonteCarloReps=0\n";

fn settings(own: &str) -> String {
    format!("{BASE}{own}")
}

const PLANE: [(&str, f64, f64); 6] = [
    ("north", 1.0, 9.0),
    ("Old Mill", 2.5, 7.0),
    ("p10", 6.0, 6.5),
    ("p9", 7.0, 2.0),
    ("s", 0.5, 0.25),
    ("t", 3.0, 1.0),
];

/// Some names hold a blank, and stand in quotes.
fn quoted(id: &str) -> String {
    if id.contains(' ') { format!("\"{id}\"") } else { id.to_owned() }
}

fn geo(places: &[(&str, f64, f64)]) -> String {
    places.iter().map(|(id, x, y)| format!("{} {x} {y}\n", quoted(id))).collect()
}

/// Random counts below `n`, with more at the places and times of `burst`.
fn counts(
    dice: &mut Dice,
    places: usize,
    times: usize,
    n: u64,
    burst: impl Fn(usize, usize) -> u64,
) -> Vec<Vec<f64>> {
    let cells: Vec<f64> =
        (0..places * times).map(|i| (dice.below(n) + burst(i / times, i % times)) as f64).collect();
    table(places, times, |p, t| cells[p * times + t])
}

/// A line for each cell.
fn lines(of: &[Vec<f64>], line: impl Fn(usize, usize, f64) -> String) -> String {
    let cells =
        of.iter().enumerate().flat_map(|(p, row)| row.iter().enumerate().map(move |(t, n)| (p, t, *n)));
    cells.map(|(p, t, n)| line(p, t, n)).collect()
}

/// Years, covariates in cases and population, two censuses, latitude and longitude, tabs, lines that end as on Windows.
#[test]
fn set_1_years_covariates_and_two_censuses() {
    let places = [
        ("a", 35.1, -106.6),
        ("b", 33.9, -108.4),
        ("c", 33.3, -104.9),
        ("d", 36.8, -104.4),
        ("e", 35.6, -108.2),
    ];
    let mut dice = Dice(1);
    let strata = ["1\tf", "1\tm", "2\tf"];
    let cases: Vec<Vec<Vec<f64>>> = (0..3)
        .map(|s| counts(&mut dice, 5, 6, 4, |p, t| if p % 4 == 0 && t > 3 { 2 + s } else { 0 }))
        .collect();
    let census: Vec<Vec<[f64; 2]>> = (0..3)
        .map(|_| (0..5).map(|_| [50 + dice.below(90), 20 + dice.below(200)].map(|n| n as f64)).collect())
        .collect();
    let (mut cas, mut pop) = (String::new(), String::new());
    for (s, stratum) in strata.iter().enumerate() {
        cas += &lines(&cases[s], |p, t, n| format!("{}\t{n}\t{}\t{stratum}\r\n", places[p].0, 1990 + t));
        for (p, [first, second]) in census[s].iter().enumerate() {
            pop += &format!("{0}\t88\t{first}\t{stratum}\r\n{0}\t1993\t{second}\t{stratum}\r\n", places[p].0);
        }
    }
    let middle = |year| day(year, 7, 1);
    let people: Vec<Vec<Vec<f64>>> = census
        .iter()
        .map(|of| {
            table(5, 6, |p, t| {
                let known = [(middle(1988), of[p][0]), (middle(1993), of[p][1])];
                let year = 1990 + i64::try_from(t).unwrap();
                lived(&known, day(year, 1, 1), day(year + 1, 1, 1))
            })
        })
        .collect();
    let own = "[Input]\nPrecisionCaseTimes=1\nStartDate=1990/1/1\nEndDate=1995/12/31\nCoordinatesType=1\n[Analysis]\n\
        AnalysisType=3\nModelType=0\nTimeAggregationUnits=1\nTimeAggregationLength=1\n";
    let files = [("a.cas", cas.as_str()), ("a.pop", &pop), ("a.geo", &geo(&places).replace('\n', "\r\n"))];
    let report = analysed(&settings(own).replace('\n', "\r\n"), &files).unwrap();
    let starts: Vec<String> = (1990..=1996).map(|y| format!("{y}-01-01")).collect();
    let cells = Cells::poisson(&cases, &people);
    // Half of six years.
    compare(&report, &Ground::new(&places, true), &cells, &Ask::windows(spans(6, 1..=3)), &starts);
}

/// Places alone, without times; names with blanks; high and low; counts of nought.
#[test]
fn set_2_places_alone() {
    let cases: [f64; 6] = [14.0, 9.0, 0.0, 2.0, 3.0, 1.0];
    let people: [f64; 6] = [300.0, 310.5, 290.0, 280.0, 150.0, 333.0];
    let each = |value: &dyn Fn(usize) -> String| -> String {
        (0..6).map(|p| format!("{} {}\n", quoted(PLANE[p].0), value(p))).collect()
    };
    let cas = each(&|p| cases[p].to_string());
    let pop = each(&|p| format!("2003 {}", people[p]));
    let own = "[Input]\nPrecisionCaseTimes=0\nStartDate=2003/1/1\nEndDate=2003/12/31\n[Analysis]\nAnalysisType=1\n\
        ModelType=0\nScanAreas=3\nTimeAggregationUnits=0\n";
    let report =
        analysed(&settings(own), &[("a.cas", &cas), ("a.pop", &pop), ("a.geo", &geo(&PLANE))]).unwrap();
    let cells = Cells::poisson(&[table(6, 1, |p, _| cases[p])], &[table(6, 1, |p, _| people[p])]);
    let ask = Ask { rates: (true, true), ..Ask::windows(vec![(0, 0)]) };
    let starts = ["2003-01-01".to_owned(), "2004-01-01".to_owned()];
    compare(&report, &Ground::new(&PLANE, false), &cells, &ask, &starts);
    assert!(report.clusters.iter().any(|c| c.relative_risk < 1.0));
}

/// Months that begin on the tenth, as the study does; times to the day; censuses of months, other ones at each place.
#[test]
fn set_3_months_and_a_census_of_its_own_for_each_place() {
    let mut dice = Dice(3);
    let cases = counts(&mut dice, 6, 5, 6, |p, t| if p < 2 && t >= 3 { 7 } else { 0 });
    let cas =
        lines(&cases, |p, t, n| format!("{} {n} 2024-{:02}-{}\n", quoted(PLANE[p].0), 2 + t, 10 + p * 3));
    let census: [&[(i64, i64, f64)]; 6] = [
        &[(2024, 1, 120.0), (2024, 5, 480.0)],
        &[(2023, 3, 200.0)],
        &[(2024, 3, 90.0), (2024, 4, 300.0), (2024, 6, 10.0)],
        &[(2024, 9, 150.0), (2022, 1, 20.0)],
        &[(2024, 2, 77.0)],
        &[(2024, 7, 260.0), (2024, 6, 40.0)],
    ];
    let mut pop = String::new();
    for (p, of) in census.iter().enumerate() {
        for (year, month, people) in *of {
            pop += &format!("{} {year}/{month} {people}\n", quoted(PLANE[p].0));
        }
    }
    let people = table(6, 5, |p, t| {
        let mut known: Vec<(i64, f64)> = census[p].iter().map(|(y, m, n)| (day(*y, *m, 15), *n)).collect();
        known.sort_by_key(|k| k.0);
        let month = 2 + i64::try_from(t).unwrap();
        lived(&known, day(2024, month, 10), day(2024, month + 1, 10))
    });
    let own = "[Input]\nStartDate=2024/2/10\nEndDate=2024/7/9\n[Analysis]\nAnalysisType=3\nModelType=0\n\
        TimeAggregationUnits=2\n[Temporal Window]\nMaxTemporalSizeInterpretation=1\nMaxTemporalSize=2\n";
    let report =
        analysed(&settings(own), &[("a.cas", &cas), ("a.pop", &pop), ("a.geo", &geo(&PLANE))]).unwrap();
    let starts: Vec<String> = (2..=7).map(|m| format!("2024-{m:02}-10")).collect();
    let cells = Cells::poisson(&[cases], &[people]);
    compare(&report, &Ground::new(&PLANE, false), &cells, &Ask::windows(spans(5, 1..=2)), &starts);
}

/// Low rates; the largest circle by a file and by distance; times of cases that are cut to the study alone.
#[test]
fn set_4_low_rates_within_sizes_and_a_radius() {
    let cases: [f64; 6] = [2.0, 1.0, 9.0, 12.0, 4.0, 15.0];
    let people: [f64; 6] = [410.0, 280.0, 250.0, 301.0, 160.0, 340.0];
    let sizes: [f64; 6] = [10.0, 12.0, 30.0, 25.0, 8.0, 40.0];
    let each = |value: &dyn Fn(usize) -> String| -> String {
        (0..6).map(|p| format!("{} {}\n", quoted(PLANE[p].0), value(p))).collect()
    };
    let cas = each(&|p| format!("{} 12/{}/1998", cases[p], 1 + p));
    let (pop, max) = (each(&|p| format!("1998 {}", people[p])), each(&|p| sizes[p].to_string()));
    let own = "[Input]\nStartDate=1998/1/1\nEndDate=1998/12/31\n[Analysis]\nAnalysisType=1\nModelType=0\nScanAreas=2\n\
        [Spatial Window]\nMaxSpatialSizeInPopulationAtRisk=45\nUseMaxCirclePopulationFileOption=y\n\
        MaxSpatialSizeInMaxCirclePopulationFile=30\nMaxCirclePopulationFile=a.max\nUseDistanceFromCenterOption=y\n\
        MaxSpatialSizeInDistanceFromCenter=6\n";
    let files = [("a.cas", cas.as_str()), ("a.pop", &pop), ("a.max", &max), ("a.geo", &geo(&PLANE))];
    let report = analysed(&settings(own), &files).unwrap();
    let cells = Cells::poisson(&[table(6, 1, |p, _| cases[p])], &[table(6, 1, |p, _| people[p])]);
    let ask = Ask {
        rates: (false, true),
        share: 0.45,
        radius: Some(6.0),
        sizes: Some((sizes.to_vec(), 0.3)),
        ..Ask::windows(vec![(0, 0)])
    };
    let starts = ["1998-01-01".to_owned(), "1999-01-01".to_owned()];
    compare(&report, &Ground::new(&PLANE, false), &cells, &ask, &starts);
}

/// Cases and controls in space; two places at one spot; commas; high and low.
#[test]
fn set_5_controls_in_space() {
    let places = [
        ("1", 4.0, 4.0),
        ("2", 4.0, 4.0),
        ("3", 9.0, 3.0),
        ("10", 5.0, 5.5),
        ("11", 0.0, 1.0),
        ("12", 8.5, 9.0),
    ];
    let (cases, controls): ([f64; 6], [f64; 6]) =
        ([5.0, 3.0, 1.0, 4.0, 0.0, 2.0], [2.0, 1.0, 6.0, 3.0, 9.0, 8.0]);
    let each = |of: [f64; 6]| -> String { (0..6).map(|p| format!("{},{}\n", places[p].0, of[p])).collect() };
    let own = "[Input]\nPrecisionCaseTimes=0\nStartDate=2000/1/1\nEndDate=2000/12/31\n[Analysis]\nAnalysisType=1\n\
        ModelType=1\nScanAreas=3\n";
    let (cas, ctl, geo) = (each(cases), each(controls), geo(&places).replace(' ', ","));
    let report = analysed(&settings(own), &[("a.cas", &cas), ("a.ctl", &ctl), ("a.geo", &geo)]).unwrap();
    let cells = Cells::bernoulli(table(6, 1, |p, _| cases[p]), &table(6, 1, |p, _| controls[p]));
    let ask = Ask { rates: (true, true), ..Ask::windows(vec![(0, 0)]) };
    let starts = ["2000-01-01".to_owned(), "2001-01-01".to_owned()];
    compare(&report, &Ground::new(&places, false), &cells, &ask, &starts);
}

/// Cases and controls in space and time, by intervals of three days, the first of them short.
#[test]
fn set_6_controls_in_space_and_time() {
    let mut dice = Dice(6);
    let cases = counts(&mut dice, 6, 5, 4, |p, t| if p > 3 && (1..3).contains(&t) { 5 } else { 0 });
    let controls = counts(&mut dice, 6, 5, 7, |_, _| 1);
    // Fourteen days: two, then four times three.
    let file = |of: &[Vec<f64>]| {
        lines(of, |p, t, n| format!("{} {n} 2025/3/{}\n", quoted(PLANE[p].0), 2 + 3 * t - usize::from(t > 0)))
    };
    let own = "[Input]\nStartDate=2025/3/1\nEndDate=2025/3/14\n[Analysis]\nAnalysisType=3\nModelType=1\n\
        TimeAggregationUnits=3\nTimeAggregationLength=3\n";
    let (cas, ctl) = (file(&cases), file(&controls));
    let report =
        analysed(&settings(own), &[("a.cas", &cas), ("a.ctl", &ctl), ("a.geo", &geo(&PLANE))]).unwrap();
    let starts = ["01", "03", "06", "09", "12", "15"].map(|d| format!("2025-03-{d}"));
    let cells = Cells::bernoulli(cases, &controls);
    // Half of fourteen days are seven, which hold two intervals.
    compare(&report, &Ground::new(&PLANE, false), &cells, &Ask::windows(spans(5, 1..=2)), &starts);
}

/// Cases and controls from day to day: what goes on until the last; high and low; day and month before the year.
#[test]
fn set_7_controls_watched() {
    let mut dice = Dice(7);
    let cases = counts(&mut dice, 6, 9, 3, |p, t| if p < 3 && t > 6 { 4 } else { 0 });
    let controls = counts(&mut dice, 6, 9, 5, |_, _| 1);
    let file =
        |of: &[Vec<f64>]| lines(of, |p, t, n| format!("{} {n} 3/{}/2025\n", quoted(PLANE[p].0), 1 + t));
    let own = "[Input]\nStartDate=2025/3/1\nEndDate=2025/3/9\n[Analysis]\nAnalysisType=4\nModelType=1\nScanAreas=3\n\
        TimeAggregationUnits=3\n[Temporal Window]\nMaxTemporalSizeInterpretation=1\nMaxTemporalSize=3\nIncludeClusters=2\n\
        IntervalStartRange=2000/1/1,2000/12/31\nIntervalEndRange=2000/1/1,2000/12/31\n";
    let (cas, ctl) = (file(&cases), file(&controls));
    let report =
        analysed(&settings(own), &[("a.cas", &cas), ("a.ctl", &ctl), ("a.geo", &geo(&PLANE))]).unwrap();
    let starts: Vec<String> = (1..=10).map(|d| format!("2025-03-{d:02}")).collect();
    let cells = Cells::bernoulli(cases, &controls);
    let ask = Ask { rates: (true, true), ..Ask::windows(vec![(6, 8), (7, 8), (8, 8)]) };
    compare(&report, &Ground::new(&PLANE, false), &cells, &ask, &starts);
}

/// Cases alone, in two strata, from a table of another program: its own columns, a heading, semicolons, quotes.
#[test]
fn set_8_cases_alone_from_a_table_of_another_program() {
    let mut dice = Dice(8);
    let cases: Vec<Vec<Vec<f64>>> =
        (0..2).map(|s| counts(&mut dice, 6, 7, 4, |p, t| if p < 2 && t == 4 { 6 * s } else { 0 })).collect();
    let mut cas = String::from("exported; by somebody\nday;age;place;n\n");
    for (of, age) in cases.iter().zip(["young", "old, or 'older'"]) {
        cas += &lines(of, |p, t, n| format!("2025-06-0{};\"{age}\";\"{}\";{n}\n", 1 + t, PLANE[p].0));
    }
    let geo: String = PLANE.iter().map(|(id, x, y)| format!("{x},\"{id}\",{y}\n")).collect();
    let own = "[Input]\nCaseFile=table.csv\nCaseFile-SourceType=0\nCaseFile-SourceFieldMap=3,4,1,2\n\
        CaseFile-SourceDelimiter=;\nCaseFile-SourceGrouper=\"\nCaseFile-SourceSkip=1\nCaseFile-SourceFirstRowHeader=y\n\
        CoordinatesFile-SourceType=0\nCoordinatesFile-SourceFieldMap=2,1,3\nCoordinatesFile-SourceFirstRowHeader=n\n\
        StartDate=2025/6/1\nEndDate=2025/6/7\n[Analysis]\nAnalysisType=3\nModelType=2\nTimeAggregationUnits=3\n";
    let report = analysed(&settings(own), &[("table.csv", &cas), ("a.geo", &geo)]).unwrap();
    let starts: Vec<String> = (1..=8).map(|d| format!("2025-06-{d:02}")).collect();
    let cells = Cells::permutation(&cases);
    compare(&report, &Ground::new(&PLANE, false), &cells, &Ask::windows(spans(7, 1..=3)), &starts);
}

/// Cases alone, watched, over a square of places, with times that are numbers, and a heading.
#[test]
fn set_9_numbers_for_times() {
    let places: Vec<(String, f64, f64)> = (0..9)
        .map(|i| {
            (format!("{}", i + 1), f64::from(i % 3) + 0.01 * f64::from(i * i % 7), f64::from(i / 3) * 1.07)
        })
        .collect();
    let places: Vec<(&str, f64, f64)> = places.iter().map(|(id, x, y)| (id.as_str(), *x, *y)).collect();
    let mut dice = Dice(9);
    let cases = counts(&mut dice, 9, 30, 2, |p, t| if [4, 5, 7].contains(&p) && t > 26 { 2 } else { 0 });
    let cas = "locid basecas day\n".to_owned()
        + &lines(&cases, |p, t, n| format!("{} {n} {}\n", places[p].0, t + 1));
    let own = "[Input]\nPrecisionCaseTimes=4\nStartDate=1\nEndDate=30\n[Analysis]\nAnalysisType=4\nModelType=2\n\
        TimeAggregationUnits=4\n[Spatial Window]\nUseDistanceFromCenterOption=y\nMaxSpatialSizeInDistanceFromCenter=2\n\
        [Temporal Window]\nMaxTemporalSizeInterpretation=1\nMaxTemporalSize=7\n[Inference]\nProspectiveStartDate=30\n";
    let report = analysed(&settings(own), &[("a.cas", &cas), ("a.geo", &geo(&places))]).unwrap();
    let starts: Vec<String> = (1..=31).map(|t: i32| t.to_string()).collect();
    let ask = Ask { radius: Some(2.0), ..Ask::windows((23..30).map(|t| (t, 29)).collect()) };
    compare(&report, &Ground::new(&places, false), &Cells::permutation(&[cases]), &ask, &starts);
    assert!(report.clusters_table(&scanstat::Places::parse_geo(&geo(&places)).unwrap()).contains("\t30\t"));
}

/// Time alone, over people that are counted by days; no coordinates.
#[test]
fn set_10_time_alone() {
    let mut dice = Dice(10);
    let cases = counts(&mut dice, 2, 20, 5, |_, t| if (11..15).contains(&t) { 3 } else { 0 });
    let cas = lines(&cases, |p, t, n| format!("{} {n} 2025/11/{}\n", ["x", "y"][p], 1 + t));
    let pop = "x 2025/11/4 100\nx 2025/11/16 900\ny 2025 50\n";
    let own = "[Input]\nStartDate=2025/11/1\nEndDate=2025/11/20\nCoordinatesFile=\n[Analysis]\nAnalysisType=2\nModelType=0\n\
        TimeAggregationUnits=3\n[Temporal Window]\nMaxTemporalSize=90\nMinimumTemporalClusterSize=2\n";
    let report = analysed(&settings(own), &[("a.cas", &cas), ("a.pop", pop)]).unwrap();
    let x = [(day(2025, 11, 4), 100.0), (day(2025, 11, 16), 900.0)];
    let people = table(2, 20, |p, t| {
        let from = day(2025, 11, 1 + i64::try_from(t).unwrap());
        if p == 0 { lived(&x, from, from + 1) } else { 50.0 }
    });
    let cells = Cells::poisson(&[cases], &[people]);
    let ask = Ask { everywhere: true, places: false, ..Ask::windows(spans(20, 2..=18)) };
    let starts: Vec<String> = (1..=21).map(|d| format!("2025-11-{d:02}")).collect();
    compare(&report, &Ground::new(&[("x", 0.0, 0.0), ("y", 0.0, 0.0)], false), &cells, &ask, &starts);
    assert_eq!(report.clusters[0].center, "All");
}

/// All the time, and all places, beside the rest; on both sides of the date line; not shorter than two years.
#[test]
fn set_11_with_clusters_in_space_and_in_time_alone() {
    let places = [
        ("a", -17.8, 178.0),
        ("b", -16.5, -179.9),
        ("c", -18.9, -178.2),
        ("d", -13.3, -176.2),
        ("e", -19.0, 169.5),
    ];
    let mut dice = Dice(11);
    let cases = counts(&mut dice, 5, 8, 5, |p, t| if p == 1 { 4 } else { u64::from(t == 5 || t == 6) * 3 });
    let cas = lines(&cases, |p, t, n| format!("{} {n} {}\n", places[p].0, 2010 + t));
    let pop: String = places.iter().map(|p| format!("{} 2010 100\n{} 2020 140\n", p.0, p.0)).collect();
    let own = "[Input]\nPrecisionCaseTimes=1\nStartDate=2010\nEndDate=2017\nCoordinatesType=1\n[Analysis]\nAnalysisType=3\n\
        ModelType=0\nTimeAggregationUnits=1\n[Spatial Window]\nIncludePurelyTemporal=y\n[Temporal Window]\n\
        IncludePurelySpatial=y\nMinimumTemporalClusterSize=2\n";
    let report =
        analysed(&settings(own), &[("a.cas", &cas), ("a.pop", &pop), ("a.geo", &geo(&places))]).unwrap();
    let known = [(day(2010, 7, 1), 100.0), (day(2020, 7, 1), 140.0)];
    let people = table(5, 8, |_, t| {
        let year = 2010 + i64::try_from(t).unwrap();
        lived(&known, day(year, 1, 1), day(year + 1, 1, 1))
    });
    let mut windows = spans(8, 2..=4);
    windows.push((0, 7));
    let ask = Ask { everywhere: true, ..Ask::windows(windows) };
    let starts: Vec<String> = (2010..=2018).map(|y| format!("{y}-01-01")).collect();
    compare(&report, &Ground::new(&places, true), &Cells::poisson(&[cases], &[people]), &ask, &starts);
}

/// A grid of centres, windows that begin and end within given weeks, a known event, and lines that the study has no room for.
#[test]
fn set_12_a_grid_given_ranges_and_a_known_event() {
    let mut dice = Dice(12);
    let cases =
        counts(&mut dice, 6, 10, 4, |p, t| if p == 2 && t > 4 { 6 } else { u64::from(p > 3 && t == 7) * 7 });
    let mut cas = lines(&cases, |p, t, n| format!("{} {n} 2026/1/{}\n", quoted(PLANE[p].0), 1 + t));
    cas += "p9 5 2026/2/1\nnowhere 7 2026/1/5\n";
    let pop: String = PLANE.iter().map(|p| format!("{} 2026 100\n", quoted(p.0))).collect();
    let known = "p10 3 2026/1/6 2026/1/10\nAll 2 2026/1/1 2026/1/1\n";
    let own = "[Input]\nStartDate=2026/1/1\nEndDate=2026/1/10\nUseGridFile=y\nGridFile=a.grd\n[Analysis]\nAnalysisType=3\n\
        ModelType=0\nTimeAggregationUnits=3\n[Data Checking]\nStudyPeriodCheckType=1\nGeographicalCoordinatesCheckType=1\n\
        [Temporal Window]\nMaxTemporalSize=80\nIncludeClusters=2\nIntervalStartRange=2026/1/3,2026/1/8\n\
        IntervalEndRange=2026/1/6,2026/1/9\n[Space and Time Adjustments]\nUseAdjustmentsByRRFile=y\n\
        AdjustmentsByKnownRelativeRisksFilename=a.adj\n";
    let files = [
        ("a.cas", cas.as_str()),
        ("a.pop", &pop),
        ("a.geo", &geo(&PLANE)),
        ("a.grd", "1.5 0.7\n6.6 6\n2 8\n"),
        ("a.adj", known),
    ];
    let report = analysed(&settings(own), &files).unwrap();
    let plain = Cells::poisson(std::slice::from_ref(&cases), &[table(6, 10, |_, _| 1.0)]);
    let raised = table(6, 10, |p, t| {
        plain.expected[p][t] * if p == 2 && t > 4 { 3.0 } else { 1.0 } * if t == 0 { 2.0 } else { 1.0 }
    });
    let [all, sum] = [&cases, &raised].map(|of| of.iter().flatten().sum::<f64>());
    // Circles are measured by what is expected before what is known.
    let cells = Cells { expected: table(6, 10, |p, t| raised[p][t] * all / sum), ..plain };
    let windows =
        spans(10, 1..=8).into_iter().filter(|(a, b)| (2..=7).contains(a) && (5..=8).contains(b)).collect();
    let ask = Ask { grid: Some(vec![(1.5, 0.7), (6.6, 6.0), (2.0, 8.0)]), ..Ask::windows(windows) };
    let starts: Vec<String> = (1..=11).map(|d| format!("2026-01-{d:02}")).collect();
    compare(&report, &Ground::new(&PLANE, false), &cells, &ask, &starts);
}
