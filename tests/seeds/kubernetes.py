"""Clusters: what a seed makes through the API server, and what it answers. No controller runs, so pods and status are
written here as controllers and kubelets would leave them.

    kubernetes.py PORT AUTHORITY ready | ask METHOD PATH BODY | seed NAME
"""

import base64
import http.client
import json
import ssl
import sys


class Api:
    def __init__(self, port, authority):
        context = ssl.create_default_context(cafile=authority)
        self.connection = http.client.HTTPSConnection("127.0.0.1", int(port), timeout=30, context=context)

    def ask(self, method, path, body=None):
        form = "application/apply-patch+yaml" if "fieldManager=" in path else "application/json"
        headers = {"Authorization": "Bearer admin-token", "Content-Type": form}
        if method == "PATCH" and "fieldManager=" not in path:
            headers["Content-Type"] = "application/merge-patch+json"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            sys.exit("%s %s: %d %s" % (method, path, answer.status, text.decode()))
        try:
            return json.loads(text)
        except ValueError:
            return text.decode()

    def make(self, *objects):
        for one in objects:
            self.ask("POST", place(one), json.dumps(one))


PLURALS = {"NetworkPolicy": "networkpolicies", "PodDisruptionBudget": "poddisruptionbudgets"}


def place(one):
    version, namespace = one["apiVersion"], one["metadata"].get("namespace")
    path = ("/api/" if "/" not in version else "/apis/") + version
    if namespace:
        path += "/namespaces/" + namespace
    kind = one["kind"]
    return path + "/" + PLURALS.get(kind, kind.lower() + "s")


def of(version, kind, name, namespace=None, labels=None, **fields):
    metadata = {"name": name}
    if namespace:
        metadata["namespace"] = namespace
    if labels:
        metadata["labels"] = labels
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **fields}


def namespace(name, labels=None):
    return of("v1", "Namespace", name, labels=labels)


def pod(namespace, name, labels, image="registry.example/api@sha256:" + "a" * 64, **spec):
    containers = [{"name": "main", "image": image}]
    return of("v1", "Pod", name, namespace, labels, spec={"containers": containers, **spec})


def policy(namespace, name, types, selector=None, **rules):
    spec = {"podSelector": selector or {}, "policyTypes": types, **rules}
    return of("networking.k8s.io/v1", "NetworkPolicy", name, namespace, spec=spec)


def deployment(namespace, name, replicas, image):
    labels = {"app": name}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "main", "image": image}]}}
    spec = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template}
    return of("apps/v1", "Deployment", name, namespace, labels, spec=spec)


def definition(group, plural, kind, versions=("v1",), scope="Namespaced", labels=None):
    """A custom resource whose fields are its own: the schema keeps whatever stands in spec and status."""
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    served = [
        {"name": name, "served": True, "storage": at == 0, "schema": {"openAPIV3Schema": schema}}
        for at, name in enumerate(versions)
    ]
    names = {"plural": plural, "singular": kind.lower(), "kind": kind}
    spec = {"group": group, "scope": scope, "names": names, "versions": served}
    return of("apiextensions.k8s.io/v1", "CustomResourceDefinition", plural + "." + group, labels=labels, spec=spec)


def role(name, rules, namespace=None, labels=None):
    kind = "Role" if namespace else "ClusterRole"
    return of("rbac.authorization.k8s.io/v1", kind, name, namespace, labels, rules=rules)


def binding(name, role, subject, namespace=None):
    kind = "RoleBinding" if namespace else "ClusterRoleBinding"
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role}
    return of(
        "rbac.authorization.k8s.io/v1", kind, name, namespace, roleRef=reference,
        subjects=[{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": subject}],
    )


def rule(verbs, resources, groups=("",)):
    return {"apiGroups": list(groups), "resources": list(resources), "verbs": list(verbs)}


def plain(api):
    """One namespace with a pod, and nothing that guards it."""
    api.make(namespace("shop"), pod("shop", "api", {"app": "api"}))


def many(api):
    """More namespaces than one page holds."""
    for at in range(600):
        api.make(namespace("many-%03d" % at))


def wait(api, path):
    """A definition is served a moment after it is made."""
    for _ in range(200):
        api.connection.request("GET", path, None, {"Authorization": "Bearer admin-token"})
        answer = api.connection.getresponse()
        answer.read()
        if answer.status == 200:
            return
    sys.exit(path + " is not served")


def realistic(api):
    """Forty namespaces of teams, Istio, Velero, an operator with webhooks, and a Helm release.

    36 pods in namespaces of the tier `front`, 24 of them under a policy. Two cluster roles have a wildcard on secrets, one
    has it on `secrets/*`, which is none. Three namespaces of the mesh are permissive, one of them by saying nothing.
    """
    istio = "security.istio.io"
    api.make(
        definition(istio, "peerauthentications", "PeerAuthentication", ("v1", "v1beta1")),
        definition("velero.io", "backups", "Backup"),
        definition("velero.io", "restores", "Restore"),
        definition("velero.io", "schedules", "Schedule"),
        definition("cert-manager.io", "certificates", "Certificate", labels={"app.kubernetes.io/name": "cert-manager"}),
    )
    for group, plural in [(istio, "peerauthentications"), ("velero.io", "schedules"), ("cert-manager.io", "certificates")]:
        wait(api, "/apis/%s/v1/%s" % (group, plural))
    api.make(namespace("istio-system"), namespace("velero"), namespace("cert-manager"))
    for at in range(37):
        labels = {"team": ["payments", "search", "mail"][at % 3], "tier": "front" if at < 6 else "back"}
        if at < 12:
            labels["istio-injection"] = "enabled"
        api.make(namespace("app-%02d" % at, labels))
    fronts = ["app-%02d" % at for at in range(6)]
    for at, name in enumerate(fronts):
        for number in range(6):
            api.make(pod(name, "api-%d" % number, {"app": "api", "half": "a" if number < 3 else "b"}))
        # Four namespaces deny by default, of which one allows everything all the same: covered, and no default deny. Two have none.
        if at < 4:
            api.make(policy(name, "default-deny", ["Ingress", "Egress"]))
        if at == 3:
            api.make(policy(name, "allow-all", ["Ingress"], ingress=[{}]))
    api.make(of(istio + "/v1", "PeerAuthentication", "default", "istio-system", spec={"mtls": {"mode": "STRICT"}}))
    for name in ["app-07", "app-08"]:
        api.make(of(istio + "/v1", "PeerAuthentication", "default", name, spec={"mtls": {"mode": "PERMISSIVE"}}))
    api.make(
        role("secrets-everything", [rule(["*"], ["secrets"])]),
        role("everything", [rule(["*"], ["*"], ["*"])]),
        role("secrets-subresources", [rule(["*"], ["secrets/*"])]),
        role("viewer", [rule(["get", "list", "watch"], ["pods"])]),
        binding("everything", "everything", "ops"),
        binding("secrets-everything", "secrets-everything", "ops"),
    )
    pinned, floating = "registry.example/pay@sha256:" + "b" * 64, "registry.example/search:latest"
    api.make(
        deployment("app-00", "pay", 3, pinned),
        deployment("app-01", "search", 2, floating),
        of(
            "policy/v1", "PodDisruptionBudget", "pay", "app-00",
            spec={"minAvailable": 2, "selector": {"matchLabels": {"app": "pay"}}},
        ),
        deployment("cert-manager", "cert-manager", 1, "quay.io/jetstack/cert-manager-controller:v1.19.0"),
    )
    hook = {
        "name": "webhook.cert-manager.io", "admissionReviewVersions": ["v1"], "sideEffects": "None", "failurePolicy": "Ignore",
        "clientConfig": {"service": {"name": "cert-manager-webhook", "namespace": "cert-manager", "path": "/validate"}},
        "rules": [{"apiGroups": ["cert-manager.io"], "apiVersions": ["*"], "operations": ["CREATE"], "resources": ["*/*"]}],
    }
    api.make(of("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "cert-manager-webhook", webhooks=[hook]))
    release = base64.b64encode(b"a release that nobody reads unless a requirement asks").decode()
    labels = {"owner": "helm", "name": "cert-manager", "version": "1", "status": "deployed"}
    api.make(
        of("v1", "Secret", "sh.helm.release.v1.cert-manager.v1", "cert-manager", labels, type="helm.sh/release.v1", data={"release": release}),
        of("v1", "Secret", "database", "app-00", stringData={"password": "correct-horse-battery-staple"}),
        of("velero.io/v1", "Schedule", "daily", "velero", spec={"schedule": "0 3 * * *", "template": {"ttl": "720h0m0s"}}),
        of(
            "velero.io/v1", "Backup", "daily-20261119030000", "velero", {"velero.io/schedule-name": "daily"},
            status={"phase": "Completed", "completionTimestamp": "2026-11-19T03:04:05Z"},
        ),
    )


def main():
    port, authority, command, *rest = sys.argv[1:]
    api = Api(port, authority)
    if command == "ready":
        try:
            api.connection.request("GET", "/readyz", None, {"Authorization": "Bearer admin-token"})
            made = ["/api/v1/namespaces/default", "/apis/rbac.authorization.k8s.io/v1/clusterroles/cluster-admin"]
            ready = api.connection.getresponse()
            ready.read()
            said = ready.status == 200
            for path in made if said else []:
                api.connection.request("GET", path, None, {"Authorization": "Bearer admin-token"})
                answer = api.connection.getresponse()
                answer.read()
                said = said and answer.status == 200
        except OSError:
            said = False
        print(json.dumps(said))
    elif command == "ask":
        method, path, body = rest
        print(json.dumps(api.ask(method, path, body or None)))
    else:
        {"many": many, "plain": plain, "realistic": realistic}[rest[0]](api)
        print("{}")


main()
