//! `lyceum data`

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    thread,
};

use crate::sandbox::Sandbox;

#[test]
fn the_list_shows_what_is_built_in_and_what_can_be_pulled() {
    insta::assert_snapshot!(Sandbox::new().lyceum(&["data", "list"]).code(0).stdout);
}

#[test]
fn a_set_is_shown_with_its_source_and_licence() {
    insta::assert_snapshot!("show_iris", Sandbox::new().lyceum(&["data", "show", "iris"]).code(0).stdout);
    insta::assert_snapshot!("show_mnist", Sandbox::new().lyceum(&["data", "show", "mnist"]).code(0).stdout);
}

#[test]
fn an_unknown_set_is_answered_with_the_nearest() {
    let ended = Sandbox::new().lyceum(&["data", "show", "irris"]).code(2);
    assert_eq!(
        ended.stderr,
        "error: there is no data set named \"irris\"; did you mean \"iris\"?\n\
         hint: `lyceum data list` shows the sets\n"
    );
}

#[test]
fn a_table_is_imported_shown_and_replaced() {
    let sandbox = Sandbox::new();
    sandbox.write("flats.csv", "id,rooms,rent\n1,2,900\n2,3,1200.5\n");
    let import = ["data", "import", "flats", "flats.csv", "--drop", "id", "--licence", "CC0"];
    let ended = sandbox.lyceum(&import).code(0);
    assert_eq!(ended.stdout, "flats: 2 rows, 1 features, predicts rent\n");
    let shown = sandbox.lyceum(&["data", "show", "flats"]).code(0).stdout;
    assert!(shown.contains("licence  CC0\n"), "{shown}");
    let again = sandbox.lyceum(&import).code(2);
    assert!(again.stderr.contains("hint: `lyceum data import --replace flats"), "{}", again.stderr);
    sandbox.lyceum(&[&import[..], &["--replace", "--target", "rooms"]].concat()).code(0);
    assert!(sandbox.lyceum(&["data", "show", "flats"]).stdout.contains("predicts rooms"));
    assert_eq!(sandbox.catalogue(), ["flats"]);
}

#[test]
fn a_broken_table_is_refused_by_file_and_line_and_leaves_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write("bad.csv", "a,b\n1,2\n1,two,3\n");
    let ended = sandbox.lyceum(&["data", "import", "bad", "bad.csv"]).code(2);
    assert_eq!(ended.stderr, "error: bad.csv: line 3: expected 2 columns, as in the header, found 3\n");
    assert_eq!(sandbox.catalogue(), [""; 0]);
}

#[test]
fn a_file_of_wrong_magic_is_refused_and_leaves_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write("m/train-images-idx3-ubyte", b"PK\x03\x04 this is a zip file");
    sandbox.write("m/train-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 1, 5]);
    let ended = sandbox.lyceum(&["data", "import", "mnist", "m"]).code(2);
    assert_eq!(
        ended.stderr,
        "error: m/train-images-idx3-ubyte: expected an IDX file, which starts with the bytes 00 00, \
         found 50 4b 03 04\n"
    );
    assert_eq!(sandbox.catalogue(), [""; 0]);
}

/// Serves one file to whoever asks, whatever the path, and returns the address.
fn serve(body: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let request: Vec<String> = lines.map(Result::unwrap).take_while(|line| !line.is_empty()).collect();
            let found = request.first().is_some_and(|line| line.contains("input.txt"));
            let (status, body) = if found { ("200 OK", &body[..]) } else { ("404 Not Found", &[][..]) };
            let length = body.len();
            let head = format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
        }
    });
    address
}

#[test]
fn a_set_is_pulled_from_another_address() {
    // The text is not part of the project; it may stand beside it.
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/tinyshakespeare.txt");
    let Ok(text) = std::fs::read(path) else {
        eprintln!("skipped: there is no {path}");
        return;
    };
    let sandbox = Sandbox::new();
    let address = serve(text);
    let ended = sandbox.lyceum(&["data", "pull", "tinyshakespeare", "--from", &address]).code(0);
    assert_eq!(ended.stdout, "tinyshakespeare: text of 1115394 characters\n");
    assert_eq!(ended.stderr, "");
    let shown = sandbox.lyceum(&["data", "show", "tinyshakespeare"]).stdout;
    assert!(shown.contains("files    as they were published, byte for byte\n"), "{shown}");
    assert_eq!(sandbox.catalogue(), ["tinyshakespeare"]);
}

#[test]
fn other_bytes_than_the_published_ones_are_refused() {
    let sandbox = Sandbox::new();
    let address = serve(vec![b'x'; 1_115_394]);
    let ended = sandbox.lyceum(&["data", "pull", "tinyshakespeare", "--from", &address]).code(2);
    assert!(ended.stderr.contains("expected a file with the SHA-256 86c4e6aa"), "{}", ended.stderr);
    let address = serve(b"short".to_vec());
    let ended = sandbox.lyceum(&["data", "pull", "tinyshakespeare", "--from", &address]).code(2);
    assert!(ended.stderr.contains("expected a file of 1115394 bytes, found 5"), "{}", ended.stderr);
    let ended = sandbox.lyceum(&["data", "pull", "mnist", "--from", &address]).code(2);
    assert!(ended.stderr.contains("the server answered 404 Not Found\nhint: "), "{}", ended.stderr);
    assert!(sandbox.lyceum(&["data", "show", "mnist"]).stdout.contains("not here"));
}

#[test]
fn only_published_sets_can_be_pulled() {
    let ended = Sandbox::new().lyceum(&["data", "pull", "imagenet"]).code(2);
    assert!(ended.stderr.contains("these can: fashion-mnist, mnist, tinyshakespeare"), "{}", ended.stderr);
}
