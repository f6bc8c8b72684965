import type { Options } from './options.ts'
import type { Asked } from './requests.ts'
import type { Finding, Outcome } from './run.ts'

const most = 300

/** What was found, and how to see it again. */
export function report({ seed, requests }: Options, outcome: Outcome): string {
  const { findings, statuses, successes, slowest, seconds, memory } = outcome
  const counts = [...statuses].sort(([a], [b]) => a - b).map(([status, times]) => `${status}: ${times}`)
  const never = [...successes].filter(([, times]) => times === 0).map(([name]) => name)
  return [
    ...[...findings].map(([what, finding]) => described(what, finding, seed)),
    `${requests} requests to ${successes.size} endpoints in ${seconds.toFixed(0)} s (${counts.join(', ')})`,
    `the slowest answer took ${slowest.ms.toFixed(0)} ms (${slowest.name}); the worker held ${memory.join(', then ')} MB`,
    ...(never.length > 0 ? [`never answered well: ${never.join(', ')}`] : []),
    `seed ${seed}: ${findings.size} findings`,
    '',
  ].join('\n')
}

function described(what: string, finding: Finding | undefined, seed: number): string {
  if (!finding) return `FOUND ${what}\n`
  const { times, asked, number, answer } = finding
  return [
    `FOUND ${what} (${times} times)`,
    `  by ${asked.actor.name}: ${curl(asked)}`,
    `  answered ${answer ? `${answer.status} ${answer.type} ${answer.text.slice(0, most)}` : 'nothing'}`,
    `  again: npm run fuzz -- --seed ${seed} --requests ${number}\n`,
  ].join('\n')
}

/** Who asks says so with a cookie or a token, which are left out. */
function curl({ method, path, headers, body }: Asked): string {
  const said = Object.entries(headers).filter(([name]) => name !== 'cookie' && name !== 'authorization')
  const options = said.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`)
  const data = body ? [`--data-binary ${quoted(body.subarray(0, most).toString())}`] : []
  return `curl -i -X ${method} ${[...options, ...data].join(' ')} "$ADDRESS"${quoted(path)}`
}

const quoted = (text: string) =>
  `$'${text.slice(0, most).replace(/[\\'\p{Cc}]/gu, (sign) => (sign === "'" ? "\\'" : sign === '\\' ? '\\\\' : `\\x${sign.codePointAt(0)!.toString(16).padStart(2, '0')}`))}'`
