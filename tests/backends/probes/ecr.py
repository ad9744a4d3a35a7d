"""Image repositories."""

import json

import botocore.exceptions

from probe import Wrong, client, expect, probe, refused


def repository(name):
    client("ecr").create_repository(repositoryName=name)
    return client("ecr")


def described(ecr, name):
    return ecr.describe_repositories(repositoryNames=[name])["repositories"][0]


@probe("ecr:DescribeRepositories")
def _():
    for number in range(3):
        ecr = repository(f"page-{number}")
    page = ecr.describe_repositories(maxResults=2)
    expect(len(page["repositories"]) == 2 and page.get("nextToken"), "maxResults is ignored")


POLICY = {"rules": [{"rulePriority": 1, "selection": {"tagStatus": "any", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 400}, "action": {"type": "expire"}}]}


@probe("ecr:GetLifecyclePolicy")
def _():
    ecr = repository("no-policy")
    absent = refused("LifecyclePolicyNotFoundException", ecr.get_lifecycle_policy, repositoryName="no-policy")
    expect(absent, "no policy is not LifecyclePolicyNotFoundException")


@probe("ecr:PutLifecyclePolicy")
def _():
    ecr = repository("policy")
    ecr.put_lifecycle_policy(repositoryName="policy", lifecyclePolicyText=json.dumps(POLICY))
    text = ecr.get_lifecycle_policy(repositoryName="policy")["lifecyclePolicyText"]
    expect(json.loads(text) == POLICY, "not read back")
    illegal = refused("InvalidParameterException", ecr.put_lifecycle_policy, repositoryName="policy", lifecyclePolicyText=json.dumps({"rules": [], "pad": "x" * 100}))
    expect(illegal, "accepts a policy without rules")


@probe("ecr:DeleteLifecyclePolicy")
def _():
    ecr = repository("policy-gone")
    ecr.put_lifecycle_policy(repositoryName="policy-gone", lifecyclePolicyText=json.dumps(POLICY))
    ecr.delete_lifecycle_policy(repositoryName="policy-gone")
    expect(refused("LifecyclePolicyNotFoundException", ecr.get_lifecycle_policy, repositoryName="policy-gone"), "still there")


@probe("ecr:PutImageTagMutability")
def _():
    ecr = repository("mutability")
    ecr.put_image_tag_mutability(repositoryName="mutability", imageTagMutability="IMMUTABLE")
    expect(described(ecr, "mutability")["imageTagMutability"] == "IMMUTABLE", "not read back")


@probe("ecr:PutImageScanningConfiguration")
def _():
    ecr = repository("scanning")
    ecr.put_image_scanning_configuration(repositoryName="scanning", imageScanningConfiguration={"scanOnPush": True})
    expect(described(ecr, "scanning")["imageScanningConfiguration"]["scanOnPush"] is True, "not read back")
    try:
        ecr.put_image_scanning_configuration(repositoryName="scanning", imageScanningConfiguration={})
    except botocore.exceptions.ClientError:
        raise Wrong("refuses a configuration that leaves scanOnPush to its default") from None
    expect(described(ecr, "scanning")["imageScanningConfiguration"]["scanOnPush"] is False, "the default is not false")


@probe("ecr:GetRegistryScanningConfiguration")
def _():
    answer = client("ecr").get_registry_scanning_configuration()
    expect(answer["scanningConfiguration"]["scanType"] == "BASIC", "not BASIC in a fresh registry")


@probe("ecr:ListTagsForResource")
def _():
    ecr = client("ecr")
    made = ecr.create_repository(repositoryName="tagged", tags=[{"Key": "team", "Value": "a"}])["repository"]["repositoryArn"]
    expect(ecr.list_tags_for_resource(resourceArn=made)["tags"] == [{"Key": "team", "Value": "a"}], "not the tags")
