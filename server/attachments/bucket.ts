import type { S3Client } from '@aws-sdk/client-s3'
import type { FilesUrl } from '../settings/files-url.ts'

export interface Opened {
  s3: typeof import('@aws-sdk/client-s3')
  client: S3Client
  Bucket: string
}

/** The SDK is loaded on demand: it takes its time, and its memory. */
export async function openBucket({ bucket, region, endpoint, credentials }: FilesUrl): Promise<Opened> {
  const s3 = await import('@aws-sdk/client-s3')
  const client = new s3.S3Client({
    region,
    ...(credentials && { credentials }),
    // Other servers than Amazon's know neither names of hosts for buckets nor newer checksums.
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // Milliseconds; the second is how long nothing may come.
    requestHandler: { connectionTimeout: 5000, requestTimeout: 30_000, socketTimeout: 30_000 },
  })
  return { s3, client, Bucket: bucket }
}
