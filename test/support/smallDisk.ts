import { execa } from 'execa'

/** Mounts a small file system at a folder until it is disposed of; skips the test where there is no right to. */
export async function smallDisk(test: Mocha.Context, folder: string, size: string): Promise<AsyncDisposable> {
  const mounted = await execa('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], {
    reject: false,
  })
  if (mounted.exitCode !== 0) {
    console.log('      (not run: no right to mount a small file system)')
    test.skip()
  }
  return { [Symbol.asyncDispose]: async () => void (await execa('umount', ['--lazy', folder])) }
}
