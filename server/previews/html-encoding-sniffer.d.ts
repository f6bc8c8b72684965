declare module 'html-encoding-sniffer' {
  interface Options<T> {
    /** Of an XML document. */
    xml?: boolean
    transportLayerEncodingLabel?: string | undefined
    defaultEncoding: T
    maxPrescanBytes?: number
  }
  /** @returns the name of an encoding in the Encoding standard */
  export default function sniff<T>(bytes: Uint8Array, options: Options<T>): string | T
}
