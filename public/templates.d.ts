declare module '*.eta' {
  const template: (this: unknown, it: object) => string
  export default template
}
