/**
 * An import of `node:http` reads all of its exports, and with those of undici loads all of undici: 5 MB in a process
 * that only listens.
 */
export const { createServer, ServerResponse, STATUS_CODES } = process.getBuiltinModule('node:http')
