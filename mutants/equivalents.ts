/**
 * Faults that are none: the service does the same with them, to whoever looks from outside.
 * The file, what is written in place of what (as the report prints it), and why.
 */
export const equivalents: [file: string, fault: string, why: string][] = []
