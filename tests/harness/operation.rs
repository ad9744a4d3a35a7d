//! [`Operation`]: which operation of AWS or of Azure's Blob Storage a request is, and how its protocol says an error.

use hyper::body::Bytes;
use hyper::{HeaderMap, Method, Response, StatusCode, Uri};

/// An operation of an AWS API, as IAM writes actions: `eks:DescribeCluster`; or of Azure's Blob Storage: `azure:PutBlob`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// `service:Name`.
    pub name: String,
    /// Region that the request is signed for.
    pub region: String,
    /// Access key that signed it.
    pub access_key: String,
    protocol: Protocol,
}

/// The protocols differ in how they write an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Protocol {
    /// `X-Amz-Target`, JSON bodies.
    Json,
    /// Paths and JSON bodies.
    RestJson,
    /// `Action=` and XML answers.
    Query,
    /// The same with another envelope around errors.
    Ec2,
    /// Paths, subresources, XML bodies.
    S3,
    /// The same as Azure writes them.
    Azure,
}

impl Operation {
    /// Recognises a request. What is not recognised is named by its method and path, so that no rule matches by accident.
    #[must_use]
    pub fn of(method: &Method, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Operation {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("");
        let scope: Vec<&str> = header("authorization")
            .split_once("Credential=")
            .map_or(Vec::new(), |(_, rest)| rest.split(',').next().unwrap_or("").split('/').collect());
        let part = |at: usize| scope.get(at).copied().unwrap_or("").to_string();
        let service = if part(3) == "tagging" { "tag".into() } else { part(3) };
        if header("authorization").starts_with("SharedKey ") {
            let (name, region, access_key) = (format!("azure:{}", azure(method, uri)), String::new(), String::new());
            return Operation { name, region, access_key, protocol: Protocol::Azure };
        }
        let (protocol, name) = if let Some((_, name)) = header("x-amz-target").rsplit_once('.') {
            (Protocol::Json, name.to_string())
        } else if let Some(action) =
            form_field(body, "Action").or_else(|| form_field(uri.query().unwrap_or("").as_bytes(), "Action"))
        {
            (if service == "ec2" { Protocol::Ec2 } else { Protocol::Query }, action)
        } else if service == "s3" {
            (Protocol::S3, s3(method, uri))
        } else {
            (Protocol::RestJson, rest(method, uri))
        };
        Operation { name: format!("{service}:{name}"), region: part(2), access_key: part(0), protocol }
    }

    /// The error that this API answers when it is called too often.
    #[must_use]
    pub fn throttled(&self) -> Response<Bytes> {
        match self.protocol {
            Protocol::Json => self.error(400, "ThrottlingException", "Rate exceeded"),
            Protocol::RestJson => self.error(429, "ThrottlingException", "Rate exceeded"),
            Protocol::Query => self.error(400, "Throttling", "Rate exceeded"),
            Protocol::Ec2 => self.error(503, "RequestLimitExceeded", "Request limit exceeded."),
            Protocol::S3 => self.error(503, "SlowDown", "Please reduce your request rate."),
            Protocol::Azure => self.error(503, "ServerBusy", "The server is currently unable to receive requests."),
        }
    }

    /// The error that this API answers when the caller may not.
    #[must_use]
    pub fn denied(&self) -> Response<Bytes> {
        let message =
            format!("User: arn:aws:iam::123456789012:user/reader is not authorized to perform: {}", self.name);
        match self.protocol {
            Protocol::Json => self.error(400, "AccessDeniedException", &message),
            Protocol::RestJson => self.error(403, "AccessDeniedException", &message),
            Protocol::Query | Protocol::S3 => self.error(403, "AccessDenied", &message),
            Protocol::Azure => self.error(403, "AuthorizationPermissionMismatch", "This request is not authorized."),
            Protocol::Ec2 => {
                self.error(403, "UnauthorizedOperation", "You are not authorized to perform this operation.")
            }
        }
    }

    /// The error that this API answers when it fails inside.
    #[must_use]
    pub fn failed(&self) -> Response<Bytes> {
        match self.protocol {
            Protocol::Json | Protocol::RestJson => self.error(500, "InternalFailure", "The request failed."),
            _ => self.error(500, "InternalError", "An internal error has occurred."),
        }
    }

    /// An error in the form of the operation's protocol.
    #[must_use]
    pub fn error(&self, status: u16, code: &str, message: &str) -> Response<Bytes> {
        let json = || serde_json::json!({ "__type": code, "message": message }).to_string();
        let body = match self.protocol {
            Protocol::Json | Protocol::RestJson => json(),
            Protocol::Query => format!(
                "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>0</RequestId></ErrorResponse>"
            ),
            Protocol::Ec2 => format!(
                "<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors><RequestID>0</RequestID></Response>"
            ),
            Protocol::Azure => format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>"),
            Protocol::S3 => {
                format!("<Error><Code>{code}</Code><Message>{message}</Message><RequestId>0</RequestId></Error>")
            }
        };
        let (sort, declared) = match self.protocol {
            Protocol::Json => ("application/x-amz-json-1.1", code),
            Protocol::RestJson => ("application/json", code),
            _ => ("text/xml", ""),
        };
        let mut response = Response::new(Bytes::from(body));
        *response.status_mut() = StatusCode::from_u16(status).expect("an HTTP status");
        response.headers_mut().insert("content-type", sort.parse().expect("a header"));
        if !declared.is_empty() {
            response.headers_mut().insert("x-amzn-errortype", declared.parse().expect("a header"));
        }
        response
    }
}

/// A field of an URL-encoded form, whose only character that is written in another way is the space.
pub(crate) fn form_field(form: &[u8], name: &str) -> Option<String> {
    let form = std::str::from_utf8(form).ok()?;
    form.split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.replace("%20", " ").replace('+', " "))
}

/// Operations with a path of their own, by method and path; `*` stands for one part.
const PATHS: &[(&str, &str, &str)] = &[
    ("GET", "/clusters", "ListClusters"),
    ("POST", "/clusters", "CreateCluster"),
    ("GET", "/clusters/*", "DescribeCluster"),
    ("DELETE", "/clusters/*", "DeleteCluster"),
    ("POST", "/clusters/*/update-config", "UpdateClusterConfig"),
    ("GET", "/clusters/*/updates", "ListUpdates"),
    ("GET", "/clusters/*/updates/*", "DescribeUpdate"),
    ("GET", "/clusters/*/node-groups", "ListNodegroups"),
    ("GET", "/clusters/*/node-groups/*", "DescribeNodegroup"),
];

fn rest(method: &Method, uri: &Uri) -> String {
    let parts: Vec<&str> = uri.path().split('/').collect();
    let fits = |pattern: &str| {
        let pattern: Vec<&str> = pattern.split('/').collect();
        pattern.len() == parts.len()
            && pattern.iter().zip(&parts).all(|(pattern, part)| *pattern == "*" || pattern == part)
    };
    let known = PATHS.iter().find(|(of, pattern, _)| of == method && fits(pattern));
    known.map_or_else(|| format!("{method} {}", uri.path()), |(_, _, name)| (*name).to_string())
}

/// S3's subresources and what they are called in operation names.
const SUBRESOURCES: &[(&str, &str)] = &[
    ("encryption", "BucketEncryption"),
    ("lifecycle", "BucketLifecycleConfiguration"),
    ("location", "BucketLocation"),
    ("object-lock", "ObjectLockConfiguration"),
    ("policy", "BucketPolicy"),
    ("policyStatus", "BucketPolicyStatus"),
    ("publicAccessBlock", "PublicAccessBlock"),
    ("tagging", "BucketTagging"),
    ("versioning", "BucketVersioning"),
];

/// What is called an operation of blobs in the service's reference.
fn azure(method: &Method, uri: &Uri) -> String {
    let listed = uri.query().is_some_and(|query| query.split('&').any(|pair| pair == "comp=list"));
    let name = match method.as_str() {
        "GET" if listed => "ListBlobs",
        "GET" => "GetBlob",
        "PUT" => "PutBlob",
        "DELETE" => "DeleteBlob",
        _ => return format!("{method} {}", uri.path()),
    };
    name.to_owned()
}

fn s3(method: &Method, uri: &Uri) -> String {
    let query = uri.query().unwrap_or("");
    let keys: Vec<&str> = query.split('&').map(|pair| pair.split('=').next().unwrap_or(pair)).collect();
    let verb = match method.as_str() {
        "PUT" => "Put",
        "DELETE" => "Delete",
        "HEAD" => "Head",
        _ => "Get",
    };
    if let Some((_, name)) = SUBRESOURCES.iter().find(|(key, _)| keys.contains(key)) {
        let name = if verb == "Delete" { name.trim_end_matches("Configuration") } else { name };
        return format!("{verb}{name}");
    }
    match (verb, uri.path().trim_matches('/').split('/').filter(|part| !part.is_empty()).count()) {
        ("Get", 0) => "ListBuckets".into(),
        ("Get", 1) if keys.contains(&"list-type") => "ListObjectsV2".into(),
        ("Get", 1) => "ListObjects".into(),
        ("Put", 1) => "CreateBucket".into(),
        (verb, 1) => format!("{verb}Bucket"),
        (verb, _) => format!("{verb}Object"),
    }
}
