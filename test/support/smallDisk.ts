import { execa } from 'execa'

/** Mounts a file system of a given size at a folder, until it is disposed of; `options` as mount has them. */
export async function mountSmall(folder: string, options: string): Promise<AsyncDisposable> {
  await execa('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder])
  return {
    [Symbol.asyncDispose]: async () => void (await execa('umount', ['--lazy', folder], { reject: false })),
  }
}

/** The same for a test, which is skipped where there is no right to mount. */
export async function smallDisk(test: Mocha.Context, folder: string, size: string): Promise<AsyncDisposable> {
  return await mountSmall(folder, `size=${size}`).catch(() => {
    console.log('      (not run: no right to mount a small file system)')
    return test.skip()
  })
}
