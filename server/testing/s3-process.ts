import { createRequire } from 'node:module'
import S3rver from '@20minutes/s3rver'

/** Forked by `startS3` with its port and folder; ends with whoever did. */

/** It forgets the slash behind a bucket's name, which the SDK signs. */
const v4 = createRequire(import.meta.url)('@20minutes/s3rver/lib/signature/v4.js') as {
  getStringToSign(canonical: { uri: string }, request: unknown): string
}
const { getStringToSign } = v4
v4.getStringToSign = (canonical, request) =>
  getStringToSign({ ...canonical, uri: canonical.uri.replace(/^\/[^/]+$/, '$&/') }, request)

process.once('disconnect', () => process.exit())
const [port, directory] = process.argv.slice(2)
const configureBuckets = [{ name: 'rozmowa' }]
await new S3rver({
  address: '127.0.0.1',
  port: Number(port),
  silent: true,
  directory: directory!,
  configureBuckets,
}).run()
process.send?.('ready')
