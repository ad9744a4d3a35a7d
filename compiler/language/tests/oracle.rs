//! What Terraform 1.11.4 answered to some 800 expressions decides what they mean here. `terraform.rs` asks it again.

mod answered;
mod recorded;

use answered::answer;
use recorded::{Answer, files};

#[test]
fn answers_are_terraforms() {
    let mut wrong = Vec::new();
    for (name, cases) in files() {
        for case in cases {
            let ours = answer(&case.file());
            let right = match (&ours, &case.terraform, &case.here) {
                (ours, _, Some((here, _))) => ours == here,
                (Answer::Error(_), Answer::Error(_), None) => true,
                (ours, terraform, None) => ours == terraform,
            };
            if !right {
                wrong.push(format!(
                    "{name}\n> {}\n{}\nhere {ours}",
                    case.expression.replace('\n', "\n> "),
                    case.terraform
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} answers differ:\n\n{}\n", wrong.len(), wrong.join("\n\n"));
}

#[test]
fn recorded_differences_are_differences() {
    for (name, cases) in files() {
        for case in cases {
            if let Some((here, reason)) = &case.here {
                let both_refuse = matches!((here, &case.terraform), (Answer::Error(_), Answer::Error(_)));
                assert!(
                    *here != case.terraform && !both_refuse,
                    "{name}: {} is no difference ({reason})",
                    case.expression
                );
            }
        }
    }
}

#[test]
fn a_byte_order_mark_and_carriage_returns_are_accepted() {
    // Terraform 1.11.4 gives `"a\r\nb\r\n"` and `2` for these files.
    assert_eq!(
        answer("\u{feff}locals {\r\n  x = <<EOT\r\na\r\nb\r\nEOT\r\n}\r\n"),
        Answer::Value("\"a\\r\\nb\\r\\n\"".into())
    );
    assert_eq!(answer("\u{feff}locals {\r\n  x = 1 + 1 # one\r\n}\r\n"), Answer::Value("2".into()));
}
