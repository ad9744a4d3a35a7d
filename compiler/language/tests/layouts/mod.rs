//! Files to format: recorded ones with Terraform's answer, and random ones whose space is anything the syntax allows.
#![allow(dead_code, reason = "the tests that share it do not ask for everything")]
#![expect(clippy::panic, reason = "a test fails by it")]

use proptest::prelude::*;

/// What random files are made of: `%` and `#` stand for expressions, `␠` for space or none, `␣` for space, `␤` for space
/// and line ends, also behind comments.
const LEAVES: &str = r#"a; b.c; long_name; é; in; -␠1; !␠a; 1; 2.5; 1e3; true; "x"; ""; "$${q}"; []; {␠}; a[␠0␠]; a.*.b; a[*].b; a␠.␠b; a.0; f()"#;
const SHAPES: &str = r#"%␠+␠#; %␣-␠#; %␣-␠#; %␠*␠-␠#; %␠==␠#; %␠&&␠!␠#; %␠?␠#␠:␠%; (␤%␤); (␤%␣-␠#␤); [␤%␠,␤#␤]; {␠a␠=␠%␠}; {␠"k"␠:␠%,␠b␠=␠#␠};
    f(␠%␠,␤#␠...␠); f(␤%␤); a::b(␠%␠); [for x in␣%␠:␠#]; [for x in [%]␠:␠#␣if␣%]; {for k,␠v in␣%␠:␠k␠=>␠#␠...}; "p${␠%␠}q"; "${~␠%␠~}${#}";
    "%{␠if␣%␠}x%{␠else␠~}y%{␠endif␠}"; "%{␠for x in␣%␠~}${␠#␠}%{endfor}"; (␠%␠)[␠#␠]; (%).b; %␠/* in */␠; /* in */␠%"#;
const ITEMS: &str = "␠name@␠=␠%␠§␤; ␠name@␠=␠%␠§␤; ␠n@␠=␠%␠§␤; ␠n@␠=␠{¶␠a␠=␠%␠§¶␠\"long key\"␠=␠#,␠§¶␠}␠§␤; ␠block␠{␠a␠=␠%␠}␠§␤; ␠block␣\"l\"␠{␠}␠§␤;
    ␠n@␠=␠<<E¶a ${␠%␠} b¶␠¶  E␤; ␠n@␠=␠<<-E¶  a¶ %{␠if␣%␠}¶  b¶ %{ endif }¶␠E␤; # own␤; ␠// own␤; ␠/* own¶ of two */␤; ␤; ␠␤; ␠n@␠=␠[¶␠%,␠§¶#␠]␠§␤";

/// Replaces each sign for space by what chance says.
fn spaced(text: &str, chance: &[usize]) -> String {
    let mut chance = chance.iter().copied().cycle();
    let mut pick = |from: &'static [&'static str]| from[chance.next().unwrap_or(0) % from.len()];
    let mut written = String::new();
    for character in text.chars() {
        match character {
            '␠' => written.push_str(pick(&["", "", " ", "  ", "\t"])),
            '␣' => written.push_str(pick(&[" ", "  ", "\t"])),
            '␤' => written.push_str(pick(&["", "", " ", "\n", " # c\n", "\n\n"])),
            '§' => written.push_str(pick(&["", "", "", "# c", "// d", "/* e */", "/* e */ # f"])),
            '¶' => written.push('\n'),
            other => written.push(other),
        }
    }
    written
}

fn choice(list: &'static str) -> impl Strategy<Value = &'static str> {
    prop::sample::select(list.split(';').map(|item| item.trim_matches([' ', '\n'])).collect::<Vec<_>>())
}

fn expression() -> impl Strategy<Value = String> {
    choice(LEAVES).prop_map(String::from).prop_recursive(3, 16, 2, move |inner| {
        (choice(SHAPES), inner.clone(), inner).prop_map(|(shape, first, second)| fill(shape, &first, &second))
    })
}

/// The `%` of a directive is no place for an expression.
fn fill(shape: &str, first: &str, second: &str) -> String {
    let marked = shape.replace("%{", "\u{1}").replace("# ", "\u{4}").replace('%', "\u{2}").replace('#', "\u{3}");
    marked.replace('\u{1}', "%{").replace('\u{4}', "# ").replace('\u{2}', first).replace('\u{3}', second)
}

fn item() -> impl Strategy<Value = String> {
    let chance = prop::collection::vec(any::<usize>(), 40);
    (choice(ITEMS), expression(), expression(), chance).prop_map(|(shape, first, second, chance)| {
        let line = shape.strip_suffix('␤').unwrap_or(shape);
        spaced(&fill(line, &first, &second), &chance) + "\n"
    })
}

/// A file that parses: attributes of distinct names, comments, blank lines, and blocks of them.
pub fn file() -> impl Strategy<Value = String> {
    let body = || prop::collection::vec(item(), 0..6).prop_map(|items| items.concat());
    (body(), body(), body(), any::<bool>()).prop_map(|(first, inner, last, ends)| {
        let text = numbered(&format!("{first}block  \"l\"\t{{\n{inner} }}\n{last}"));
        if ends { text } else { text.trim_end().to_owned() }
    })
}

/// Gives each `@` its number.
fn numbered(text: &str) -> String {
    let pieces: Vec<&str> = text.split('@').collect();
    let last = pieces.len() - 1;
    pieces
        .iter()
        .enumerate()
        .map(|(at, piece)| if at < last { format!("{piece}{at}") } else { (*piece).to_owned() })
        .collect()
}

/// A file, and how it is formatted.
pub struct Layout {
    pub text: String,
    pub terraform: String,
    /// Our answer where it differs.
    pub here: Option<String>,
}

/// The cases of `tests/oracle/layout.txt`: each line behind `>` is one of the file, behind `=` one of Terraform's
/// answer, behind `here` one of ours where it differs, with the reason.
pub fn recorded() -> Vec<Layout> {
    let text = include_str!("../../../../tests/oracle/layout.txt");
    let cases = text.split("\n\n").filter(|block| block.starts_with('>'));
    cases.map(layout).collect()
}

fn layout(block: &str) -> Layout {
    let lines = |prefix: &str| -> Option<String> {
        let of =
            |line: &str| line.strip_prefix(prefix).map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line)));
        let all: Vec<String> = block.lines().filter_map(of).collect();
        (!all.is_empty()).then(|| all.concat())
    };
    let here = lines("here");
    assert!(here.is_none() || lines("because").is_some(), "no reason in\n{block}");
    Layout {
        text: lines(">").unwrap_or_default(),
        terraform: lines("=").unwrap_or_else(|| panic!("no answer in\n{block}")),
        here,
    }
}
