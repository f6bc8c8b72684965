import { askClamd } from '../attachments/clamd.ts'
import { read } from '../attachments/scan.ts'
import { config } from '../config.ts'
import { attempt, type Finding, fail, ok, warn } from './finding.ts'

const day = 24 * 60 * 60 * 1000
/** ClamAV publishes signatures every day. */
const maxAgeDays = 7

/** Whether files are checked for viruses, by what, and as large as members may send them. */
export async function checkClamd(): Promise<Finding[]> {
  if (!config.clamd) return [ok('virus scanner', 'not used: files are not checked (with CLAMD_URL they are)')]
  return attempt(
    'virus scanner',
    'start clamd, or correct CLAMD_URL: until then no file is taken',
    async () => {
      const version = await askClamd('VERSION')
      const largest = read(await askClamd('INSTREAM', zeros(config.uploadMaxBytes)))
      return [ageOf(version), ...(largest === 'clean' ? [] : [tooSmall])]
    },
  )
}

const tooSmall = fail(
  'virus scanner',
  'takes no files as large as UPLOAD_MAX_BYTES, so that they are refused',
  'raise StreamMaxLength in clamd.conf',
)

/** `ClamAV 1.4.6/27500/Mon Nov 30 09:00:00 2026`; without signatures of ClamAV's, the first part alone */
function ageOf(version: string): Finding {
  const [name = '', number, published] = version.split('/')
  const days = Math.floor((Date.now() - Date.parse(published ?? '')) / day)
  if (number && days <= maxAgeDays)
    return ok('virus scanner', `${name}, signatures ${number} of ${published}`)
  const says = number ? `has signatures that are ${days} days old` : 'has no signatures of ClamAV'
  return warn('virus scanner', `${name} ${says}`, 'start clamav-freshclam')
}

async function* zeros(bytes: number): AsyncGenerator<Buffer> {
  const piece = Buffer.alloc(64 * 1024)
  for (let left = bytes; left > 0; left -= piece.length) yield piece.subarray(0, Math.min(left, piece.length))
}
