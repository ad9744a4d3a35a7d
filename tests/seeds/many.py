"""An account of so many clusters, log groups, VPCs, instances, launch templates and repositories: `seed C L V I T R`.
Instances are made by the fifty."""

from world import client, command, network, role


def seed(clusters, groups, vpcs, instances, templates, repositories):
    eks, ec2, arn = client("eks"), client("ec2"), role("eks")
    _, subnets = network("172.20.0.0/16")
    config = {"subnetIds": subnets, "endpointPrivateAccess": True, "endpointPublicAccess": True}
    for number in range(int(clusters)):
        eks.create_cluster(name=f"cluster-{number:02}", roleArn=arn, resourcesVpcConfig=config)
    for number in range(int(groups)):
        client("logs").create_log_group(logGroupName=f"/many/{number:03}")
    for number in range(int(vpcs)):
        ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16")
    images = ec2.describe_images()["Images"]
    image = images[0]["ImageId"] if images else "ami-12345678"
    for _ in range(int(instances) // 50):
        ec2.run_instances(ImageId=image, MinCount=50, MaxCount=50)
    for number in range(int(templates)):
        ec2.create_launch_template(LaunchTemplateName=f"template-{number}", LaunchTemplateData={"ImageId": image})
    for number in range(int(repositories)):
        client("ecr").create_repository(repositoryName=f"repository-{number:02}")
    return {}


def read():
    return {}


command(seed, read)
