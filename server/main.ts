import cluster from 'node:cluster'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// For the processes forked from here too. What an earlier start compiled needs no stripping of types, which takes half
// of a process's start, and whose compiler would stay with 12 MB.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '../node_modules/.cache/compiled')
enableCompileCache()

// Each role loads only what it needs: the supervisor stays small.
const role = cluster.isPrimary ? await import('./supervisor.ts') : await import('./worker-process.ts')
await role.run()
