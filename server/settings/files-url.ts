export interface FilesUrl {
  bucket: string
  /** Before every name: empty, or with a slash at its end. */
  prefix: string
  region: string
  /** Of a server that is not Amazon's. */
  endpoint?: string
  /** Without them, what the SDK finds: AWS_ACCESS_KEY_ID, the role of the machine… */
  credentials?: { accessKeyId: string; secretAccessKey: string }
}

const form = /^s3:\/\/(?:([^/?#]*)@)?([^/?#@]+)(?:\/([^?#]*))?(?:\?([^#]*))?$/i
const bucketForm = /^[a-z\d][a-z\d.-]{1,61}[a-z\d]$/

/**
 * `s3://bucket/prefix?region=eu-central-1`, `s3://key:secret@bucket?endpoint=https://minio.example.org`
 * @throws Error with a reason that says nothing of the secret
 */
export function filesUrl(text: string): FilesUrl {
  const [whole, userinfo, bucket = '', path = '', query = ''] = form.exec(text) ?? []
  if (whole === undefined) throw new Error('must be s3://bucket, perhaps with /prefix?region=…&endpoint=…')
  if (!bucketForm.test(bucket)) throw new Error('must name a bucket: small letters, digits, dots and hyphens')
  const { endpoint, region = 'us-east-1', ...unknown } = Object.fromEntries(new URLSearchParams(query))
  const [stranger] = Object.keys(unknown)
  if (stranger !== undefined) throw new Error('knows the parameters region and endpoint only')
  if (!/^[a-z\d-]+$/.test(region)) throw new Error('has no valid region: small letters, digits and hyphens')
  const prefix = path.replace(/^\/+|\/+$/g, '')
  if (!/^[\w./-]*$/.test(prefix))
    throw new Error('has a prefix of other signs than letters, digits and . _ - /')
  return {
    bucket,
    prefix: prefix && `${prefix}/`,
    region,
    ...(endpoint !== undefined && { endpoint: endpointOf(endpoint) }),
    ...(userinfo !== undefined && { credentials: credentialsOf(userinfo) }),
  }
}

function endpointOf(text: string): string {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search || url.hash)
    throw new Error('has no valid endpoint: https://host, perhaps with a port')
  return url.href.replace(/\/$/, '')
}

function credentialsOf(userinfo: string) {
  const parts = userinfo.split(':').map(decode)
  const [accessKeyId, secretAccessKey] = parts
  if (!accessKeyId || !secretAccessKey || parts.length > 2)
    throw new Error(
      'must have key:secret before the @, signs such as / + @ : percent-encoded (%2F %2B %40 %3A)',
    )
  return { accessKeyId, secretAccessKey }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}
