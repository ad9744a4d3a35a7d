//! What fits and what is quoted.

use super::text::{Room, code, inline};

#[test]
fn no_markup_is_read_in_a_text() {
    assert_eq!(
        inline("<b>@x #1 [a](b) *c* `d` | e", 300),
        "&lt;b&gt;&#64;<!-- -->x &#35;<!-- -->1 &#91;a&#93;(b) &#42;c&#42; &#96;d&#96; &#124; e"
    );
    assert_eq!(inline("a\nb\u{1b}", 300), "a&#92;u{a}b&#92;u{1b}");
    assert_eq!(code("a`b|c"), "`a%60b%7Cc`");
    assert_eq!(inline("äöü", 2), "äö…");
}

#[test]
fn a_list_says_how_much_of_it_does_not_fit() {
    let mut room = Room::new(200);
    room.list("<", ">", &[1; 100], |_| "0123456789\n".to_owned());
    let text = room.finish();
    assert!(text.starts_with("<0123456789\n") && text.ends_with(" more, which do not fit here.*\n>"), "{text}");
    assert!(text.chars().count() <= 200);
    let mut small = Room::new(10);
    small.list("<", ">", &[1], |_| "x".to_owned());
    assert_eq!(small.finish(), "");
}
