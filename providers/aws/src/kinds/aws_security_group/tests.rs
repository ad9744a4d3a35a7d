//! Documented answers, what each of them means, and which rules a change takes away.

use super::*;

fn range(protocol: &str, ports: Option<(u16, u16)>, sources: &str) -> String {
    let ports = ports.map_or(String::new(), |(from, to)| format!("<fromPort>{from}</fromPort><toPort>{to}</toPort>"));
    format!("<item><ipProtocol>{protocol}</ipProtocol>{ports}<groups/>{sources}</item>")
}

fn v4(blocks: &[&str]) -> String {
    let items: String = blocks
        .iter()
        .map(|block| format!("<item><cidrIp>{block}</cidrIp><description>why</description></item>"))
        .collect();
    format!("<ipRanges>{items}</ipRanges><ipv6Ranges/><prefixListIds/>")
}

fn group(permissions: &[String]) -> Group {
    let xml = format!(
        "<DescribeSecurityGroupsResponse><securityGroupInfo><item><groupId>sg-1</groupId><groupName>db</groupName>\
         <groupDescription>d</groupDescription><vpcId>vpc-1</vpcId><ipPermissions>{}</ipPermissions></item>\
         </securityGroupInfo></DescribeSecurityGroupsResponse>",
        permissions.concat()
    );
    let mut answer: DescribeSecurityGroups = crate::xml::tests::read(&xml);
    answer.security_group_info.item.remove(0)
}

fn set(blocks: &[&str]) -> CidrSet {
    CidrSet::parse(blocks.iter().copied()).unwrap()
}

fn read(permissions: &[String], key: &str) -> Reading {
    setting(&group(permissions), &SettingName::keyed("ingress_from", key), &PrefixLists::new())
}

fn open(blocks: &[&str]) -> Reading {
    Reading::Value(Value::Cidrs(set(blocks)))
}

#[test]
fn every_rule_that_covers_the_port_counts() {
    let permissions = [
        range("tcp", Some((5432, 5432)), &v4(&["10.0.0.0/8"])),
        range("tcp", Some((0, 65535)), &v4(&["192.168.0.0/16"])),
        range("6", Some((5000, 6000)), &v4(&["172.16.0.0/12"])),
        range("udp", Some((5432, 5432)), &v4(&["1.2.3.0/24"])),
        range("tcp", Some((5433, 5433)), &v4(&["5.6.7.0/24"])),
        range("icmp", None, &v4(&["0.0.0.0/0"])),
    ];
    assert_eq!(read(&permissions, "tcp/5432"), open(&["10.0.0.0/8", "192.168.0.0/16", "172.16.0.0/12"]));
    assert_eq!(read(&permissions, "udp/5432"), open(&["1.2.3.0/24"]));
    assert_eq!(
        read(&permissions, "tcp/5432-5433"),
        open(&["10.0.0.0/8", "192.168.0.0/16", "172.16.0.0/12", "5.6.7.0/24"])
    );
    assert_eq!(read(&[], "tcp/5432"), open(&[]));
}

#[test]
fn a_permission_without_a_protocol_is_not_one_that_opens_nothing() {
    let item = format!("<item><fromPort>22</fromPort><toPort>22</toPort>{}</item>", v4(&["0.0.0.0/0"]));
    assert!(crate::xml::tests::refuses::<Permission>(&item));
}

#[test]
fn ipv6_counts_too() {
    let sources = "<ipRanges/><ipv6Ranges><item><cidrIpv6>::/0</cidrIpv6></item></ipv6Ranges><prefixListIds/>";
    assert_eq!(read(&[range("tcp", Some((5432, 5432)), sources)], "tcp/5432"), open(&["::/0"]));
}

#[test]
fn halves_of_the_internet_are_the_internet() {
    let permissions = [range("tcp", Some((5432, 5432)), &v4(&["0.0.0.0/1", "128.0.0.0/1"]))];
    assert_eq!(read(&permissions, "tcp/5432"), open(&["0.0.0.0/0"]));
}

#[test]
fn a_rule_for_every_protocol_covers_the_port_and_holds_it() {
    let reading = read(&[range("-1", None, &v4(&["0.0.0.0/0"]))], "tcp/5432");
    assert!(matches!(reading, Reading::Held(Value::Cidrs(value), _) if value == set(&["0.0.0.0/0"])));
}

#[test]
fn another_group_is_no_address() {
    let reference = "<groups><item><groupId>sg-2</groupId></item></groups><ipRanges/><ipv6Ranges/><prefixListIds/>";
    let permission = format!("<item><ipProtocol>-1</ipProtocol>{reference}</item>");
    assert_eq!(read(&[permission], "tcp/5432"), open(&[]));
}

#[test]
fn a_prefix_list_counts_with_its_entries_or_is_unknown() {
    let sources =
        "<ipRanges/><ipv6Ranges/><prefixListIds><item><prefixListId>pl-1</prefixListId></item></prefixListIds>";
    let group = group(&[range("tcp", Some((5432, 5432)), sources)]);
    let key = Ports::parse("tcp/5432").unwrap();
    assert_eq!(group.prefix_lists(std::slice::from_ref(&key)), BTreeSet::from(["pl-1".to_owned()]));
    assert!(group.prefix_lists(&[Ports::parse("tcp/22").unwrap()]).is_empty());
    let name = SettingName::keyed("ingress_from", "tcp/5432");
    let denied = Reason::new(Cause::Denied, "ec2:GetManagedPrefixListEntries: UnauthorizedOperation");
    let known = PrefixLists::from([("pl-1".to_owned(), Ok(vec!["10.1.0.0/16".to_owned()]))]);
    assert_eq!(setting(&group, &name, &known), open(&["10.1.0.0/16"]));
    let unknown = PrefixLists::from([("pl-1".to_owned(), Err(denied.clone()))]);
    assert_eq!(setting(&group, &name, &unknown), Reading::Unknown(denied));
    let after = changes(&group, &[(key, set(&["10.1.2.0/24"]))], &known).unwrap();
    assert_eq!(after.revoke.iter().map(|rule| &rule.source).collect::<Vec<_>>(), [&Source::PrefixList("pl-1".into())]);
}

#[test]
fn keys_and_what_they_cover() {
    assert_eq!(check("TCP/05432").as_deref(), Ok("tcp/5432"));
    assert_eq!(check("tcp/1-1").as_deref(), Ok("tcp/1"));
    assert!(check("5432").unwrap_err().contains("tcp/5432"));
    for wrong in ["", "tcp", "tcp/", "tcp/9-1", "tcp/70000", "icmp/1", "tcp/-1"] {
        assert!(check(wrong).is_err(), "{wrong}");
    }
    assert!(covers("tcp/1-65535", "tcp/5432") && covers("tcp/5432", "tcp/5432"));
    assert!(!covers("tcp/5432", "tcp/1-65535") && !covers("udp/1-65535", "tcp/5432"));
    assert!(overlaps("tcp/20-30", "tcp/30-40") && overlaps("tcp/30-40", "tcp/20-30") && overlaps("tcp/1-9", "tcp/5"));
    assert!(!overlaps("tcp/20-30", "tcp/31-40") && !overlaps("tcp/20-30", "udp/25"));
    assert!(sums("tcp/20-30") && !sums("tcp/20") && !sums("tcp/20-20"));
}

#[test]
fn keys_that_overlap_stand_together_in_their_order() {
    let range = |protocol, from, to| Ports { protocol, from, to }.to_string();
    let ends = (1..12u16).flat_map(|from| (from..12).map(move |to| (from, to)));
    let mut keys: Vec<String> = ends.flat_map(|(from, to)| [range("tcp", from, to), range("udp", from, to)]).collect();
    keys.sort_by(|one, other| order(one, other));
    for (at, one) in keys.iter().enumerate() {
        let later = &keys[at + 1..];
        let direct = later.iter().take_while(|other| overlaps(one, other)).count();
        assert!(!later[direct..].iter().any(|other| overlaps(one, other)), "{one}");
        assert!(!later.iter().any(|other| covers(other, one)), "{one}");
    }
}

#[test]
fn what_one_key_takes_away_another_does_not_let_in_again() {
    // Reached on 25 to 30 only: taken away there, it is not to be let in on 25 to 40.
    let group = group(&[
        range("tcp", Some((25, 30)), &v4(&["11.1.0.0/16"])),
        range("tcp", Some((20, 40)), &v4(&["10.1.0.0/16"])),
    ]);
    let key = |key: &str| Ports::parse(key).unwrap();
    let wanted = [(key("tcp/20-30"), set(&["10.1.0.0/16"])), (key("tcp/25-40"), set(&["11.1.0.0/16"]))];
    let changes = changes(&group, &wanted, &PrefixLists::new()).unwrap();
    assert!(changes.add.is_empty(), "{changes:?}");
    assert_eq!(after(&group, &changes, "tcp/25-40"), set(&[]));
    assert_eq!(after(&group, &changes, "tcp/20-30"), set(&["10.1.0.0/16"]));
}

/// What a group lets in on a port after the changes.
fn after(group: &Group, changes: &Changes, key: &str) -> CidrSet {
    let key = Ports::parse(key).unwrap();
    let gone = |rule: &Rule| changes.revoke.iter().any(|revoked| revoked == rule);
    let rules = group.rules().into_iter().filter(|rule| !gone(rule));
    let rules = rules.chain(changes.keep.iter().cloned()).chain(changes.add.iter().cloned());
    let reaching = rules.filter(|rule| rule.reaches(&key));
    reaching.fold(CidrSet::nobody(), |all, rule| all.union(&rule.addresses(&PrefixLists::new()).unwrap()))
}

#[test]
fn only_what_lies_outside_goes() {
    let group = group(&[
        range("tcp", Some((5432, 5432)), &v4(&["10.0.0.0/8", "0.0.0.0/0"])),
        range("tcp", Some((22, 22)), &v4(&["0.0.0.0/0"])),
    ]);
    let wanted = [(Ports::parse("tcp/5432").unwrap(), set(&["10.0.0.0/8"]))];
    let changes = changes(&group, &wanted, &PrefixLists::new()).unwrap();
    assert_eq!(changes.revoke.len(), 1);
    assert_eq!((changes.keep.len(), changes.add.len()), (0, 0), "{changes:?}");
    assert_eq!(after(&group, &changes, "tcp/5432"), set(&["10.0.0.0/8"]));
    assert_eq!(after(&group, &changes, "tcp/22"), set(&["0.0.0.0/0"]));
}

#[test]
fn what_two_rules_leave_behind_alike_is_sent_once() {
    let described = |text: &str, block: &str| {
        let item = format!("<item><cidrIp>{block}</cidrIp><description>{text}</description></item>");
        range("tcp", Some((5432, 5432)), &format!("<ipRanges>{item}</ipRanges><ipv6Ranges/><prefixListIds/>"))
    };
    let group = group(&[described("old", "0.0.0.0/0"), described("new", "10.0.0.0/7")]);
    let wanted = [(Ports::parse("tcp/5432").unwrap(), set(&["10.0.0.0/8"]))];
    let changes = changes(&group, &wanted, &PrefixLists::new()).unwrap();
    assert_eq!((changes.keep.len(), changes.revoke.len(), changes.add.len()), (1, 2, 0), "{changes:?}");
    assert_eq!(changes.keep[0].description.as_deref(), Some("new"));
    assert_eq!(after(&group, &changes, "tcp/5432"), set(&["10.0.0.0/8"]));
}

#[test]
fn a_range_is_split_around_the_port_and_other_ports_stay() {
    let group = group(&[range("tcp", Some((0, 65535)), &v4(&["0.0.0.0/0"]))]);
    let key = |key: &str| Ports::parse(key).unwrap();
    let wanted = [(key("tcp/5432"), set(&["10.0.0.0/8"])), (key("tcp/3306"), set(&[]))];
    let changes = changes(&group, &wanted, &PrefixLists::new()).unwrap();
    assert_eq!(changes.revoke, group.rules());
    assert!(changes.add.is_empty());
    assert!(changes.keep.iter().all(|rule| rule.description.as_deref() == Some("why")));
    for (port, expected) in
        [("tcp/5432", "10.0.0.0/8"), ("tcp/5431", "0.0.0.0/0"), ("tcp/0", "0.0.0.0/0"), ("tcp/65535", "0.0.0.0/0")]
    {
        assert_eq!(after(&group, &changes, port), set(&[expected]), "{port}");
    }
    assert_eq!(after(&group, &changes, "tcp/3306"), set(&[]));
}

#[test]
fn the_neighbours_of_a_port_stay_to_the_last_one() {
    for (from, to) in [(5431, 5433), (5432, 5433), (5431, 5432)] {
        let group = group(&[range("tcp", Some((from, to)), &v4(&["0.0.0.0/0"]))]);
        let wanted = [(Ports::parse("tcp/5432").unwrap(), set(&[]))];
        let changes = changes(&group, &wanted, &PrefixLists::new()).unwrap();
        for port in from..=to {
            let expected = if port == 5432 { set(&[]) } else { set(&["0.0.0.0/0"]) };
            assert_eq!(after(&group, &changes, &format!("tcp/{port}")), expected, "{from}-{to}: {port}");
        }
    }
}

#[test]
fn what_is_new_is_added_last_and_undo_gives_the_old_addresses_back() {
    let group = group(&[range("tcp", Some((5432, 5432)), &v4(&["10.0.0.0/8"]))]);
    let wanted = [(Ports::parse("tcp/5432").unwrap(), set(&["10.0.0.0/8", "192.168.0.0/16"]))];
    let changes = changes(&group, &wanted, &PrefixLists::new()).unwrap();
    assert!(changes.keep.is_empty() && changes.revoke.is_empty());
    assert_eq!(changes.add.len(), 1);
    assert_eq!(after(&group, &changes, "tcp/5432"), wanted[0].1);
}

#[test]
fn every_protocol_is_never_split() {
    let group = group(&[range("-1", None, &v4(&["0.0.0.0/0"]))]);
    let wanted = [(Ports::parse("tcp/5432").unwrap(), set(&[]))];
    assert!(changes(&group, &wanted, &PrefixLists::new()).is_err());
}
