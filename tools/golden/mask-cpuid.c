/* Preloaded into a process on Linux, hides AVX-512, AMX and VNNI from whoever asks by CPUID: the instruction is made to
 * fault (arch_prctl(2), ARCH_SET_CPUID; "cpuid_fault" in /proc/cpuinfo), and answered here without those bits. */
#define _GNU_SOURCE
#include <cpuid.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#define ARCH_SET_CPUID 0x1012
#define BIT(n) (1u << (n))

static long may_ask(int may) { return syscall(SYS_arch_prctl, ARCH_SET_CPUID, may); }

static void answer(int signal_number, siginfo_t *info, void *context) {
  (void)signal_number, (void)info;
  greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
  const uint8_t *at = (const uint8_t *)registers[REG_RIP];
  if (at[0] != 0x0f || at[1] != 0xa2) { /* a fault of its own: let it happen */
    signal(SIGSEGV, SIG_DFL);
    return;
  }
  uint32_t leaf = registers[REG_RAX], part = registers[REG_RCX], a, b, c, d;
  may_ask(1);
  __cpuid_count(leaf, part, a, b, c, d);
  may_ask(0);
  if (leaf == 7 && part == 0) {
    b &= ~(BIT(16) | BIT(17) | BIT(21) | BIT(26) | BIT(27) | BIT(28) | BIT(30) | BIT(31)); /* AVX-512 F to VL */
    c &= ~(BIT(1) | BIT(6) | BIT(11) | BIT(12) | BIT(14));                                 /* its VBMI, VNNI, ... */
    d &= ~(BIT(2) | BIT(3) | BIT(8) | BIT(22) | BIT(23) | BIT(24) | BIT(25));              /* its FP16, ...; AMX */
  }
  if (leaf == 7 && part == 1) {
    a &= ~(BIT(4) | BIT(5)); /* AVX-VNNI, AVX-512 BF16 */
    d &= ~(BIT(4) | BIT(10)); /* AVX-VNNI-INT8 and -INT16 */
  }
  registers[REG_RAX] = a, registers[REG_RBX] = b, registers[REG_RCX] = c, registers[REG_RDX] = d;
  registers[REG_RIP] += 2;
}

__attribute__((constructor)) static void mask(void) {
  struct sigaction action = {.sa_sigaction = answer, .sa_flags = SA_SIGINFO | SA_NODEFER};
  sigaction(SIGSEGV, &action, NULL);
  if (may_ask(0) != 0) perror("CPUID cannot be made to fault here");
}
