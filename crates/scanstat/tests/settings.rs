//! Parameter files: what is read, what is refused by name, and what adjustments do.

#![expect(clippy::unwrap_used, reason = "what cannot be read here is a fault of the test")]

use scanstat::{
    Analysis, Differences, Inference, Interval, KnownRisks, Model, Options, Parameters, Places, Populations,
    Rates, Records, Report, ScanError, Scope, Secondary, Times, Trend, Zones, scan,
};

const BASE: &str = "[Input]\nCaseFile=a.cas\nPrecisionCaseTimes=3\nStartDate=2025/1/1\nEndDate=2025/12/31\n\
    CoordinatesFile=a.geo\nCoordinatesType=0\n[Analysis]\nAnalysisType=4\nModelType=2\nTimeAggregationUnits=3\n";

fn read(more: &str) -> Result<Parameters, ScanError> {
    Parameters::parse(&format!("{BASE}{more}"))
}

#[test]
fn settings_are_read() {
    let o = |more: &str| read(more).unwrap().options;
    assert_eq!(o("TimeAggregationUnits=2").interval, Some(Interval::Month));
    let weeks = o("TimeAggregationLength=7\nMaxTemporalSizeInterpretation=1\nMaxTemporalSize=28");
    assert_eq!((weeks.interval_length, weeks.max_time), (7, Some(28)));
    assert_eq!(o("ScanAreas=3").rates, Rates::Both);
    assert_eq!(o("AnalysisType=6").scope, Scope::Time);
    assert_eq!(o("PValueReportType=2\nEarlyTerminationThreshold=30").inference, Inference::Sequential(30));
    assert_eq!(o("TimeTrendAdjustmentType=4\nTimeStratifiedAdjLength=3").trend, Trend::Stratified(3));
    assert_eq!(o("CriteriaForReportingSecondaryClusters=4").secondary, Secondary::NoPairs);
    assert_eq!(o("ReportGiniClusters=y\nReportHierarchicalClusters=n").secondary, Secondary::Gini);
    assert_eq!(o("ProspectiveFrequencyType=2\nProspectiveFrequency=2").every_days, Some(14.0));
    assert_eq!(o("TimeTrendAdjustmentType=1").trend, Trend::AsObserved);
    assert_eq!(o("SpatialAdjustmentType=2").by_place, Differences::AsObserved);
    // Letters of keys do not matter, and what is alive is all that is watched for.
    assert_eq!(o("scanareas=2\nIncludeClusters=2\nIntervalStartRange=never").rates, Rates::Low);
    let sizes = "UseReportOnlySmallerClusters=y\nUseMaxCirclePopulationFileOption_Reported=y\n\
        MaxSizeInMaxCirclePopulationFile_Reported=20\nMaxCirclePopulationFile=a.max";
    assert_eq!(
        (o(sizes).told_people, read(sizes).unwrap().max_people),
        (Some(0.2), Some(("a.max".into(), 1.0)))
    );
    let ellipses =
        "SpatialWindowShapeType=1\nNonCompactnessPenalty=1\nEllipseShapes=1.5,2\nEllipseAngles=4,6";
    assert_eq!(o(ellipses).zones, Zones::Ellipses { shapes: vec![(1.5, 4), (2.0, 6)], penalty: 0.5 });
    // Older releases launch another viewer; what is asked for twice is told once.
    let older =
        read("[Spatial Output]\nLaunchKMLViewer=y\nReportHierarchicalClusters=y\nReportGiniClusters=y")
            .unwrap();
    assert_eq!((older.options.secondary, older.remarks.len()), (Secondary::NoOverlap, 1));
    assert_eq!(read("PrecisionCaseTimes=1").unwrap().times, Times::To(Interval::Year));
    // What asks for more beside the clusters is said, and what only says where results go is not.
    let beside = read("PerformStandardDrilldown=y\n[Other Output]\nWhatever=7").unwrap();
    assert_eq!(
        beside.remarks,
        ["PerformStandardDrilldown=y is not done here; the clusters are the same without"]
    );
}

#[test]
fn what_would_change_the_answer_is_refused_by_name() {
    let refused = |more: &str| read(more).unwrap_err().to_string();
    for (more, said) in [
        ("IsotonicScan=1", "IsotonicScan=1: the isotonic scan is not done here"),
        ("ModelType=4", "ModelType=4: only 0, 1, 2 are done here"),
        ("AnalysisType=5", "AnalysisType=5: only 1, 2, 3, 4, 6 are done here"),
        ("CaseFile2=b.cas", "CaseFile2=b.cas: only one data set is scanned here"),
        ("HalfWindows=y", "HalfWindows=y: this setting is not known here"),
        ("IterativeScan=y", "IterativeScan=y: the iterative scan is not done here"),
        ("PrecisionCaseTimes=4", "EndDate=2025/12/31: is no time like 12"),
        ("TimeAggregationUnits=4", "TimeAggregationUnits=4: only 1, 2, 3 are done here"),
        (
            "CaseFile-SourceType=1",
            "CaseFile-SourceType=1: only text (0) is read here; save the table as text",
        ),
        (
            "PerformPowerEvaluation=y\nPowerEvaluationsMethod=2",
            "PowerEvaluationsMethod=2: power alone is not evaluated here",
        ),
        (
            "UseLocationsNetworkFile=y\nLocationsNetworkFilename=a.ntk\nPurposeLocationsNetworkFile=0",
            "PurposeLocationsNetworkFile=0: distances of single pairs beside those of coordinates are not done here",
        ),
        ("UseGridFile=y", "GridFile=: is missing, and UseGridFile=y"),
        ("a b=1", "settings, line 12: is no setting"),
        ("MaxTemporalSize=200", "MaxTemporalSize=200: is no share above 0 and up to 100 per cent"),
        ("MonteCarloReps=many", "MonteCarloReps=many: is no whole number"),
        ("EndDate=2025/13/1", "EndDate=2025/13/1: is no date like 2025/1/9"),
        (
            "SpatialWindowShapeType=1\nEllipseAngles=4",
            "EllipseAngles=4: needs one number for each of EllipseShapes",
        ),
    ] {
        assert_eq!(refused(more), said);
    }
}

/// A parameter file and its data, together.
fn analysed(more: &str, files: &[(&str, &str)]) -> Result<Report, ScanError> {
    Analysis::read(&read(more)?, |name| {
        let found = files.iter().find(|f| f.0 == name).map(|f| f.1.to_owned());
        found.ok_or_else(|| ScanError::Parameter(format!("{name} is not there")))
    })?
    .scan()
}

const GEO: (&str, &str) = ("a.geo", "a 0 0\nb 1 0\nc 9 9\nd 9 8\n");

#[test]
fn months_and_weeks_end_with_the_study() {
    let cases =
        ("a.cas", "a 9 2025/12/20\nb 3 2025/12/2\nc 5 2025/3/1\nd 4 2025/6/6\na 1 2025/2/2\nc 2 2025/12/9\n");
    let month = analysed("TimeAggregationUnits=2\nMonteCarloReps=9", &[GEO, cases]).unwrap();
    assert_eq!((month.intervals, month.clusters[0].start.to_string().as_str()), (12, "2025-12-01"));
    let week = analysed("TimeAggregationLength=7\nMonteCarloReps=9", &[GEO, cases]).unwrap();
    // 365 days are 52 weeks and a day, which is the first interval.
    assert_eq!((week.intervals, week.clusters[0].end.to_string().as_str()), (53, "2025-12-31"));
    assert_eq!((week.clusters[0].start - week.study.1).get_days() % 7, -6);
    let year = analysed("TimeAggregationUnits=3\nPrecisionCaseTimes=1", &[GEO, cases]).unwrap_err();
    assert_eq!(
        year.to_string(),
        "the times of the cases are known to the year, which is less precise than intervals of days"
    );
}

#[test]
fn a_wall_keeps_neighbours_apart() {
    let cases =
        ("a.cas", "a 4 2025/12/31\nb 4 2025/12/31\nc 9 2025/3/1\nd 9 2025/6/6\na 1 2025/2/2\nb 1 2025/2/9\n");
    let ids = |more: &str, file: (&str, &str)| {
        let report = analysed(
            &format!("MonteCarloReps=9\nMaxSpatialSizeInPopulationAtRisk=90\n{more}"),
            &[GEO, cases, file],
        );
        report.unwrap().clusters[0].ids.clone()
    };
    assert_eq!(ids("", GEO), ["a", "b"]);
    // Along the street a is far from b, and c lies between.
    let network = "UseLocationsNetworkFile=y\nLocationsNetworkFilename=a.ntk";
    assert_eq!(ids(network, ("a.ntk", "a c 5\nc b 5\nc d 1")), ["a"]);
    let lists = "UseNeighborsFile=y\nNeighborsFilename=a.nbr";
    assert_eq!(ids(lists, ("a.nbr", "a c b\nd b\nb d a\nb a")), ["b", "a"]);
    let unknown = analysed(lists, &[GEO, cases, ("a.nbr", "a x")]).unwrap_err();
    assert_eq!(unknown.to_string(), "a.nbr: neighbours, line 1: \"x\" is no place of the study");
}

/// Twice as many cases each year everywhere, and five times as many at b in 2004 for a fair.
fn growing(trend: Trend, known: &str) -> Report {
    let mut cases = String::new();
    for (year, n) in (2001..).zip([10, 20, 40, 80]) {
        for place in ["a", "b", "c", "d"] {
            let fair = if place == "b" && year == 2004 { 5 } else { 1 };
            cases += &format!("{place} {} {year}\n", n * fair);
        }
    }
    let people: String = ["a", "b", "c", "d"].map(|p| format!("{p} 2002 100\n")).concat();
    let options =
        Options { trend, known: KnownRisks::parse(known).unwrap(), replicates: 99, ..Options::default() };
    let model = Model::Poisson(Populations::parse(&people).unwrap());
    scan(&Places::parse_geo(GEO.1).unwrap(), &Records::parse_cases(&cases).unwrap(), &model, &options)
        .unwrap()
}

#[test]
fn what_is_known_is_no_cluster() {
    let plain = growing(Trend::None, "");
    assert!(plain.clusters[0].p < 0.02);
    // Both known: nothing is left, but that 2004 has a day more.
    for trend in [Trend::LogLinear, Trend::Quadratic, Trend::Stratified(1)] {
        let left = growing(trend, "b 5 2004 2004");
        assert!(left.clusters.first().is_none_or(|c| c.llr < 0.01), "{trend:?} {:?}", left.clusters);
    }
    assert!(growing(Trend::Percent(100.0), "b 5 2004 2004").clusters[0].llr < 0.01);
    // The trend alone leaves the fair.
    let fair = growing(Trend::Stratified(1), "");
    assert_eq!(
        (fair.clusters[0].ids.as_slice(), fair.clusters[0].start.year()),
        (&["b".to_owned()][..], 2004)
    );
    // A place that could not report has cases all the same.
    let e = |risk: &str| KnownRisks::parse(risk).unwrap_err().to_string();
    assert_eq!(e("b 2 2004"), "adjustments, line 1: needs an identifier, a risk, and both times or none");
    assert_eq!(e("b -1"), "adjustments, line 1: \"-1\" is no relative risk");
}

#[test]
fn days_of_the_week_are_no_cluster() {
    // Everybody reports on Mondays, and ends on one; b ever only on Mondays.
    let mut cases = String::new();
    let start = jiff::civil::date(2026, 3, 3);
    for day in 0..28 {
        let at = start.saturating_add(jiff::Span::new().days(day));
        let monday = day % 7 == 6;
        cases += &format!("a {} {at}\nc {} {at}\nb {} {at}\n", 2, 2, if monday { 12 } else { 0 });
    }
    let best = |weekly| {
        let options =
            Options { weekly, prospective: true, max_time: Some(1), replicates: 0, ..Options::default() };
        let report = scan(
            &Places::parse_geo(GEO.1).unwrap(),
            &Records::parse_cases(&cases).unwrap(),
            &Model::Permutation,
            &options,
        );
        report.unwrap().clusters.first().map_or(0.0, |c| c.llr)
    };
    assert!(best(false) > 3.0 && best(true) < 1e-9, "{} {}", best(false), best(true));
}

#[test]
fn maps_and_tables_are_written() {
    let places = Places::parse_geo("\"a 1\" 31.2 121.4\nb 31.21 121.41\nc 32 122\n").unwrap();
    let cases = Records::parse_cases("b 9 2026/1/9\nc 5 2026/1/2\nc 9 2026/1/3\nb 1 2026/1/1\n").unwrap();
    let options = Options { prospective: true, replicates: 99, ..Options::default() };
    let report = scan(&places, &cases, &Model::Permutation, &options).unwrap();
    let map = report.geojson(&places);
    assert!(map.contains("\"coordinates\":[121.41,31.21]") && map.contains("\"observed\":9"), "{map}");
    let table = report.clusters_table(&places);
    let columns: Vec<usize> = table.lines().map(|l| l.split('\t').count()).collect();
    assert_eq!((columns[0], columns[1]), (15, 15));
    assert!(report.places_table().lines().any(|l| l == "b\t1"));
}

#[test]
fn secondary_clusters_follow_the_rule() {
    let cases: String = (1..=6).map(|i| format!("p{i} {} 2026/1/9\n", 30 - 3 * i)).collect();
    let quiet: String = (1..=12).map(|i| format!("p{i} 20 2026/1/{i}\n")).collect();
    let geo: String = (1..=12).map(|i| format!("p{i} {i} {}\n", i % 3)).collect();
    let told = |secondary| {
        let options = Options { secondary, replicates: 99, ..Options::default() };
        let cases = Records::parse_cases(&(cases.clone() + &quiet)).unwrap();
        scan(&Places::parse_geo(&geo).unwrap(), &cases, &Model::Permutation, &options).unwrap().clusters
    };
    let apart = told(Secondary::NoOverlap);
    let mut seen = std::collections::HashSet::new();
    assert!(apart.iter().flat_map(|c| &c.ids).all(|id| seen.insert(id.clone())));
    for rule in [
        Secondary::NoCentresInOther,
        Secondary::NoCentresInMoreLikely,
        Secondary::NoCentresInLessLikely,
        Secondary::NoPairs,
        Secondary::Any,
    ] {
        let all = told(rule);
        assert!(all.len() >= apart.len(), "{rule:?}");
        for (i, less) in all.iter().enumerate() {
            for more in &all[..i] {
                let (mine, other) = (more.ids.contains(&less.center), less.ids.contains(&more.center));
                let broken = match rule {
                    Secondary::NoCentresInOther => mine || other,
                    Secondary::NoCentresInMoreLikely => mine,
                    Secondary::NoCentresInLessLikely => other,
                    Secondary::NoPairs => mine && other,
                    _ => false,
                };
                assert!(!broken, "{rule:?}: {less:?} beside {more:?}");
            }
        }
    }
    assert!(told(Secondary::Any).len() > told(Secondary::NoCentresInOther).len());
}

#[test]
fn a_line_that_does_not_fit_is_named_with_its_file() {
    let cases = ("a.cas", "id cases day\na 9 2025/12/20\nb 3 2025/12/2\n\nnowhere 5 2025/3/1\n");
    let said = |more: &str, files: &[(&str, &str)]| analysed(more, files).unwrap_err().to_string();
    assert_eq!(said("", &[GEO, cases]), "a.cas: cases, line 5: \"nowhere\" has no coordinates");
    let late = ("a.cas", "a 9 2025/12/20\r\nb 3 2026/1/2\r\n");
    assert_eq!(
        said("", &[GEO, late]),
        "a.cas: cases, line 2: 2026-01-02 lies outside the study, 2025-01-01 to 2025-12-31"
    );
    let poisson = "ModelType=0\nAnalysisType=1\nPopulationFile=a.pop";
    let old = ("a.cas", "a 9 2025/12/20 old\nb 3 2025/1/2 young\n");
    let people = ("a.pop", "a 2025 100 old\nb 2025 100 old\n");
    assert_eq!(
        said(poisson, &[GEO, old, people]),
        "a.cas: cases, line 2: \"b\" has cases and no population with the covariates young"
    );
    let elsewhere = ("a.pop", "a 2025 100 old\nz 2025 100 old\n");
    assert_eq!(said(poisson, &[GEO, old, elsewhere]), "a.pop: population, line 2: \"z\" has no coordinates");
    let twice = ("a.geo", "a 0 0\nb 1 0\na 0 0\nb 1 1\n");
    assert_eq!(
        said("", &[twice, late]),
        "a.geo: coordinates, line 4: \"b\" stands there a second time, with other coordinates"
    );
    let far = ("a.geo", "a 31.2 121.4\nb 121.4 31.2\n");
    assert_eq!(
        said("CoordinatesType=1", &[far, late]),
        "a.geo: coordinates, line 2: \"b\" lies beyond 90 degrees of latitude or 180 of longitude"
    );
    let many = ("a.cas", "a 2000000000 2025/12/20\na 2000000000 2025/12/21\n");
    assert_eq!(
        said("", &[GEO, many]),
        "4000000000 cases and controls are more than can be counted here, which is 2147483647"
    );
    let short = ("a.cas", "a,9,2025/12/20\nb,3\n");
    assert_eq!(
        said("CaseFile-SourceFieldMap=1,2,3", &[GEO, short]),
        "a.cas: cases, line 2: has 2 columns, and column 3 is asked for"
    );
}

#[test]
fn what_each_place_and_time_has_is_no_cluster() {
    // Twice as much in the last year everywhere, three times as much at c: a product, in which nothing stands out.
    let cases: String = ["a", "b", "c", "d"]
        .iter()
        .flat_map(|p| (1..=4).map(move |y| (p, y)))
        .map(|(p, y)| {
            let n = 5 * if *p == "c" { 3 } else { 1 } * if y == 4 { 2 } else { 1 };
            format!("{p} {n} 200{y}\n")
        })
        .collect();
    let people = ["a", "b", "c", "d"].map(|p| format!("{p} 2002 100\n")).concat();
    let best = |trend, by_place| {
        let options = Options { trend, by_place, replicates: 99, ..Options::default() };
        let model = Model::Poisson(Populations::parse(&people).unwrap());
        let places = Places::parse_geo(GEO.1).unwrap();
        let report = scan(&places, &Records::parse_cases(&cases).unwrap(), &model, &options).unwrap();
        report.clusters.first().map_or(0.0, |c| c.llr)
    };
    assert!(best(Trend::None, Differences::None) > 5.0);
    assert!(
        best(Trend::AsObserved, Differences::None) > 1.0 && best(Trend::None, Differences::AsObserved) > 1.0
    );
    assert!(best(Trend::AsObserved, Differences::AsObserved) < 1e-6);
    assert!(best(Trend::Stratified(1), Differences::AsObserved) < 1e-6);
}
