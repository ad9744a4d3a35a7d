"""EKS clusters: `seed NAME ACCESS LOGS` for each of them.

ACCESS: `open`, `halves` (everybody in two blocks), `office`, `elsewhere` (disjoint from the office), `unsaid` (no list is
given), `public` (open, and no private endpoint), `off`. LOGS: `all` or `none`.
"""

from world import client, command, every, network, role

OFFICE = "203.0.113.0/24"
ACCESS = {
    "open": ["0.0.0.0/0"],
    "halves": ["0.0.0.0/1", "128.0.0.0/1"],
    "office": [OFFICE],
    "elsewhere": ["198.51.100.0/24"],
    "public": ["0.0.0.0/0"],
}
LOGS = ["api", "audit", "authenticator", "controllerManager", "scheduler"]


def seed(*arguments):
    eks, arn = client("eks"), role("eks")
    _, subnets = network()
    for name, access, logs in zip(*[iter(arguments)] * 3):
        config = {"subnetIds": subnets, "endpointPrivateAccess": access != "public", "endpointPublicAccess": access != "off"}
        if access in ACCESS:
            config["publicAccessCidrs"] = ACCESS[access]
        logging = {"clusterLogging": [{"types": LOGS, "enabled": logs == "all"}]}
        eks.create_cluster(name=name, roleArn=arn, resourcesVpcConfig=config, logging=logging, tags={"stage": name})
    return read()


def read():
    return {name: shown(client("eks").describe_cluster(name=name)["cluster"]) for name in every("eks", "list_clusters", "clusters")}


def shown(cluster):
    config = cluster["resourcesVpcConfig"]
    setups = cluster.get("logging", {}).get("clusterLogging", [])
    return {
        "public": config["endpointPublicAccess"],
        "private": config["endpointPrivateAccess"],
        "cidrs": config.get("publicAccessCidrs", []),
        "logs": sorted(kind for setup in setups if setup["enabled"] for kind in setup["types"]),
        "subnets": len(config.get("subnetIds", [])),
    }


command(seed, read)
