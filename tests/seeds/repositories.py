"""Image repositories: without a policy, expiring too early, and strict already."""

import json

from world import client, command, every


def policy(days):
    selection = {"tagStatus": "any", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": days}
    return json.dumps({"rules": [{"rulePriority": 1, "selection": selection, "action": {"type": "expire"}}]})


def seed():
    ecr = client("ecr")
    for name, days in {"unlimited": None, "early": 30, "strict": 400}.items():
        mutability = "IMMUTABLE" if name == "strict" else "MUTABLE"
        scanning = {"scanOnPush": name == "strict"}
        ecr.create_repository(repositoryName=name, imageTagMutability=mutability, imageScanningConfiguration=scanning)
        if days:
            ecr.put_lifecycle_policy(repositoryName=name, lifecyclePolicyText=policy(days))
    return {}


def scan(name, on):
    configuration = {"scanOnPush": on == "true"}
    client("ecr").put_image_scanning_configuration(repositoryName=name, imageScanningConfiguration=configuration)
    return {}


def read():
    return {repository["repositoryName"]: shown(repository) for repository in every("ecr", "describe_repositories", "repositories")}


def shown(repository):
    ecr = client("ecr")
    try:
        text = ecr.get_lifecycle_policy(repositoryName=repository["repositoryName"])["lifecyclePolicyText"]
        days = [rule["selection"]["countNumber"] for rule in json.loads(text)["rules"]]
    except ecr.exceptions.LifecyclePolicyNotFoundException:
        days = None
    return {"mutability": repository["imageTagMutability"], "scan": repository["imageScanningConfiguration"]["scanOnPush"], "days": days}


command(seed, read, scan=scan)
