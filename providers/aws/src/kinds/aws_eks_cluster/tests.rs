//! The traps of clusters, on answers in the shape that DescribeCluster documents.

use super::*;

fn cluster(public: bool, cidrs: &[&str]) -> Cluster {
    let cidrs = cidrs.iter().map(ToString::to_string).collect();
    Cluster {
        ip_family: Some("ipv4".into()),
        network: Some(Network { public, private: true, cidrs, ..Network::default() }),
        ..Cluster::default()
    }
}

fn cidrs(cluster: &Cluster) -> Reading {
    cluster.setting(&SettingName::plain("public_access_cidrs")).expect("a setting")
}

fn addresses(blocks: &[&str]) -> Reading {
    Reading::Value(Value::Cidrs(CidrSet::parse(blocks.iter().copied()).expect("CIDR blocks")))
}

fn values<const N: usize>(pairs: [(&str, Value); N]) -> BTreeMap<SettingName, Value> {
    pairs.into_iter().map(|(name, value)| (SettingName::plain(name), value)).collect()
}

#[test]
fn two_halves_of_the_internet_are_all_of_it() {
    assert_eq!(cidrs(&cluster(true, &["0.0.0.0/1", "128.0.0.0/1"])), addresses(&["0.0.0.0/0"]));
    assert_ne!(cidrs(&cluster(true, &["0.0.0.0/1"])), addresses(&["0.0.0.0/0"]));
}

#[test]
fn an_empty_list_is_everybody() {
    assert_eq!(cidrs(&cluster(true, &[])), addresses(&["0.0.0.0/0"]));
    for family in [Some("ipv6"), None] {
        let cluster = Cluster { ip_family: family.map(Into::into), ..cluster(true, &[]) };
        assert_eq!(cidrs(&cluster), addresses(&["0.0.0.0/0", "::/0"]));
    }
}

#[test]
fn all_of_ipv6_is_seen_beside_a_narrow_ipv4_list() {
    let reading = cidrs(&cluster(true, &["203.0.113.0/24", "::/0"]));
    assert_ne!(reading, addresses(&["203.0.113.0/24"]));
    assert_eq!(reading, addresses(&["::/0", "203.0.113.0/24"]));
}

#[test]
fn a_public_endpoint_that_is_off_lets_nobody_in() {
    assert_eq!(cidrs(&cluster(false, &["0.0.0.0/0"])), addresses(&[]));
}

#[test]
fn what_the_answer_lacks_or_garbles_is_unknown() {
    let bare = Cluster::default();
    for name in ["endpoint_public_access", "endpoint_private_access", "public_access_cidrs"] {
        assert!(matches!(bare.setting(&SettingName::plain(name)), Some(Reading::Unknown(_))), "{name}");
    }
    assert!(matches!(bare.attribute("vpc_id"), Some(Reading::Unknown(_))));
    assert!(matches!(cidrs(&cluster(true, &["0.0.0.0/33"])), Reading::Unknown(_)));
}

#[test]
fn an_answer_in_which_no_endpoint_is_on_does_not_read_as_closed() {
    let silent = Cluster { network: Some(Network::default()), ..Cluster::default() };
    for name in ["endpoint_public_access", "endpoint_private_access", "public_access_cidrs"] {
        let reading = silent.setting(&SettingName::plain(name));
        assert!(matches!(reading, Some(Reading::Unknown(Reason { cause: Cause::Unreadable, .. }))), "{name}");
    }
    assert!(Network::default().answered().is_err());
}

#[test]
fn logging_counts_enabled_types_only_and_ignores_types_of_the_future() {
    let logging = ["audit", "api", "quantum"].map(String::from).into();
    let cluster = Cluster { logging, ..Cluster::default() };
    let reading = cluster.setting(&SettingName::plain("logging"));
    assert_eq!(reading, Some(Reading::Value(Value::set(["api", "audit"]))));
    let (on, off) = log_switches(&Value::set(["api", "audit"])).expect("a set");
    assert_eq!((on, off), (vec!["api", "audit"], vec!["authenticator", "controllerManager", "scheduler"]));
}

#[test]
fn log_retention_is_the_groups_and_nothing_is_kept_while_logging_is_off() {
    let address = ObjectAddress::parse("aws:1/eu-west-1/aws_eks_cluster/prod").expect("an address");
    let mut object = Object::default();
    assert!(matches!(log_group(&address, &object), Owners::Unknown(_)));
    let mut with = |types: &[&str]| {
        let reading = Reading::Value(Value::set(types.iter().copied()));
        object.settings.insert(SettingName::plain("logging"), reading);
        log_group(&address, &object)
    };
    assert_eq!(with(&[]), Owners::Value(Value::Retention(Retention::Disabled)));
    let Owners::Fields(fields) = with(&["audit"]) else { panic!("a field") };
    assert_eq!(&*fields[0].id, "/aws/eks/prod/cluster");
    assert_eq!(fields[0].missing, Value::Retention(Retention::Disabled));
}

#[test]
fn an_empty_allowlist_is_never_sent() {
    let now = cluster(true, &["0.0.0.0/0"]).network.expect("a network");
    let nobody = values([("public_access_cidrs", Value::Cidrs(CidrSet::nobody()))]);
    let off = Ok(Endpoints { public: false, private: true, cidrs: None });
    assert_eq!(Endpoints::amend(&now, &nobody, &BTreeMap::new()), off);
    let both = values([
        ("public_access_cidrs", Value::Cidrs(CidrSet::nobody())),
        ("endpoint_public_access", Value::Bool(false)),
    ]);
    assert_eq!(Endpoints::amend(&now, &both, &BTreeMap::new()), off);
    let stays_on = values([("endpoint_public_access", Value::Bool(true))]);
    assert!(Endpoints::amend(&now, &nobody, &stays_on).is_err());
    let undeclared = Network { cidrs: Vec::new(), ..now };
    let private = values([("endpoint_private_access", Value::Bool(true))]);
    assert_eq!(Endpoints::amend(&undeclared, &private, &BTreeMap::new()).map(|request| request.cidrs), Ok(None));
}

#[test]
fn a_change_repeats_what_it_does_not_change() {
    let now = Network { private: false, ..cluster(true, &["198.51.100.0/24"]).network.expect("a network") };
    let private = Endpoints::amend(&now, &values([("endpoint_private_access", Value::Bool(true))]), &BTreeMap::new());
    let cidrs = Some(vec!["198.51.100.0/24".to_owned()]);
    assert_eq!(private, Ok(Endpoints { public: true, private: true, cidrs }));
}

#[test]
fn without_a_private_endpoint_the_addresses_of_nodes_stay_inside() {
    let rule = KIND.rules.iter().find(|rule| rule.local.is_some()).expect("a rule");
    assert!((rule.is)().admits(&Value::Bool(false)) && !(rule.is)().admits(&Value::Bool(true)));
    let mut object = Object::default();
    let nat = CidrSet::parse(["198.51.100.7/32"]).expect("CIDR blocks");
    let office = CidrSet::parse(["203.0.113.0/24"]).expect("CIDR blocks");
    let admits = |object: &Object, set: &CidrSet| rule.demands(object).admits(&Value::Cidrs(set.clone()));
    assert!(!admits(&object, &office.union(&nat)), "an address that is not known is no proof");
    assert!(admits(&object, &CidrSet::everything()));
    object.attributes.insert("node_egress".into(), Reading::Value(Value::Cidrs(nat.clone())));
    assert!(!admits(&object, &office));
    assert!(admits(&object, &office.union(&nat)));
}

#[test]
fn nodes_of_a_cluster_with_a_private_endpoint_do_not_come_from_outside() {
    assert!(matches!(cluster(true, &[]).node_egress(&[], &[]), Reading::NotApplicable(_)));
    let mut public_only = cluster(true, &[]);
    public_only.network.iter_mut().for_each(|network| network.private = false);
    assert!(matches!(public_only.node_egress(&[], &[]), Reading::Unknown(_)));
}

#[test]
fn forty_blocks_are_the_most() {
    let domain = KIND.setting("public_access_cidrs").expect("a setting").domain;
    let blocks = |number: u32| {
        let texts: Vec<String> = (0..number).map(|at| format!("10.{at}.0.0/24")).collect();
        Value::Cidrs(CidrSet::parse(texts.iter().map(String::as_str)).expect("blocks"))
    };
    assert!(domain.legal(&blocks(40)) && !domain.legal(&blocks(41)));
}
