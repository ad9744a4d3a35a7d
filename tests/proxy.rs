//! The fault proxy does what its rules say. In front of it stands a client, behind it a server that remembers.

use ordain_tests::operation::Operation;
use ordain_tests::proxy::{Call, Fault, Proxy, Rule};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A server that answers every request with `yes` and keeps what it was sent.
fn server() -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let seen = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&seen);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let mut buffer = [0; 65536];
            let size = stream.read(&mut buffer).expect("a request");
            kept.lock().expect("no poison").push(String::from_utf8_lossy(&buffer[..size]).into_owned());
            stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\nconnection: close\r\n\r\nyes")
                .expect("an answer");
        }
    });
    (address, seen)
}

/// Sends one request and returns everything that comes back.
fn send(proxy: &Proxy, request: &str, service: &str, body: &str) -> String {
    let address = proxy.url().replace("http://", "");
    let mut stream = TcpStream::connect(&address).expect("the proxy listens");
    let (line, extra) = request.split_once('\n').unwrap_or((request, ""));
    let scope =
        format!("AWS4-HMAC-SHA256 Credential=KEY/20260101/eu-west-3/{service}/aws4_request, SignedHeaders=host");
    let head = format!(
        "{line} HTTP/1.1\r\nhost: {address}\r\nauthorization: {scope}\r\nconnection: close\r\ncontent-length: {}\r\n",
        body.len()
    );
    let extra = if extra.is_empty() { String::new() } else { format!("{extra}\r\n") };
    stream.write_all(format!("{head}{extra}\r\n{body}").as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap_or(0);
    answer
}

/// One request of each protocol and how each says an error.
const PROTOCOLS: &[(&str, &str, &str, &str, &str, &str)] = &[
    (
        "logs",
        "POST /\nx-amz-target: Logs_20140328.DescribeLogGroups",
        "{}",
        "logs:DescribeLogGroups",
        "400 ThrottlingException",
        "400 AccessDeniedException",
    ),
    ("eks", "GET /clusters/a", "", "eks:DescribeCluster", "429 ThrottlingException", "403 AccessDeniedException"),
    (
        "rds",
        "POST /",
        "Action=DescribeDBInstances&Version=1",
        "rds:DescribeDBInstances",
        "400 <Code>Throttling<",
        "403 <Code>AccessDenied<",
    ),
    (
        "ec2",
        "POST /",
        "Action=DescribeVpcs&Version=1",
        "ec2:DescribeVpcs",
        "503 <Code>RequestLimitExceeded<",
        "403 <Code>UnauthorizedOperation<",
    ),
    (
        "s3",
        "GET /bucket?lifecycle",
        "",
        "s3:GetBucketLifecycleConfiguration",
        "503 <Code>SlowDown<",
        "403 <Code>AccessDenied<",
    ),
];

#[test]
fn each_protocol_is_recognised_counted_and_refused_in_its_own_words() {
    let (upstream, seen) = server();
    for (service, request, body, operation, throttled, denied) in PROTOCOLS {
        let proxy = Proxy::before(upstream);
        assert!(send(&proxy, request, service, body).ends_with("yes"), "{operation} passes");
        proxy.rule(Rule::times(1, operation, Fault::Throttled));
        proxy.rule(Rule::always(operation, Fault::Denied));
        for expected in [throttled, denied, denied] {
            let answer = send(&proxy, request, service, body);
            let (status, word) = expected.split_once(' ').expect("a status and a word");
            assert!(
                answer.starts_with(&format!("HTTP/1.1 {status}")) && answer.contains(word),
                "{operation}: {answer}"
            );
        }
        assert_eq!(proxy.counts(), [((*operation).to_string(), 4)].into());
    }
    assert_eq!(seen.lock().expect("no poison").len(), PROTOCOLS.len(), "what was refused went no further");
}

#[test]
fn a_dropped_call_was_carried_out_or_not_as_the_rule_says() {
    let (upstream, seen) = server();
    let proxy = Proxy::before(upstream);
    proxy.rule(Rule::times(1, "eks:DescribeCluster", Fault::DroppedBefore));
    proxy.rule(Rule::times(1, "eks:DescribeCluster", Fault::DroppedAfter));
    assert_eq!(send(&proxy, "GET /clusters/a", "eks", ""), "");
    assert_eq!(seen.lock().expect("no poison").len(), 0);
    assert_eq!(send(&proxy, "GET /clusters/a", "eks", ""), "");
    assert_eq!(seen.lock().expect("no poison").len(), 1);
    assert!(send(&proxy, "GET /clusters/a", "eks", "").ends_with("yes"));
}

#[test]
fn a_rule_can_be_narrowed_to_what_a_call_mentions() {
    let (upstream, _) = server();
    let proxy = Proxy::before(upstream);
    proxy.rule(Rule::always("eks:DescribeCluster", Fault::Denied).mentioning("/clusters/seven"));
    assert!(send(&proxy, "GET /clusters/six", "eks", "").ends_with("yes"));
    assert!(send(&proxy, "GET /clusters/seven", "eks", "").contains("AccessDeniedException"));
}

#[test]
fn a_delay_passes_the_call_on_and_an_answer_does_not() {
    let (upstream, seen) = server();
    let proxy = Proxy::before(upstream);
    proxy.rule(Rule::times(1, "*", Fault::Delayed(Duration::from_millis(30))));
    let from = Instant::now();
    assert!(send(&proxy, "GET /clusters/a", "eks", "").ends_with("yes"));
    assert!(from.elapsed() >= Duration::from_millis(30));
    proxy.rule(Rule::always("*", Fault::Answered(200, "application/json", "{\"clusters\":[]}".into())));
    assert!(send(&proxy, "GET /clusters", "eks", "").ends_with("{\"clusters\":[]}"));
    assert_eq!(seen.lock().expect("no poison").len(), 1);
}

#[test]
fn the_world_can_move_between_a_call_and_its_arrival() {
    let (upstream, seen) = server();
    let proxy = Proxy::before(upstream);
    let before = Arc::new(Mutex::new(None));
    let (noted, world) = (Arc::clone(&before), Arc::clone(&seen));
    let moves = move |_: &Call| *noted.lock().expect("no poison") = Some(world.lock().expect("no poison").len());
    proxy.rule(Rule::always("*", Fault::Meanwhile(Arc::new(moves))));
    assert!(send(&proxy, "GET /clusters/a", "eks", "").ends_with("yes"));
    assert_eq!((*before.lock().expect("no poison"), seen.lock().expect("no poison").len()), (Some(0), 1));
}

/// A server that counts: each answer is the number of calls so far.
fn counting() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let mut stream = stream.expect("a connection");
            let _ = stream.read(&mut [0; 65536]).expect("a request");
            let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: 1\r\nconnection: close\r\n\r\n{number}");
            stream.write_all(answer.as_bytes()).expect("an answer");
        }
    });
    address
}

#[test]
fn a_stale_answer_is_the_one_before_the_last_write() {
    let proxy = Proxy::before(counting());
    proxy.rule(Rule::times(2, "eks:DescribeCluster", Fault::Stale));
    let read = |name: &str| send(&proxy, &format!("GET /clusters/{name}"), "eks", "").pop();
    assert_eq!(read("a"), Some('0'));
    assert_eq!(read("a"), Some('1'), "nothing was written");
    assert!(send(&proxy, "POST /clusters/a/update-config", "eks", "{}").ends_with('2'));
    assert_eq!(read("b"), Some('3'), "it was not read before");
    assert_eq!((read("a"), read("a")), (Some('1'), Some('1')));
    assert_eq!(read("a"), Some('4'), "the rule has befallen twice");
    let answered: Vec<Option<u16>> = proxy.calls().iter().map(|call| call.answered).collect();
    assert_eq!(answered, [Some(200), Some(200), Some(200), Some(200), None, None, Some(200)]);
}

#[test]
fn a_rule_can_wait_for_another_operation() {
    let (upstream, _) = server();
    let proxy = Proxy::before(upstream);
    proxy.rule(Rule::times(1, "eks:UpdateClusterConfig", Fault::DroppedBefore));
    proxy.rule(Rule::always("eks:DescribeCluster", Fault::Failed).since("eks:UpdateClusterConfig"));
    let update = || send(&proxy, "POST /clusters/a/update-config", "eks", "{}");
    let read = || send(&proxy, "GET /clusters/a", "eks", "").ends_with("yes");
    assert_eq!((update(), read()), (String::new(), true), "what was dropped before was not carried out");
    assert!(update().ends_with("yes") && !read());
}

#[test]
fn s3_operations_are_told_apart_by_method_and_subresource() {
    let names = [
        ("GET", "/", "ListBuckets"),
        ("GET", "/b?location", "GetBucketLocation"),
        ("PUT", "/b?lifecycle", "PutBucketLifecycleConfiguration"),
        ("DELETE", "/b?lifecycle", "DeleteBucketLifecycle"),
        ("GET", "/b?publicAccessBlock", "GetPublicAccessBlock"),
        ("PUT", "/b", "CreateBucket"),
        ("GET", "/b?list-type=2&prefix=a", "ListObjectsV2"),
        ("PUT", "/b/k/x", "PutObject"),
        ("HEAD", "/b", "HeadBucket"),
    ];
    let mut headers = hyper::HeaderMap::new();
    headers.insert("authorization", "AWS4-HMAC-SHA256 Credential=K/1/r/s3/aws4_request, X".parse().expect("a header"));
    for (method, path, name) in names {
        let operation =
            Operation::of(&method.parse().expect("a method"), &path.parse().expect("a path"), &headers, b"");
        assert_eq!(operation.name, format!("s3:{name}"), "{method} {path}");
    }
}
