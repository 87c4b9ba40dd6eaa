/**
 * What a container may ask of the kernel: what builds, tests and package managers need, and nothing that only debuggers,
 * administrators or other containers' makers do. Against Docker's own profile it leaves out tracing and reading other
 * processes' memory (ptrace, process_vm_*, pidfd_getfd, kcmp), io_uring, fanotify, file handles, device nodes,
 * execution domains, and sockets of any family but Unix, IP and routing netlink. Other ABIs of
 * the machine (32 bits) are refused whole; names that an architecture lacks are ignored. Format: OCI runtime specification, `linux.seccomp`, as Docker reads it.
 */
const allowed = `
  _llseek _newselect accept accept4 access alarm arch_prctl bind brk cachestat capget capset chdir chmod chown
  chown32 clock_getres clock_getres_time64 clock_gettime clock_gettime64 clock_nanosleep
  clock_nanosleep_time64 close close_range connect copy_file_range creat dup dup2 dup3 epoll_create epoll_create1
  epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old eventfd eventfd2 execve execveat exit
  exit_group faccessat faccessat2 fadvise64 fadvise64_64 fallocate fchdir fchmod fchmodat fchmodat2 fchown
  fchown32 fchownat fcntl fcntl64 fdatasync fgetxattr flistxattr flock fork fremovexattr fsetxattr fstat fstat64
  fstatat fstatat64 fstatfs fstatfs64 fsync ftruncate ftruncate64 futex futex_requeue futex_time64 futex_wait
  futex_waitv futex_wake futimesat get_mempolicy get_robust_list get_thread_area getcpu getcwd getdents getdents64
  getegid getegid32 geteuid geteuid32 getgid getgid32 getgroups getgroups32 getitimer getpeername getpgid getpgrp
  getpid getppid getpriority getrandom getresgid getresgid32 getresuid getresuid32 getrlimit getrusage getsid
  getsockname getsockopt gettid gettimeofday getuid getuid32 getxattr getxattrat inotify_add_watch inotify_init
  inotify_init1 inotify_rm_watch io_cancel io_destroy io_getevents io_pgetevents io_pgetevents_time64 io_setup
  io_submit ioctl ioprio_get ioprio_set ipc kill landlock_add_rule landlock_create_ruleset landlock_restrict_self
  lchown lchown32 lgetxattr link linkat listen listxattr listxattrat llistxattr llseek lremovexattr lseek
  lsetxattr lstat lstat64 madvise map_shadow_stack mbind membarrier memfd_create memfd_secret mincore mkdir
  mkdirat mknod mknodat mlock mlock2 mlockall mmap mmap2 modify_ldt mprotect mq_getsetattr mq_notify mq_open mq_timedreceive
  mq_timedreceive_time64 mq_timedsend mq_timedsend_time64 mq_unlink mremap mseal msgctl msgget msgrcv msgsnd msync
  munlock munlockall munmap nanosleep newfstatat nice oldfstat oldlstat oldolduname oldstat olduname open openat
  openat2 pause pidfd_open pidfd_send_signal pipe pipe2 pkey_alloc pkey_free pkey_mprotect poll ppoll ppoll_time64
  prctl pread64 preadv preadv2 prlimit64 pselect6 pselect6_time64 pwrite64 pwritev pwritev2 read readahead readdir
  readlink readlinkat readv recvfrom recvmmsg recvmmsg_time64 recvmsg remap_file_pages removexattr removexattrat
  rename renameat renameat2 restart_syscall rmdir rseq rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo
  rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_sigtimedwait_time64 rt_tgsigqueueinfo sched_get_priority_max
  sched_get_priority_min sched_getaffinity sched_getattr sched_getparam sched_getscheduler sched_rr_get_interval
  sched_rr_get_interval_time64 sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield
  seccomp select semctl semget semop semtimedop semtimedop_time64 sendfile sendfile64 sendmmsg sendmsg sendto
  set_mempolicy set_robust_list set_thread_area set_tid_address setfsgid setfsgid32 setfsuid setfsuid32 setgid
  setgid32 setgroups setgroups32 setitimer setpgid setpriority setregid setregid32 setresgid setresgid32 setresuid
  setresuid32 setreuid setreuid32 setrlimit setsid setsockopt setuid setuid32 setxattr setxattrat shmat shmctl
  shmdt shmget shutdown sigaction sigaltstack signal signalfd signalfd4 sigpending sigprocmask sigreturn
  sigsuspend socketpair splice stat stat64 statfs statfs64 statx symlink symlinkat sync sync_file_range
  sync_file_range2 syncfs sysinfo tee tgkill time timer_create timer_delete timer_getoverrun timer_gettime
  timer_gettime64 timer_settime timer_settime64 timerfd_create timerfd_gettime timerfd_gettime64 timerfd_settime
  timerfd_settime64 times tkill truncate truncate64 ugetrlimit umask uname unlink unlinkat utime utimensat
  utimensat_time64 utimes vfork vmsplice wait4 waitid waitpid write writev
`

/** ENOSYS. */
const missing = 38

/** New namespaces: CLONE_NEWTIME needs clone3, which the C library does without where it is missing. */
const namespaces = 0x7e02_0000

/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK. */
const families = [1, 2, 10, 16]
/** NETLINK_ROUTE: what lists the machine's own interfaces. */
const routing = 0

const argument = (index: number, value: number, valueTwo = 0, op = 'SCMP_CMP_EQ') => ({
  index,
  value,
  valueTwo,
  op,
})
const allow = (names: readonly string[], args: readonly object[] = []) => ({
  names,
  action: 'SCMP_ACT_ALLOW',
  args,
})

/** The profile as the engine takes it in `SecurityOpt`. */
export const seccompProfile = JSON.stringify({
  defaultAction: 'SCMP_ACT_ERRNO',
  archMap: [
    { architecture: 'SCMP_ARCH_X86_64', subArchitectures: [] },
    { architecture: 'SCMP_ARCH_AARCH64', subArchitectures: [] },
  ],
  syscalls: [
    allow(allowed.trim().split(/\s+/)),
    allow(['clone'], [argument(0, namespaces, 0, 'SCMP_CMP_MASKED_EQ')]),
    { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: missing },
    ...families.map((family) =>
      allow(['socket'], family === 16 ? [argument(0, family), argument(2, routing)] : [argument(0, family)]),
    ),
    // The default domain, and the question which one it is.
    ...[0, 0xffff_ffff].map((domain) => allow(['personality'], [argument(0, domain)])),
  ],
})
