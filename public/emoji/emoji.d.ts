declare module '*.txt' {
  const text: string
  export default text
}

/** For tests. */
declare module '*.txt?raw' {
  const text: string
  export default text
}
