// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { failedTargets, parseCompilerOutput } from './compiler-errors.ts';
import { machineTrouble, missingHeader } from './machine-trouble.ts';
import { pasteable } from './pasteable.ts';
import { withReadOverhead, withStepTimeout } from './step-timeout.ts';

const roots = { sourceDir: '/t/source', cwd: '/t/build' };

describe('parseCompilerOutput', () => {
  const read = (text: string): string[] =>
    parseCompilerOutput(text, roots).map(
      ({ path, line, severity, text }) => `${path}:${line} ${severity} ${text}`,
    );

  test.each([
    ['/t/source/net/x.c:6:16: error: ‘z’ undeclared', 'net/x.c:6 error error: ‘z’ undeclared'],
    ['../source/net/x.c:6:16: error: ‘z’ undeclared', 'net/x.c:6 error error: ‘z’ undeclared'],
    [
      '/t/source/net/x.c:9:10: fatal error: no.h: No such file or directory',
      'net/x.c:9 error fatal error: no.h: No such file or directory',
    ],
    [
      './include/linux/list.h:7:1: warning: unused [-Wunused]',
      'include/linux/list.h:7 warning warning: unused [-Wunused]',
    ],
    ["ld: /t/source/net/x.c:6: undefined reference to `z'", "net/x.c:6 error undefined reference to `z'"],
    [
      "/usr/bin/ld: net/x.o: in function `x':\n/t/source/net/x.c:6: undefined reference to `z'",
      "net/x.c:6 error undefined reference to `z'",
    ],
    ["x.c:(.text+0x1f): undefined reference to `z'", "x.c:null error undefined reference to `z'"],
    [
      "ld: net/y.o:/t/source/net/y.c:3: multiple definition of `y'; net/x.o:/t/source/net/x.c:9: first defined here",
      "net/y.c:3 error multiple definition of `y'; net/x.o:/t/source/net/x.c:9: first defined here",
    ],
    ['net/Kconfig:5: syntax error', 'net/Kconfig:5 error syntax error'],
    ['ERROR: modpost: "z" [net/x.ko] undefined!', 'vmlinux:null error "z" [net/x.ko] undefined!'],
  ])('%s', (line, expected) => {
    expect(read(line)).toEqual([expected]);
  });

  test('keeps the quoted lines with their message, and each message once', () => {
    const text = [
      '/t/source/net/x.c: In function ‘x’:',
      '/t/source/net/x.c:6:16: error: ‘z’ undeclared (first use in this function)',
      '    6 |         return z;',
      '      |                ^',
      '/t/source/net/x.c:6:16: note: each undeclared identifier is reported only once',
      'make[4]: *** [/t/source/scripts/Makefile.build:229: net/x.o] Error 1',
      '/t/source/net/x.c:6:16: error: ‘z’ undeclared (first use in this function)',
    ].join('\n');
    const errors = parseCompilerOutput(text, roots);
    expect(errors).toHaveLength(1);
    expect(errors[0]?.context).toHaveLength(5);
  });

  test('nothing that is printed makes it throw', () => {
    const word = fc.constantFrom(
      ':',
      '1',
      'x.c',
      ' error: ',
      'ld: ',
      '*** [',
      '\n',
      '../..',
      ': No such file or directory',
      '`',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(word, fc.string())).map((parts) => parts.join('')),
        (text) => {
          parseCompilerOutput(text, roots);
          failedTargets(text);
          machineTrouble(text);
          missingHeader(text);
        },
      ),
    );
  });
});

test('failedTargets names what make gave up on', () => {
  const text = [
    'make[4]: *** [/t/source/scripts/Makefile.build:229: net/vmw_vsock/x.o] Error 1',
    'make[3]: *** [/t/source/scripts/Makefile.build:478: net/vmw_vsock] Error 2',
    "make[1]: *** No rule to make target 'net/gone.o', needed by 'net/built-in.a'.  Stop.",
  ].join('\n');
  expect(failedTargets(text)).toEqual(['net/vmw_vsock/x.o', 'net/vmw_vsock', 'net/gone.o']);
});

describe('machineTrouble', () => {
  test.each([
    ['gcc: fatal error: Killed signal terminated program cc1', 'OUT_OF_MEMORY'],
    ['x86_64-linux-gnu-gcc-12: fatal error: Killed signal terminated program cc1', 'OUT_OF_MEMORY'],
    ['make[2]: *** [scripts/Makefile.vmlinux:34: vmlinux] Killed', 'OUT_OF_MEMORY'],
    ['net/x.c:9:1: fatal error: error writing to /tmp/ccX.s: No space left on device', 'NO_SPACE'],
    ['ld: final link failed: No space left on device', 'NO_SPACE'],
    ['/bin/sh: 1: flex: not found', 'TOOL_MISSING'],
    ['/bin/sh: line 1: bc: command not found', 'TOOL_MISSING'],
    ['make[3]: bison: No such file or directory', 'TOOL_MISSING'],
    ['/usr/bin/ld: cannot find -lelf: No such file or directory', 'TOOL_MISSING'],
    ['make: fork: Resource temporarily unavailable', 'OUT_OF_PROCESSES'],
    ['make[2]: vfork: Cannot allocate memory', 'OUT_OF_PROCESSES'],
    ['gcc: fatal error: cannot execute ‘cc1’: vfork: Resource temporarily unavailable', 'OUT_OF_PROCESSES'],
    ['/bin/sh: 1: Cannot fork', 'OUT_OF_PROCESSES'],
    ['sh: fork: retry: Resource temporarily unavailable', 'OUT_OF_PROCESSES'],
    ['make[3]: *** [/t/source/scripts/Makefile.build:229: net/x.o] Error 137', 'OUT_OF_MEMORY'],
    ['make[3]: *** [/t/source/scripts/Makefile.build:229: net/x.o] Terminated', 'BUILD_ENDED'],
    ['Terminated', 'BUILD_ENDED'],
    ['gcc: fatal error: Segmentation fault signal terminated program cc1', 'COMPILER_CRASHED'],
    ['collect2: fatal error: ld terminated with signal 11 [Segmentation fault]', 'COMPILER_CRASHED'],
    ['collect2: fatal error: ld terminated with signal 7 [Bus error], core dumped', 'COMPILER_CRASHED'],
    ['/bin/sh: line 1:  4711 Segmentation fault      (core dumped) ld -o x', 'COMPILER_CRASHED'],
    ['Segmentation fault (core dumped)', 'COMPILER_CRASHED'],
    ['make[2]: *** [scripts/Makefile.vmlinux:34: vmlinux] Segmentation fault', 'COMPILER_CRASHED'],
    ['make[2]: *** [scripts/Makefile.vmlinux:34: vmlinux] Error 139', 'COMPILER_CRASHED'],
    ['as: net/x.o: Too many open files', 'TOO_MANY_FILES'],
    ['net/x.c:1:1: fatal error: net/x.c: Input/output error', 'DISK_FAILED'],
    ['cannot create .x.d: Read-only file system', 'NOT_WRITABLE'],
    ['during GIMPLE pass: vrp\nnet/x.c:9:1: internal compiler error: Segmentation fault', 'COMPILER_CRASHED'],
  ])('%s', (text, code) => {
    expect(machineTrouble(text)).toMatchObject({ code, blame: 'machine', exitCode: 3 });
  });

  test.each([
    'net/x.c:3:2: error: #error cc1: No space left on device',
    '    3 | #error gcc: fatal error: Killed signal terminated program cc1',
    '/bin/sh: 1: made_up_by_a_patch: not found',
    'net/x.c:9:10: fatal error: linux/gone.h: No such file or directory',
    '/bin/sh: 1: constructor: not found',
    'net/x.c:3:2: error: #error make: fork: Resource temporarily unavailable',
    'net/x.c:3:2: error: static assertion failed: "x: Input/output error"',
    '    3 | #error x: Read-only file system',
    'net/x.c:3:9: note: ‘#pragma message: x: Too many open files’',
    'net/x.c:3:2: warning: #warning make: *** [x] Error 137',
    'make[3]: *** [/t/source/scripts/Makefile.build:229: net/x.o] Error 1',
    'net/x.c:9:2: error: ‘Segmentation fault’ undeclared',
  ])('says nothing to: %s', (text) => {
    expect(machineTrouble(text)).toBeNull();
    expect(missingHeader(text)).toBeNull();
  });

  test('a nameless crash says nothing of the machine when the series changes the tools', () => {
    const nameless = 'make[2]: *** [scripts/Makefile.vmlinux:34: vmlinux] Segmentation fault';
    expect(machineTrouble(nameless, true)).toBeNull();
    const named = 'gcc: fatal error: Segmentation fault signal terminated program cc1';
    expect(machineTrouble(named, true)).toMatchObject({ code: 'COMPILER_CRASHED' });
  });

  test('names the package of a tool and of a header', () => {
    expect(machineTrouble('make[3]: flex: No such file or directory')?.hint).toContain(
      'apt-get install flex',
    );
    expect(missingHeader('x.h:3:10: fatal error: gelf.h: No such file or directory')?.hint).toContain(
      'libelf-dev',
    );
  });
});

describe('withStepTimeout', () => {
  test('replaces the one number', () => {
    expect(withStepTimeout('enum {\n\tTIMEOUT = 10 /* seconds */\n};\n', 60)).toEqual({
      text: 'enum {\n\tTIMEOUT = 60 /* seconds */\n};\n',
      own: 10,
    });
  });
  test.each(['enum { LIMIT = 10 };', 'enum { TIMEOUT = 10, TIMEOUT = 11 };'])('refuses %s', (text) => {
    expect(() => withStepTimeout(text, 60)).toThrow(expect.objectContaining({ code: 'TIMEOUT_NOT_FOUND' }));
  });
  test('is not taken in by a longer name', () => {
    expect(() => withStepTimeout('enum { RCV_TIMEOUT = 10, TIMEOUTS = 3 };', 60)).toThrow(/0 times/);
  });
});

test('a command line can be pasted', () => {
  expect(pasteable('make', ['-j3', 'CC=ccache gcc', "it's"], { LOCALVERSION: '', ARCH: undefined })).toBe(
    "LOCALVERSION='' make -j3 CC='ccache gcc' 'it'\\''s'",
  );
});

describe('withReadOverhead', () => {
  test('gives a late read(2) eight times as long, and never more than %i can print', () => {
    const source = '#define RCVTIMEO_TIMEOUT_SEC 1\n#define READ_OVERHEAD_NSEC 250000000 /* 0.25 sec */\n';
    expect(withReadOverhead(source)).toBe(source.replace('250000000', '2000000000'));
    expect(withReadOverhead(source.replace('250000000', '500000000'))).toContain(
      'READ_OVERHEAD_NSEC 2000000000 ',
    );
    expect(withReadOverhead(source.replace('250000000', '2100000000'))).toContain(
      'READ_OVERHEAD_NSEC 2100000000 ',
    );
  });

  test('leaves a program without that limit as it is', () => {
    expect(withReadOverhead('#define READ_OVERHEAD 3\n')).toBe('#define READ_OVERHEAD 3\n');
  });
});
