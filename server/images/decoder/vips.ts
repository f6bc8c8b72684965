import sharp, { type Sharp, type SharpOptions } from 'sharp'

// The loaders of what is allowed and no others: libvips looks at the content for itself.
const loaders = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif'].map((format) => `VipsForeignLoad${format}`)
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({ operation: loaders })
// A decoder is one of two that run at once.
sharp.concurrency(1)
sharp.cache(false)

/** As many pixels of a still image as are ever held in memory. */
export const maxPixels = 50_000_000
/** Those of all frames of an animation together. */
export const maxAnimationPixels = 4 * maxPixels

/** Opens an image. Phones write files with small faults that every viewer forgives: only real ones are refused. */
export const open = (from: string | Buffer, more: SharpOptions = {}): Sharp =>
  sharp(from, { limitInputPixels: maxAnimationPixels, failOn: 'error', ...more })
