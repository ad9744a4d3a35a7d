//! Encoding and errors of the Query API.

use super::*;

#[test]
fn every_byte_but_the_unreserved_ones_is_encoded() {
    let query =
        Query::new().with("Filter.1.Value.1", "a b+c/ü~").with("VpcId.1", "vpc-1").with_some("X", None::<String>);
    let body = query.body("DescribeVpcs");
    assert_eq!(body, "Action=DescribeVpcs&Version=2016-11-15&Filter.1.Value.1=a%20b%2Bc%2F%C3%BC~&VpcId.1=vpc-1");
}
