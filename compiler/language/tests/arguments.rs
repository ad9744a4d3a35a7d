//! Arguments that somebody made to break a function: an answer or an error, soon, and never a crash.

mod answered;
#[expect(dead_code, reason = "only the form of an answer is needed")]
mod recorded;

use answered::answer;
use ordain_model::value::quote;
use proptest::prelude::*;
use recorded::Answer;

/// The answer to one expression.
fn ask(expression: &str) -> Answer {
    answer(&format!("locals {{\n  x = {expression}\n}}\n"))
}

/// Asserts that an expression fails, and with which code.
fn fails(expression: &str, code: &str) {
    let answer = ask(expression);
    assert!(answer == Answer::Error(code.into()), "{:.200}\n{:.200}", expression, answer.to_string());
}

/// Asserts that an expression has a value.
fn holds(expression: &str) {
    let answer = ask(expression);
    assert!(matches!(answer, Answer::Value(_)), "{:.200}\n{:.200}", expression, answer.to_string());
}

#[test]
fn products_and_powers_are_bounded() {
    fails("setproduct(range(1000), range(1000), range(1000))", "too-much-work");
    holds("setproduct([for a in range(60) : range(1)]...)[0][59]");
    for number in ["2", "9.9", "1.0000001", "0.999999", "-2", "0.5"] {
        fails(&format!("pow({number}, 9223372036854775807)"), "function-failed");
        fails(&format!("pow({number}, -9223372036854775807)"), "function-failed");
    }
    assert_eq!(ask("pow(-1, 9223372036854775807)"), Answer::Value("-1".into()));
    fails("pow(0, -1)", "function-failed");
    fails("pow(1e900, 1.5)", "function-failed");
    fails("log(1e999, 1.0000001)", "function-failed");
    fails("log(1e-999, 1e999)", "function-failed");
    fails("log(1.5, 1e-999)", "function-failed");
}

/// A call of a large argument costs what it looks through, also where its result is small.
#[test]
fn small_answers_about_large_arguments_are_bounded() {
    let text = "a".repeat(100_000);
    for call in ["strcontains(%, \"b\")", "can(regex(\"b\", %))", "startswith(%, \"b\")"] {
        let call = call.replace('%', &format!("\"{text}\""));
        fails(&format!("[for a in range(1000) : [for b in range(1000) : {call}]]"), "too-much-work");
    }
    let blocks: Vec<String> = (0..20_000).map(|at| format!("\"10.{}.{}.0/25\"", at >> 8, at & 255)).collect();
    for call in ["cidr_size(%)", "cidr_within(%, \"10.0.0.0/8\")", "cidr_overlaps(%, \"192.0.2.0/24\")"] {
        let call = call.replace('%', "set");
        let sets = format!("[for set in [cidr_merge([{}])] : [for a in range(1000) : {call}]]", blocks.join(", "));
        fails(&sets, "too-much-work");
    }
}

#[test]
fn many_addresses_are_bounded() {
    let every_second: Vec<String> =
        (0..50_000).map(|at| format!("\"2001:db8::{:x}:{:x}/128\"", at >> 15, (at << 1) & 0xffff)).collect();
    let list = format!("[{}]", every_second.join(", "));
    holds(&format!("cidr_size(cidr_merge({list}))"));
    holds(&format!("cidr_overlaps({list}, cidr_intersect({list}, {list}))"));
    holds(&format!("cidr_within({list}, \"2001:db8::/32\")"));
    let far: Vec<String> = (0..2_000).map(|at| format!("\"{at:x}::1/128\"")).collect();
    fails(&format!("cidr_subtract(\"::/0\", [{}])", far.join(", ")), "function-failed");
    let bits = vec!["1"; 100_000].join(", ");
    fails(&format!("cidrsubnets(\"::/0\", {bits})"), "function-failed");
    fails("cidrsubnet(\"::/0\", 128, 340282366920938463463374607431768211456)", "function-failed");
    fails("cidrhost(\"0.0.0.0/0\", 1e300)", "function-failed");
    holds("cidrhost(\"::/0\", -340282366920938463463374607431768211455)");
}

#[test]
fn yaml_bombs_do_not_go_off() {
    let laughs: String =
        (1..12).map(|at| format!("a{at}: &a{at} [{}]\\n", vec![format!("*a{}", at - 1); 10].join(","))).collect();
    fails(&format!("yamldecode(\"a0: &a0 x\\n{laughs}\")"), "too-much-work");
    let merges: String = (1..40).map(|at| format!("a{at}: &a{at} {{<<: *a{0}, k: *a{0}}}\\n", at - 1)).collect();
    fails(&format!("yamldecode(\"a0: &a0 {{x: 1}}\\n{merges}\")"), "too-much-work");
    for nest in ["[", "{a: ", "- ", "? ", "&a [", "!!seq [", "- - ", "[a: "] {
        fails(&format!("yamldecode({})", quote(&nest.repeat(100_000))), "function-failed");
        let answer = ask(&format!("yamldecode({})", quote(&nest.repeat(90))));
        assert!(matches!(answer, Answer::Error(_)) || nest == "- " || nest == "? ", "{nest}");
    }
    for long in [
        "a", "\"", "'", "*a ", "&a ", "!a ", "\n", " ", "#", "a: ", "a: 1\n", "- a\n", "|\n ", "%", "---\n", "1e",
        "\\", ",", "a b\n",
    ] {
        let text = long.repeat(300_000 / long.len());
        let _ = ask(&format!("yamldecode({})", quote(&text)));
    }
    holds(&format!("yamldecode({})", quote(&"a: &a 1\n".repeat(50_000))));
    holds(&format!("yamlencode({})", quote(&"a\n".repeat(100_000))));
}

#[test]
fn long_texts_are_read_in_one_pass() {
    let long = |piece: &str| quote(&piece.repeat(400_000 / piece.len()));
    for piece in ["\"", "\"\"", ",", "\n", "a,b\n", "\"a\",", "\r", "a"] {
        let _ = ask(&format!("csvdecode({})", long(piece)));
    }
    holds(&format!("csvdecode({})", quote(&format!("a,b\n{}", "1,2\n".repeat(50_000)))));
    for piece in ["1h", "1", ".", "1d", "-", "h", "1ns"] {
        let _ = ask(&format!("timeadd(\"2026-11-20T00:00:00Z\", {})", long(piece)));
        let _ = ask(&format!("timeadd({}, \"1h\")", long(piece)));
    }
    for piece in ["'", "''", "Y", "YYYY", "D-", "é"] {
        let _ = ask(&format!("formatdate({}, \"2026-11-20T00:00:00Z\")", long(piece)));
    }
    for piece in ["1.", "v", "1", ">= 1, ", "~>", "-", "+"] {
        let _ = ask(&format!("version_satisfies({}, {})", long(piece), long(piece)));
    }
    for function in
        ["md5", "sha1", "sha256", "sha512", "base64sha256", "base64sha512", "urlencode", "basename", "dirname"]
    {
        holds(&format!("{function}({})", long("a/")));
    }
    for encoding in ["UTF-8", "UTF-16LE", "UTF-16BE", "ISO-8859-1", "US-ASCII"] {
        holds(&format!("textencodebase64({}, {encoding:?}) == \"\"", long("a")));
    }
    holds(&format!("uuidv5({}, {})", quote("dns"), long("a")));
    for fraction in ["0", "9"] {
        holds(&format!("timecmp(\"2026-11-20T00:00:00.{}Z\", \"2026-11-20T00:00:01Z\")", fraction.repeat(100_000)));
    }
}

#[test]
fn spans_of_time_stay_within_their_limits() {
    fails("duration(\"9999y\") * 2", "arithmetic");
    fails("duration(\"1d\") * 1e900", "arithmetic");
    fails("duration(\"1s\") / 3", "arithmetic");
    fails("duration(\"1s\") / 1e-900", "arithmetic");
    fails("duration(\"1d\") - \"2d\"", "arithmetic");
    fails("duration(\"1d\") % 2", "wrong-operand");
    fails("duration(\"1d\") + 5", "wrong-operand");
    fails("duration(\"1d\") + null", "null-operand");
    fails("duration(\"1d\") * duration(\"1d\")", "wrong-operand");
    fails("days(\"1mo\")", "function-failed");
    fails("max(duration(\"1y\"), \"365d\")", "function-failed");
    fails("max(\"1y\", \"2y\")", "function-failed");
    fails("timeadd(\"2026-11-20T00:00:00Z\", \"9999y\")", "function-failed");
}

/// Pieces of YAML, with `␤` for a line end.
const PIECES: &str = r#"a b 1 -1.5 ~ yes - ? : , [ ] { } & &a * *a ! !!str !!int | > " ' # % --- ... << ␤ ␤␠ ␤␠␠ ␠ ␠␠ \ \n é 😀 😀: 0x1F 0o7 .5 |2 >- @ ` =  null"#;

fn pieces() -> impl Strategy<Value = String> {
    let all: Vec<String> = PIECES.split(' ').map(|piece| piece.replace('␤', "\n").replace('␠', " ")).collect();
    prop::collection::vec(prop::sample::select(all), 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_yaml_reads_it_writes_and_reads_again(text in prop_oneof![pieces(), any::<String>()]) {
        let text = quote(&text);
        if let Answer::Value(value) = ask(&format!("yamldecode({text})")) {
            prop_assert_eq!(ask(&format!("yamldecode(yamlencode(yamldecode({text})))")), Answer::Value(value));
        }
    }

    #[test]
    fn what_is_encoded_is_decoded(text in any::<String>()) {
        let text = quote(&text);
        let json = ask(&text);
        prop_assert_eq!(&ask(&format!("yamldecode(yamlencode({text}))")), &json);
        for encoding in ["UTF-8", "UTF-16LE", "UTF-16BE"] {
            prop_assert_eq!(&ask(&format!("textdecodebase64(textencodebase64({text}, {encoding:?}), {encoding:?})")), &json);
        }
    }

    #[test]
    fn any_text_is_an_answer_or_an_error(text in any::<String>(), other in "[-0-9a-zA-Z:.,+>=~ ']{0,24}") {
        for text in [quote(&text), quote(&other)] {
            for call in ["csvdecode(%)", "timeadd(%, %)", "timecmp(%, %)", "formatdate(%, \"2026-11-20T00:00:00Z\")",
                "version_compare(%, \"1\")", "version_satisfies(\"1\", %)", "uuidv5(%, %)", "cidrsubnet(%, 1, 1)", "duration(%)",
                "retention(%)", "basename(%)", "dirname(%)", "textdecodebase64(%, %)", "duration_between(%, %)"] {
                let _ = ask(&call.replace('%', &text));
            }
        }
    }
}
