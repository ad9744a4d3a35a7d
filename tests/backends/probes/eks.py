"""EKS clusters."""

from probe import client, expect, network, probe, refused, role


def cluster(name):
    vpc, subnets = network()
    arguments = {"subnetIds": subnets, "endpointPublicAccess": True, "endpointPrivateAccess": False}
    client("eks").create_cluster(name=name, roleArn=role(f"eks-{name}"), resourcesVpcConfig=arguments)
    return vpc, subnets


@probe("eks:ListClusters")
def _():
    for name in "list-a", "list-b":
        cluster(name)
    eks = client("eks")
    page = eks.list_clusters(maxResults=1)
    expect(len(page["clusters"]) == 1 and page.get("nextToken"), "maxResults is ignored")


@probe("eks:DescribeCluster")
def _():
    vpc, subnets = cluster("describe")
    answer = client("eks").describe_cluster(name="describe")["cluster"]
    config = answer["resourcesVpcConfig"]
    expect(config.get("endpointPublicAccess") is True, "endpointPublicAccess is not read back")
    expect(config.get("publicAccessCidrs") == ["0.0.0.0/0"], "publicAccessCidrs has no default")
    expect(sorted(config.get("subnetIds", [])) == sorted(subnets), "subnetIds are lost")
    expect(config.get("vpcId") == vpc, "vpcId is lost")
    expect(refused("ResourceNotFoundException", client("eks").describe_cluster, name="nobody"), "an unknown cluster is found")


@probe("eks:UpdateClusterConfig")
def _():
    _, subnets = cluster("update")
    eks = client("eks")
    kinds = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
    answer = eks.update_cluster_config(name="update", logging={"clusterLogging": [{"types": kinds, "enabled": True}]})
    expect("id" in answer.get("update", {}), "answers no update")
    logging = eks.describe_cluster(name="update")["cluster"]["logging"]["clusterLogging"]
    on = sorted(kind for entry in logging if entry["enabled"] for kind in entry["types"])
    expect(on == kinds, "logging is not read back")
    eks.update_cluster_config(name="update", resourcesVpcConfig={"publicAccessCidrs": ["203.0.113.0/24"]})
    config = eks.describe_cluster(name="update")["cluster"]["resourcesVpcConfig"]
    expect(config["publicAccessCidrs"] == ["203.0.113.0/24"], "publicAccessCidrs are not read back")
    expect(sorted(config.get("subnetIds", [])) == sorted(subnets), "what is not named is lost")


@probe("eks:DescribeUpdate")
def _():
    cluster("updates")
    eks = client("eks")
    answer = eks.update_cluster_config(name="updates", resourcesVpcConfig={"endpointPrivateAccess": True})
    expect("update" in answer, "there is no update to describe")
    status = eks.describe_update(name="updates", updateId=answer["update"]["id"])["update"]["status"]
    expect(status in ("InProgress", "Successful"), "no status")
