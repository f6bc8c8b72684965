import { type Browser, chromium } from 'playwright'
import { inject } from 'vitest'
import type { TestProject } from 'vitest/node'
import { findChromium } from './chromium.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the browser that all test files share is reached. */
    browser: string
  }
}

/** A microphone that beeps, and may always be used. */
const withMicrophone = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']

/** Vitest's global setup: one browser for the run, in which each visitor has a profile of their own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { executablePath, args } = await findChromium()
  const server = await chromium.launchServer({ executablePath, args: [...args, ...withMicrophone] })
  project.provide('browser', server.wsEndpoint())
  return () => server.close()
}

/** A connection to it; what is opened through it is closed with it. */
export const connectToBrowser = (): Promise<Browser> => chromium.connect(inject('browser'))
