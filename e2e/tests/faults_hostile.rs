//! Whatever is thrown at the public doors: a 4xx answer, never a 5xx, never a hang; the memory stays bounded, and
//! the program goes on.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on ends here")]

use e2e::{Client, Page, Program, exchange, routes};
use image::{ExtendedColorType, ImageEncoder};
use std::io::Write as _;
use std::time::Duration;

/// The most memory that the program may take through all of this.
const MOST_MEMORY: u64 = 200 << 20;
const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data; boundary=x";

/// A path with something sound in every place of it.
fn filled(path: &str, code: &str, link: &str) -> String {
    path.replace("{code}", code)
        .replace("{token}", link)
        .replace("{no}", "1")
        .replace("{case}", "1")
        .replace("{action}", "note")
        .replace("{name}", "console.css")
        .replace("{voice}", "1")
        .replace("{id}", "1")
        .replace("{step}", "0")
        .replace("{doorway}", "1")
        .replace("{kind}", "opinion")
        .replace("{list}", "looks.csv")
}

fn is_refusal(status: u16) -> bool {
    (400..500).contains(&status)
}

/// Noise that is the same in every run.
fn noise(bytes: usize, mut seed: u64) -> Vec<u8> {
    (0..bytes)
        .map(|_| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 56) as u8
        })
        .collect()
}

fn with_photo(photo: &[u8], said_to_be: &str) -> Vec<u8> {
    let head = format!(
        "--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n灯坏了\r\n--x\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\nContent-Type: {said_to_be}\r\n\r\n"
    );
    [head.as_bytes(), photo, b"\r\n--x--\r\n"].concat()
}

fn link(client: &Client, code: &str) -> String {
    let sent = client.post(&format!("/q/{code}"), &[("text", "三楼楼道灯不亮")]).unwrap();
    let to = sent.location().unwrap();
    to.trim_start_matches("/t/").split('?').next().unwrap().to_owned()
}

fn post(client: &Client, path: &str, kind: &str, bytes: Vec<u8>) -> Page {
    client.post_bytes(path, kind, bytes).unwrap_or_else(|e| panic!("{kind} at {path}: {e}"))
}

/// Alive: the form comes, a report goes in.
fn still_works(program: &Program) {
    let client = program.client();
    let code = &program.ready().codes.opinion;
    assert_eq!(client.get(&format!("/q/{code}")).unwrap().status, 200);
    assert!(!link(&client, code).is_empty());
}

#[test]
fn rubbish_at_every_door() {
    let program = Program::demo().unwrap();
    let client = program.client();
    let code = program.ready().codes.opinion.clone();
    let link = link(&client, &code);
    for route in routes() {
        let path = filled(&route.path, &code, &link);
        assert!(!path.contains('{'), "{}: tell `filled` what stands there", route.path);
        let console = path.starts_with("/console") && path != "/console/sign-in";
        if route.method == "GET" {
            for query in [
                "?%ff=%fe",
                "?a=%",
                "?lang=%ff&view=%00",
                "?said=%3Cscript%3E",
                &format!("?q={}", "电".repeat(3_000)),
            ] {
                let got = client.get(&format!("{path}{}", query.replace('电', "%E7%94%B5"))).unwrap();
                assert!(got.status < 500, "GET {path}{query}: {}", got.status);
            }
            let odd = [("cookie", "session=zz%ff; device=%ff; lang=<;;=;"), ("accept-language", ";;;,,q=")];
            for (name, value) in odd {
                assert!(client.send("GET", &path, &[(name, value)], vec![]).unwrap().status < 500);
            }
            continue;
        }
        // What residents and strangers can send. Staff's forms send whoever is not signed in to the door.
        let bodies: Vec<(&str, Vec<u8>)> = vec![
            (FORM, b"text=%ff%fe%fd&where=%c3%28".to_vec()),
            (FORM, noise(5_000, 1)),
            (FORM, [b"text=".as_slice(), &[0xe7, 0x81]].concat()),
            (FORM, "f=1&".repeat(2_000).into_bytes()),
            (FORM, [b"text=".to_vec(), vec![b'a'; 10 << 20]].concat()),
            ("application/json", b"{\"text\":\"x\"}".to_vec()),
            ("text/xml", b"<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>".to_vec()),
            ("application/x-www-form-urlencoded-not", b"text=x".to_vec()),
            ("", noise(100, 2)),
            ("multipart/form-data", noise(100, 3)),
            (MULTIPART, noise(50_000, 4)),
            (
                MULTIPART,
                b"--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n\xff\xfe\r\n--x--\r\n".to_vec(),
            ),
            (MULTIPART, with_photo(&noise(2_000, 5), "image/jpeg")),
            (MULTIPART, with_photo(&vec![0; 13 << 20], "image/jpeg")),
        ];
        for (kind, bytes) in bodies {
            let size = bytes.len();
            // Each on a connection of its own: one that was closed in the middle of a body is not used again.
            let got = program.client().post_bytes(&path, kind, bytes);
            match got {
                Ok(got) if console => {
                    assert!(got.status == 303 || is_refusal(got.status), "{path}: {}", got.status);
                }
                Ok(got) => assert!(is_refusal(got.status), "{kind} ({size}) at {path}: {}", got.status),
                // Who is not signed in gets no ear for ten megabytes.
                Err(e) => assert!(console && size > 1 << 20, "{kind} ({size}) at {path}: {e}"),
            }
        }
    }
    for path in [
        "/nothing",
        "/q/",
        "/t/",
        "/%00",
        "/q/%ff%fe",
        "/t/../../etc/passwd",
        "/assets/..%2f..%2fetc%2fpasswd",
    ] {
        let got = client.get(path).unwrap();
        assert!(is_refusal(got.status), "{path}: {}", got.status);
    }
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS"] {
        let got = client.send(method, &format!("/q/{code}"), &[], vec![]).unwrap();
        assert!(is_refusal(got.status), "{method}: {}", got.status);
    }
    let code_noise = program.client();
    for n in 0..200_u64 {
        let text: String = noise(24, n).iter().map(|b| format!("%{b:02x}")).collect();
        for door in ["/q/", "/t/"] {
            let got = code_noise.get(&format!("{door}{text}")).unwrap();
            assert!(is_refusal(got.status), "{door}{text}: {}", got.status);
        }
    }
    let memory = program.memory().unwrap();
    println!("peak {} MB", memory.peak >> 20);
    assert!(memory.peak < MOST_MEMORY, "{memory:?}");
    still_works(&program);
}

/// A square PNG of one colour, with so many of its rows: a few kilobytes that become hundreds of megabytes.
fn png_bomb(side: u32, rows: u32) -> Vec<u8> {
    let row = [vec![0_u8; 1], vec![0; side as usize * 4]].concat();
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..rows {
        packed.write_all(&row).unwrap();
    }
    let packed = packed.finish().unwrap();
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |kind: &[u8; 4], data: &[u8]| {
        png.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        let mut sum = flate2::Crc::new();
        sum.update(kind);
        sum.update(data);
        png.extend([kind.as_slice(), data].concat());
        png.extend(sum.sum().to_be_bytes());
    };
    let (size, depth) = (side.to_be_bytes(), [8, 6, 0, 0, 0]);
    chunk(b"IHDR", &[size.as_slice(), &size, &depth].concat());
    chunk(b"IDAT", &packed);
    chunk(b"IEND", &[]);
    png
}

/// A JPEG of one colour, or of one grey.
fn jpeg(width: u32, height: u32, colour: ExtendedColorType) -> Vec<u8> {
    let mut out = Vec::new();
    let bytes = colour.bits_per_pixel() as usize / 8 * (width * height) as usize;
    image::codecs::jpeg::JpegEncoder::new(&mut out)
        .write_image(&vec![127; bytes], width, height, colour)
        .unwrap();
    out
}

/// The same JPEG, said to be of another size, and perhaps to come in passes.
fn lying(mut jpeg: Vec<u8>, height: u16, width: u16, in_passes: bool) -> Vec<u8> {
    let frame = jpeg.windows(2).position(|w| w == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    jpeg[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    if in_passes {
        jpeg[frame + 1] = 0xc2;
    }
    jpeg
}

#[test]
fn decompression_bombs() {
    let program = Program::demo().unwrap();
    let client = program.client();
    let path = format!("/q/{}", program.ready().codes.opinion);
    let small = jpeg(64, 64, ExtendedColorType::Rgb8);
    let zip = {
        // A zip of zeros, and a gzip: neither is a photo.
        let mut gzip = flate2::write::GzEncoder::new(b"PK\x03\x04".to_vec(), flate2::Compression::fast());
        gzip.write_all(&vec![0; 8 << 20]).unwrap();
        gzip.finish().unwrap()
    };
    let refused: Vec<(&str, Vec<u8>)> = vec![
        ("png of 144 million pixels", png_bomb(12_000, 50)),
        ("png beyond any side", png_bomb(13_000, 50)),
        ("png of 36 million pixels with transparency", png_bomb(6_000, 50)),
        ("jpeg of 65,000 by 65,000", lying(small.clone(), 65_000, 65_000, false)),
        ("jpeg of 11,000 by 11,000", lying(small.clone(), 11_000, 11_000, false)),
        ("jpeg of 11,000 by 11,000 in passes", lying(small.clone(), 11_000, 11_000, true)),
        ("zip", zip),
        ("gif", b"GIF89a\xff\xff\xff\xff\x80\0\0".to_vec()),
        ("svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>".to_vec()),
        ("pdf", b"%PDF-1.7\n%....".to_vec()),
        ("half a jpeg", small[..40].to_vec()),
    ];
    for (what, bytes) in refused {
        for said_to_be in ["image/jpeg", "image/png", "text/html"] {
            let got = post(&client, &path, MULTIPART, with_photo(&bytes, said_to_be));
            assert_eq!(got.status, 422, "{what} as {said_to_be}");
        }
        let memory = program.memory().unwrap();
        assert!(memory.peak < MOST_MEMORY, "{what}: {memory:?}");
    }
    // Large but honest, or a lie that the decoder finds harmless: taken or refused, within the same memory.
    let large: Vec<(&str, Vec<u8>)> = vec![
        ("jpeg of 49 million pixels of grey", jpeg(7_000, 7_000, ExtendedColorType::L8)),
        ("png of 25 million pixels", png_bomb(5_000, 5_000)),
        ("jpeg said to be 36 million pixels", lying(small.clone(), 6_000, 6_000, false)),
        ("jpeg said to be 36 million pixels in passes", lying(small.clone(), 6_000, 6_000, true)),
        ("a photo", small.clone()),
    ];
    for (what, bytes) in large {
        let got = post(&client, &path, MULTIPART, with_photo(&bytes, "image/jpeg"));
        assert!(matches!(got.status, 303 | 422), "{what}: {}", got.status);
        let memory = program.memory().unwrap();
        println!("{what}: {}, peak {} MB", got.status, memory.peak >> 20);
        assert!(memory.peak < MOST_MEMORY, "{what}: {memory:?}");
    }
    // As a telephone makes them: several megabytes, and taken.
    let mut photo = Vec::new();
    image::codecs::jpeg::JpegEncoder::new(&mut photo)
        .write_image(&noise(3 * 1_500 * 1_500, 6), 1_500, 1_500, ExtendedColorType::Rgb8)
        .unwrap();
    assert!(photo.len() > 2 << 20, "{}", photo.len());
    assert_eq!(post(&client, &path, MULTIPART, with_photo(&photo, "image/jpeg")).status, 303);
    // A crowd of large ones at once.
    std::thread::scope(|scope| {
        for _ in 0..16 {
            let (client, path) = (program.client(), &path);
            scope.spawn(move || {
                let got = post(&client, path, MULTIPART, with_photo(&vec![0; 11 << 20], "image/jpeg"));
                assert!(matches!(got.status, 422 | 429), "{}", got.status);
            });
        }
    });
    let memory = program.memory().unwrap();
    println!("a crowd: peak {} MB", memory.peak >> 20);
    assert!(memory.peak < MOST_MEMORY, "a crowd: {memory:?}");
    still_works(&program);
}

#[test]
fn connections_that_never_say_what_they_want() {
    let program = Program::demo().unwrap();
    let port = program.port();
    let path = format!("/q/{}", program.ready().codes.opinion);
    let soon = Duration::from_secs(10);
    let huge_head = format!("GET / HTTP/1.1\r\nHost: x\r\nX-Large: {}\r\n\r\n", "a".repeat(1 << 20));
    let many_heads = format!("GET / HTTP/1.1\r\nHost: x\r\n{}\r\n", "X-Many: a\r\n".repeat(5_000));
    let huge_line = format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(1 << 20));
    let smuggled = format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n"
    );
    let rude: Vec<(&str, Vec<u8>)> = vec![
        ("noise", noise(10_000, 9)),
        ("a greeting in TLS", b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03".repeat(50)),
        ("a head of a megabyte", huge_head.into_bytes()),
        ("five thousand heads", many_heads.into_bytes()),
        ("a line of a megabyte", huge_line.into_bytes()),
        ("two lengths", format!("POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello").into_bytes()),
        ("a length below nothing", format!("POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n").into_bytes()),
        ("a broken chunk", format!("POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nabc").into_bytes()),
        ("length and chunks", smuggled.into_bytes()),
        ("rubbish after a request", b"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n\0\0\0\xff\xfe rubbish\r\n\r\n".to_vec()),
    ];
    for (what, bytes) in rude {
        let got = exchange(port, &bytes, soon).unwrap();
        assert!(got.closed, "{what}: the connection hangs: {got:?}");
        assert!(got.statuses.iter().all(|s| is_refusal(*s) || *s == 200), "{what}: {got:?}");
    }
    // A request that is cut off is not answered for ever; and a hundred slow ones harm nobody.
    let slow: Vec<_> = (0..100_usize)
        .map(|n| {
            let part = match n % 3 {
                0 => "GET / HT".to_owned(),
                1 => "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ".to_owned(),
                _ => String::new(),
            };
            std::thread::spawn(move || exchange(port, part.as_bytes(), Duration::from_secs(40)).unwrap())
        })
        .collect();
    let bodies: Vec<_> = (0..20)
        .map(|_| {
            let head = format!(
                "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\nContent-Length: 500\r\n\r\ntext="
            );
            std::thread::spawn(move || exchange(port, head.as_bytes(), Duration::from_secs(60)).unwrap())
        })
        .collect();
    still_works(&program);
    for s in slow {
        let got = s.join().unwrap();
        assert!(got.closed && got.statuses.iter().all(|s| is_refusal(*s)), "{got:?}");
    }
    for b in bodies {
        let got = b.join().unwrap();
        assert_eq!(got.statuses, [408], "a form that never comes in whole: {got:?}");
    }
    let memory = program.memory().unwrap();
    assert!(memory.peak < MOST_MEMORY, "{memory:?}");
    still_works(&program);
}
