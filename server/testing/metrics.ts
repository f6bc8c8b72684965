/** What a service measures, by name and labels as Prometheus writes them: `rozmowa_mails_total{outcome="sent"}`. */
export async function readMetrics(address: string): Promise<Map<string, number>> {
  const text = await (await fetch(`${address}/metrics`)).text()
  const lines = text.split('\n').filter((line) => line && !line.startsWith('#'))
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ')
      return [line.slice(0, end), Number(line.slice(end + 1))]
    }),
  )
}

/** Series that an expression names: of which measure, and with which labels. */
export interface Series {
  text: string
  /** Whether it asks for one of a service, as `/metrics` writes it. */
  fits(measured: string): boolean
}

const selector = /\b((?:rozmowa|process|nodejs)_\w+)(?:\{([^}]*)\})?/g

/** What a target has of Prometheus, not of the service. */
const ofPrometheus = new Set(['job', 'instance'])

export const seriesIn = (expression: string): Series[] =>
  [...expression.matchAll(selector)].map(([text, name, labels = '']) => {
    const wanted = [...labels.matchAll(/(\w+)=(~?)"([^"]*)"/g)].filter(
      ([, label]) => !ofPrometheus.has(label!),
    )
    return {
      text,
      fits: (measured) =>
        measured.split('{')[0] === name &&
        wanted.every(([, label, , values]) =>
          values!.split('|').some((value) => measured.includes(`${label}="${value}"`)),
        ),
    }
  })
