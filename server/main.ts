import cluster from 'node:cluster'

// Each role loads only what it needs: the supervisor stays small.
const role = cluster.isPrimary ? await import('./supervisor.ts') : await import('./worker-process.ts')
await role.run()
