import assert from 'node:assert/strict'
import { type TestSandbox, testSandbox } from '../../support/sandbox.ts'

/** Names and arguments of calls, by number on x86-64 and arm64 alike where they are asked by name through libc. */
const script = `
import ctypes, errno, json, os, socket
libc = ctypes.CDLL(None, use_errno=True)
arm = os.uname().machine == 'aarch64'
def call(x86, arm64, *args):
    ctypes.set_errno(0)
    result = libc.syscall(arm64 if arm else x86, *[ctypes.c_long(a) for a in args])
    return 'ok' if result >= 0 else errno.errorcode.get(ctypes.get_errno(), '?')
def family(number, kind, protocol=0):
    try:
        socket.socket(number, kind, protocol).close()
        return 'ok'
    except OSError as error:
        return errno.errorcode.get(error.errno, '?')
raw, stream, datagram = socket.SOCK_RAW, socket.SOCK_STREAM, socket.SOCK_DGRAM
print(json.dumps({
    'ptrace': call(101, 117, 0, 0, 0, 0),
    'process_vm_readv': call(310, 270, os.getpid(), 0, 0, 0, 0, 0),
    'io_uring_setup': call(425, 425, 1, 0),
    'userfaultfd': call(323, 282, 0),
    'keyctl': call(250, 219, 0, 0),
    'bpf': call(321, 280, 0, 0, 0),
    'perf_event_open': call(298, 241, 0, 0, -1, -1, 0),
    'unshare user': call(272, 97, 0x10000000),
    'personality': call(135, 92, 0x40000),
    'kcmp': call(312, 272, os.getpid(), os.getpid(), 0, 0, 0),
    'clone3': call(435, 435, 0, 0),
    'vsock': family(40, stream),
    'packet': family(17, raw),
    'alg': family(38, socket.SOCK_SEQPACKET),
    'netlink audit': family(16, raw, 9),
    'unix': family(1, stream),
    'ipv4': family(2, stream),
    'ipv6': family(10, datagram),
    'netlink route': family(16, raw, 0),
    'getrandom': call(318, 278, 0, 0, 0),
    'shared memory': call(29, 194, 0, 4096, 0o1600),
}))`

describe('system calls', () => {
  let box: TestSandbox
  before(async () => {
    box = await testSandbox()
  })
  after(() => box[Symbol.asyncDispose]())

  it('are answered where builds need them, and refused where only debuggers and administrators do', async () => {
    const container = await box.sandbox.start({ kind: 'project', image: await box.image() })
    const options = { timeoutMs: 60_000, maxOutputBytes: 64 * 1024 }
    const { output } = await container.exec(['python3', '-c', script], options)
    const answers = JSON.parse(output.toString()) as Record<string, string>
    const refused = Object.fromEntries(Object.entries(answers).filter(([, answer]) => answer !== 'ok'))
    const named = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 'EPERM']))
    const { HostConfig } = await box.engine.docker.getContainer(container.id).inspect()
    const own = (HostConfig.SecurityOpt ?? []).some((option: string) => option.startsWith('seccomp='))
    await container.remove()
    if (!own) {
      // Of an engine that does not see our files its own default: wider, and doctor says so.
      const least = named(['bpf', 'perf_event_open', 'userfaultfd', 'packet', 'kcmp'])
      assert.deepEqual({ ...refused, ...least }, refused)
      return
    }
    assert.deepEqual(refused, {
      ...named(['ptrace', 'process_vm_readv', 'io_uring_setup', 'userfaultfd', 'keyctl', 'bpf']),
      ...named(['perf_event_open', 'unshare user', 'personality', 'kcmp']),
      ...named(['vsock', 'packet', 'alg', 'netlink audit']),
      clone3: 'ENOSYS',
    })
  })
})
