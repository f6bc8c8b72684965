/** What every program gets of a test's environment, and nothing of the test's own settings. */
export function bareEnvironment(): Record<string, string> {
  const { PATH, HOME, LANG, NODE_COMPILE_CACHE } = process.env
  const given = { PATH, HOME, LANG, NODE_COMPILE_CACHE }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >
}
