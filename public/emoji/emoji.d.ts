declare module '*.txt' {
  const text: string
  export default text
}

/** The same, as tests read it. */
declare module '*.txt?raw' {
  const text: string
  export default text
}
