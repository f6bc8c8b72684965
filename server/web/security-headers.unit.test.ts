import type { Request, Response } from 'express'
import { expect, test, vi } from 'vitest'

/** What is set for a page, or an answer of the API, at this address. */
async function headersAt(BASE_URL: string, path: string): Promise<Record<string, string>> {
  vi.resetModules()
  vi.stubEnv('BASE_URL', BASE_URL)
  const { securityHeaders } = await import('./security-headers.ts')
  const set = vi.fn()
  securityHeaders({ path } as Request, { set } as unknown as Response, () => {})
  return set.mock.calls[0]![0]
}

test.each([
  ['http://localhost:3000', false],
  ['https://portal.example.org', true],
])('pages at %s have an endpoint for reports that only TLS allows: %s', async (address, hasOne) => {
  const page = await headersAt(address, '/wiadomosci')
  expect(page['Content-Security-Policy']).toContain('report-uri /api/csp-reports')
  expect(page['Content-Security-Policy']!.includes('report-to csp')).toBe(hasOne)
  expect(page['Reporting-Endpoints']).toBe(hasOne ? 'csp="/api/csp-reports"' : undefined)
})

test.each([
  ['/api/users/me', true],
  ['/api/docs', false],
  ['/api/docs/start.js', false],
  ['/wiadomosci', false],
])('%s is data, which may do nothing at all: %s', async (path, isData) => {
  const { 'Content-Security-Policy': policy } = await headersAt('http://localhost', path)
  expect(policy!.includes("script-src 'self'")).toBe(!isData)
  expect(policy).toContain("default-src 'none'")
})
