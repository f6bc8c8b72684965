/** Preloaded into every process of the service: each SIGUSR2 sets its clock wrong by different hours. */
const hours = [3, -5, 20, 0]
const trueNow = Date.now
let ahead = 0

Date.now = () => trueNow() + ahead
globalThis.Date = new Proxy(Date, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length > 0 ? args : [Date.now()], newTarget),
})

process.on('SIGUSR2', () => {
  const next = hours.shift()!
  hours.push(next)
  ahead = next * 3_600_000
})
