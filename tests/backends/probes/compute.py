"""Instances, launch templates, account defaults and security groups."""

from probe import client, expect, network, probe, refused


def instances(count):
    image = client("ec2").describe_images()["Images"]
    image = image[0]["ImageId"] if image else "ami-12345678"
    made = client("ec2").run_instances(ImageId=image, MinCount=count, MaxCount=count)["Instances"]
    return [instance["InstanceId"] for instance in made]


@probe("ec2:DescribeInstances")
def _():
    instances(7)
    page = client("ec2").describe_instances(MaxResults=5)
    count = sum(len(reservation["Instances"]) for reservation in page["Reservations"])
    expect(count == 5 and page.get("NextToken"), "MaxResults is ignored")
    options = page["Reservations"][0]["Instances"][0].get("MetadataOptions", {})
    expect("HttpTokens" in options and "HttpPutResponseHopLimit" in options, "no metadata options")


@probe("ec2:ModifyInstanceMetadataOptions")
def _():
    ec2 = client("ec2")
    made = instances(1)
    ec2.modify_instance_metadata_options(InstanceId=made[0], HttpTokens="required", HttpPutResponseHopLimit=1)
    options = ec2.describe_instances(InstanceIds=made)["Reservations"][0]["Instances"][0]["MetadataOptions"]
    expect((options["HttpTokens"], options["HttpPutResponseHopLimit"]) == ("required", 1), "not read back")


@probe("ec2:GetInstanceMetadataDefaults")
def _():
    expect("AccountLevel" in client("ec2").get_instance_metadata_defaults(), "no account level")


@probe("ec2:ModifyInstanceMetadataDefaults")
def _():
    ec2 = client("ec2")
    ec2.modify_instance_metadata_defaults(HttpTokens="required")
    expect(ec2.get_instance_metadata_defaults()["AccountLevel"].get("HttpTokens") == "required", "not read back")


@probe("ec2:GetEbsEncryptionByDefault")
def _():
    expect(client("ec2").get_ebs_encryption_by_default()["EbsEncryptionByDefault"] is False, "on in a fresh account")


@probe("ec2:EnableEbsEncryptionByDefault")
def _():
    ec2 = client("ec2")
    ec2.enable_ebs_encryption_by_default()
    expect(ec2.get_ebs_encryption_by_default()["EbsEncryptionByDefault"] is True, "not read back")


@probe("ec2:DisableEbsEncryptionByDefault")
def _():
    ec2 = client("ec2")
    ec2.disable_ebs_encryption_by_default()
    expect(ec2.get_ebs_encryption_by_default()["EbsEncryptionByDefault"] is False, "not read back")


def template(name):
    data = {"ImageId": "ami-12345678", "InstanceType": "t3.micro", "MetadataOptions": {"HttpTokens": "optional"}}
    return client("ec2").create_launch_template(LaunchTemplateName=name, LaunchTemplateData=data)["LaunchTemplate"]["LaunchTemplateId"]


@probe("ec2:DescribeLaunchTemplates")
def _():
    made = template("list")
    found = client("ec2").describe_launch_templates(LaunchTemplateIds=[made])["LaunchTemplates"][0]
    expect(found["DefaultVersionNumber"] == 1 and found["LatestVersionNumber"] == 1, "no version numbers")


@probe("ec2:DescribeLaunchTemplateVersions")
def _():
    made = template("default")
    ec2 = client("ec2")
    version = ec2.describe_launch_template_versions(LaunchTemplateId=made, Versions=["$Default"])["LaunchTemplateVersions"][0]
    expect(version["LaunchTemplateData"].get("MetadataOptions", {}).get("HttpTokens") == "optional", "metadata options are lost")
    of_all = ec2.describe_launch_template_versions(Versions=["$Default"])["LaunchTemplateVersions"]
    expect(made in [version["LaunchTemplateId"] for version in of_all], "default versions of all templates are not listed at once")


@probe("ec2:CreateLaunchTemplateVersion")
def _():
    made = template("versions")
    change = {"MetadataOptions": {"HttpTokens": "required"}}
    ec2 = client("ec2")
    ec2.create_launch_template_version(LaunchTemplateId=made, SourceVersion="1", LaunchTemplateData=change)
    data = ec2.describe_launch_template_versions(LaunchTemplateId=made, Versions=["2"])["LaunchTemplateVersions"][0]["LaunchTemplateData"]
    expect(data["MetadataOptions"]["HttpTokens"] == "required", "not read back")
    expect(data.get("ImageId") == "ami-12345678", "the source version's other fields are lost")


@probe("ec2:ModifyLaunchTemplate")
def _():
    made = template("modify")
    ec2 = client("ec2")
    ec2.create_launch_template_version(LaunchTemplateId=made, SourceVersion="1", LaunchTemplateData={"InstanceType": "t3.small"})
    ec2.modify_launch_template(LaunchTemplateId=made, DefaultVersion="2")
    found = ec2.describe_launch_templates(LaunchTemplateIds=[made])["LaunchTemplates"][0]
    expect(found["DefaultVersionNumber"] == 2, "not read back")


def security_group(name, *cidrs):
    ec2 = client("ec2")
    vpc, _ = network()
    made = ec2.create_security_group(GroupName=name, Description="probe", VpcId=vpc)["GroupId"]
    ec2.authorize_security_group_ingress(GroupId=made, IpPermissions=permission(*cidrs))
    return made


def permission(*cidrs):
    return [{"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "IpRanges": [{"CidrIp": cidr} for cidr in cidrs]}]


def ingress(group):
    permissions = client("ec2").describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissions"]
    return sorted(entry["CidrIp"] for one in permissions for entry in one["IpRanges"])


@probe("ec2:DescribeSecurityGroups")
def _():
    made = security_group("describe", "10.0.0.0/8", "0.0.0.0/0")
    expect(ingress(made) == ["0.0.0.0/0", "10.0.0.0/8"], "ingress is not read back")


@probe("ec2:AuthorizeSecurityGroupIngress")
def _():
    made = security_group("authorize", "10.0.0.0/8")
    again = refused("InvalidPermission.Duplicate", client("ec2").authorize_security_group_ingress, GroupId=made, IpPermissions=permission("10.0.0.0/8"))
    expect(again, "accepts a rule twice")


@probe("ec2:RevokeSecurityGroupIngress")
def _():
    made = security_group("revoke", "10.0.0.0/8", "0.0.0.0/0")
    client("ec2").revoke_security_group_ingress(GroupId=made, IpPermissions=permission("0.0.0.0/0"))
    expect(ingress(made) == ["10.0.0.0/8"], "more or less than the named range is gone")
