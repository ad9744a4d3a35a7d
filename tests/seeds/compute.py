"""Instances and launch templates with and without required session tokens.

`seed regressed` makes one template more, whose first version requires them and whose default version does not.
"""

from world import client, command, every


def seed(*more):
    ec2 = client("ec2")
    images = ec2.describe_images()["Images"]
    image = images[0]["ImageId"] if images else "ami-12345678"
    made = {}
    for name, tokens in {"old": "optional", "new": "required"}.items():
        instance = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
        ec2.modify_instance_metadata_options(InstanceId=instance, HttpTokens=tokens, HttpPutResponseHopLimit=2)
        data = {"ImageId": image, "InstanceType": "t3.micro", "MetadataOptions": {"HttpTokens": tokens}}
        template = ec2.create_launch_template(LaunchTemplateName=name, LaunchTemplateData=data)["LaunchTemplate"]
        made[name] = {"instance": instance, "template": template["LaunchTemplateId"]}
    for name in more:
        made[name] = {"template": regressed(ec2, name, image)}
    return made


def regressed(ec2, name, image):
    def data(tokens):
        return {"ImageId": image, "MetadataOptions": {"HttpTokens": tokens}}

    template = ec2.create_launch_template(LaunchTemplateName=name, LaunchTemplateData=data("required"))
    id = template["LaunchTemplate"]["LaunchTemplateId"]
    ec2.create_launch_template_version(LaunchTemplateId=id, LaunchTemplateData=data("optional"))
    ec2.modify_launch_template(LaunchTemplateId=id, DefaultVersion="2")
    return id


def read():
    reservations = every("ec2", "describe_instances", "Reservations")
    instances = [instance for reservation in reservations for instance in reservation["Instances"]]
    templates = every("ec2", "describe_launch_templates", "LaunchTemplates")
    return {
        "instances": {instance["InstanceId"]: instance["MetadataOptions"]["HttpTokens"] for instance in instances},
        "templates": {template["LaunchTemplateId"]: default(template["LaunchTemplateId"]) for template in templates},
    }


def default(template):
    versions = client("ec2").describe_launch_template_versions(LaunchTemplateId=template, Versions=["$Default"])
    data = versions["LaunchTemplateVersions"][0]["LaunchTemplateData"]
    return [data.get("MetadataOptions", {}).get("HttpTokens"), data.get("InstanceType")]


command(seed, read)
