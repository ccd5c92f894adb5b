//! Object stores: S3 and what is compatible with it, Google Cloud Storage, Azure Blob Storage.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _};
use md5::{Digest as _, Md5};
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey, S3ConditionalPut};
use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::path::Path as Key;
use object_store::{
    Attribute, Attributes, BackoffConfig, ClientOptions, Error as Trouble, ObjectMeta, ObjectStore,
    ObjectStoreExt as _, PutMode, PutOptions, RetryConfig, UpdateVersion,
};
use tokio::runtime::Runtime;

use super::net::{failed, runtime};
use super::remote::{Listed, Remote, Version};
use crate::config::{Bucket, Service};
use crate::diag::Error;
use crate::files::{SitePath, cache_control, media_type};

/// Requests that are under way at once. More gain nothing in our measurements, and stores begin to slow clients down.
const LANES: usize = 32;
/// How often, and for how long, a request is tried again.
const RETRIES: usize = 8;
const RETRY_FOR: Duration = Duration::from_mins(3);
/// Stores take a thousand keys in one request to remove them.
const BATCH: usize = 1000;

/// A bucket, or a folder of one.
pub(super) struct Objects {
    store: Arc<dyn ObjectStore>,
    prefix: String,
    runtime: Runtime,
    conditional: bool,
}

impl Objects {
    /// Opens a bucket; `env` has the variables that the service's own programs read too.
    pub(super) fn open(bucket: &Bucket, env: &[(String, String)]) -> Result<Self, Error> {
        super::net::provide_tls();
        let store = build(bucket, env).map_err(|error| failed("open", &bucket.name, &error))?;
        let conditional = bucket.conditional;
        Ok(Self { store, prefix: bucket.prefix.clone(), runtime: runtime()?, conditional })
    }

    fn key(&self, path: &SitePath) -> Result<Key, Error> {
        let full = match self.prefix.as_str() {
            "" => path.as_str().to_owned(),
            prefix => format!("{prefix}/{path}"),
        };
        Key::parse(&full).map_err(|error| failed("name", path.as_str(), &error))
    }

    /// Writes an object under a condition; nothing when that does not hold.
    fn put(
        &self,
        path: &SitePath,
        bytes: Vec<u8>,
        mode: PutMode,
    ) -> Result<Option<Version>, Error> {
        let key = self.key(path)?;
        let attributes = Attributes::from_iter([
            (Attribute::ContentType, media_type(path)),
            (Attribute::CacheControl, cache(path).to_owned()),
        ]);
        let options = PutOptions { mode, attributes, ..PutOptions::default() };
        let (sum, size) = (Md5::digest(&bytes), bytes.len() as u64);
        let done = self.runtime.block_on(self.store.put_opts(&key, bytes.into(), options));
        let put = match done {
            Ok(put) => put,
            Err(Trouble::AlreadyExists { .. } | Trouble::Precondition { .. }) => return Ok(None),
            Err(error) => return Err(failed("write", path.as_str(), &error)),
        };
        // The tag is the MD5 of what arrived, unless the store encrypts in a way of its own.
        if put.e_tag.as_deref().and_then(md5_of) != Some(sum.into()) {
            let meta = self
                .runtime
                .block_on(self.store.head(&key))
                .map_err(|error| failed("look at", path.as_str(), &error))?;
            if meta.size != size {
                return Err(Error::remote(format!(
                    "`{path}` did not arrive: {} bytes of {size}",
                    meta.size
                )));
            }
        }
        Ok(Some(version(put.e_tag, put.version)))
    }
}

impl Remote for Objects {
    fn read(&self, path: &SitePath) -> Result<Option<(Vec<u8>, Version)>, Error> {
        let key = self.key(path)?;
        let read = self.runtime.block_on(async {
            let got = self.store.get(&key).await?;
            let seen = version(got.meta.e_tag.clone(), got.meta.version.clone());
            Ok::<_, Trouble>((got.bytes().await?.to_vec(), seen))
        });
        match read {
            Ok(found) => Ok(Some(found)),
            Err(Trouble::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed("read", path.as_str(), &error)),
        }
    }

    fn is_still(&self, path: &SitePath, old: &Version) -> Result<bool, Error> {
        let key = self.key(path)?;
        match self.runtime.block_on(self.store.head(&key)) {
            Ok(ObjectMeta { e_tag, version: number, .. }) => {
                Ok(tag(&version(e_tag, number)) == tag(old))
            }
            Err(Trouble::NotFound { .. }) => Ok(false),
            Err(error) => Err(failed("look at", path.as_str(), &error)),
        }
    }

    fn list(&self) -> Result<Vec<Listed>, Error> {
        let prefix = match self.prefix.as_str() {
            "" => None,
            prefix => Some(Key::parse(prefix).map_err(|error| failed("name", prefix, &error))?),
        };
        let objects: Result<Vec<ObjectMeta>, Trouble> =
            self.runtime.block_on(self.store.list(prefix.as_ref()).try_collect());
        let objects = objects.map_err(|error| failed("list", "the bucket", &error))?;
        let listed = |object: ObjectMeta| {
            let full = object.location.to_string();
            let below = match self.prefix.as_str() {
                "" => full.as_str(),
                prefix => full.strip_prefix(prefix)?.strip_prefix('/')?,
            };
            let path = SitePath::parse(below).filter(|path| path.as_str() == below)?;
            Some(Listed {
                path,
                size: Some(object.size),
                md5: object.e_tag.as_deref().and_then(md5_of),
            })
        };
        Ok(objects.into_iter().filter_map(listed).collect())
    }

    fn write(&self, path: &SitePath, bytes: Vec<u8>) -> Result<(), Error> {
        self.put(path, bytes, PutMode::Overwrite).map(|_| ())
    }

    fn remove(&self, path: &SitePath) -> Result<(), Error> {
        let key = self.key(path)?;
        match self.runtime.block_on(self.store.delete(&key)) {
            Ok(()) | Err(Trouble::NotFound { .. }) => Ok(()),
            Err(error) => Err(failed("remove", path.as_str(), &error)),
        }
    }

    fn create(&self, path: &SitePath, bytes: &[u8]) -> Result<Option<Version>, Error> {
        if self.conditional {
            return self.put(path, bytes.to_vec(), PutMode::Create);
        }
        match self.read(path)? {
            Some(_) => Ok(None),
            None => self.put(path, bytes.to_vec(), PutMode::Overwrite),
        }
    }

    fn replace(
        &self,
        path: &SitePath,
        bytes: &[u8],
        old: &Version,
    ) -> Result<Option<Version>, Error> {
        if self.conditional {
            return self.put(path, bytes.to_vec(), PutMode::Update(update(old)));
        }
        if self.is_still(path, old)? {
            self.put(path, bytes.to_vec(), PutMode::Overwrite)
        } else {
            Ok(None)
        }
    }

    fn lanes(&self) -> usize {
        LANES
    }

    fn discard(&self, paths: &[&SitePath]) -> Result<(), Error> {
        let keys: Vec<Key> = paths.iter().map(|path| self.key(path)).collect::<Result<_, _>>()?;
        for keys in keys.chunks(BATCH) {
            let stream = futures_util::stream::iter(keys.to_vec()).map(Ok).boxed();
            let removed = self.store.delete_stream(stream).filter(|done| {
                let is_gone = matches!(done, Err(Trouble::NotFound { .. }));
                std::future::ready(!is_gone)
            });
            let removed: Result<Vec<Key>, Trouble> = self.runtime.block_on(removed.try_collect());
            removed.map_err(|error| failed("remove files from", "the bucket", &error))?;
        }
        Ok(())
    }
}

/// Locks and manifests are looked at by programs, which have to see the newest.
fn cache(path: &SitePath) -> &'static str {
    if path.as_str() == super::claim::LOCK { "no-store" } else { cache_control(path) }
}

fn build(bucket: &Bucket, env: &[(String, String)]) -> Result<Arc<dyn ObjectStore>, Trouble> {
    let is_plain = bucket.endpoint.as_deref().is_some_and(|address| address.starts_with("http://"));
    let client = ClientOptions::new().with_allow_http(is_plain);
    let retry = RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(10),
            base: 2.0,
        },
        max_retries: RETRIES,
        retry_timeout: RETRY_FOR,
    };
    let endpoint =
        bucket.endpoint.as_deref().map(|address| address.trim_end_matches('/').to_owned());
    Ok(match bucket.service {
        Service::S3 => {
            let mut builder = AmazonS3Builder::new();
            for (key, value) in known::<AmazonS3ConfigKey>(env, "AWS_") {
                builder = builder.with_config(key, value);
            }
            let conditional = if bucket.conditional {
                S3ConditionalPut::ETagMatch
            } else {
                S3ConditionalPut::Disabled
            };
            builder = builder.with_bucket_name(&bucket.name).with_conditional_put(conditional);
            if let Some(region) = &bucket.region {
                builder = builder.with_region(region);
            }
            if let Some(endpoint) = endpoint {
                builder = builder.with_endpoint(endpoint);
            }
            Arc::new(builder.with_client_options(client).with_retry(retry).build()?)
        }
        Service::Gcs => {
            let mut builder = GoogleCloudStorageBuilder::new();
            for (key, value) in known::<GoogleConfigKey>(env, "GOOGLE_") {
                builder = builder.with_config(key, value);
            }
            if let Some(endpoint) = endpoint {
                builder = builder.with_base_url(&endpoint);
            }
            let builder = builder.with_bucket_name(&bucket.name);
            Arc::new(builder.with_client_options(client).with_retry(retry).build()?)
        }
        Service::Azure => {
            let mut builder = MicrosoftAzureBuilder::new();
            for (key, value) in known::<AzureConfigKey>(env, "AZURE_") {
                builder = builder.with_config(key, value);
            }
            if let Some(endpoint) = endpoint {
                builder = builder.with_endpoint(endpoint);
            }
            let account = bucket.account.as_deref().unwrap_or_default();
            let builder = builder.with_account(account).with_container_name(&bucket.name);
            Arc::new(builder.with_client_options(client).with_retry(retry).build()?)
        }
    })
}

/// Returns the variables of the environment that a service knows.
fn known<K: std::str::FromStr>(env: &[(String, String)], prefix: &str) -> Vec<(K, String)> {
    let ours = env.iter().filter(|(name, _)| name.starts_with(prefix));
    ours.filter_map(|(name, value)| Some((name.to_ascii_lowercase().parse().ok()?, value.clone())))
        .collect()
}

/// Returns the MD5 in an entity tag, if it is one.
fn md5_of(tag: &str) -> Option<[u8; 16]> {
    let digits = tag.trim_matches('"');
    let number = u128::from_str_radix(digits, 16).ok().filter(|_| digits.len() == 32)?;
    Some(number.to_be_bytes())
}

/// Joins tag and number in one word.
fn version(tag: Option<String>, number: Option<String>) -> Version {
    Version(format!("{}\n{}", tag.unwrap_or_default(), number.unwrap_or_default()))
}

fn tag(version: &Version) -> &str {
    version.0.split('\n').next().unwrap_or_default()
}

fn update(version: &Version) -> UpdateVersion {
    let part = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let (tag, number) = version.0.split_once('\n').unwrap_or((&version.0, ""));
    UpdateVersion { e_tag: part(tag), version: part(number) }
}
