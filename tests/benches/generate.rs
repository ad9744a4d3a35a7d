//! Writes what is measured, of a given size: `cargo run -p ordain-tests --example generate -- FOLDER NUMBER [SHAPE]`.
//!
//! | shape | number of |
//! |---|---|
//! | `compliant` (when none is given) | log groups that a profile of one requirement is content with |
//! | `unmet` | log groups that it is not content with |
//! | `modules` | modules of 25 requirements |
//! | `requirements` | requirements of one module |
//! | `chain` | locals, each made from the one before it |
//! | `text` | bytes in one file |
//! | `mistakes` | mistakes in one file |

use ordain_tests::sizes::{Groups, chain, files, mistakes, modules, text};
use std::path::Path;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (folder, number, shape) = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [folder, number] => (folder, number, "compliant"),
        [folder, number, shape] => (folder, number, shape),
        _ => panic!("expected FOLDER NUMBER [SHAPE]"),
    };
    let number = number.parse().expect("NUMBER is a whole number");
    let profile = match shape {
        "compliant" => files(number, Groups::Compliant),
        "unmet" => files(number, Groups::Unmet),
        "modules" => modules(number, 25),
        "requirements" => modules(1, number),
        "chain" => chain(number),
        "text" => text(number),
        "mistakes" => mistakes(number),
        other => panic!("expected a shape, found {other}"),
    };
    for (name, text) in profile {
        let path = Path::new(folder).join(name);
        std::fs::create_dir_all(path.parent().expect("a file stands in a folder")).expect("FOLDER can be made");
        std::fs::write(path, text).expect("FOLDER can be written");
    }
}
