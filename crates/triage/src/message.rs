//! Messages and the files that they come in: segmented lines, and tables with a header.

/// One message as somebody wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Message {
    /// What the file calls it; the line's number where it has no name.
    pub id: String,
    /// Its heading, or nothing.
    pub title: String,
    /// What it says.
    pub body: String,
    /// When it was written, as the file has it; or nothing.
    pub time: String,
}

impl Message {
    /// A message without heading or name.
    pub fn of(body: &str) -> Message {
        Message { body: body.to_owned(), ..Message::default() }
    }
}

/// A message whose subject a person has set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labelled {
    /// The message.
    pub message: Message,
    /// Its subject.
    pub label: String,
    /// Whether its words stand apart with blanks between them.
    pub segmented: bool,
}

impl Labelled {
    /// A message without heading or name, and its subject.
    pub fn new(label: &str, body: &str) -> Labelled {
        Labelled { message: Message::of(body), label: label.to_owned(), segmented: false }
    }
}

/// Why a file of messages cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// A row that is no row.
    #[error("line {line}: {what}")]
    Row {
        /// The row's first line, from 1.
        line: u64,
        /// What is wrong with it.
        what: String,
    },
    /// A column is missing from the header.
    #[error("no column for the {missing}; the header names {}", shortly(found))]
    Column {
        /// What is sought.
        missing: &'static str,
        /// What the header has.
        found: Vec<String>,
    },
    /// A header and no row.
    #[error("it holds no message")]
    Empty,
    /// No letter at all.
    #[error("it is empty")]
    Blank,
}

/// The names of a header as they fit into a sentence: whoever gives a file without one is shown no whole message.
fn shortly(names: &[String]) -> String {
    const MOST: usize = 12;
    const LONGEST: usize = 24;
    let mut told: Vec<String> = names
        .iter()
        .take(MOST)
        .map(|name| {
            let mut letters = name.chars();
            let begin: String = letters.by_ref().take(LONGEST).collect();
            if letters.next().is_some() { format!("{begin}…") } else { begin }
        })
        .collect();
    if names.len() > MOST {
        told.push("…".to_owned());
    }
    told.join(", ")
}

/// How many words at the start of a segmented line pass for its heading: the heading and the text stand
/// there without a border, and nine headings in ten are no longer.
const HEADING_WORDS: usize = 10;

const ID: &[&str] = &["id", "编号", "留言编号", "no", "number"];
const TITLE: &[&str] = &["title", "标题", "主题", "留言主题"];
const BODY: &[&str] = &["body", "text", "内容", "详情", "留言详情", "正文"];
const TIME: &[&str] = &["time", "时间", "留言时间", "日期", "date"];
const LABEL: &[&str] = &["label", "标签", "类别", "分类", "一级标签", "一级分类", "subject"];

/// Reads messages from a table (comma-separated, with a header that names at least `body` or `title`).
///
/// # Errors
/// The line that is no row, or the column that is missing.
pub fn read_messages(text: &str) -> Result<Vec<Message>, ReadError> {
    Ok(table(text, false)?.into_iter().map(|l| l.message).collect())
}

/// Reads labelled messages: a table as [`read_messages`] with a column `label`, or lines `label TAB words`
/// with the words separated by blanks.
///
/// # Errors
/// The line that is no row, or the column that is missing.
pub fn read_labelled(text: &str) -> Result<Vec<Labelled>, ReadError> {
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().next().unwrap_or("");
    let heads = first.split([',', '\t']).filter(|name| names(LABEL, name)).count();
    if first.contains('\t') && heads == 0 { segmented(text) } else { table(text, true) }
}

fn names(known: &[&str], name: &str) -> bool {
    known.iter().any(|k| k.eq_ignore_ascii_case(name.trim().trim_matches('"')))
}

fn segmented(text: &str) -> Result<Vec<Labelled>, ReadError> {
    let mut out = Vec::new();
    for (line, row) in (1..).zip(text.lines()) {
        if row.trim().is_empty() {
            continue;
        }
        let Some((label, words)) = row.split_once('\t') else {
            return Err(ReadError::Row { line, what: "there is no TAB between label and words".into() });
        };
        let label = label.trim();
        if label.is_empty() {
            return Err(ReadError::Row { line, what: "the label is empty".into() });
        }
        let mut words = words.split_whitespace();
        let title = words.by_ref().take(HEADING_WORDS).collect::<Vec<_>>().join(" ");
        let body = words.collect::<Vec<_>>().join(" ");
        let message = Message { id: line.to_string(), title, body, time: String::new() };
        out.push(Labelled { message, label: label.to_owned(), segmented: true });
    }
    if out.is_empty() { Err(ReadError::Empty) } else { Ok(out) }
}

fn table(text: &str, labelled: bool) -> Result<Vec<Labelled>, ReadError> {
    let text = text.trim_start_matches('\u{feff}');
    if text.trim().is_empty() {
        return Err(ReadError::Blank);
    }
    let wrong = |e: csv::Error| {
        let line = e.position().map_or(1, csv::Position::line);
        let what = match e.kind() {
            csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                format!("{len} fields where the header has {expected_len}")
            }
            _ => "no row of a table".to_owned(),
        };
        ReadError::Row { line, what }
    };
    let tabs = text.lines().next().is_some_and(|l| l.contains('\t') && !l.contains(','));
    let mut reader =
        csv::ReaderBuilder::new().delimiter(if tabs { b'\t' } else { b',' }).from_reader(text.as_bytes());
    let header = reader.headers().map_err(wrong)?.clone();
    let column = |known: &[&str]| header.iter().position(|name| names(known, name));
    let (id, title, body, label) = (column(ID), column(TITLE), column(BODY), column(LABEL));
    let time = column(TIME);
    let missing = |missing| ReadError::Column { missing, found: header.iter().map(str::to_owned).collect() };
    if title.is_none() && body.is_none() {
        return Err(missing("body"));
    }
    if labelled && label.is_none() {
        return Err(missing("label"));
    }
    let (mut out, mut last) = (Vec::new(), None);
    for (n, row) in (1_u64..).zip(reader.records()) {
        let row = row.map_err(|e| unclosed(text, e.position()).unwrap_or_else(|| wrong(e)))?;
        let line = row.position().map_or(n, csv::Position::line);
        let get = |at: Option<usize>| at.and_then(|at| row.get(at)).unwrap_or("").trim();
        let message = Message {
            id: if id.is_some() { get(id).to_owned() } else { n.to_string() },
            title: get(title).to_owned(),
            body: get(body).to_owned(),
            time: get(time).to_owned(),
        };
        if labelled && get(label).is_empty() {
            return Err(ReadError::Row { line, what: "the label is empty".into() });
        }
        out.push(Labelled { message, label: get(label).to_owned(), segmented: false });
        last = row.position().cloned();
    }
    if let Some(error) = unclosed(text, last.as_ref()) {
        return Err(error);
    }
    if out.is_empty() { Err(ReadError::Empty) } else { Ok(out) }
}

/// Whether the row that begins there runs to the end of the file because a quotation mark is never closed: all that
/// follows would pass for one field.
fn unclosed(text: &str, begins: Option<&csv::Position>) -> Option<ReadError> {
    let begins = begins?;
    let rest = text.get(usize::try_from(begins.byte()).ok()?..)?;
    let mut is_open = false;
    let mut before = ',';
    for c in rest.chars() {
        // A mark opens a field only where the field begins; within it, two are one and one closes it.
        match c {
            '"' if is_open => is_open = false,
            '"' if matches!(before, ',' | '\t' | '\n' | '\r' | '"') => is_open = true,
            _ => {}
        }
        before = c;
    }
    let what = "a quotation mark is opened and never closed".to_owned();
    is_open.then(|| ReadError::Row { line: begins.line(), what })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segmented_lines_begin_with_their_heading() {
        let read =
            read_labelled("城乡建设\t市 西湖 建筑 集团 占 道 施工 有 安全 隐患 每天 上下班\n").unwrap();
        assert_eq!(read[0].label, "城乡建设");
        assert_eq!(read[0].message.title, "市 西湖 建筑 集团 占 道 施工 有 安全 隐患");
        assert_eq!(read[0].message.body, "每天 上下班");
    }

    #[test]
    fn columns_are_found_by_name_in_any_order() {
        let read = read_messages("body,extra,id,title\n\"水管, 破了\",x,7,漏水\n").unwrap();
        assert_eq!(
            read,
            [Message {
                id: "7".into(),
                title: "漏水".into(),
                body: "水管, 破了".into(),
                ..Message::default()
            }]
        );
        let read = read_labelled("\u{feff}label,body\n环境保护,异味\n").unwrap();
        assert_eq!((read[0].label.as_str(), read[0].message.id.as_str()), ("环境保护", "1"));
    }

    #[test]
    fn quotation_marks_and_ends_of_lines_stay_within_their_field() {
        let read = read_messages("id,body\r\n1,\"他说\"\"好\"\"，\r\n又走了\"\r\n2,5\" 的管子\r\n").unwrap();
        let bodies: Vec<&str> = read.iter().map(|m| m.body.as_str()).collect();
        assert_eq!(bodies, ["他说\"好\"，\r\n又走了", "5\" 的管子"]);
    }

    #[test]
    fn a_file_without_header_is_not_shown_whole() {
        let told = read_messages(&"楼道灯坏了没人修".repeat(40)).unwrap_err().to_string();
        assert!(told.chars().count() < 90 && told.ends_with('…'), "{told}");
    }

    #[test]
    fn what_cannot_be_read_is_said_in_a_sentence() {
        for (text, expected) in [
            ("", "it is empty"),
            ("\u{feff}\r\n", "it is empty"),
            ("label,body\na,\"b\nc,d\n", "line 2: a quotation mark is opened and never closed"),
            ("label,body,n\na,\"b\nc,d\n", "line 2: a quotation mark is opened and never closed"),
            ("id,when\n1,2\n", "no column for the body; the header names id, when"),
            ("id,body\n1,2\n", "no column for the label; the header names id, body"),
            ("label,body\na,b\nc\n", "line 3: 1 fields where the header has 2"),
            ("label,body\n,b\n", "line 2: the label is empty"),
            ("a\tb c\nno tab\n", "line 2: there is no TAB between label and words"),
            ("label,body\n", "it holds no message"),
        ] {
            assert_eq!(read_labelled(text).unwrap_err().to_string(), expected, "{text:?}");
        }
    }
}
