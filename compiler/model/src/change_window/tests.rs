//! When windows open.

use super::*;

fn window(days: &[&str], hours: Option<&str>, zone: Option<&str>, freeze: &[&str]) -> ChangeWindow {
    let texts = |all: &[&str]| all.iter().map(|text| Text::from(*text)).collect();
    let written = Written {
        days: texts(days),
        hours: hours.map(Text::from),
        time_zone: zone.map(Text::from),
        freeze: texts(freeze),
    };
    ChangeWindow::try_from(written).unwrap()
}

fn opens(window: &ChangeWindow, now: &str) -> String {
    window.opens(Instant::parse(now).unwrap()).map_or_else(|| "never".to_owned(), |at| at.to_string())
}

#[test]
fn an_open_window_opens_now_and_a_closed_one_at_its_next_beginning() {
    let office = window(&["monday", "friday"], Some("09:00-17:00"), Some("Europe/Paris"), &[]);
    for (now, expected) in [
        ("2026-11-20T08:00:00Z", "2026-11-20T08:00:00Z"),
        ("2026-11-20T07:59:59Z", "2026-11-20T08:00:00Z"),
        ("2026-11-20T15:59:59Z", "2026-11-20T15:59:59Z"),
        // The end is outside.
        ("2026-11-20T16:00:00Z", "2026-11-23T08:00:00Z"),
        ("2026-11-24T12:00:00Z", "2026-11-27T08:00:00Z"),
    ] {
        assert_eq!(opens(&office, now), expected, "{now}");
    }
    assert_eq!(office.local(Instant::parse("2026-11-23T08:00:00Z").unwrap()), "monday 2026-11-23 09:00 Europe/Paris");
}

#[test]
fn a_window_over_midnight_belongs_to_the_day_on_which_it_begins() {
    let night = window(&["friday"], Some("22:00-04:00"), None, &["2026-11-21"]);
    assert_eq!(opens(&night, "2026-11-20T23:00:00Z"), "2026-11-20T23:00:00Z");
    // Saturday is frozen: what reaches into it is closed.
    assert_eq!(opens(&night, "2026-11-21T01:00:00Z"), "2026-11-27T22:00:00Z");
    assert_eq!(opens(&night, "2026-11-28T03:59:00Z"), "2026-11-28T03:59:00Z");
    assert_eq!(opens(&night, "2026-11-28T04:00:00Z"), "2026-12-04T22:00:00Z");
}

#[test]
fn nothing_opens_in_a_freeze() {
    let open = window(&[], None, Some("America/New_York"), &["2026-12-20/2027-01-04"]);
    assert_eq!(opens(&open, "2026-12-19T12:00:00Z"), "2026-12-19T12:00:00Z");
    // Midnight of New York is five hours behind.
    assert_eq!(opens(&open, "2026-12-20T05:00:00Z"), "2027-01-05T05:00:00Z");
    assert_eq!(opens(&open, "2026-12-20T04:59:59Z"), "2026-12-20T04:59:59Z");
    let shut = window(&[], None, None, &["2026-01-01/2030-01-01"]);
    assert_eq!(opens(&shut, "2026-12-20T05:00:00Z"), "never");
}

#[test]
fn clocks_that_change_move_the_window_with_them() {
    let nights = window(&[], Some("02:30-03:30"), Some("Europe/Paris"), &[]);
    // On 2027-03-28 clocks go from 02:00 to 03:00: 02:30 is 03:30, and nothing is left of the window.
    assert_eq!(opens(&nights, "2027-03-28T00:30:00Z"), "2027-03-29T00:30:00Z");
    // On 2026-10-25 clocks show 02:30 twice: the window begins at the first and ends at the only 03:30.
    assert_eq!(opens(&nights, "2026-10-24T23:00:00Z"), "2026-10-25T00:30:00Z");
    assert_eq!(opens(&nights, "2026-10-25T02:29:00Z"), "2026-10-25T02:29:00Z");
    let days = window(&[], Some("00:00-24:00"), Some("Europe/Paris"), &[]);
    assert_eq!(opens(&days, "2026-10-25T00:30:00Z"), "2026-10-25T00:30:00Z");
}

#[test]
fn several_windows_are_open_where_each_of_them_is() {
    let weekdays = window(&["monday", "tuesday"], None, None, &[]);
    let mornings = window(&[], Some("06:00-08:00"), None, &["2026-11-23"]);
    let now = Instant::parse("2026-11-21T12:00:00Z").unwrap();
    let both = [weekdays.clone(), mornings];
    assert_eq!(super::opens(&both, now).unwrap().to_string(), "2026-11-24T06:00:00Z");
    assert_eq!(super::opens(&[weekdays, window(&["sunday"], None, None, &[])], now), None);
    assert_eq!(super::opens(&[], now), Some(now));
}

#[test]
fn what_is_no_window_does_not_read() {
    let flaw = |written: Written| ChangeWindow::try_from(written).unwrap_err().part;
    for days in ["mon", "Monday", ""] {
        assert_eq!(flaw(Written { days: vec![days.into()], ..Written::default() }), "days");
    }
    for hours in ["9-17", "09:00", "09:00-25:00", "9:00-17:00", "24:00-02:00", "09:00-17:60", "+9:00-17:00", ""] {
        assert_eq!(flaw(Written { hours: Some(hours.into()), ..Written::default() }), "hours", "{hours}");
    }
    for zone in ["Paris", "Europe/Pariss", "+01:00", ""] {
        assert_eq!(flaw(Written { time_zone: Some(zone.into()), ..Written::default() }), "time_zone", "{zone}");
    }
    for freeze in ["2026-02-30", "20261224", "2026-12-24/2026-12-23", "2026-W52-1", ""] {
        assert_eq!(flaw(Written { freeze: vec![freeze.into()], ..Written::default() }), "freeze", "{freeze}");
    }
}

#[test]
fn a_window_is_written_as_it_was_read() {
    let office = window(&["monday"], Some("09:00-17:00"), Some("Europe/Paris"), &["2026-12-24"]);
    let json = serde_json::to_string(&office).unwrap();
    assert_eq!(serde_json::from_str::<ChangeWindow>(&json).unwrap(), office);
    assert_eq!(office.to_string(), "monday 09:00-17:00 Europe/Paris, not 2026-12-24");
    assert!(serde_json::from_str::<ChangeWindow>("{\"hours\":\"late\"}").is_err());
}
