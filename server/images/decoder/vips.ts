import sharp, { type Sharp, type SharpOptions } from 'sharp'

// Only the loaders of allowed types: libvips detects the type by itself.
const loaders = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif'].map((format) => `VipsForeignLoad${format}`)
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({ operation: loaders })
// Two decoders run at once.
sharp.concurrency(1)
sharp.cache(false)

/** The most pixels of a still image. */
export const maxPixels = 50_000_000
/** The most pixels of an animation, all frames together. */
export const maxAnimationPixels = 4 * maxPixels

/** Opens an image. Small faults, which phones produce and viewers tolerate, are accepted. */
export const open = (from: string | Buffer, more: SharpOptions = {}): Sharp =>
  sharp(from, { limitInputPixels: maxAnimationPixels, failOn: 'error', ...more })
